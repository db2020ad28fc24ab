from odoo import models


class LoyaltyHistory(models.Model):
    _inherit = "loyalty.history"

    def unlink(self):
        """Cancelling an order deletes its history natively (X3); on members' cards the opposite is noted instead."""
        kept = self.sudo().filtered("card_id.liquor_member_id")
        if not kept or self.env.context.get("module_uninstall"):
            return super().unlink()
        self.sudo().create([
            {
                "card_id": line.card_id.id,
                "order_id": line.order_id,
                "order_model": line.order_model,
                "description": self.env._("Cancelled: %(what)s", what=line.description),
                "issued": -line.issued,
                "used": -line.used,
            }
            for line in kept
            if not line.description.startswith(self.env._("Cancelled: %(what)s", what=""))
        ])
        return super(LoyaltyHistory, self - kept).unlink()
