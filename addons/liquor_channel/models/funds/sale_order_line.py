from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    liquor_share_agreement_id = fields.Many2one(
        "liquor.agreement", "Share by Agreement", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    @api.depends("product_id")
    def _compute_price_unit(self):
        """Leave the amount of a share alone: no pricelist knows it."""
        shares = self.filtered("liquor_share_agreement_id")
        prices = {line: line.price_unit for line in shares}
        result = super()._compute_price_unit()
        for line, price in prices.items():
            line.price_unit = price
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """A share comes onto an order by the order's own step."""
        if not self.env.su:
            vals_list = [{**vals, "liquor_share_agreement_id": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change what a share is."""
        name = "liquor_share_agreement_id"
        money = {"price_unit", "product_uom_qty", "product_id", "discount", "tax_ids", "order_id", name}
        if not self.env.su and money & set(vals) and (self.filtered(name) or name in vals):
            raise UserError(self.env._("A share is not changed: remove its line instead."))
        return super().write(vals)

    def _prepare_invoice_line(self, **optional_values):
        """Let the line release what is due from him (1221.F)."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.liquor_share_agreement_id:
            values["account_id"] = self.env["liquor.account.mapping"]._accounts(self.company_id)["cofunding_due"].id
        return values
