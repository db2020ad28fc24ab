from itertools import groupby

from odoo import api, fields, models

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.custody import HELD, Row
from ...engine.flow.judge import CONSUMER_KINDS, HIDDEN_KINDS
from ...engine.flow.request import ScanItem, is_code
from ...engine.flow.units import Unit
from ...engine.warehouse.loading import shown
from ..flow.reasons import REASONS, reason_text

COLUMNS = [
    "count_id", "company_id", "user_id", "client_id", "body_hash", "kind", "code", "reason", "batch_id", "level",
    "unit_index", "product_id", "lot_id", "bottles", "received_time", "undone",
]  # fmt: skip
COUNTED = 10**12


class LiquorWarehouseCountScan(models.Model):
    """A unit found in a count, or a wrong scan of it: each number of a device is answered once."""

    _name = "liquor.warehouse.count.scan"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Scan of a Warehouse Count"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "code"

    count_id = fields.Many2one(
        "liquor.warehouse.count", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    client_id = fields.Char("Sender's Number", required=True, readonly=True)
    body_hash = fields.Char(required=True, readonly=True)
    kind = fields.Selection([("scan", "Scan"), ("undo", "Taken Back")], required=True, readonly=True)
    code = fields.Char(readonly=True)
    reason = fields.Selection("_reason_selection", readonly=True, help="Why it was refused; empty where it was right.")
    batch_id = fields.Many2one(
        "liquor.code.batch", string="Code Batch", readonly=True, ondelete="restrict", check_company=True
    )
    level = fields.Integer("Bottles per Unit", readonly=True, aggregator=None)
    unit_index = fields.Integer("Unit Number", readonly=True, aggregator=None)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="restrict")
    bottles = fields.Integer(readonly=True)
    received_time = fields.Datetime(required=True, readonly=True)
    undone = fields.Boolean("Taken Back Later", readonly=True)

    _once = models.UniqueIndex("(user_id, client_id)", "This number was sent before.")
    _found_once = models.UniqueIndex(
        "(count_id, batch_id, level, unit_index) WHERE kind = 'scan' AND reason IS NULL AND undone IS NOT TRUE",
        "This unit was found already.",
    )

    @api.model
    def _reason_selection(self):
        return [(reason, reason_text(self.env, reason)) for reason in REASONS]

    def _show(self, repeated=False):
        """The scans as the dialog reads them."""
        return [
            {
                "id": scan.client_id,
                "kind": scan.kind,
                "code": scan.code or "",
                "ok": not scan.reason,
                "reason": scan.reason or "",
                "message": reason_text(self.env, scan.reason or ""),
                "product": scan.product_id.display_name or "",
                "bottles": scan.bottles,
                "repeated": repeated,
            }
            for scan in self
        ]

    # --- taking ----------------------------------------------------------------------------------------------

    @api.model
    def _take(self, count, user, presses):
        """Do what was not done before and answer everything, in the order of ``presses``."""
        stored = self._of_user(user, presses)
        fresh = {}
        for press in presses:
            if press.client_id not in stored:
                fresh.setdefault(press.client_id, press)
        # runs as they follow each other; odoo.tools.groupby would put all of one kind together
        runs = groupby(fresh.values(), key=lambda press: bool(press.undo_of))  # pylint: disable=bad-builtin-groupby
        for undo, run in runs:
            own = list(run)
            self._keep(self._undo(count, user, own) if undo else self._judge(count, user, own))
        kept = {**stored, **(self._of_user(user, fresh.values()) if fresh else {})}
        given, result = set(stored), []
        for press in presses:
            scan = kept[press.client_id]
            if scan.body_hash != press.body_hash or scan.count_id != count:
                scan = self.new({"client_id": press.client_id, "kind": "scan", "code": shown(press.code, ""),
                                 "reason": "id_reused"})  # fmt: skip
            result += scan._show(repeated=press.client_id in given)
            given.add(press.client_id)
        return result

    def _of_user(self, user, presses):
        names = [press.client_id for press in presses]
        return {scan.client_id: scan for scan in self.search([("user_id", "=", user.id), ("client_id", "in", names)])}

    def _keep(self, rows):
        """:raises ConcurrencyError: a colleague found one of the units at the same moment; Odoo runs it again."""
        with loser_retries(self.env, self._once.full_name(self), self._found_once.full_name(self)):
            self._bulk_insert(COLUMNS, [[row.get(name) for name in COLUMNS] for row in rows])

    def _prepare(self, count, user, press, reason, ref=None):
        good = ref is not None and bool(ref.company)
        unit = ref.scanned.unit if good else None
        return {
            "count_id": count.id,
            "company_id": count.company_id.id,
            "user_id": user.id,
            "client_id": press.client_id,
            "body_hash": press.body_hash,
            "kind": "undo" if press.undo_of else "scan",
            "code": shown(press.code, reason),
            "reason": reason or None,
            "batch_id": unit.batch if good and not reason else None,
            "level": unit.level if good else 0,
            "unit_index": unit.index if good else 0,
            "product_id": ref.scanned.product if good else None,
            "lot_id": self.env["liquor.code.batch"].browse(unit.batch).lot_id.id if good and not reason else None,
            "bottles": ref.bottles if good else 0,
            "received_time": fields.Datetime.now(),
            "undone": False,
        }

    def _undo(self, count, user, presses):
        wanted = [press.undo_of for press in presses]
        scans = self.search([("count_id", "=", count.id), ("client_id", "in", wanted), ("kind", "=", "scan")])
        live = set(scans.filtered(lambda scan: not scan.reason and not scan.undone).mapped("client_id"))
        known, rows = set(scans.mapped("client_id")), []
        closed = count.state != "open"
        for press in presses:
            right = press.undo_of in live
            reason = "" if right else ("already_undone" if press.undo_of in known else "unknown_event")
            rows.append(self._prepare(count, user, press, "transfer_closed" if closed else reason))
            live.discard(press.undo_of)
        if not closed:
            scans.filtered(lambda scan: not scan.reason).write({"undone": True})
            self.flush_model()
        return rows

    def _judge(self, count, user, presses):
        """Rows of scans: what is known of the unit, and whether it was found before."""
        if count.state != "open":
            return [self._prepare(count, user, press, "transfer_closed") for press in presses]
        now = fields.Datetime.now()
        items = [ScanItem(press.client_id, "check", (press.code,), now, None, "", "", "", "", "")
                 for press in presses if is_code(press.code)]  # fmt: skip
        scene = self.env["liquor.scan.collect"]._collect(user, items) if items else None
        board = scene and scene.boards.get(count.company_id.id)
        if board:
            self._place_found(count, board, now)
        by_id, rows = {item.client_id: item for item in items}, []
        for press in presses:
            item = by_id.get(press.client_id)
            ref = scene.refs[press.code] if item else None
            reason = self._reason(scene, board, count, item, ref) if item else "bad_code"
            if not reason:
                board.place(ref.scanned.unit, Row(board.maker, "maker", HELD, now, COUNTED, 0, ""))
            rows.append(self._prepare(count, user, press, reason, ref))
        # a pallet and a case of it are not found by two people at the same moment
        self.env["liquor.custody.turn"]._take({
            Unit(row["batch_id"], row["level"], row["unit_index"]) for row in rows if row["batch_id"]
        })
        return rows

    def _reason(self, scene, board, count, item, ref):
        if ref.company != count.company_id.id:
            return "unknown_code" if not ref.company else "wrong_goods"
        if ref.scanned.kind in CONSUMER_KINDS:
            return "consumer_code"
        if ref.scanned.kind in HIDDEN_KINDS:
            return "inside_code"
        outcome = self.env["liquor.scan.desk"]._judge_item(scene, item)
        if outcome.reason or outcome.status != "accepted":
            return outcome.reason or "not_allowed"
        row = board.position(ref.scanned.unit)
        if row is not None and row.seq >= COUNTED:
            return "already_scanned"
        if row is not None and row.holder != board.maker:
            return "not_in_stock"
        parts = list(board.parts(ref.scanned.unit))
        return "part_elsewhere" if any(part.seq >= COUNTED or part.holder != board.maker for part in parts) else ""

    def _place_found(self, count, board, now):
        """Units found in this count before: they and what they hold are not found twice."""
        batches = {unit.batch for unit in board.parents}
        found = self.search([("count_id", "=", count.id), ("batch_id", "in", list(batches)), ("reason", "=", False),
                             ("undone", "=", False), ("kind", "=", "scan")])  # fmt: skip
        collect = self.env["liquor.scan.collect"]
        levels_of = collect._levels_of(found.batch_id)
        units = [Unit(scan.batch_id.id, scan.level, scan.unit_index) for scan in found]
        board.parents.update(collect._parents_now(set(units) - set(board.parents), [], levels_of))
        for unit in units:
            board.place(unit, Row(board.maker, "maker", HELD, now, COUNTED, 0, ""))
