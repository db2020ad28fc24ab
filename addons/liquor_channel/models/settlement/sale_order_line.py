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
        owed = (money | {"order_id"}) & set(vals) and self._liquor_is_in_kind()
        if not self.env.su and ("liquor_settlement_id" in vals or owed):
            raise UserError(self.env._("Goods that are owed are not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken_rebate(self):
        if not self.env.su and self._liquor_is_in_kind():
            raise UserError(self.env._("Goods that are owed are not changed."))
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
            values["liquor_free_goods"] = not self.sudo()._liquor_goods_owed()
        return values

    def _liquor_is_in_kind(self):
        """Lie they on an order that delivers goods that are owed? Then quantity and price are those of the decision."""
        return bool(self.order_id.order_line.sudo()._liquor_goods_owed())

    def _liquor_beside(self):
        """Of these, lines whose goods leave beside a paid order only, on its invoice (trade.md R4)."""
        return self._liquor_goods_owed()

    def _liquor_goods_owed(self):
        """Lines whose discount stands for goods that are owed; what else owes goods overrides and adds its own."""
        return self.filtered("liquor_settlement_id")
