from odoo import fields, models
from odoo.exceptions import UserError

from ..accounts.account_move import OWN_HAND, STANDS_FOR

STANDS_FOR.update({"liquor_expense_id", "liquor_expense_accrual"})


class AccountMove(models.Model):
    _inherit = "account.move"

    liquor_expense_id = fields.Many2one(
        "liquor.expense", "Expense", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    liquor_expense_accrual = fields.Boolean("Accrues Unclaimed Expenses", readonly=True, copy=False)

    def _liquor_is_ours(self):
        return super()._liquor_is_ours() or bool(self.liquor_expense_id or self.liquor_expense_accrual)

    def _post(self, soft=True):
        """Set off what claims owe in goods when the invoice that carries it is posted."""
        posted = super()._post(soft)
        posted.invoice_line_ids.sale_line_ids.sudo()._liquor_goods_owed().liquor_expense_id._goods_invoiced()
        return posted

    def _liquor_check_free(self):
        """Refuse a hand on entries that stand for paid or unclaimed expenses."""
        result = super()._liquor_check_free()
        if self.env.context.get("liquor_own_hand") is OWN_HAND:
            return result
        bound = self.sudo().filtered(
            lambda move: move.state == "posted" and (move.liquor_expense_id or move.liquor_expense_accrual)
        )
        if bound:
            raise UserError(self.env._("%(move)s stands for expenses: it stays.", move=bound[0].display_name))
        return result
