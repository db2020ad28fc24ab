from odoo import api, fields, models


class LiquorBenefit(models.Model):
    _inherit = "liquor.benefit"

    provider_id = fields.Many2one(
        "res.partner",
        "Provided By",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Who does the service and sends a bill for it, such as a driver home. The cost of one is what was agreed.",
    )

    @api.model
    def _companies_served_by(self, partner):
        """Return the companies for whose members a partner does services, also such as are not offered any more."""
        offered = self.with_context(active_test=False)
        groups = offered._read_group([("provider_id", "=", partner.id)], ["company_id"], order="company_id")
        return self.env["res.company"].union(*(company for (company,) in groups))
