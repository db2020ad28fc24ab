from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """Deliveries of members' own orders are purchases; what comes back is taken back (X4)."""
        result = super()._action_done()
        self.move_ids._liquor_record_purchases()
        return result
