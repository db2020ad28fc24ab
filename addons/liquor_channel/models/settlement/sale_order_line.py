from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    liquor_is_rebate = fields.Boolean(string="Rebate Line", readonly=True, copy=False)
    liquor_settlement_id = fields.Many2one(
        "liquor.settlement",
        string="Settlement in Goods",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What a settlement owes comes onto an order by its posting."""
        if not self.env.su:
            vals_list = [{**vals, "liquor_settlement_id": False} for vals in vals_list]
        return super().create(vals_list)

    @api.depends("product_id")
    def _compute_price_unit(self):
        """Leave the amount of a rebate line alone: no pricelist knows it."""
        rebate = self.filtered(lambda line: line.liquor_is_rebate or line.liquor_settlement_id)
        prices = {line: line.price_unit for line in rebate}
        result = super()._compute_price_unit()
        for line, price in prices.items():
            line.price_unit = price
        return result

    def write(self, vals):
        """Refuse to change the rebate of a confirmed order: it left the account with it."""
        money = {"price_unit", "product_uom_qty", "product_id", "discount", "tax_ids", "liquor_is_rebate"}
        if money & set(vals) and self.filtered(lambda line: line.liquor_is_rebate and line.state == "sale"):
            raise UserError(self.env._("The rebate of a confirmed order is not changed: cancel the order instead."))
        if not self.env.su and (money | {"order_id", "liquor_settlement_id"}) & set(vals):
            in_kind = self.order_id.filtered(lambda order: order.order_line.sudo().liquor_settlement_id)
            if in_kind or "liquor_settlement_id" in vals:
                raise UserError(self.env._("Goods that a settlement owes are not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken_rebate(self):
        if not self.env.su and self.order_id.filtered(lambda order: order.order_line.sudo().liquor_settlement_id):
            raise UserError(self.env._("Goods that a settlement owes are not changed."))
        if self.filtered(lambda line: line.liquor_is_rebate and line.state == "sale"):
            raise UserError(self.env._("The rebate of a confirmed order is not changed: cancel the order instead."))

    def _prepare_invoice_line(self, **optional_values):
        """Let the discount release what was accrued (2241.R), in the amount column of the same invoice."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.liquor_is_rebate:
            accounts = self.env["liquor.account.mapping"]._accounts(self.company_id)
            values["account_id"] = accounts["rebate_accrued"].id
        if self.liquor_settlement_id:
            accounts = self.env["liquor.account.mapping"]._accounts(self.company_id)
            values["account_id"] = accounts["goods_owed"].id
            values["analytic_distribution"] = self.liquor_settlement_id.sudo()._distribution()
        if self.order_id.liquor_kind == "goods_rebate":
            values["liquor_free_goods"] = not self.liquor_settlement_id
        return values
