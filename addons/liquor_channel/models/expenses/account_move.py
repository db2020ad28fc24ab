from odoo import fields, models

from ..accounts.account_move import PAPERS

PAPERS.update({"liquor_expense_id", "liquor_expense_accrual"})


class AccountMove(models.Model):
    _inherit = "account.move"

    liquor_expense_id = fields.Many2one(
        "liquor.expense", "Expense", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    liquor_expense_accrual = fields.Boolean("Accrues Unclaimed Expenses", readonly=True, copy=False)

    def _post(self, soft=True):
        """Set off what claims owe in goods when the invoice that carries it is posted."""
        posted = super()._post(soft)
        posted.invoice_line_ids.sale_line_ids.sudo()._liquor_goods_owed().liquor_expense_id._goods_invoiced()
        return posted
