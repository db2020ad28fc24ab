from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        """A new company has its gate from the start."""
        companies = super().create(vals_list)
        self.env["liquor.stop.gate"].sudo().create([{"company_id": company.id} for company in companies])
        return companies
