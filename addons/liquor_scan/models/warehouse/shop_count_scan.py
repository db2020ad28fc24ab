from odoo import fields, models

from .count_scan_mixin import COUNTED

REFUSED = {"unknown": "unknown_code", "void": "void_code", "inactive": "not_activated"}


class LiquorShopCountScan(models.Model):
    """A unit found at a shop or distributor: it counts wherever the codes say that it is, which is noted."""

    _name = "liquor.shop.count.scan"
    _inherit = ["liquor.count.scan.mixin"]
    _description = "Scan of a Count at a Shop"
    _check_company_auto = True
    _kept_columns = ("batch_id", "level", "unit_index", "elsewhere", "undone")

    count_id = fields.Many2one(
        "liquor.shop.count", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    elsewhere = fields.Boolean("Recorded Elsewhere", readonly=True, help="The codes say that somebody else holds it.")

    def _out_of_place(self, scene, board, count, item, ref, row):
        if ref.scanned.state in REFUSED:
            return REFUSED[ref.scanned.state]
        holder = row.holder if row else board.maker
        # what was taken out of a package is counted by itself
        parts = list(board.parts(ref.scanned.unit))
        return "part_elsewhere" if any(part.seq >= COUNTED or part.holder != holder for part in parts) else ""

    def _noted(self, count, board, ref, reason):
        if reason:
            return {}
        row = board.position(ref.scanned.unit)
        return {"elsewhere": row is None or row.holder != count.party_id.id}
