from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    liquor_bottles_per_case = fields.Integer(
        string="Bottles per Case", default=6, help="Product form 1*6, 1*4 …: policies that pay by the case use it."
    )

    _liquor_bottles_per_case_bounds = models.Constraint(
        "CHECK (liquor_bottles_per_case IS NULL OR liquor_bottles_per_case BETWEEN 1 AND 10000)",
        "A case holds between 1 and 10,000 bottles.",
    )
