from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    liquor_label_facts = fields.Char(
        "Label Facts", translate=True, help="Strength, content and aroma as on the label, for example 53%vol 500ml."
    )
    liquor_story = fields.Text("Story of the Wine", translate=True, help="Shown on the page of every code.")
    liquor_tasting = fields.Text("Tasting Advice", translate=True, help="How to taste it, what goes with it.")
