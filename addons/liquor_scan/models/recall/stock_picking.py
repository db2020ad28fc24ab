from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _liquor_stopped_lots(self, lots):
        """And those of which some bottles are recalled."""
        recalled = self.env["liquor.recall.range"].sudo().search(
            [("recall_id.stops", "=", True), ("batch_id.lot_id", "in", lots.ids)]
        )  # fmt: skip
        return super()._liquor_stopped_lots(lots) | recalled.batch_id.lot_id
