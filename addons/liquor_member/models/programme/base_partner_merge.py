from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _liquor_partners_with_entries(self, partner_ids):
        """A member's entries name him, not his contact: his contact is bound all the same."""
        members = self.env["liquor.member"].sudo().search([("partner_id", "in", partner_ids)])
        return super()._liquor_partners_with_entries(partner_ids) | members.partner_id.with_env(self.env)
