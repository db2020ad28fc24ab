from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    liquor_receipt_days = fields.Integer(
        "Shops Confirm Within (Days)",
        default=3,
        help="Goods that a distributor scanned out and the shop did not scan in after so many days are listed.",
    )

    _liquor_receipt_days = models.Constraint(
        "CHECK (liquor_receipt_days BETWEEN 0 AND 90)", "A shop confirms within 0 to 90 days."
    )
