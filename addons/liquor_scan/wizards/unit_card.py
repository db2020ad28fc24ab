from odoo import api, fields, models
from odoo.exceptions import UserError

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
    packing = fields.Text(readonly=True)
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
            "packing": "\n".join(self._packing_lines(traced)),
            "line_ids": [(5, 0, 0), *((0, 0, self._prepare_line(hop)) for hop in hops)],
        }

    def _kind_label(self, kind):
        labels = dict(self.env["liquor.code.level"]._fields["kind"]._description_selection(self.env))
        return labels.get(kind, kind)

    def _packing_lines(self, traced):
        methods = dict(self.env["liquor.code.link"]._fields["method"]._description_selection(self.env))
        for hop in traced["packed"]:
            yield self.env._(
                "Unit of %(bottles)s bottles no. %(number)s (%(method)s)",
                bottles=hop.parent.level,
                number=hop.parent.index,
                method=methods.get(hop.method) or self.env._("by number"),
            )
        for level, first, last in traced["inside"]:
            yield self.env._(
                "Holds units of %(bottles)s bottles no. %(first)s to %(last)s", bottles=level, first=first, last=last
            )

    def _prepare_line(self, hop):
        return {
            "holder_id": hop.holder or False,
            "holder_kind": hop.holder_kind,
            "since": hop.since,
            "until": hop.until,
            "missing": hop.missing,
            "event_id": hop.movement.seq if hop.movement else False,
            "kind": hop.movement.kind if hop.movement else False,
        }

    def action_open_events(self):
        """Show every event of the unit and of what it was packed in."""
        self.ensure_one()
        traced = self.env["liquor.custody"].sudo()._trace((self.name or "").strip(), self.at or None)
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_scan.scan_event_action")
        numbers = [event["id"] for event in traced["events"]] if traced else []
        return {**action, "domain": [("id", "in", numbers)], "context": {}}

    @api.model
    def _open_for(self, batch, level, index):
        """The card of a unit that is known without its code: a code of it is made for the purpose."""
        kind = next(row.kind for row in batch.scheme_id.level_ids if row.bottles == level and row.kind != "cap_inner")
        return self.create({"name": batch.sudo()._code(kind, index)}).action_look_up()
