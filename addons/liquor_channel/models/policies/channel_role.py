from odoo import models


class LiquorChannelRole(models.Model):
    _inherit = "liquor.channel.role"

    def action_effective_policies(self):
        """Show what holds for this party today, with the source of each value."""
        self.ensure_one()
        self.env["liquor.policy"].check_access("read")
        page = self.env["liquor.policy.effective"].create({
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
        })
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Effective Policies"),
            "res_model": page._name,
            "res_id": page.id,
            "view_mode": "form",
        }
