from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _liquor_goods_codes(self):
        """Return {product id: the code that an invoice of today states, or False}."""
        above = self.sudo().categ_id._liquor_goods_codes()
        return {
            product.id: product.product_tmpl_id.liquor_goods_code or above.get(product.categ_id.id, False)
            for product in self.sudo()
        }
