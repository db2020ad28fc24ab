from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.custody import HELD, Row
from ...engine.flow.request import MAX_EVENTS, ScanItem, is_code
from ...engine.flow.units import Unit
from .reasons import reason_text


class StockPicking(models.Model):
    """Deliveries and returns filled by scanning; what was scanned moves custody when the transfer is done."""

    _inherit = "stock.picking"

    liquor_scan_ids = fields.One2many("liquor.picking.scan", "picking_id", groups="liquor_scan.group_warehouse")
    liquor_scan_count = fields.Integer("Scanned", compute="_compute_liquor_scan_count")
    liquor_can_scan = fields.Boolean(compute="_compute_liquor_can_scan")

    def _compute_liquor_scan_count(self):
        groups = self.env["liquor.picking.scan"].sudo()._read_group(
            [("picking_id", "in", self.ids)], ["picking_id"], ["__count"]
        )  # fmt: skip
        counts = {picking.id: count for picking, count in groups}
        for picking in self:
            picking.liquor_scan_count = counts.get(picking.id, 0)

    @api.depends("state", "partner_id", "location_id.usage", "location_dest_id.usage")
    def _compute_liquor_can_scan(self):
        for picking in self:
            open_ = picking.state in ("confirmed", "waiting", "assigned") and picking.partner_id
            picking.liquor_can_scan = bool(open_ and picking._liquor_scan_type())

    def _liquor_scan_type(self):
        """The event that a scan on this transfer becomes; "" where units are not followed."""
        self.ensure_one()
        if self.location_dest_id.usage == "customer":
            return "ship"
        return "receive" if self.location_id.usage == "customer" else ""

    # --- what the scanning dialog calls ----------------------------------------------------------------------

    def action_liquor_scan(self):
        """Open the scanning dialog."""
        self._liquor_check_scan()
        return {
            "type": "ir.actions.client",
            "tag": "liquor_scan.picking_scan",
            "name": self.env._("Scan %(delivery)s", delivery=self.name),
            "target": "new",
            "params": {"picking_id": self.id},
            "context": {"dialog_size": "extra-large"},
        }

    @api.readonly
    def liquor_scan_state(self):
        """What is expected and what was scanned, per product.

        :return: {"name", "partner", "lines": [{"product_id", "product", "expected", "scanned"}], "last": [...]}
        """
        self._liquor_check_scan()
        scanned = dict(
            self.env["liquor.picking.scan"]._read_group([("picking_id", "=", self.id)], ["product_id"], ["bottles:sum"])
        )
        lines = [
            {
                "product_id": product.id,
                "product": product.display_name,
                "expected": sum(self._liquor_bottles(move) for move in moves),
                "scanned": scanned.get(product, 0),
            }
            for product, moves in self._liquor_moves().grouped("product_id").items()
        ]
        last = self.env["liquor.picking.scan"].search([("picking_id", "=", self.id)], limit=20)
        return {
            "name": self.name,
            "partner": self.partner_id.display_name,
            "lines": lines,
            "last": [self._liquor_show(scan) for scan in last],
        }

    def liquor_scan(self, codes):
        """Scan units for this transfer: wrong goods stop here, before loading.

        :param list codes: texts as scanned, typed or pasted; at most 5,000
        :return: {"answers": [{"code", "ok", "reason", "message", "product", "bottles"}], "state": liquor_scan_state()}
        :raises ConcurrencyError: a colleague scanned one of the units at the same moment; Odoo runs it again
        """
        self._liquor_check_scan()
        if not isinstance(codes, list) or not 0 < len(codes) <= MAX_EVENTS or not all(map(is_code, codes)):
            raise UserError(self.env._("At most 5,000 events and 5,000 codes in one call."))
        answers, accepted = self._liquor_judge([code.strip() for code in codes if code.strip()])
        self._liquor_store(accepted)
        return {"answers": answers, "state": self.liquor_scan_state()}

    def liquor_scan_undo(self):
        """Take back the last unit that was scanned for this transfer."""
        self._liquor_check_scan()
        last = self.env["liquor.picking.scan"].sudo().search(
            [("picking_id", "=", self.id), ("event_posted", "=", False)], limit=1
        )  # fmt: skip
        if last:
            self._liquor_fill(last.move_id, last.lot_id, -last.bottles)
            last.unlink()
        return self.liquor_scan_state()

    def _liquor_check_scan(self):
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("liquor_scan.group_warehouse"):
            raise AccessError(self.env._("Scanning needs the right “Warehouse Scanning”."))
        if not self.liquor_can_scan:
            raise UserError(self.env._("This transfer is not open for scanning."))

    def _liquor_show(self, scan):
        return {
            "id": scan.id,
            "code": scan.code,
            "product": scan.product_id.display_name,
            "bottles": scan.bottles,
            "lot": scan.lot_id.name or "",
        }

    # --- judging ---------------------------------------------------------------------------------------------

    def _liquor_moves(self):
        return self.move_ids.filtered(lambda move: move.state not in ("draft", "cancel", "done"))

    def _liquor_bottles(self, move):
        """Demand of a move in the product's own unit, the bottle."""
        return round(move.product_uom._compute_quantity(move.product_uom_qty, move.product_id.uom_id))

    def _liquor_judge(self, codes):
        """(answers, accepted) for codes in their order; accepted are (code, Ref, located batch, move)."""
        now = fields.Datetime.now()
        kind = self._liquor_scan_type()
        to = str(self.partner_id.commercial_partner_id.id)
        items = [
            ScanItem(f"scan-{number}", kind, (code,), now, None, to, "", "", "", "")
            for number, code in enumerate(codes)
        ]
        desk, collect = self.env["liquor.scan.desk"].sudo(), self.env["liquor.scan.collect"].sudo()
        scene = collect._collect(self.env.user, items)
        self._liquor_place_open_scans(scene, now)
        room = self._liquor_room()
        answers, accepted = [], []
        for item in items:
            outcome = desk._judge_item(scene, item)
            ref = scene.refs[item.codes[0]]
            reason = outcome.reason or ("" if outcome.status == "accepted" else "not_shipped")
            move = None if reason else self._liquor_take_room(room, ref)
            if not reason and move is None:
                known = any(move.product_id.id == ref.scanned.product for move, _left in room)
                reason = "over_quantity" if known else "wrong_goods"
                scene.boards[ref.company].remove(ref.scanned.unit)
            answers.append(self._liquor_answer(item.codes[0], ref, reason))
            if not reason:
                accepted.append((item.codes[0], ref, move))
        return answers, accepted

    def _liquor_place_open_scans(self, scene, now):
        """Units on open deliveries are as good as gone."""
        scans = self.env["liquor.picking.scan"].sudo().search(
            [("company_id", "=", self.company_id.id), ("event_posted", "=", False)]
        )  # fmt: skip
        board = scene.boards.get(self.company_id.id)
        if board is None:
            return
        collect = self.env["liquor.scan.collect"]
        levels_of = collect._levels_of(scans.batch_id)
        units = {Unit(scan.batch_id.id, scan.level, scan.unit_index): scan for scan in scans}
        board.parents.update(collect._parents_now(set(units) - set(board.parents), [], levels_of))
        for unit, scan in units.items():
            partner = scan.picking_id.partner_id.commercial_partner_id.id
            holder = self.company_id.partner_id.id if scan.picking_id._liquor_scan_type() == "receive" else partner
            board.place(unit, Row(holder, "distributor", HELD, now, 10**12, 0, ""))

    def _liquor_room(self):
        """[[move, bottles still wanted]] of this transfer."""
        scanned = dict(
            self.env["liquor.picking.scan"].sudo()._read_group(
                [("picking_id", "=", self.id)], ["move_id"], ["bottles:sum"]
            )
        )  # fmt: skip
        return [[move, self._liquor_bottles(move) - scanned.get(move, 0)] for move in self._liquor_moves()]

    def _liquor_take_room(self, room, ref):
        for entry in room:
            if entry[0].product_id.id == ref.scanned.product and entry[1] >= ref.bottles:
                entry[1] -= ref.bottles
                return entry[0]
        return None

    def _liquor_answer(self, code, ref, reason):
        product = self.env["product.product"].browse(ref.scanned.product or ())
        return {
            "code": code,
            "ok": not reason,
            "reason": reason,
            "message": reason_text(self.env, reason),
            "product": product.display_name or "",
            "bottles": ref.bottles,
        }

    # --- filling ---------------------------------------------------------------------------------------------

    def _liquor_store(self, accepted):
        """Note the units and fill the lines, once per move and lot."""
        now, totals, values_list = fields.Datetime.now(), {}, []
        for code, ref, move in accepted:
            unit = ref.scanned.unit
            lot = self.env["liquor.code.batch"].sudo().browse(unit.batch).lot_id
            totals[move, lot] = totals.get((move, lot), 0) + ref.bottles
            values_list.append({
                "picking_id": self.id,
                "company_id": self.company_id.id,
                "code": code,
                "batch_id": unit.batch,
                "level": unit.level,
                "unit_index": unit.index,
                "code_kind": ref.scanned.kind,
                "product_id": ref.scanned.product,
                "lot_id": lot.id,
                "move_id": move.id,
                "bottles": ref.bottles,
                "user_id": self.env.uid,
                "scanned_at": now,
            })
        if values_list:
            scans = self.env["liquor.picking.scan"].sudo()
            with loser_retries(self.env, scans._one_open.full_name(scans)):
                scans.create(values_list)
                scans.flush_model()
        for (move, lot), bottles in totals.items():
            self._liquor_fill(move, lot, bottles)

    def _liquor_fill(self, move, lot, bottles):
        """Add bottles (or take them off, below zero) to the picked line of a lot, out of what was reserved."""
        quantity = move.product_id.uom_id._compute_quantity(bottles, move.product_uom)
        reserved = move.move_line_ids.filtered(lambda line: not line.picked)
        source = reserved.filtered(lambda line: line.lot_id == lot)[:1] or reserved[:1]
        place = source.location_id or move.location_id
        if quantity > 0:
            self._liquor_unreserve(source + (reserved - source), quantity)
        line = move.move_line_ids.filtered(lambda line: line.picked and line.lot_id == lot)[:1]
        if line:
            left = line.quantity + quantity
            if move.product_uom.is_zero(left) or left < 0:
                line.unlink()
            else:
                line.quantity = left
        elif quantity > 0:
            self.env["stock.move.line"].create(self._liquor_prepare_line(move, lot, place, quantity))

    def _liquor_unreserve(self, lines, quantity):
        for line in lines:
            taken = min(quantity, line.quantity)
            quantity -= taken
            if line.product_uom_id.is_zero(line.quantity - taken):
                line.unlink()
            else:
                line.quantity -= taken
            if quantity <= 0:
                return

    def _liquor_prepare_line(self, move, lot, place, quantity):
        return {
            "picking_id": self.id,
            "move_id": move.id,
            "product_id": move.product_id.id,
            "product_uom_id": move.product_uom.id,
            "location_id": place.id,
            "location_dest_id": move.location_dest_id.id,
            "lot_id": lot.id,
            "quantity": quantity,
            "picked": True,
            "company_id": self.company_id.id,
        }

    def action_cancel(self):
        """Units scanned for a cancelled transfer are free again."""
        result = super().action_cancel()
        self.env["liquor.picking.scan"].sudo().search(
            [("picking_id", "in", self.ids), ("event_posted", "=", False)]
        ).unlink()  # fmt: skip
        return result

    # --- done ------------------------------------------------------------------------------------------------

    def _action_done(self):
        result = super()._action_done()
        self.filtered(lambda picking: picking.state == "done")._liquor_post_scans()
        return result

    def _liquor_post_scans(self):
        """Scanned units change hands now: one call of the scan service per transfer and person who scanned.

        :raises UserError: a unit has moved on meanwhile; nothing of the transfer is done then
        """
        scans = self.env["liquor.picking.scan"].sudo().search(
            [("picking_id", "in", self.ids), ("event_posted", "=", False)], order="id"
        )  # fmt: skip
        now = fields.Datetime.now()
        for (picking, user), group in scans.grouped(lambda scan: (scan.picking_id, scan.user_id)).items():
            events = [picking._liquor_prepare_event(scan, now) for scan in group]
            answers = self.env["liquor.scan.request"].sudo()._take(user, events, "warehouse")
            wrong = [
                f"{scan.code}: {answer['message']}"
                for scan, answer in zip(group, answers, strict=True)
                if answer["status"] != "accepted"
            ]
            if wrong:
                raise UserError(
                    self.env._("These units cannot leave any more:\n%(units)s", units="\n".join(wrong[:20]))
                )
        scans.write({"event_posted": True})

    def _liquor_prepare_event(self, scan, now):
        kind = self._liquor_scan_type()
        purpose = self.sale_id.liquor_kind if kind == "ship" and self.sale_id else ""
        return {
            "id": f"picking:{self.id}:{scan.id}",
            "type": kind,
            "code": scan.code,
            "at": f"{now.isoformat()}Z",
            "to": str(self.partner_id.commercial_partner_id.id),
            "purpose": purpose,
            "reference": self.name,
        }
