from itertools import groupby
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.flow.custody import HELD, Row
from ...engine.flow.judge import CONSUMER_KINDS, HIDDEN_KINDS
from ...engine.flow.request import ScanItem, is_code
from ...engine.warehouse.loading import Press, shown
from ..flow.scene import Ref

OPEN_SCAN = 10**12
"""Order of what was scanned on open transfers, behind every event."""
CONSIGNEES = ("distributor", "sub_distributor")


class Scanned(NamedTuple):
    """One scan, judged: `reason` is empty where the unit may be loaded; `kind` is the event it becomes."""

    press: Press
    ref: Ref | None
    reason: str
    kind: str
    parents: tuple = ()


class StockPicking(models.Model):
    """Judging scans on a transfer: once per number, in their order, set-based."""

    _inherit = "stock.picking"

    def _liquor_take(self, presses):
        """Do what was not done before and answer everything, in the order of ``presses``."""
        answers = self.env["liquor.picking.answer"].sudo()
        return answers._answer_once(self, self.env.user, presses, lambda fresh: answers._keep(self._liquor_work(fresh)))

    def _liquor_work(self, presses):
        """Scan and take back, run by run in the order of the device; the answers to keep."""
        if not self.liquor_can_scan:
            return [self._liquor_prepare_answer(press, "transfer_closed") for press in presses]
        rows = []
        # runs as they follow each other; odoo.tools.groupby would put all of one kind together
        runs = groupby(presses, key=lambda press: bool(press.undo_of))  # pylint: disable=bad-builtin-groupby
        for undo, run in runs:
            own = list(run)
            rows += self._liquor_undo(own) if undo else self._liquor_scan_run(own)
        return rows

    def _liquor_scan_run(self, presses):
        judged = self._liquor_judge(presses)
        self._liquor_store([one for one in judged if not one.reason])
        return [self._liquor_prepare_answer(one.press, one.reason, one.ref) for one in judged]

    def _liquor_prepare_answer(self, press, reason, ref=None):
        return {
            "picking_id": self.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "client_id": press.client_id,
            "body_hash": press.body_hash,
            "kind": "undo" if press.undo_of else "scan",
            "code": shown(press.code, reason),
            "reason": reason or None,
            "product_id": (ref and ref.scanned.product) or None,
            "bottles": ref.bottles if ref else 0,
            "received_time": fields.Datetime.now(),
        }

    # --- judging ---------------------------------------------------------------------------------------------

    def _liquor_judge(self, presses):
        """A ``Scanned`` for each scan in its order."""
        now = fields.Datetime.now()
        kind = self._liquor_scan_type()
        to = str(self.partner_id.commercial_partner_id.id) if kind in ("ship", "receive") else ""
        items = {
            press.client_id: ScanItem(press.client_id, kind, (press.code,), now, None, to, "", "", "", "")
            for press in presses
            if is_code(press.code)
        }
        if not items:
            return [Scanned(press, None, "bad_code", kind) for press in presses]
        scene = self.env["liquor.scan.collect"].sudo()._collect(self.env.user, list(items.values()))
        self._liquor_place_open_scans(scene, now)
        load = _Load(self._liquor_left(), self._liquor_uncovered(scene), self._liquor_received(scene, kind))
        judged = []
        for press in presses:
            item = items.get(press.client_id)
            judged.append(
                self._liquor_judge_one(scene, press, item, load) if item else Scanned(press, None, "bad_code", kind)
            )
        return judged

    def _liquor_judge_one(self, scene, press, item, load):
        ref = scene.refs[press.code]
        board = scene.boards.get(ref.company)
        unit = ref.scanned.unit
        if item.type == "pack" and board is not None and board.position(unit) is not None:
            item = item._replace(type="store")
        loadable = ref.scanned.kind not in CONSUMER_KINDS | HIDDEN_KINDS and ref.scanned.state != "void"
        reason = self._liquor_busy(board, unit, load) if loadable else ""
        if not reason:
            outcome = self.env["liquor.scan.desk"].sudo()._judge_item(scene, item)
            reason = outcome.reason or ("" if outcome.status == "accepted" else "not_shipped")
            if not reason:
                reason = load.take(ref) if ref.company == self.company_id.id else "wrong_goods"
                if reason:
                    board.remove(unit)
        parents = tuple(board.parents.get(unit, ())) if board is not None else ()
        return Scanned(press, ref, reason, item.type, parents)

    def _liquor_busy(self, board, unit, load):
        """Why a unit cannot be scanned again: it or a part of it is on an open transfer, or it came in before."""
        row = board.position(unit) if board is not None else None
        if row is not None and (row.seq >= OPEN_SCAN or row.seq in load.received):
            return "already_scanned"
        parts = board.parts(unit) if board is not None else ()
        return "part_elsewhere" if any(part.seq >= OPEN_SCAN or part.seq in load.received for part in parts) else ""

    def _liquor_place_open_scans(self, scene, now):
        """Units on open transfers are as good as where those bring them."""
        board = scene.boards.get(self.company_id.id)
        if board is None:
            return
        collect = self.env["liquor.scan.collect"].sudo()
        units = {ref.scanned.unit for ref in scene.refs.values() if ref.company == self.company_id.id}
        around = units | set(board.parents) | {parent for line in board.parents.values() for parent in line}
        levels_of = collect._levels_of(self.env["liquor.code.batch"].sudo().browse({unit.batch for unit in around}))
        found = self.env["liquor.picking.scan"].sudo()._open_around(around, levels_of)
        board.parents.update(
            collect._parents_now({unit for unit, _kind, _to in found} - set(board.parents), [], levels_of)
        )
        for unit, kind, partner in found:
            gone = kind == "ship"
            holder = partner if gone else board.maker
            board.place(unit, Row(holder, "distributor" if gone else "maker", HELD, now, OPEN_SCAN, 0, ""))

    def _liquor_left(self):
        """{product id: bottles still wanted}."""
        scanned = self._liquor_scanned()
        return {
            product: bottles - sum(part for _lot, part in scanned.get(product, ()))
            for product, bottles in self._liquor_wanted().items()
        }

    def _liquor_uncovered(self, scene):
        """Ids of the scanned products that no contract of the consignee covers in his territory today."""
        if self._liquor_scan_type() != "ship":
            return set()
        partner = self.partner_id.commercial_partner_id
        role = self.env["liquor.channel.role"].sudo().search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company_id.id), ("kind", "in", CONSIGNEES),
             ("state", "not in", ("candidate", "ended"))], limit=1
        )  # fmt: skip
        if not role:
            return set()
        products = self.env["product.product"].browse({
            ref.scanned.product for ref in scene.refs.values() if ref.company == self.company_id.id
        })
        coverage = self.env["liquor.agreement.right"]._coverage(self.company_id, partner, today(self.company_id))
        return {
            product.id
            for product in products
            if coverage.needs_right(partner, product)
            and not coverage.right_of(partner, product, role.territory_id.with_env(self.env))
        }

    def _liquor_received(self, scene, kind):
        """Numbers of the events by which the warehouse took in what is being received from production now."""
        board = scene.boards.get(self.company_id.id)
        numbers = [row.seq for row in board.rows.values() if row.seq < OPEN_SCAN] if board and kind == "pack" else []
        if not numbers:
            return set()
        query = "SELECT id FROM liquor_scan_event WHERE id = ANY(%s) AND source = 'warehouse'"
        return {number for (number,) in self.env.execute_query(SQL(query, numbers))}


class _Load(NamedTuple):
    """What the transfer still takes (changed as scans are accepted), what its receiver may not have, what came in."""

    left: dict[int, int]
    uncovered: set[int]
    received: set[int]

    def take(self, ref):
        """Why a unit does not belong on the transfer; "" and its bottles taken off where it does."""
        product = ref.scanned.product
        if product not in self.left:
            return "wrong_goods"
        if product in self.uncovered:
            return "wrong_territory"
        if self.left[product] < ref.bottles:
            return "over_quantity"
        self.left[product] -= ref.bottles
        return ""
