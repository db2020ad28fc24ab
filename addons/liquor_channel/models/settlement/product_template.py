from odoo import api, fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "liquor.goods.code.mixin"]

    _liquor_goods_code_form = models.Constraint(
        "CHECK (liquor_goods_code IS NULL OR liquor_goods_code ~ '^[0-9]{19}$')", "A goods code has 19 digits."
    )

    liquor_goods_code_above = fields.Char("Goods Code of the Category", compute="_compute_liquor_goods_code_above")

    @api.depends("categ_id", "categ_id.liquor_goods_code")
    def _compute_liquor_goods_code_above(self):
        codes = self.categ_id._liquor_goods_codes()
        for template in self:
            template.liquor_goods_code_above = codes.get(template.categ_id.id, False)
