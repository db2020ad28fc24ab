from odoo import fields, models

DEFAULT_CASE = 6


class ProductTemplate(models.Model):
    _inherit = "product.template"

    liquor_bottles_per_case = fields.Integer(
        "Bottles per Case", default=DEFAULT_CASE, help="Product form 1*6, 1*4 …: what one case (件) of it holds."
    )

    _liquor_bottles_per_case_bounds = models.Constraint(
        "CHECK (liquor_bottles_per_case IS NULL OR liquor_bottles_per_case BETWEEN 1 AND 10000)",
        "A case holds between 1 and 10,000 bottles.",
    )

    def _liquor_case_bottles(self):
        self.ensure_one()
        return self.liquor_bottles_per_case or DEFAULT_CASE
