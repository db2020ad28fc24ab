from odoo import fields, models


class LiquorEarning(models.Model):
    """In what form an earning is owed (C11): money, or goods that are also counted in bottles (R4)."""

    _inherit = "liquor.earning"

    _ledger_amounts = ("amount", "funder_amount", "bottles", "goods_bottles")

    form = fields.Selection([("money", "Money"), ("goods", "Goods")], required=True, readonly=True, default="money")
    goods_product_id = fields.Many2one("product.product", string="Goods", readonly=True, ondelete="restrict")
    goods_bottles = fields.Float(
        string="Bottles Owed",
        digits=(16, 2),
        readonly=True,
        help="Goods are owed in bottles; the amount is their worth on the day on which they were earned.",
    )

    _goods_are_named = models.Constraint(
        """CHECK (form = 'goods' AND goods_product_id IS NOT NULL
                  OR form = 'money' AND goods_product_id IS NULL AND COALESCE(goods_bottles, 0) = 0)""",
        "Goods that are owed name the product; money has none.",
    )
