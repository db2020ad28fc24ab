from odoo import fields, models


class LiquorChannelRole(models.Model):
    _inherit = "liquor.channel.role"

    scans_out = fields.Boolean(
        "Scans Goods Out",
        tracking=True,
        help="He scans everything out to a named shop: a receipt without that is held until it arrives (R9 f).",
    )
