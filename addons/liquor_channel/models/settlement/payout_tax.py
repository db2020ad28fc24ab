from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.accounts.withholding import Tax, tax_of
from ...engine.common.money import ZERO, decimal

#: taxable rewards of payouts to individuals and sole shops, by treatment
TAXED = """
    SELECT payout.id, policy.tax_treatment, SUM(line.amount)
      FROM liquor_payout payout
      JOIN liquor_payee payee ON payee.id = payout.payee_id AND payee.holder_kind IN ('person', 'household')
      JOIN liquor_payout_line line ON line.payout_id = payout.id
      JOIN liquor_earning earning ON earning.id = line.earning_id
      JOIN liquor_policy_version version ON version.id = earning.policy_version_id
      JOIN liquor_policy policy ON policy.id = version.policy_id
     WHERE payout.id = ANY(%s) AND policy.tax_treatment IN ('withheld', 'borne')
  GROUP BY 1, 2 ORDER BY 1, 2
"""


class LiquorPayout(models.Model):
    """What of a payment goes to the tax office (trade.md R20): decided when its batch is approved."""

    _inherit = "liquor.payout"

    kind = fields.Selection(selection_add=[("rebate", "Rebate")], ondelete={"rebate": "cascade"})
    settlement_id = fields.Many2one(
        "liquor.settlement", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    tax_withheld = fields.Monetary(readonly=True, copy=False, aggregator="sum")
    tax_borne = fields.Monetary(readonly=True, copy=False, aggregator="sum", help="Paid by us on top of the reward.")
    amount_sent = fields.Monetary(compute="_compute_amount_sent", string="Leaves the Bank")

    _one_cash = models.UniqueIndex(
        "(settlement_id) WHERE settlement_id IS NOT NULL AND state NOT IN ('failed', 'returned', 'cancelled')",
        "This settlement is being paid already.",
    )
    _tax_bounds = models.Constraint(
        """CHECK (COALESCE(tax_withheld, 0) BETWEEN 0 AND amount
              AND COALESCE(tax_borne, 0) BETWEEN 0 AND 1000000000000)""",
        "The tax of a payout lies between nothing and its amount.",
    )
    _rebate_has_settlement = models.Constraint(
        "CHECK ((kind = 'rebate') = (settlement_id IS NOT NULL))", "A rebate is paid for a settlement."
    )

    @api.depends("amount", "tax_withheld")
    def _compute_amount_sent(self):
        for payout in self:
            payout.amount_sent = payout.amount - payout.tax_withheld

    def _taxes(self):
        """Return {payout id: [(treatment, engine's Tax, amount)]} of payouts to individuals, in one query."""
        self.env.flush_all()
        found = {}
        for number, treatment, amount in self.env.execute_query(SQL(TAXED, self.ids)):
            payout = self.browse(number)
            # what was clawed back lowers what is paid: never more is taxed than that
            taxable = min(decimal(amount), decimal(payout.amount))
            tax = tax_of(treatment, taxable, decimal(payout.company_id.liquor_withholding_percent))
            if tax != Tax():
                found.setdefault(number, []).append((treatment, tax, taxable))
        return found

    def _decide_taxes(self):
        """Store what is withheld and borne; called when the batch is approved."""
        for number, rows in self._taxes().items():
            self.browse(number).write({
                "tax_withheld": float(sum((tax.withheld for _treatment, tax, _amount in rows), ZERO)),
                "tax_borne": float(sum((tax.borne for _treatment, tax, _amount in rows), ZERO)),
            })
