from odoo import fields, models


class ResCompany(models.Model):
    """What a region needs before money is spent on its consumers (C23): defaults that each maker changes."""

    _inherit = "res.company"

    liquor_ready_shops = fields.Integer(string="Active Shops before Consumer Spend", default=10)
    liquor_ready_coverage = fields.Float(
        string="Shops with a Distributor before Consumer Spend (%)", digits=(5, 2), default=80.0
    )
    liquor_ready_scan_rate = fields.Float(
        string="Opening-scan Rate before Consumer Spend (%)", digits=(5, 2), default=30.0
    )

    _liquor_ready_bounds = models.Constraint(
        """CHECK (liquor_ready_shops BETWEEN 0 AND 1000000 AND liquor_ready_coverage BETWEEN 0 AND 100
                  AND liquor_ready_scan_rate BETWEEN 0 AND 100)""",
        "Shops lie between 0 and 1,000,000, percentages between 0 and 100.",
    )
