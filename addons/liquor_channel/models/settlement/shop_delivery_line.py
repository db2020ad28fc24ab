from odoo import fields, models


class LiquorShopDeliveryLine(models.Model):
    """One earning of goods on the paper that delivers them; an earning is in at most one live line."""

    _name = "liquor.shop.delivery.line"
    _inherit = ["liquor.earning.line.mixin"]
    _description = "Line of Goods Owed to a Shop"
    _order = "delivery_id, id"
    _rec_name = "earning_id"

    delivery_id = fields.Many2one(
        "liquor.shop.delivery", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    goods_product_id = fields.Many2one(related="earning_id.goods_product_id")
    goods_bottles = fields.Float(related="earning_id.goods_bottles")

    _one_live = models.UniqueIndex("(earning_id) WHERE live", "These goods are on another paper already.")
