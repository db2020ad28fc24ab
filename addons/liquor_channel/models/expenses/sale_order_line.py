from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settlement.sale_order_line import PAPERS

PAPERS["liquor_expense_id"] = "expense_owed"


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    liquor_expense_id = fields.Many2one(
        "liquor.expense", "Expense", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid_claim(self):
        if self.filtered(lambda line: line.liquor_expense_id and line.state == "sale"):
            raise UserError(self.env._("The claim of a confirmed order is not changed: cancel the order instead."))

    def _liquor_released_role(self):
        """A claim that is paid in goods releases those (2204.G) and not money that is owed (2241.X)."""
        in_kind = self.liquor_expense_id and self.order_id.liquor_kind == "goods_rebate"
        return "goods_owed" if in_kind else super()._liquor_released_role()

    def _liquor_goods_owed(self):
        """Goods of an allowed claim leave as those of a settlement do: beside a paid order, on its invoice (R4)."""
        claims = self.filtered(lambda line: line.liquor_expense_id and line.order_id.liquor_kind == "goods_rebate")
        return super()._liquor_goods_owed() | claims
