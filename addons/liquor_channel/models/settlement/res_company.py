from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    liquor_rebate_months = fields.Integer(
        string="Rebate Expires After (Months)",
        default=0,
        help="Counted from the day on which it is credited; 0 = never. It holds for what is credited from now on: "
        "what was credited before keeps its day. A contract may say otherwise.",
    )
    liquor_rebate_notice_days = fields.Integer(
        string="Announced Before (Days)",
        default=30,
        help="So many days before, the distributor is told what expires. What a cancelled order gives back late can be "
        "used for as many days.",
    )
    liquor_red_by_code = fields.Boolean(
        string="Red Letters by Goods Code",
        default=True,
        help="A red letter is written against lines of the same tax rate and goods code (税收分类编码). Off, the rate "
        "alone decides: for your tax adviser to say.",
    )

    _liquor_rebate_months_bounds = models.Constraint(
        "CHECK (COALESCE(liquor_rebate_months, 0) BETWEEN 0 AND 120)", "Rebate expires within ten years or never."
    )
    _liquor_rebate_notice_bounds = models.Constraint(
        "CHECK (COALESCE(liquor_rebate_notice_days, 0) BETWEEN 0 AND 365)",
        "An expiry is announced within a year before.",
    )
