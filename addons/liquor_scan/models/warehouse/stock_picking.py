from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.flow.request import MAX_EVENTS, is_code
from ...engine.warehouse.loading import event_type, read_press

LAST_SHOWN = 20


class StockPicking(models.Model):
    """Transfers filled by scanning: receipts of production, deliveries, transfers inside the house, returns.

    What was scanned moves custody when the transfer is done. Wrong goods stop at the scan, before they are loaded.
    """

    _inherit = "stock.picking"

    liquor_scan_ids = fields.One2many("liquor.picking.scan", "picking_id", groups="liquor_scan.group_warehouse")
    liquor_scan_count = fields.Integer("Scanned", compute="_compute_liquor_scan_count")
    liquor_can_scan = fields.Boolean(compute="_compute_liquor_can_scan")
    liquor_expected = fields.Json(readonly=True, copy=False)  # bottles by product when the transfer was closed

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
            kind = picking._liquor_scan_type()
            named = picking.partner_id or kind not in ("ship", "receive")
            picking.liquor_can_scan = bool(kind and named and picking.state in ("confirmed", "waiting", "assigned"))

    def _liquor_scan_type(self):
        """The event that a scan on this transfer becomes; "" where units are not followed."""
        self.ensure_one()
        return event_type(self.location_id.usage or "", self.location_dest_id.usage or "")

    # --- what the scanning dialog calls ----------------------------------------------------------------------

    def action_liquor_scan(self):
        """Open the scanning dialog."""
        self._liquor_check_scan()
        return {
            "type": "ir.actions.client",
            "tag": "liquor_scan.picking_scan",
            "name": self.env._("Scan %(delivery)s", delivery=self.name),
            "target": "new",
            "params": {"model": self._name, "res_id": self.id},
            "context": {"dialog_size": "extra-large"},
        }

    @api.readonly
    def liquor_scan_state(self):
        """What is expected and what was scanned, per product and lot.

        :return: {"name", "partner", "kind", "open", "lines": [{"product_id", "product", "expected", "scanned",
            "lots": [{"lot", "bottles"}]}], "wrong": number of wrong scans, "last": the latest answers}
        """
        self._liquor_check_right()
        scanned = self._liquor_scanned()
        expected = self._liquor_wanted()
        products = self.env["product.product"].browse([*expected, *(key for key in scanned if key not in expected)])
        own = [("picking_id", "=", self.id), ("kind", "=", "scan"), ("undone", "=", False)]
        answers = self.env["liquor.picking.answer"].search(own, limit=LAST_SHOWN)
        return {
            "name": self.name,
            "partner": self.partner_id.display_name or "",
            "kind": self._liquor_scan_type(),
            "open": self.liquor_can_scan,
            "lines": [self._liquor_show_line(product, expected, scanned.get(product.id, [])) for product in products],
            "wrong": answers.search_count([*own, ("reason", "!=", False)]),
            "last": answers._show(),
        }

    def liquor_scan_take(self, events):
        """Take scans of a handheld: each has its number, and what is repeated is answered again and not done again.

        :param list events: {"id": number made by the device, "code": text as scanned} or {"id", "undo_of": number};
            at most 5,000
        :return: {"answers": [{"id", "kind", "code", "ok", "reason", "message", "product", "bottles", "repeated"}] in
            the order of ``events``, "state": liquor_scan_state()}
        :raises UserError: no list, too long, or an event without a number
        :raises ConcurrencyError: a colleague scanned one of the units at the same moment; Odoo runs it again
        """
        self._liquor_check_right()
        presses = [read_press(event) for event in events] if isinstance(events, list) else []
        if not 0 < len(presses) <= MAX_EVENTS or not all(presses):
            raise UserError(self.env._("At most 5,000 events and 5,000 codes in one call."))
        answers = self._liquor_take(presses)
        return {"answers": answers, "state": self.liquor_scan_state()}

    def liquor_scan(self, codes):
        """Scan units for this transfer that nobody repeats: ``liquor_scan_take`` with numbers of our own.

        :param list codes: texts as scanned, typed or pasted; at most 5,000
        """
        self._liquor_check_scan()
        if not isinstance(codes, list) or not all(map(is_code, codes)):
            raise UserError(self.env._("At most 5,000 events and 5,000 codes in one call."))
        return self.liquor_scan_take([{"id": uuid4().hex, "code": code} for code in codes])

    def liquor_scan_undo(self):
        """Take back the last unit that was scanned for this transfer."""
        self._liquor_check_scan()
        last = self.env["liquor.picking.scan"].search(
            [("picking_id", "=", self.id), ("event_posted", "=", False)], limit=1
        )
        if last:
            self._liquor_take([read_press({"id": uuid4().hex, "undo_of": last.client_id})])
        return self.liquor_scan_state()

    def _liquor_check_right(self):
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("liquor_scan.group_warehouse"):
            raise AccessError(self.env._("Scanning needs the right “Warehouse Scanning”."))

    def _liquor_check_scan(self):
        self._liquor_check_right()
        if not self.liquor_can_scan:
            raise UserError(self.env._("This transfer is not open for scanning."))

    # --- what is wanted and what is there --------------------------------------------------------------------

    def _liquor_moves(self):
        return self.move_ids.filtered(lambda move: move.state not in ("draft", "cancel", "done"))

    def _liquor_bottles(self, move):
        """Demand of a move in the product's own unit, the bottle."""
        return round(move.product_uom._compute_quantity(move.product_uom_qty, move.product_id.uom_id))

    def _liquor_wanted(self):
        """{product id: bottles} that the transfer has to carry; of a closed one as it was when it was closed."""
        if self.state == "done":
            return {int(key): bottles for key, bottles in (self.liquor_expected or {}).items()}
        wanted = {}
        for move in self._liquor_moves():
            wanted[move.product_id.id] = wanted.get(move.product_id.id, 0) + self._liquor_bottles(move)
        return wanted

    def _liquor_scanned(self):
        """{product id: [(lot, bottles)]} that were scanned."""
        found = {}
        groups = self.env["liquor.picking.scan"].sudo()._read_group(
            [("picking_id", "=", self.id)], ["product_id", "lot_id"], ["bottles:sum"]
        )  # fmt: skip
        for product, lot, bottles in groups:
            found.setdefault(product.id, []).append((lot, bottles))
        return found

    def _liquor_show_line(self, product, expected, lots):
        return {
            "product_id": product.id,
            "product": product.display_name,
            "expected": expected.get(product.id, 0),
            "scanned": sum(bottles for _lot, bottles in lots),
            "lots": [{"lot": lot.name or "", "bottles": bottles} for lot, bottles in lots],
        }
