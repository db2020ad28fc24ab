from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...engine.flow.request import MAX_EVENTS
from ...engine.warehouse.loading import read_press

LAST_SHOWN = 20
STATES = [("open", "Counting"), ("done", "Count Closed"), ("cancelled", "Cancelled")]


class LiquorShopCount(models.Model):
    """A count at a shop or distributor while field staff scan it with the phone (trade.md R10, R11).

    Closed, it becomes a ``liquor.stock.count`` for good. Only who began it scans and closes it: the codes wait on his
    phone while there is no network. It moves no goods.
    """

    _name = "liquor.shop.count"
    _inherit = ["liquor.guarded.mixin"]
    _description = "Count at a Shop"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "party_id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    party_id = fields.Many2one("res.partner", string="Counted At", required=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="open", copy=False)
    note = fields.Char()
    revision = fields.Integer(required=True, readonly=True, default=0, copy=False)
    scan_ids = fields.One2many("liquor.shop.count.scan", "count_id", readonly=True)
    line_ids = fields.One2many("liquor.shop.count.line", "count_id", "Counted by Hand")
    scanned_bottles = fields.Integer("Scanned", compute="_compute_scanned_bottles")
    count_id = fields.Many2one(
        "liquor.stock.count", "Stock Count", readonly=True, copy=False, ondelete="restrict", check_company=True
    )

    @api.depends("scan_ids.undone", "scan_ids.reason")
    def _compute_scanned_bottles(self):
        found = self.env["liquor.shop.count.scan"]._read_group(self._domain_found(), ["count_id"], ["bottles:sum"])
        bottles = {count.id: number for count, number in found}
        for count in self:
            count.scanned_bottles = bottles.get(count.id, 0)

    def _domain_found(self):
        return [("count_id", "in", self.ids), ("kind", "=", "scan"), ("reason", "=", False), ("undone", "=", False)]

    @api.model_create_multi
    def create(self, vals_list):
        """:raises ValidationError: at somebody who is no shop or distributor of the company"""
        counts = super().create(vals_list)
        for count in counts:
            self.env["liquor.stock.count"]._kind_of(count.company_id, count.party_id)
        return counts

    def write(self, vals):
        """Refuse another place once something was scanned, and anything once it is closed."""
        if not self.env.su and any(count.state != "open" for count in self):
            raise UserError(self.env._("This count is closed: begin another one."))
        if {"party_id", "company_id"} & vals.keys() and self.sudo().scan_ids:
            raise UserError(self.env._("The place of a count stays as it is once something was scanned."))
        result = super().write(vals)
        for count in self if {"party_id", "company_id"} & vals.keys() else ():
            self.env["liquor.stock.count"]._kind_of(count.company_id, count.party_id)
        return result

    # --- what the scanning dialog calls ----------------------------------------------------------------------

    def action_liquor_scan(self):
        """Open the scanning dialog."""
        self._check_mine()
        return {
            "type": "ir.actions.client",
            "tag": "liquor_scan.picking_scan",
            "name": self.env._("Count %(count)s", count=self.party_id.name),
            "target": "new",
            "params": {"model": self._name, "res_id": self.id},
            "context": {"dialog_size": "extra-large"},
        }

    @api.readonly
    def liquor_scan_state(self):
        """What the codes say is here and what was found, as ``stock.picking.liquor_scan_state`` shows it."""
        self._check_mine()
        scans = self.env["liquor.shop.count.scan"].sudo()
        held = self.env["liquor.custody"].sudo()._held_by(self.company_id, self.party_id.sudo())
        found = {
            product.id: bottles
            for product, bottles in scans._read_group(self._domain_found(), ["product_id"], ["bottles:sum"])
        }
        products = self.env["product.product"].sudo().browse(sorted({*held, *found}))
        own = [("count_id", "=", self.id), ("kind", "=", "scan"), ("undone", "=", False)]
        last = scans.search(own, limit=LAST_SHOWN)
        return {
            "name": self.party_id.name,
            "partner": self.env._("Count"),
            "kind": "count",
            "open": self.state == "open",
            "lines": [
                {"product_id": product.id, "product": product.display_name, "expected": held.get(product.id, 0),
                 "scanned": found.get(product.id, 0), "lots": []}
                for product in products
            ],
            "wrong": scans.search_count([*own, ("reason", "!=", False)]),
            "last": last._show(),
        }  # fmt: skip

    def liquor_scan_take(self, events):
        """Take scans of a phone; the contract is that of ``stock.picking.liquor_scan_take``."""
        self._check_mine()
        presses = [read_press(event) for event in events] if isinstance(events, list) else []
        if not 0 < len(presses) <= MAX_EVENTS or not all(presses):
            raise UserError(self.env._("At most 5,000 events and 5,000 codes in one call."))
        count = self.sudo()
        count._hold()
        answers = self.env["liquor.shop.count.scan"].sudo()._take(count, self.env.user, presses)
        return {"answers": answers, "state": self.liquor_scan_state()}

    def _check_mine(self):
        self.ensure_one()
        self.check_access("write")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Who began a count scans and closes it."))

    def _hold(self):
        """Raise the count's counter: of a scan and a closing at the same moment one runs again and sees the other."""
        self.flush_recordset()
        self.env.cr.execute(SQL("UPDATE liquor_shop_count SET revision = revision + 1 WHERE id = %s", self.id))
        self.invalidate_recordset(flush=False)

    # --- steps -----------------------------------------------------------------------------------------------

    def action_finish(self):
        """Store what was found, scanned and by hand, as a stock count for good, and open it.

        :raises UserError: nothing was counted, or it is closed already
        """
        self._check_mine()
        count = self.sudo()
        count._hold()
        if count.state != "open":
            raise UserError(self.env._("This count is closed: begin another one."))
        typed = {line.product_id.id: line.typed_bottles for line in count.line_ids}
        stored = self.env["liquor.stock.count"]._take_count(
            count.company_id, count.party_id, self.env.user, typed, f"C-shop-{self.id}", count.note,
            scanned=count._scanned(),
        )  # fmt: skip
        count.write({"state": "done", "count_id": stored.id})
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_scan.stock_count_action")
        return {**action, "views": [(False, "form")], "res_id": stored.id}

    def action_cancel(self):
        """Drop the count; it says nothing about the stock."""
        self._check_mine()
        count = self.sudo()
        count._hold()
        if count.state != "open":
            raise UserError(self.env._("This count is closed: begin another one."))
        count.state = "cancelled"

    def _scanned(self):
        """{product id: (bottles, of which the codes say that somebody else holds them)}."""
        rows = self.env["liquor.shop.count.scan"]._read_group(
            self._domain_found(), ["product_id", "elsewhere"], ["bottles:sum"]
        )
        found = {}
        for product, elsewhere, bottles in rows:
            total, strange = found.get(product.id, (0, 0))
            found[product.id] = total + bottles, strange + (bottles if elsewhere else 0)
        return found
