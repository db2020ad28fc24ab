from odoo import fields, models


class LiquorEarning(models.Model):
    """In what form an earning is owed (C11): money, or goods that are also counted in bottles (R4)."""

    _inherit = "liquor.earning"

    _ledger_amounts = ("amount", "funder_amount", "bottles", "goods_bottles", "points")

    form = fields.Selection(
        [("money", "Money"), ("goods", "Goods"), ("points", "Points")], required=True, readonly=True, default="money"
    )
    goods_product_id = fields.Many2one("product.product", string="Goods", readonly=True, ondelete="restrict")
    goods_bottles = fields.Float(
        string="Bottles Owed",
        digits=(16, 2),
        readonly=True,
        help="Goods are owed in bottles; the amount is their worth on the day on which they were earned.",
    )

    points = fields.Integer(readonly=True, help="Of the club of the policy; they are no money and not in the wallet.")

    _goods_are_named = models.Constraint(
        """CHECK (form = 'goods' AND goods_product_id IS NOT NULL
                  OR form <> 'goods' AND goods_product_id IS NULL AND COALESCE(goods_bottles, 0) = 0)""",
        "Goods that are owed name the product; money has none.",
    )
    _points_are_no_money = models.Constraint(
        """CHECK (form = 'points' AND COALESCE(points, 0) BETWEEN -1000000000 AND 1000000000 AND amount = 0
                  OR form <> 'points' AND COALESCE(points, 0) = 0)""",
        "Points have no amount in money.",
    )
