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
