from odoo import models


class LiquorOutbound(models.Model):
    _inherit = "liquor.outbound"

    def _find_block(self, recipient, purpose, company):
        """Marketing goes only to members who agreed to messages, in this company (M35)."""
        blocked = super()._find_block(recipient, purpose, company)
        if blocked or purpose != "marketing":
            return blocked
        agreed = self.env["liquor.member"].sudo()._agrees_to_messages(recipient, company)
        return False if agreed else self.env._("The recipient has not agreed to messages.")
