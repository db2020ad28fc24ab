from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def action_liquor_epcis(self):
        """Download what was scanned for this transfer as an EPCIS document."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/liquor/epcis/picking/{self.id}", "target": "download"}
