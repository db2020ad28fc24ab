from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """Lines that deliver what shops are owed: on a distributor's order beside a paid one, or on the maker's own."""

    _inherit = "sale.order.line"

    liquor_shop_delivery_id = fields.Many2one(
        "liquor.shop.delivery",
        "Goods Owed to a Shop",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What a shop is owed comes onto an order by its paper."""
        if not self.env.su:
            vals_list = [{**vals, "liquor_shop_delivery_id": False} for vals in vals_list]
        return super().create(vals_list)

    @api.depends("product_id")
    def _compute_price_unit(self):
        """Leave the worth of goods that are owed alone: no pricelist knows it."""
        prices = {line: line.price_unit for line in self.filtered("liquor_shop_delivery_id")}
        result = super()._compute_price_unit()
        for line, price in prices.items():
            line.price_unit = price
        return result

    def _liquor_goods_owed(self):
        return super()._liquor_goods_owed() | self.filtered("liquor_shop_delivery_id")

    def _liquor_beside(self):
        """A shop never buys of the maker: what he delivers to it himself goes beside no paid order."""
        return super()._liquor_beside().filtered(lambda line: line.liquor_shop_delivery_id.way != "maker")

    def _prepare_invoice_line(self, **optional_values):
        """Let the discount release what was owed in goods (2204.G)."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.liquor_shop_delivery_id:
            accounts = self.env["liquor.account.mapping"]._accounts(self.company_id)
            values["account_id"] = accounts["goods_owed"].id
        return values
