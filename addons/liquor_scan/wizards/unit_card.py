from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.flow.custody import rests_on_inferred
from ..models.flow.scan_event import PARTY_KINDS


class LiquorUnitCard(models.TransientModel):
    """One unit from one code: what it is, what it is packed in, who held it, by which proof."""

    _name = "liquor.unit.card"
    _description = "Unit Card"

    name = fields.Char("Code", help="Any code of the unit: scanned, typed or pasted with its address.")
    at = fields.Datetime("As Of", help="Empty: now.")
    found = fields.Boolean(readonly=True)
    batch_id = fields.Many2one("liquor.code.batch", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    code_kind = fields.Char("Kind of Code", readonly=True)
    code_state = fields.Selection(
        [("inactive", "Issued"), ("active", "Activated"), ("void", "Void")], string="State of the Code", readonly=True
    )
    unit_index = fields.Integer("Unit Number", readonly=True)
    bottles = fields.Integer(readonly=True)
    holder_id = fields.Many2one("res.partner", readonly=True)
    holder_kind = fields.Selection(PARTY_KINDS, readonly=True)
    since = fields.Datetime(readonly=True)
    inside = fields.Char("Holds", readonly=True)
    packing_ids = fields.One2many("liquor.unit.card.packing", "card_id", readonly=True)
    recall_id = fields.Many2one("liquor.recall", readonly=True)
    replaced = fields.Char("Label", readonly=True, help="Labels that were replaced, and by which.")
    line_ids = fields.One2many("liquor.unit.card.line", "card_id", "Chain", readonly=True)

    def action_look_up(self):
        """Read the chain of the code as it was at that time."""
        self.ensure_one()
        traced = self.env["liquor.custody"].sudo()._trace((self.name or "").strip(), self.at or None)
        if traced is None or traced["batch"].company_id not in self.env.companies:
            raise UserError(self.env._("This is none of our codes. Scan again or type it in."))
        self.write(self._prepare_values(traced))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def _prepare_values(self, traced):
        located, batch, hops = traced["located"], traced["batch"], traced["hops"]
        last = hops[-1] if hops else None
        return {
            "found": True,
            "batch_id": batch.id,
            "product_id": batch.product_id.id,
            "lot_id": batch.lot_id.id,
            "code_kind": self._kind_label(located.kind),
            "code_state": located.state,
            "unit_index": located.index,
            "bottles": located.last - located.first + 1,
            "holder_id": last.holder or False if last else False,
            "holder_kind": last.holder_kind if last else False,
            "since": last.since if last else False,
            "inside": self._inside_text(traced),
            "packing_ids": [(5, 0, 0), *((0, 0, row) for row in self._packing_rows(traced))],
            "recall_id": self._recall(located).id,
            "replaced": self._replaced_text(traced),
            "line_ids": [(5, 0, 0), *((0, 0, self._prepare_line(hop, traced)) for hop in hops)],
        }

    def _recall(self, located):
        """The recall that stops the unit now, or an empty record."""
        recalls = self.env["liquor.recall"]
        return next(iter(recalls._recalls_of([located], hold=False).values()), recalls)

    def _kind_label(self, kind):
        labels = dict(self.env["liquor.code.level"]._fields["kind"]._description_selection(self.env))
        return labels.get(kind, kind)

    def _packing_rows(self, traced):
        """A row a package, smallest first; what ended before or began after the asked time is not true then."""
        at = self.at or fields.Datetime.now()
        hops = sorted(traced["packed"], key=lambda hop: (hop.child.level, hop.start or datetime.min, hop.parent.level))
        names = {batch.id: batch.name for batch in self.env["liquor.code.batch"].sudo().browse(
            {unit.batch for hop in hops for unit in hop[:2]})}  # fmt: skip

        def label(unit):
            return self.env._(
                "%(batch)s: %(bottles)s bottles, no. %(number)s",
                batch=names[unit.batch],
                bottles=unit.level,
                number=unit.index + 1,
            )

        for hop in hops:
            yield {
                "child": label(hop.child),
                "package": label(hop.parent),
                "method": hop.method,
                "start": hop.start,
                "end": hop.end,
                "is_now": hop.holds_at(at),
            }

    def _inside_text(self, traced):
        return ", ".join(
            self.env._("%(bottles)s bottles: no. %(first)s to %(last)s", bottles=level, first=first + 1, last=last + 1)
            for level, first, last in traced["inside"]
        )

    def _replaced_text(self, traced):
        """Labels of the unit that were replaced."""
        unit = traced["unit"]
        kinds = [level.kind for level in traced["batch"].scheme_id.level_ids if level.bottles == unit.level]
        found = self.env["liquor.code.replacement"].sudo().search([
            ("batch_id", "=", unit.batch), ("unit_index", "=", unit.index), ("kind", "in", kinds),
            ("state", "=", "approved"),
        ])  # fmt: skip
        return ", ".join(
            self.env._(
                "%(kind)s replaced by %(batch)s no. %(number)s: %(reason)s",
                kind=self._kind_label(one.kind),
                batch=one.new_batch_id.name,
                number=one.new_index + 1,
                reason=one.reason,
            )
            for one in found
        )

    def _prepare_line(self, hop, traced):
        movement = hop.movement
        return {
            "holder_id": hop.holder or False,
            "holder_kind": hop.holder_kind,
            "since": hop.since,
            "until": hop.until,
            "missing": hop.missing,
            "inferred": bool(movement) and rests_on_inferred(traced["unit"], movement, traced["packed"]),
            "event_id": hop.movement.seq if hop.movement else False,
            "kind": hop.movement.kind if hop.movement else False,
        }

    def action_open_events(self):
        """Show every event of the unit and of what it was packed in."""
        self.ensure_one()
        traced = self.env["liquor.custody"].sudo()._trace((self.name or "").strip(), self.at or None)
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_scan.scan_event_action")
        own = traced and traced["batch"].company_id in self.env.companies
        numbers = [event["id"] for event in traced["events"]] if own else []
        return {**action, "domain": [("id", "in", numbers)], "context": {}}

    @api.model
    def _open_for(self, batch, level, index):
        """The card of a unit that is known without its code: a code of it is made for the purpose."""
        kind = next(row.kind for row in batch.scheme_id.level_ids if row.bottles == level and row.kind != "cap_inner")
        return self.create({"name": batch.sudo()._code(kind, index)}).action_look_up()
