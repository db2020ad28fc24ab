from itertools import groupby

from odoo import api, fields, models

from ...engine.flow.custody import HELD, Row
from ...engine.flow.judge import CONSUMER_KINDS, HIDDEN_KINDS
from ...engine.flow.request import ScanItem, is_code
from ...engine.flow.units import Unit
from ...engine.warehouse.loading import shown

COUNTED = 10**12


class LiquorCountScanMixin(models.AbstractModel):
    """A unit found in a count, or a wrong scan of it; a unit and what it holds are found once.

    The model names the count in ``count_id``; the count has ``company_id`` and is ``open`` while it is scanned.
    """

    _name = "liquor.count.scan.mixin"
    _inherit = ["liquor.press.mixin"]
    _description = "Scan of a Count"

    _pressed_on = "count_id"
    _kept_columns = ("batch_id", "level", "unit_index", "undone")

    batch_id = fields.Many2one(
        "liquor.code.batch", string="Code Batch", readonly=True, ondelete="restrict", check_company=True
    )
    level = fields.Integer("Bottles per Unit", readonly=True, aggregator=None)
    unit_index = fields.Integer("Unit Number", readonly=True, aggregator=None)

    _found_once = models.UniqueIndex(
        "(count_id, batch_id, level, unit_index) WHERE kind = 'scan' AND reason IS NULL AND undone IS NOT TRUE",
        "This unit was found already.",
    )

    # --- taking ----------------------------------------------------------------------------------------------

    @api.model
    def _take(self, count, user, presses):
        """Do what was not done before and answer everything, in the order of ``presses``."""

        def work(fresh):
            # runs as they follow each other; odoo.tools.groupby would put all of one kind together
            runs = groupby(fresh, key=lambda press: bool(press.undo_of))  # pylint: disable=bad-builtin-groupby
            for undo, run in runs:
                own = list(run)
                self._keep(self._undo(count, user, own) if undo else self._judge(count, user, own))

        return self._answer_once(count, user, presses, work)

    def _lost_names(self):
        # a colleague found one of the units at the same moment
        return [*super()._lost_names(), self._found_once.full_name(self)]

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
            rows.append({**self._prepare(count, user, press, reason, ref), **self._noted(count, board, ref, reason)})
            if not reason:
                board.place(ref.scanned.unit, Row(board.maker, "maker", HELD, now, COUNTED, 0, ""))
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
        row = board.position(ref.scanned.unit)
        if row is not None and row.seq >= COUNTED:
            return "already_scanned"
        return self._out_of_place(scene, board, count, item, ref, row)

    def _out_of_place(self, scene, board, count, item, ref, row):
        """Return why a unit that was not found yet does not count here, "" where it does; a hook.

        :param row: where it is by its last movement, None: nobody scanned it yet
        """
        return ""

    def _noted(self, count, board, ref, reason):
        """Return further columns of a scan, before its unit is placed."""
        return {}

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
