from odoo import fields, models


class LiquorPolicyVersion(models.Model):
    _inherit = "liquor.policy.version"

    basis = fields.Selection(
        selection_add=[("joined", "Members Who Joined and Opened a Bottle")], ondelete={"joined": "set default"}
    )
