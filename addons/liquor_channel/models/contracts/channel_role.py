from odoo import models

from odoo.addons.liquor_member.tools.business_day import today


class LiquorChannelRole(models.Model):
    _inherit = "liquor.channel.role"

    def _missing_for_acceptance(self):
        """A distributor needs a signed contract where the company says so (C66)."""
        missing = super()._missing_for_acceptance()
        if self.kind != "distributor" or not self.company_id.liquor_require_contract:
            return missing
        contracts = (
            self.env["liquor.agreement"].sudo()._contracts_of(self.company_id, self.partner_id, today(self.company_id))
        )
        if not contracts:
            missing = [
                *missing,
                self.env._("%(partner)s has not signed a contract yet.", partner=self.partner_id.name),
            ]
        return missing
