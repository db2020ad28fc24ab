from odoo import fields, models


class LiquorPolicyEffectiveLine(models.TransientModel):
    """One value that holds, and where it comes from."""

    _name = "liquor.policy.effective.line"
    _description = "Value of a Policy That Holds for a Party"
    _order = "id"

    effective_id = fields.Many2one("liquor.policy.effective", required=True, index=True, ondelete="cascade")
    version_id = fields.Many2one("liquor.policy.version", string="Policy", readonly=True)
    what = fields.Selection(
        [
            ("rate", "Rate"),
            ("strength", "Percent on Top"),
            ("uplift", "Uplift"),
            ("cap", "Cap"),
            ("products", "Products"),
            ("excluded", "Takes No Part"),
        ],
        readonly=True,
    )
    value = fields.Char(readonly=True)
    source = fields.Char(readonly=True)
    own = fields.Boolean(string="Its Own", readonly=True)
