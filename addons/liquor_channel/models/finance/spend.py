from odoo import fields, models
from odoo.tools import SQL

from ..partners.channel_role import ROLE_KINDS

# What only some readers ask for stands in the selected columns and not in joins: PostgreSQL leaves out a column that
# nobody reads, and with it the look into another table for each earning.
PAID = SQL(
    """EXISTS (SELECT FROM liquor_payout_line l JOIN liquor_payout o ON o.id = l.payout_id
                WHERE l.earning_id = e.id AND l.live AND o.state = 'ok')
    OR EXISTS (SELECT FROM liquor_settlement_line l JOIN liquor_settlement o ON o.id = l.settlement_id
                WHERE l.earning_id = e.id AND l.live AND o.state IN ('paid', 'closed'))
    OR COALESCE(x.state = 'paid', FALSE)"""
)
SETTLED = SQL(
    """EXISTS (SELECT FROM liquor_payout_line l WHERE l.earning_id = e.id AND l.live)
    OR EXISTS (SELECT FROM liquor_settlement_line l JOIN liquor_settlement o ON o.id = l.settlement_id
                WHERE l.earning_id = e.id AND l.live AND o.state IN ('approved', 'posted', 'paid', 'closed'))
    OR COALESCE(x.state IN ('paying', 'paid'), FALSE)"""
)
ACCRUED = SQL("EXISTS (SELECT FROM liquor_accrual_line a WHERE a.earning_id = e.id)")
PROVEN = SQL("e.fact_key IS NOT NULL OR e.origin_model IS NOT NULL OR e.reverses_id IS NOT NULL")
# The second step of the path from the province down: the city, or the county where there is none between.
REGION = SQL("COALESCE(NULLIF(split_part(t.parent_path, '/', 2), '')::int, t.id)")
EMPLOYER = SQL(
    """(SELECT j.employer_id FROM liquor_employment j
         WHERE j.person_id = e.partner_id AND j.company_id = e.company_id
           AND e.business_day >= j.date_start AND (j.date_end IS NULL OR e.business_day <= j.date_end)
      ORDER BY j.id LIMIT 1)"""
)
SHOP = SQL("CASE WHEN e.beneficiary_kind = 'terminal' THEN e.partner_id ELSE %s END", EMPLOYER)
DISTRIBUTOR = SQL(
    """CASE WHEN e.beneficiary_kind IN ('distributor', 'sub_distributor') THEN e.partner_id ELSE (
            SELECT a.distributor_id FROM liquor_channel_assignment a
             WHERE a.company_id = e.company_id AND e.business_day >= a.date_start
               AND (a.date_end IS NULL OR e.business_day <= a.date_end)
               AND a.terminal_id = %s
          ORDER BY a.category_id NULLS FIRST, a.id LIMIT 1) END""",
    SHOP,
)


