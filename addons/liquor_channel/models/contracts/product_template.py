from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    liquor_is_quota = fields.Boolean(
        string="Quota Wine",
        help="Ordered only within a quota of the distributor's contract; no rebate is used on it (R2).",
    )
