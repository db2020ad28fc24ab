from odoo import models


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "liquor.goods.code.mixin"]

    _liquor_goods_code_form = models.Constraint(
        "CHECK (liquor_goods_code IS NULL OR liquor_goods_code ~ '^[0-9]{19}$')", "A goods code has 19 digits."
    )

    def _liquor_goods_codes(self):
        """Return {category id: its code, or that of the nearest category above, or False}; two queries."""
        above = {category.id: [int(part) for part in category.parent_path.split("/")[-2::-1]] for category in self}
        parents = self.browse({number for chain in above.values() for number in chain})
        codes = {category.id: category.liquor_goods_code for category in parents}
        return {number: next((codes[each] for each in chain if codes[each]), False) for number, chain in above.items()}
