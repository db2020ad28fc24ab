from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import split_every

from ...engine.flow.request import MAX_EVENTS
from ...engine.warehouse.counting import adjust
from ...engine.warehouse.loading import read_press

LAST_SHOWN = 20
STATES = [("open", "Counting"), ("proposed", "To Approve"), ("done", "Applied"), ("cancelled", "Cancelled")]


class LiquorWarehouseCount(models.Model):
    """A count of one place of the maker's own warehouse by scanning: expected against found, per product and lot.

    Whoever counted does not apply it: a codes manager who scanned nothing of it does, and the stock follows.
    """

    _name = "liquor.warehouse.count"
    _inherit = ["liquor.numbered.mixin", "mail.thread"]
    _description = "Count of a Warehouse"
    _check_company_auto = True
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    location_id = fields.Many2one(
        "stock.location",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('usage', '=', 'internal')]",
        tracking=True,
        help="Only what lies in this very place is counted, not in places below it.",
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="open", copy=False, tracking=True)
    scan_ids = fields.One2many("liquor.warehouse.count.scan", "count_id", readonly=True)
    line_ids = fields.One2many("liquor.warehouse.count.line", "count_id", readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_on = fields.Datetime(readonly=True, copy=False)

    def write(self, vals):
        """Refuse another place or company once something was scanned or decided."""
        if {"location_id", "company_id"} & vals.keys() and any(one.state != "open" or one.scan_ids for one in self):
            raise UserError(self.env._("The place of a count stays as it is once something was scanned."))
        return super().write(vals)

    @api.constrains("location_id")
    def _check_location(self):
        if any(count.location_id.usage != "internal" for count in self):
            raise ValidationError(self.env._("A count is of a place inside the warehouse."))

    # --- what the scanning dialog calls ----------------------------------------------------------------------

    def action_liquor_scan(self):
        """Open the scanning dialog."""
        self._check_right()
        self._check_state("open")
        return {
            "type": "ir.actions.client",
            "tag": "liquor_scan.picking_scan",
            "name": self.env._("Count %(count)s", count=self.name),
            "target": "new",
            "params": {"model": self._name, "res_id": self.id},
            "context": {"dialog_size": "extra-large"},
        }

    @api.readonly
    def liquor_scan_state(self):
        """What the books expect and what was found, as ``stock.picking.liquor_scan_state`` shows it."""
        self._check_right()
        lines = {}
        for (product, lot), (expected, found) in self._figures().items():
            line = lines.setdefault(product.id, {"product_id": product.id, "product": product.display_name,
                                                 "expected": 0, "scanned": 0, "lots": []})  # fmt: skip
            line["expected"] += expected
            line["scanned"] += found
            line["lots"].append({"lot": lot.name or "", "bottles": found})
        own = [("count_id", "=", self.id), ("kind", "=", "scan"), ("undone", "=", False)]
        scans = self.env["liquor.warehouse.count.scan"].search(own, limit=LAST_SHOWN)
        return {
            "name": self.name,
            "partner": self.location_id.display_name,
            "kind": "count",
            "open": self.state == "open",
            "lines": list(lines.values()),
            "wrong": scans.search_count([*own, ("reason", "!=", False)]),
            "last": scans._show(),
        }

    def liquor_scan_take(self, events):
        """Take scans of a handheld; the contract is that of ``stock.picking.liquor_scan_take``."""
        self._check_right()
        presses = [read_press(event) for event in events] if isinstance(events, list) else []
        if not 0 < len(presses) <= MAX_EVENTS or not all(presses):
            raise UserError(self.env._("At most 5,000 events and 5,000 codes in one call."))
        answers = self.env["liquor.warehouse.count.scan"].sudo()._take(self, self.env.user, presses)
        return {"answers": answers, "state": self.liquor_scan_state()}

    def _check_right(self):
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("liquor_scan.group_warehouse"):
            raise AccessError(self.env._("Scanning needs the right “Warehouse Scanning”."))

    def _check_state(self, state):
        if any(count.state != state for count in self):
            raise UserError(self.env._("This step does not follow from the state of the count."))

    # --- figures ---------------------------------------------------------------------------------------------

    def _quants(self):
        """Stock of this place in lots that carry codes."""
        coded = self.env["liquor.code.batch"].sudo().search([("company_id", "=", self.company_id.id)]).lot_id
        found = self.scan_ids.sudo().lot_id
        return self.env["stock.quant"].sudo().search(
            [("location_id", "=", self.location_id.id), ("lot_id", "in", (coded | found).ids), ("quantity", "!=", 0)],
            order="package_id desc, id",
        )  # fmt: skip

    def _figures(self):
        """{(product, lot): (expected, found)} in bottles; of a closed count as it was proposed."""
        if self.state != "open":
            return {(line.product_id, line.lot_id): (line.expected, line.found) for line in self.line_ids}
        figures = {}
        for quant in self._quants():
            key = quant.product_id.with_env(self.env), quant.lot_id.with_env(self.env)
            expected, found = figures.get(key, (0, 0))
            figures[key] = expected + round(quant.quantity), found
        groups = self.env["liquor.warehouse.count.scan"]._read_group(
            [("count_id", "=", self.id), ("kind", "=", "scan"), ("reason", "=", False), ("undone", "=", False)],
            ["product_id", "lot_id"], ["bottles:sum"],
        )  # fmt: skip
        for product, lot, bottles in groups:
            figures[product, lot] = figures.get((product, lot), (0, 0))[0], bottles
        return figures

    # --- steps -----------------------------------------------------------------------------------------------

    def action_propose(self):
        """Close the scanning: what is expected and what was found stay as they are now."""
        for count in self:
            count._check_right()
            count._check_state("open")
            lines = [
                {"count_id": count.id, "company_id": count.company_id.id, "product_id": product.id, "lot_id": lot.id,
                 "expected": expected, "found": found}
                for (product, lot), (expected, found) in count._figures().items()
            ]  # fmt: skip
            count.line_ids.sudo().create(lines)
            count.sudo().state = "proposed"

    def action_reopen(self):
        """Scan on."""
        for count in self:
            count._check_right()
            count._check_state("proposed")
            count.line_ids.sudo().unlink()
            count.sudo().state = "open"

    def action_cancel(self):
        """Drop the count; the stock stays as it is."""
        for count in self:
            count._check_right()
            if count.state == "done":
                raise UserError(self.env._("This step does not follow from the state of the count."))
            count.sudo().state = "cancelled"

    def action_apply(self):
        """Let the stock follow what was found.

        :raises AccessError: the user is no codes manager, or scanned himself
        :raises UserError: the stock has moved since the count was proposed: count again
        """
        for count in self:
            count._check_right()
            count._check_state("proposed")
            if not self.env.user.has_group("liquor_scan.group_scan_manager") or self.env.user in count.scan_ids.user_id:
                raise AccessError(self.env._("A codes manager who scanned nothing of this count applies it."))
            count.sudo()._apply(self.env.user)

    def _apply(self, user):
        """Change quants by the difference: goods without package first, then out of packages."""
        changes = {(line.product_id, line.lot_id): line.found - line.expected for line in self.line_ids}
        quants = self._quants()
        held = quants.grouped(lambda quant: (quant.product_id, quant.lot_id))
        if any(sum(round(q.quantity) for q in held.get((line.product_id, line.lot_id), quants.browse()))
               != line.expected for line in self.line_ids):  # fmt: skip
            raise UserError(self.env._("The stock has moved since. Open the count again and scan what came or left."))
        wanted = self.env["stock.quant"]
        for (product, lot), change in changes.items():
            wanted |= self._set_quantities(product, lot, held.get((product, lot), quants.browse()), change)
        wanted.with_context(inventory_name=self.name)._apply_inventory()
        self._post_events(user)
        self.write({"state": "done", "approved_by_id": user.id, "approved_on": fields.Datetime.now()})

    def _set_quantities(self, product, lot, quants, change):
        """Write what quants shall hold; return those that change."""
        quants = quants.sorted(lambda quant: bool(quant.package_id)).with_context(inventory_mode=True)
        if change > 0 and not quants.filtered(lambda quant: not quant.package_id):
            return quants.create({
                "product_id": product.id,
                "lot_id": lot.id,
                "location_id": self.location_id.id,
                "inventory_quantity": change,
            })
        changed = quants.browse()
        parts = adjust(change, [round(quant.quantity) for quant in quants])
        for quant, part in zip(quants, parts, strict=True):
            if part:
                quant.inventory_quantity = quant.quantity + part
                changed |= quant
        return changed

    def _post_events(self, user):
        """Each unit found is an event of its own: the proof of the count."""
        at = f"{fields.Datetime.now().isoformat()}Z"
        scans = self.scan_ids.filtered(lambda scan: scan.kind == "scan" and not scan.reason and not scan.undone)
        for person, own in scans.sorted("id").grouped("user_id").items():
            for part in split_every(MAX_EVENTS, own):
                events = [
                    {"id": f"count:{self.id}:{scan.id}", "type": "count", "code": scan.code, "at": at,
                     "reference": self.name}
                    for scan in part
                ]  # fmt: skip
                self.env["liquor.scan.request"]._take(person, events, "warehouse")
