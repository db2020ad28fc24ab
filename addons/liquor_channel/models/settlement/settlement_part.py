from odoo import fields, models
from odoo.tools import SQL


class LiquorSettlementPart(models.Model):
    """Lines of settlements by product and tier: drawn from the traces of their earnings, stored nowhere else.

    What is owed in all and what was booked before are rows of their own, the latter negative; together they are the
    line. An earning that no tier gave is one row.
    """

    _name = "liquor.settlement.part"
    _description = "Settlement by Product and Tier"
    _auto = False
    _order = "settlement_id, line_id, id"
    _rec_name = "label"
    _depends = {
        "liquor.settlement.line": ["settlement_id", "company_id", "earning_id", "amount", "held", "live", "label"],
        "liquor.earning": ["trace", "reverses_id", "policy_version_id", "component"],
    }

    settlement_id = fields.Many2one("liquor.settlement", readonly=True)
    line_id = fields.Many2one("liquor.settlement.line", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Distributor", readonly=True)
    policy_version_id = fields.Many2one("liquor.policy.version", string="Terms", readonly=True)
    label = fields.Char(string="What For", readonly=True)
    component = fields.Char(string="Period", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    tier = fields.Char(readonly=True, help="From the first value, included, to the second, excluded.")
    rate = fields.Char(readonly=True)
    kind = fields.Selection(
        [("owed", "Owed in All"), ("booked", "Booked Before"), ("line", "Not by Tier")], readonly=True
    )
    amount = fields.Monetary(readonly=True, aggregator="sum")
    held = fields.Boolean(readonly=True)

    @property
    def _table_query(self):
        head = SQL(
            """l.settlement_id, l.id AS line_id, l.company_id, l.currency_id, t.partner_id, e.policy_version_id,
               l.label, e.component, l.held"""
        )
        lines = SQL(
            """FROM liquor_settlement_line l JOIN liquor_settlement t ON t.id = l.settlement_id
               JOIN liquor_earning e ON e.id = l.earning_id JOIN res_currency c ON c.id = l.currency_id
               CROSS JOIN LATERAL (SELECT e.trace::jsonb AS trace) j"""
        )
        return SQL(
            """SELECT l.id::int8 * 10000000 + k.place * 1000000 + rung.place * 10000 + product.place AS id, %(head)s,
                      NULLIF(product.value::int4, 0) AS product_id,
                      CASE WHEN rung.value ->> 1 IS NULL THEN '≥ ' || trim_scale((rung.value ->> 0)::numeric)
                           ELSE trim_scale((rung.value ->> 0)::numeric) || ' – '
                                || trim_scale((rung.value ->> 1)::numeric) END AS tier,
                      trim_scale((rung.value ->> 2)::numeric)
                      || CASE WHEN j.trace ->> 'rate_kind' = 'percent' THEN ' ' || chr(37) ELSE '' END AS rate,
                      k.kind, CASE WHEN e.reverses_id IS NULL THEN k.sign ELSE -k.sign END
                      * (rung.value -> 4 ->> (product.place - 1)::int4)::numeric
                      / power(10::numeric, c.decimal_places) AS amount
                 %(lines)s
           CROSS JOIN LATERAL (VALUES (1, 'owed', 1, j.trace -> 'parts'), (2, 'booked', -1, j.trace -> 'booked_parts'))
                           AS k (place, kind, sign, rungs)
           CROSS JOIN LATERAL jsonb_array_elements(k.rungs) WITH ORDINALITY AS rung (value, place)
           CROSS JOIN LATERAL jsonb_array_elements_text(rung.value -> 3) WITH ORDINALITY AS product (value, place)
            UNION ALL
               SELECT l.id::int8 * 10000000 AS id, %(head)s, l.product_id, NULL AS tier, NULL AS rate, 'line' AS kind,
                      l.amount
                 %(lines)s
                WHERE NOT COALESCE(j.trace ? 'parts', FALSE)""",
            head=head,
            lines=lines,
        )
