from odoo import fields, models

from .count_scan_mixin import COUNTED


class LiquorWarehouseCountScan(models.Model):
    """A unit found in a count of the warehouse: the maker must hold it, as a whole."""

    _name = "liquor.warehouse.count.scan"
    _inherit = ["liquor.count.scan.mixin"]
    _description = "Scan of a Warehouse Count"
    _check_company_auto = True
    _kept_columns = ("batch_id", "level", "unit_index", "lot_id", "undone")

    count_id = fields.Many2one(
        "liquor.warehouse.count", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="restrict")

    def _out_of_place(self, scene, board, count, item, ref, row):
        outcome = self.env["liquor.scan.desk"]._judge_item(scene, item)
        if outcome.reason or outcome.status != "accepted":
            return outcome.reason or "not_allowed"
        if row is not None and row.holder != board.maker:
            return "not_in_stock"
        parts = list(board.parts(ref.scanned.unit))
        return "part_elsewhere" if any(part.seq >= COUNTED or part.holder != board.maker for part in parts) else ""

    def _noted(self, count, board, ref, reason):
        return {} if reason else {"lot_id": self.env["liquor.code.batch"].browse(ref.scanned.unit.batch).lot_id.id}
