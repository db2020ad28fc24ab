from odoo import fields, models


class LiquorRebateRestore(models.TransientModel):
    """Asks why an expiry is taken back, and until when the money can be used again."""

    _name = "liquor.rebate.restore"
    _description = "Take Expiries Back"

    expiry_ids = fields.Many2many(
        "liquor.rebate.expiry", required=True, default=lambda self: self.env.context.get("active_ids")
    )
    usable_until = fields.Date(required=True)
    reason = fields.Char(required=True)

    def action_restore(self):
        """Take them back with the reason."""
        self.expiry_ids.action_restore(self.reason, self.usable_until)
        return {"type": "ir.actions.act_window_close"}
