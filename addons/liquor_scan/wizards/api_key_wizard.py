from odoo import fields, models


class LiquorApiKeyWizard(models.TransientModel):
    """Makes a key and hands it to Odoo's own dialog, which shows it once; it is stored nowhere in clear."""

    _name = "liquor.api.key.wizard"
    _description = "New API Key"

    client_id = fields.Many2one("liquor.api.client", required=True, ondelete="cascade")
    right = fields.Selection(
        [("scan", "Scans"), ("associate", "Associations"), ("epcis", "EPCIS"), ("trace", "Trace")],
        required=True,
        default="scan",
    )

    def action_make_key(self):
        """Issue the key and show it."""
        self.ensure_one()
        self.client_id.check_access("write")
        key = self.client_id._issue_key(self.right)
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.users.apikeys.show",
            "name": self.env._("API Key Ready"),
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key},
        }
