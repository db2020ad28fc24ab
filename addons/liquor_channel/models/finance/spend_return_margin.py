from odoo import fields, models


class LiquorSpendReturnMargin(models.Model):
    """The margin of a bottle that a return was computed with, and where it came from."""

    _name = "liquor.spend.return.margin"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Margin Used"
    _order = "return_id desc, product_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    return_id = fields.Many2one(
        "liquor.spend.return", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    territory_id = fields.Many2one(
        "liquor.territory", "Price of", readonly=True, ondelete="set null", help="Empty: the price of everywhere."
    )
    price = fields.Monetary(
        "Price Without Tax", readonly=True, aggregator=None, help="What a distributor pays on the last day."
    )
    cost = fields.Monetary("Cost Price", readonly=True, aggregator=None)
    margin = fields.Monetary("Margin per Bottle", readonly=True, aggregator=None)
    source = fields.Selection(
        [
            ("cost", "Price less cost of the last day"),
            ("cost_today", "Price of the last day less cost of today"),
            ("family", "Typed for the product family"),
            ("none", "Not known"),
        ],
        "Where From",
        required=True,
        readonly=True,
    )
    note = fields.Char("Paper", readonly=True)
