from odoo import api, fields, models
from odoo.exceptions import AccessError


class AccountAnalyticAccount(models.Model):
    _inherit = "account.analytic.account"

    liquor_key = fields.Char(
        "Stands for", readonly=True, copy=False, help="Territory or policy whose costs are collected here."
    )

    _liquor_key_unique = models.UniqueIndex(
        "(company_id, liquor_key) WHERE liquor_key IS NOT NULL", "This territory or policy has its analytic account."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Only the accruals say what an account stands for."""
        if not self.env.su:
            vals_list = [{**vals, "liquor_key": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse a hand on what an account stands for."""
        if "liquor_key" in vals and not self.env.su:
            raise AccessError(self.env._("What an analytic account stands for cannot be typed."))
        return super().write(vals)
