from odoo import models


class LiquorRecall(models.Model):
    _inherit = "liquor.recall"

    def action_epcis(self):
        """Download begin and end of the recall as an EPCIS document."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/liquor/epcis/recall/{self.id}", "target": "download"}
