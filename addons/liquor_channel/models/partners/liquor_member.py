from odoo import api, models

from odoo.addons.liquor_member.tools.business_day import today

HANDS_OUT = ("terminal", "distributor", "sub_distributor")


class LiquorMember(models.Model):
    _inherit = "liquor.member"

    @api.model
    def _pickup_companies(self, partner):
        """Shops and distributors hand out the gifts of the companies for which they have a live role."""
        roles = (
            self
            .env["liquor.channel.role"]
            .sudo()
            .search([
                ("partner_id", "=", partner.id),
                ("kind", "in", HANDS_OUT),
            ])
        )
        live = roles.filtered(lambda role: role._is_live_on(today(role.company_id)))
        return super()._pickup_companies(partner) | live.company_id
