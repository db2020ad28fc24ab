from odoo import fields, models


class LiquorShopCountLine(models.Model):
    """Bottles of a product that carry no code to scan: counted by hand beside the scanned ones."""

    _name = "liquor.shop.count.line"
    _description = "Product Counted by Hand"
    _check_company_auto = True
    _order = "count_id, id"
    _rec_name = "product_id"

    count_id = fields.Many2one("liquor.shop.count", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="count_id.company_id", store=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict", check_company=True)
    typed_bottles = fields.Integer("Bottles")

    _once = models.UniqueIndex("(count_id, product_id)", "A count has one line for each product.")
    _bounds = models.Constraint("CHECK (typed_bottles BETWEEN 0 AND 10000000)", "A line has 0 to 10,000,000 bottles.")