class LiquorSpend(models.Model):
    """What was planned, earned, paid and not proven, one row an earning and one an approved expense (C8, C10, C57).

    planned = earned + not claimed; earned = paid + unpaid; proven = earned - unproven. An earning is unproven where
    neither a proven movement, nor a paper, nor a computed period stands behind it: the list of orphans (C10).
    On its way an earning is accrued, then settled (by an approved settlement or a payout asked for), then paid.
    """

    _name = "liquor.spend"
    _description = "Spend by Programme"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "programme"
    _depends = {
        "liquor.earning": [
            "company_id", "partner_id", "beneficiary_kind", "amount", "funder_amount", "fact_key", "origin_model",
            "policy_version_id", "territory_id", "business_day",
        ],
        "liquor.accrual.line": ["earning_id"],
        "liquor.payout.line": ["earning_id", "live", "payout_id"],
        "liquor.payout": ["state"],
        "liquor.settlement.line": ["earning_id", "live", "settlement_id"],
        "liquor.settlement": ["state"],
        "liquor.expense": ["state", "approved_amount", "company_id", "territory_id", "kind_id", "distributor_id"],
        "liquor.policy": ["kind"],
        "liquor.channel.assignment": ["terminal_id", "distributor_id", "date_start", "date_end"],
        "liquor.employment": ["person_id", "employer_id", "date_start", "date_end"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    programme = fields.Char(readonly=True)
    policy_id = fields.Many2one("liquor.policy", readonly=True)
    source = fields.Selection(selection="_selection_source", string="Kind of Policy", readonly=True)
    beneficiary_kind = fields.Selection(ROLE_KINDS, string="Party Kind", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Party", readonly=True)
    distributor_id = fields.Many2one(
        "res.partner", readonly=True, help="Who supplied the party on that day; the distributor itself."
    )
    shop_id = fields.Many2one(
        "res.partner", readonly=True, help="Where the money went to work: of a guide the employer."
    )
    expense_id = fields.Many2one("liquor.expense", readonly=True)
    territory_id = fields.Many2one("liquor.territory", string="Region", readonly=True)
    region_id = fields.Many2one(
        "liquor.territory", string="City", readonly=True, help="The city that the place belongs to."
    )
    day = fields.Date(readonly=True)
    earning_id = fields.Many2one("liquor.earning", readonly=True)
    planned = fields.Monetary(readonly=True)
    earned = fields.Monetary(readonly=True)
    accrued = fields.Monetary(readonly=True)
    settled = fields.Monetary(readonly=True)
    paid = fields.Monetary(readonly=True)
    unpaid = fields.Monetary(readonly=True)
    unclaimed = fields.Monetary("Not Claimed", readonly=True)
    unproven = fields.Monetary(readonly=True)
    carried = fields.Monetary("Carried by Distributors", readonly=True)

    def _selection_source(self):
        """Kinds of policies, as policies name them, and what no policy paid."""
        kinds = self.env["liquor.policy"]._fields["kind"]._description_selection(self.env)
        others = {"expense": self.env._("Expense"), "other": self.env._("Contract or Adjustment")}
        return [*kinds, *others.items()]

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._earnings_query(), self._expenses_query())

    def _earnings_query(self):
        return SQL(
            """SELECT e.id::int8 * 2 AS id, e.company_id, v.policy_id,
                      COALESCE(%(policy)s, x.title, e.reason) AS programme,
                      COALESCE(p.kind, CASE WHEN x.id IS NULL THEN 'other' ELSE 'expense' END) AS source,
                      e.beneficiary_kind, e.partner_id, %(distributor)s AS distributor_id, e.territory_id,
                      %(region)s AS region_id, e.business_day AS day, e.id AS earning_id, e.amount AS planned,
                      e.amount AS earned, CASE WHEN %(accrued)s THEN e.amount ELSE 0 END AS accrued,
                      CASE WHEN %(settled)s THEN e.amount ELSE 0 END AS settled,
                      CASE WHEN %(paid)s THEN e.amount ELSE 0 END AS paid,
                      CASE WHEN %(paid)s THEN 0 ELSE e.amount END AS unpaid, 0 AS unclaimed,
                      CASE WHEN %(proven)s THEN 0 ELSE e.amount END AS unproven,
                      COALESCE(e.funder_amount, 0) AS carried, %(shop)s AS shop_id, x.id AS expense_id
                 FROM liquor_earning e
            LEFT JOIN liquor_policy_version v ON v.id = e.policy_version_id
            LEFT JOIN liquor_policy p ON p.id = v.policy_id
            LEFT JOIN liquor_expense x ON e.origin_model = 'liquor.expense' AND x.id = e.origin_id
            LEFT JOIN liquor_territory t ON t.id = e.territory_id""",
            policy=self.env["liquor.policy"]._field_to_sql("p", "name"),
            distributor=DISTRIBUTOR,
            shop=SHOP,
            region=REGION,
            accrued=ACCRUED,
            settled=SETTLED,
            paid=PAID,
            proven=PROVEN,
        )

    def _expenses_query(self):
        return SQL(
            """SELECT x.id::int8 * 2 + 1, x.company_id, NULL, x.title, 'expense', 'distributor', x.distributor_id,
                      x.distributor_id, x.territory_id, %(region)s, x.date_start, NULL,
                      x.approved_amount - COALESCE(b.amount, 0), 0, 0, 0, 0, 0,
                      x.approved_amount - COALESCE(b.amount, 0), 0, 0, NULL, x.id
                 FROM liquor_expense x
            LEFT JOIN liquor_territory t ON t.id = x.territory_id
            LEFT JOIN LATERAL (SELECT SUM(e.amount) AS amount FROM liquor_earning e
                                WHERE e.origin_model = 'liquor.expense' AND e.origin_id = x.id) b ON TRUE
                WHERE x.state IN ('approved', 'executing', 'claimed')
                  AND x.approved_amount > COALESCE(b.amount, 0)""",
            region=REGION,
        )
