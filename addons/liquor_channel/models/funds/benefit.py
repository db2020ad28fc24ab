from odoo import fields, models


class LiquorBenefit(models.Model):
    _inherit = "liquor.benefit"

    provider_id = fields.Many2one(
        "res.partner",
        "Provided By",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Who does the service and sends a bill for it, such as a driver home. The cost of one is what was agreed.",
    )
