from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorExpenseCut(models.Model):
    """What is cut from a claim (核减) and why; the distributor reads both."""

    _name = "liquor.expense.cut"
    _description = "Cut of a Claim"
    _check_company_auto = True
    _order = "id"
    _rec_name = "reason_id"

    expense_id = fields.Many2one("liquor.expense", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="expense_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    reason_id = fields.Many2one("liquor.expense.reason", required=True, ondelete="restrict")
    amount = fields.Monetary(required=True, aggregator="sum")
    note = fields.Char()

    _amount_bounds = models.Constraint("CHECK (amount > 0 AND amount <= 1000000000)", "A cut is more than nothing.")

    @api.model_create_multi
    def create(self, vals_list):
        cuts = super().create(vals_list)
        cuts._check_claimed()
        return cuts

    def write(self, vals):
        """Refuse where the claim was checked; also for what a cut is moved to."""
        self._check_claimed()
        result = super().write(vals)
        self._check_claimed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_checked(self):
        self._check_claimed()

    def _check_claimed(self):
        if not self.env.su and self.expense_id.filtered(lambda expense: expense.state != "claimed"):
            raise UserError(self.env._("A claim is cut while it waits to be checked."))
