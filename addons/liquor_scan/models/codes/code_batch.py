from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.codes.cipher import MAX_BATCH, MAX_QUANTITY
from ...engine.codes.gs1 import GS1Error, packed_gtin
from ...engine.codes.gs1_unit import read_unit
from ...engine.codes.packing import relatives, unit_count
from ...engine.codes.ranges import active_bottles, unit_state


class LocatedUnit(NamedTuple):
    """A code found in the database: its batch, its bottles and its state.

    `state` is active, inactive (not issued to the line yet) or void.
    """

    batch: models.BaseModel
    kind: str
    index: int
    bottles: int
    first: int
    last: int
    state: str


class LiquorCodeBatch(models.Model):
    """At most 1,048,576 bottles of one print order; no row per code."""

    _name = "liquor.code.batch"
    _description = "Code Batch"
    _inherit = ["mail.thread"]
    _check_company_auto = True
    _order = "number desc"
    _rec_name = "name"

    name = fields.Char(compute="_compute_name", store=True)
    number = fields.Integer(required=True, readonly=True, aggregator=None, help="Stands in the head of every code.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    print_order_id = fields.Many2one(
        "liquor.print.order", readonly=True, index=True, ondelete="restrict", check_company=True
    )
    supplier_id = fields.Many2one(related="print_order_id.supplier_id")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    lot_id = fields.Many2one(
        "stock.lot", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    bottled_on = fields.Date(readonly=True)
    scheme_id = fields.Many2one(
        "liquor.code.scheme", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    key_id = fields.Many2one("liquor.code.key", required=True, readonly=True, index=True, ondelete="restrict")
    bottles = fields.Integer("Issued Bottles", required=True, readonly=True, help="Over-issue included.")
    range_ids = fields.One2many("liquor.code.range", "batch_id", "Ranges")
    active_bottles = fields.Integer(compute="_compute_active_bottles")
    state = fields.Selection(
        [("issued", "Issued"), ("part", "Partly Active"), ("active", "Activated"), ("void", "Void")],
        compute="_compute_active_bottles",
        search="_search_state",
    )

    _number_unique = models.UniqueIndex("(number)", "This batch number was used before.")
    _number_bounds = models.Constraint(
        f"CHECK (number BETWEEN 1 AND {MAX_BATCH})", "The numbers of code batches are used up."
    )
    _bottles_bounds = models.Constraint(
        f"CHECK (bottles BETWEEN 1 AND {MAX_QUANTITY})", "A batch holds 1 to 1,048,576 bottles."
    )

    @api.depends("number", "product_id")
    def _compute_name(self):
        for batch in self:
            batch.name = f"B{batch.number:06d}"

    @api.depends("range_ids.state", "range_ids.first", "range_ids.last", "bottles")
    def _compute_active_bottles(self):
        spans = self.env["liquor.code.range"]._spans(self)
        for batch in self:
            mine = spans.get(batch.id, [])
            kinds = batch.scheme_id.level_ids.mapped("kind")
            active = min((active_bottles(mine, kind) for kind in kinds), default=0)
            batch.active_bottles = active
            batch.state = batch._state_of(active, mine)

    def _state_of(self, active, spans):
        if active:
            return "active" if active >= self.bottles else "part"
        void = any(span.state == "void" and span.last - span.first + 1 >= self.bottles for span in spans)
        return "void" if void else "issued"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        with_active = self.env["liquor.code.range"].sudo()._search([("state", "=", "active")])
        batches = self.search([("range_ids", "in", with_active)]) if value else self.browse()
        chosen = batches.filtered(lambda batch: batch.state in value)
        rest = self.search([("id", "not in", batches.ids)]).filtered(lambda batch: batch.state in value)
        return [("id", "in", (chosen | rest).ids)]

    # --- what a text is ---------------------------------------------------------------------------------------

    @api.model
    def _resolve(self, text):
        """Say what a text is by itself: kind, batch number, index (engine `CodeAnswer`); no query.

        :param str text: a code as scanned or typed
        :return: `CodeAnswer`; false unless one of our keys made it
        """
        return self.env["liquor.code.key"]._code_book().decode(read_unit(text).code)

    @api.model
    def _locate(self, texts):
        """Find the units of many texts with two queries.

        :param texts: codes as scanned or typed, bare or as link or GS1 data (engine ``read_unit``)
        :return: {text: LocatedUnit}; texts that are no code of ours, or beyond what was issued, are missing, also
            those whose GTIN or lot is not the unit's
        """
        book = self.env["liquor.code.key"]._code_book()
        read = {text: read_unit(text) for text in texts}
        answers = {text: answer for text, unit in read.items() if (answer := book.decode(unit.code))}
        batches = self._by_number({answer.batch for answer in answers.values()})
        spans = self.env["liquor.code.range"]._spans(self.browse(batch.id for batch in batches.values()))
        found = {}
        for text, answer in answers.items():
            batch = batches.get(answer.batch)
            unit = batch and batch._unit(answer, spans.get(batch.id, []))
            if unit and batch._is_named(unit, read[text]):
                found[text] = unit
        return found

    def _is_named(self, unit, read):
        """Whether GTIN and lot that stand beside a code are those of its unit; a bare code says nothing of them."""
        if read.gtin and read.gtin != self._gtin(unit.kind):
            return False
        return not read.lot or read.lot == self.lot_id.name

    def _gtin(self, kind):
        """Return the GTIN-14 of a unit of this kind, or "" where the product has none.

        A package has the bottle's digits behind its own indicator digit (GS1 General Specifications).
        """
        self.ensure_one()
        level = self.scheme_id.level_ids.filtered(lambda level: level.kind == kind)[:1]
        try:
            return packed_gtin(self.product_id.barcode or "", level.gtin_indicator)
        except GS1Error:
            return ""

    @api.model
    def _by_number(self, numbers):
        if not numbers:
            return {}
        batches = self.sudo().search_fetch(
            [("number", "in", list(numbers))],
            ["name", "number", "company_id", "product_id", "lot_id", "scheme_id", "key_id", "bottles"],
        )
        return {batch.number: batch for batch in batches}

    def _unit(self, answer, spans):
        """Return the LocatedUnit of a genuine answer in this batch, or None."""
        size = self.scheme_id._size(answer.kind)
        first = answer.index * size
        if not size or first >= self.bottles or answer.key_version != self.key_id._number():
            return None
        last = min(first + size, self.bottles) - 1
        state = unit_state(spans, answer.kind, first, last)
        return LocatedUnit(self, answer.kind, answer.index, size, first, last, state)

    def _level_sizes(self):
        """Return the bottles of each level of the batch's scheme, in their order."""
        self.ensure_one()
        return tuple(bottles for _kind, bottles in self.scheme_id._sizes())

    # --- codes in clear: only for labels, tests and the demo --------------------------------------------------

    def _code(self, kind, index):
        """Return one code of the batch; the printer's file does not come this way.

        :raises UserError: the batch holds no such unit
        """
        self.ensure_one()
        size = self.scheme_id._size(kind)
        if not size or not 0 <= index < unit_count(self.bottles, size):
            raise UserError(self.env._("Batch %(batch)s has no such code.", batch=self.name))
        return self.env["liquor.code.key"]._code_book().encode(kind, self.number, index, self.key_id.version)

    @api.model
    def _printed(self, unit):
        """Return the code of a LocatedUnit as it is printed."""
        return unit.batch._code(unit.kind, unit.index)

    def _family(self, kind, index):
        """Return {kind: range of indexes} of the unit's relatives by arithmetic."""
        self.ensure_one()
        return relatives(self.scheme_id._levels(), kind, index, self.bottles)

    # --- buttons ----------------------------------------------------------------------------------------------

    def action_activate(self):
        """Open the wizard that switches a range on."""
        return self._range_wizard("active", self.env._("Activate"))

    def action_void(self):
        """Open the wizard that voids a range."""
        return self._range_wizard("void", self.env._("Void"))

    def _range_wizard(self, state, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "liquor.code.range.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_batch_id": self.id, "default_state": state},
        }
