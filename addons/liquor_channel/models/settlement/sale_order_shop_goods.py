from odoo import fields, models

from .sale_order_line import PAPERS

PAPERS["liquor_shop_delivery_id"] = "goods_owed"


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

    def _liquor_goods_owed(self):
        return super()._liquor_goods_owed() | self.filtered("liquor_shop_delivery_id")

    def _liquor_beside(self):
        """A shop never buys of the maker: what he delivers to it himself goes beside no paid order."""
        return super()._liquor_beside().filtered(lambda line: line.liquor_shop_delivery_id.way != "maker")
