from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.common.money import decimal


class LiquorAccrualLine(models.Model):
    """Earning -> the journal item that owes it; a row per earning, for ever (design.md 3.1)."""

    _name = "liquor.accrual.line"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Accrual Line"
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "earning_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    run_id = fields.Many2one(
        "liquor.accrual.run", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    earning_id = fields.Many2one(
        "liquor.earning", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal Item", required=True, readonly=True, index=True, ondelete="restrict"
    )
    expectation_id = fields.Many2one(
        "liquor.reward.expectation",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The cost was expected when the goods left (Acc-2 #16).",
    )
    partner_id = fields.Many2one(related="earning_id.partner_id")
    amount = fields.Monetary(readonly=True, required=True)

    _earning_unique = models.UniqueIndex("(earning_id)", "This earning is accrued already.")
    _amount_bounds = models.Constraint(
        "CHECK (amount BETWEEN -1000000000000 AND 1000000000000)", "The accrued amount is out of bounds."
    )

    @api.model
    def _differences(self, company):
        """Control report: (journal item, what its earnings sum to, difference), where the two are not the same.

        An item owes what its earnings sum to, so balance + sum must be zero.
        """
        self.flush_model()
        self.env["account.move.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT i.id, SUM(a.amount), SUM(a.amount) + i.balance FROM liquor_accrual_line a
                     JOIN account_move_line i ON i.id = a.move_line_id
                    WHERE a.company_id = %s GROUP BY i.id, i.balance HAVING SUM(a.amount) + i.balance <> 0""",
                company.id,
            )
        )

    @api.model
    def _expected_sums(self, expectation_ids):
        """Return the brand's part of what was earned and had been expected: {expectation id: Decimal}; one query."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT line.expectation_id, SUM(earning.amount - COALESCE(earning.funder_amount, 0))
                     FROM liquor_accrual_line line JOIN liquor_earning earning ON earning.id = line.earning_id
                    WHERE line.expectation_id = ANY(%s) GROUP BY 1""",
                list(expectation_ids),
            )
        )
        return {expectation: decimal(amount) for expectation, amount in rows}

    def write(self, vals):
        """Refuse: what was accrued stays; a correction is a new earning."""
        if self and vals:
            raise UserError(self.env._("What was accrued stays; correct it by a new earning."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accrued(self):
        raise UserError(self.env._("What was accrued stays; correct it by a new earning."))
