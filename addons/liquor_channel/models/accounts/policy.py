from odoo import fields, models


class LiquorPolicy(models.Model):
    _inherit = "liquor.policy"

    tax_treatment = fields.Selection(
        [
            ("discount", "Price discount, no tax"),
            ("withheld", "Incidental income, tax withheld"),
            ("borne", "Incidental income, tax borne by us"),
            ("invoice", "Service with the payee's invoice"),
        ],
        required=True,
        default="discount",
        tracking=True,
        help="Income tax of what individuals and sole traders are paid; the tax adviser decides.",
    )
