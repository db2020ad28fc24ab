from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    liquor_big_share = fields.Float(
        string="Large Share from (%)",
        default=20.0,
        help="Products and channels with at least this share of revenue are marked in reports (C68).",
    )

    _liquor_big_share_bounds = models.Constraint(
        "CHECK (liquor_big_share > 0 AND liquor_big_share <= 100)", "A share is above 0 and at most 100 percent."
    )
