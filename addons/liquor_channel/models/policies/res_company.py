from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    liquor_policy_mode = fields.Selection(
        [("national", "National: Head Office Writes Policies"), ("regional", "Regional: Regions Write within Limits")],
        string="Who Writes Policies",
        required=True,
        default="national",
        help="In regional mode whoever is responsible for territories writes policies for them, within head office's "
        "limits; what is above waits for head office.",
    )
