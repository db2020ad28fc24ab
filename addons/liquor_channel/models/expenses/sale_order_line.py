from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    liquor_expense_id = fields.Many2one(
        "liquor.expense", "Expense", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    @api.depends("product_id")
    def _compute_price_unit(self):
        """Leave the amount of a claim alone: no pricelist knows it."""
        claims = self.filtered("liquor_expense_id")
        prices = {line: line.price_unit for line in claims}
        result = super()._compute_price_unit()
        for line, price in prices.items():
            line.price_unit = price
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """A claim comes onto an order by the order's own step."""
        if not self.env.su:
            vals_list = [{**vals, "liquor_expense_id": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change what a claim is worth."""
        money = {
            "price_unit", "product_uom_qty", "product_id", "discount", "tax_ids", "liquor_expense_id", "order_id",
        }  # fmt: skip
        if (
            not self.env.su
            and money & set(vals)
            and (self.filtered("liquor_expense_id") or "liquor_expense_id" in vals)
        ):
            raise UserError(self.env._("An allowed claim is not changed: remove its line instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid_claim(self):
        if self.filtered(lambda line: line.liquor_expense_id and line.state == "sale"):
            raise UserError(self.env._("The claim of a confirmed order is not changed: cancel the order instead."))

    def _prepare_invoice_line(self, **optional_values):
        """Let the discount release what was owed: claims (2241.X), or goods (2204.G) on an order in kind."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.liquor_expense_id:
            role = "goods_owed" if self.order_id.liquor_kind == "goods_rebate" else "expense_owed"
            values["account_id"] = self.env["liquor.account.mapping"]._accounts(self.company_id)[role].id
        return values

    def _liquor_goods_owed(self):
        """Goods of an allowed claim leave as those of a settlement do: beside a paid order, on its invoice (R4)."""
        claims = self.filtered(lambda line: line.liquor_expense_id and line.order_id.liquor_kind == "goods_rebate")
        return super()._liquor_goods_owed() | claims
