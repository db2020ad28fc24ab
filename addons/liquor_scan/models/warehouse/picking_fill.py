from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.units import Unit
from ...engine.warehouse.loading import spread, withdraw

SCAN_COLUMNS = [
    "picking_id", "company_id", "client_id", "code", "event_kind", "batch_id", "level", "unit_index", "code_kind",
    "product_id", "lot_id", "package_id", "result_package_id", "bottles", "user_id", "scanned_at", "event_posted",
]  # fmt: skip
PALLET = "pallet"


class Heap(NamedTuple):
    """Goods that fill one line: ids of product, lot, package they lie in, place (0 = as reserved), new package."""

    product: int
    lot: int
    package: int
    place: int
    result: int


class StockPicking(models.Model):
    """Filling the lines of a transfer from scanned units: quantity, lot, unit and package; and taking it back."""

    _inherit = "stock.picking"

    def _liquor_store(self, judged):
        """Note the units that were accepted and fill the lines, once per heap.

        :raises psycopg2.errors.SerializationFailure: somebody scans something in the same package; Odoo runs it again
        """
        if not judged:
            return
        heaps, now = self._liquor_heaps(judged), fields.Datetime.now()
        totals, rows = {}, []
        for one, heap in zip(judged, heaps, strict=True):
            ref, unit = one.ref, one.ref.scanned.unit
            totals[heap] = totals.get(heap, 0) + ref.bottles
            rows.append([
                self.id, self.company_id.id, one.press.client_id, one.press.code, one.kind, *unit, ref.scanned.kind,
                heap.product, heap.lot, heap.package, heap.result, ref.bottles, self.env.uid, now, False,
            ])  # fmt: skip
        # a pallet and a case of it cannot be loaded on two trucks at the same moment
        self.env["liquor.custody.turn"].sudo()._take({one.ref.scanned.unit for one in judged})
        scans = self.env["liquor.picking.scan"].sudo()
        with loser_retries(self.env, scans._one_open.full_name(scans)):
            scans._bulk_insert(SCAN_COLUMNS, rows)
        for heap, bottles in totals.items():
            self._liquor_fill(heap, bottles)

    def _liquor_undo(self, presses):
        """Take scans back; the answers to keep."""
        wanted = {press.undo_of for press in presses}
        scans = self.env["liquor.picking.scan"].sudo().search(
            [("picking_id", "=", self.id), ("client_id", "in", list(wanted)), ("event_posted", "=", False)]
        )  # fmt: skip
        answers = self.env["liquor.picking.answer"].sudo().search(
            [("picking_id", "=", self.id), ("client_id", "in", list(wanted)), ("kind", "=", "scan")]
        )  # fmt: skip
        open_ids, known = set(scans.mapped("client_id")), set(answers.mapped("client_id"))
        rows = []
        for press in presses:
            right = press.undo_of in open_ids
            reason = "" if right else ("already_undone" if press.undo_of in known else "unknown_event")
            rows.append(self._liquor_prepare_answer(press, reason))
            open_ids.discard(press.undo_of)
        totals = {}
        for scan in scans:
            heap = Heap(scan.product_id.id, scan.lot_id.id, scan.package_id.id, 0, scan.result_package_id.id)
            totals[heap] = totals.get(heap, 0) + scan.bottles
        for heap, bottles in totals.items():
            self._liquor_take_off(heap, bottles)
        answers.filtered(lambda answer: answer.client_id in scans.mapped("client_id")).write({"undone": True})
        scans.unlink()
        return rows

    # --- where the goods lie ---------------------------------------------------------------------------------

    def _liquor_heaps(self, judged):
        """The heap of each accepted scan."""
        units = [one.ref.scanned.unit for one in judged]
        pallets = {one.ref.scanned.unit for one in judged if one.ref.scanned.kind == PALLET}
        packages = self.env["stock.package"].sudo()
        known = packages._liquor_of_units({*units, *(parent for one in judged for parent in one.parents)})
        made = packages._liquor_make(pallets - set(known))
        batches = self.env["liquor.code.batch"].sudo().browse({unit.batch for unit in units})
        lot_of = {batch.id: batch.lot_id.id for batch in batches}
        stock = self._liquor_stock(known.values(), set(lot_of.values()))
        heaps = []
        for one in judged:
            unit, product = one.ref.scanned.unit, one.ref.scanned.product
            lot = lot_of[unit.batch]
            around = [known[place].id for place in (unit, *one.parents) if place in known]
            package = next((number for number in around if (number, product, lot) in stock), 0)
            place = stock.get((package, product, lot), 0)
            result = (known.get(unit) or made.get(unit)) if one.ref.scanned.kind == PALLET else None
            heaps.append(Heap(product, lot or 0, package, place, result.id if result else 0))
        return heaps

    def _liquor_stock(self, packages, lots):
        """{(package or 0, product, lot): place} of the stock below the transfer's source; one query."""
        if self.location_id.should_bypass_reservation():
            return {}
        numbers = [package.id for package in packages]
        quants = self.env["stock.quant"].sudo().search_fetch(
            Domain("location_id", "child_of", self.location_id.id)
            & Domain("product_id", "in", self.move_ids.product_id.ids)
            & Domain("quantity", ">", 0)
            & (Domain("package_id", "in", numbers) | Domain("package_id", "=", False))
            & Domain("lot_id", "in", list(lots)),
            ["package_id", "product_id", "lot_id", "location_id"],
            order="id desc",
        )  # fmt: skip
        return {(quant.package_id.id or 0, quant.product_id.id, quant.lot_id.id): quant.location_id.id
                for quant in quants}  # fmt: skip

    # --- lines -----------------------------------------------------------------------------------------------

    def _liquor_fill(self, heap, bottles):
        """Add bottles to the picked lines of a heap, out of what was reserved; first where a move has room."""
        moves = self._liquor_moves().filtered(lambda move: move.product_id.id == heap.product)
        rooms = [self._liquor_bottles(move) - self._liquor_picked(move) for move in moves]
        for move, share in zip(moves, spread(bottles, rooms), strict=True):
            if share > 0:
                self._liquor_fill_move(move, heap, share)

    def _liquor_picked(self, move):
        return round(sum(line.quantity_product_uom for line in move.move_line_ids if line.picked))

    def _liquor_fill_move(self, move, heap, bottles):
        reserved = move.move_line_ids.filtered(lambda line: not line.picked)
        same = reserved.filtered(lambda line: line.lot_id.id == heap.lot and line.package_id.id == heap.package)
        place = heap.place or (same or reserved)[:1].location_id.id or move.location_id.id
        self._liquor_unreserve(same + (reserved - same), bottles)
        line = self._liquor_lines(move, heap)[:1]
        if line:
            line.quantity += line.product_id.uom_id._compute_quantity(bottles, line.product_uom_id)
        else:
            self.env["stock.move.line"].create(self._liquor_prepare_line(move, heap, place, bottles))

    def _liquor_lines(self, moves, heap):
        return moves.move_line_ids.filtered(
            lambda line: (
                line.picked
                and (line.lot_id.id or 0, line.package_id.id or 0, line.result_package_id.id or 0)
                == (heap.lot, heap.package, heap.result)
            )
        )

    def _liquor_take_off(self, heap, bottles):
        """Take bottles off the picked lines of a heap."""
        moves = self._liquor_moves().filtered(lambda move: move.product_id.id == heap.product)
        lines = self._liquor_lines(moves, heap)
        filled = [round(line.quantity_product_uom) for line in lines]
        for line, taken, held in zip(lines, withdraw(bottles, filled), filled, strict=True):
            if taken >= held:
                line.unlink()
            elif taken:
                line.quantity -= line.product_id.uom_id._compute_quantity(taken, line.product_uom_id)

    def _liquor_unreserve(self, lines, bottles):
        for line in lines:
            taken = min(bottles, line.quantity_product_uom)
            bottles -= taken
            if taken >= line.quantity_product_uom:
                line.unlink()
            else:
                line.quantity -= line.product_id.uom_id._compute_quantity(taken, line.product_uom_id)
            if bottles <= 0:
                return

    def _liquor_prepare_line(self, move, heap, place, bottles):
        """A line in the product's own unit: a bottle of a case of six is no fraction."""
        return {
            "picking_id": self.id,
            "move_id": move.id,
            "product_id": heap.product,
            "product_uom_id": move.product_id.uom_id.id,
            "location_id": place,
            "location_dest_id": move.location_dest_id.id,
            "lot_id": heap.lot or False,
            "package_id": heap.package or False,
            "result_package_id": heap.result or False,
            "quantity": bottles,
            "picked": True,
            "company_id": self.company_id.id,
        }

    def _liquor_units(self):
        """{Unit: scan} of everything that was scanned for these transfers."""
        scans = self.env["liquor.picking.scan"].sudo().search([("picking_id", "in", self.ids)], order="id")
        return {Unit(scan.batch_id.id, scan.level, scan.unit_index): scan for scan in scans}
