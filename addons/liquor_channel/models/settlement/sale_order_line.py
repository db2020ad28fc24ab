from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    liquor_is_rebate = fields.Boolean(string="Rebate Line", readonly=True, copy=False)

    @api.depends("product_id")
    def _compute_price_unit(self):
        """Leave the amount of a rebate line alone: no pricelist knows it."""
        rebate = self.filtered("liquor_is_rebate")
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
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken_rebate(self):
        if self.filtered(lambda line: line.liquor_is_rebate and line.state == "sale"):
            raise UserError(self.env._("The rebate of a confirmed order is not changed: cancel the order instead."))

    def _prepare_invoice_line(self, **optional_values):
        """Let the discount release what was accrued (2241.R), in the amount column of the same invoice."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.liquor_is_rebate:
            accounts = self.env["liquor.account.mapping"]._accounts(self.company_id)
            values["account_id"] = accounts["rebate_accrued"].id
        return values
