from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    liquor_require_contract = fields.Boolean(
        string="Orders Need a Contract",
        help="Distributors without a signed contract order nothing and are not accepted for good. Off: the rights of a "
        "contract bind only those who have one.",
    )
    liquor_rebate_category_ids = fields.Many2many(
        "product.category",
        "liquor_company_rebate_category_rel",
        string="Rebate Is Used On",
        help="Product families whose orders use the rebate account; empty: all.",
    )
    liquor_rebate_months = fields.Integer(
        string="Rebate Expires After (Months)", default=0, help="Counted from the settlement; 0 = never."
    )

    _liquor_rebate_months_bounds = models.Constraint(
        "CHECK (COALESCE(liquor_rebate_months, 0) BETWEEN 0 AND 120)", "Rebate expires within ten years or never."
    )
