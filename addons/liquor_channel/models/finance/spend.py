from odoo import fields, models
from odoo.tools import SQL

from ..partners.channel_role import ROLE_KINDS


class LiquorSpend(models.Model):
    """What was planned, earned, paid and not proven, one row an earning and one an approved expense (C8, C10, C57).

    planned = earned + not claimed; earned = paid + unpaid; proven = earned - unproven. An earning is unproven where
    neither a proven movement, nor a paper, nor a computed period stands behind it: the list of orphans (C10).
    """

    _name = "liquor.spend"
    _description = "Spend by Programme"
    _auto = False
    _order = "day desc, id desc"
    _depends = {
        "liquor.earning": [
            "company_id", "partner_id", "beneficiary_kind", "amount", "funder_amount", "fact_key", "origin_model",
            "policy_version_id", "territory_id", "business_day",
        ],
        "liquor.payout.line": ["earning_id", "live", "payout_id"],
        "liquor.payout": ["state"],
        "liquor.settlement.line": ["earning_id", "live", "settlement_id"],
        "liquor.settlement": ["state"],
        "liquor.expense": ["state", "approved_amount", "company_id", "territory_id", "kind_id", "distributor_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    programme = fields.Char(readonly=True)
    policy_id = fields.Many2one("liquor.policy", readonly=True)
    beneficiary_kind = fields.Selection(ROLE_KINDS, string="Party Kind", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Party", readonly=True)
    territory_id = fields.Many2one("liquor.territory", string="Region", readonly=True)
    day = fields.Date(readonly=True)
    earning_id = fields.Many2one("liquor.earning", readonly=True)
    planned = fields.Monetary(readonly=True)
    earned = fields.Monetary(readonly=True)
    paid = fields.Monetary(readonly=True)
    unpaid = fields.Monetary(readonly=True)
    unclaimed = fields.Monetary("Not Claimed", readonly=True)
    unproven = fields.Monetary(readonly=True)
    carried = fields.Monetary("Carried by Distributors", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT e.id::int8 * 2 AS id, e.company_id, v.policy_id,
                      COALESCE(%(policy)s, x.title, e.reason) AS programme, e.beneficiary_kind, e.partner_id,
                      e.territory_id, e.business_day AS day, e.id AS earning_id, e.amount AS planned,
                      e.amount AS earned, CASE WHEN s.paid THEN e.amount ELSE 0 END AS paid,
                      CASE WHEN s.paid THEN 0 ELSE e.amount END AS unpaid, 0 AS unclaimed,
                      CASE WHEN s.proven THEN 0 ELSE e.amount END AS unproven,
                      COALESCE(e.funder_amount, 0) AS carried
                 FROM liquor_earning e
            LEFT JOIN liquor_policy_version v ON v.id = e.policy_version_id
            LEFT JOIN liquor_policy p ON p.id = v.policy_id
            LEFT JOIN liquor_expense x ON e.origin_model = 'liquor.expense' AND x.id = e.origin_id
           CROSS JOIN LATERAL (
                      SELECT EXISTS (SELECT FROM liquor_payout_line l JOIN liquor_payout o ON o.id = l.payout_id
                                      WHERE l.earning_id = e.id AND l.live AND o.state = 'ok')
                          OR EXISTS (SELECT FROM liquor_settlement_line l
                                       JOIN liquor_settlement o ON o.id = l.settlement_id
                                      WHERE l.earning_id = e.id AND l.live AND o.state IN ('paid', 'closed'))
                          OR x.state = 'paid' AS paid,
                             e.fact_key IS NOT NULL OR e.origin_model IS NOT NULL OR e.reverses_id IS NOT NULL
                             AS proven) s
                UNION ALL
               SELECT x.id::int8 * 2 + 1, x.company_id, NULL, x.title, 'distributor', x.distributor_id,
                      x.territory_id, x.date_start, NULL, x.approved_amount - COALESCE(b.amount, 0), 0, 0, 0,
                      x.approved_amount - COALESCE(b.amount, 0), 0, 0
                 FROM liquor_expense x
            LEFT JOIN LATERAL (SELECT SUM(e.amount) AS amount FROM liquor_earning e
                                WHERE e.origin_model = 'liquor.expense' AND e.origin_id = x.id) b ON TRUE
                WHERE x.state IN ('approved', 'executing', 'claimed')
                  AND x.approved_amount > COALESCE(b.amount, 0)""",
            policy=self.env["liquor.policy"]._field_to_sql("p", "name"),
        )
