from odoo import fields, models


class LiquorExpenseRefusal(models.TransientModel):
    """Asks for the reason of a refusal, which the distributor reads."""

    _name = "liquor.expense.refusal"
    _description = "Refuse Expenses"

    expense_ids = fields.Many2many(
        "liquor.expense", required=True, default=lambda self: self.env.context.get("active_ids")
    )
    reason = fields.Char(required=True)

    def action_refuse(self):
        """Refuse with the reason."""
        self.expense_ids.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
