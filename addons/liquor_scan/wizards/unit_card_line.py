from odoo import fields, models

from ..models.flow.scan_event import EVENT_KINDS, PARTY_KINDS


class LiquorUnitCardLine(models.TransientModel):
    """One station of the chain; a station without proof is missing."""

    _name = "liquor.unit.card.line"
    _description = "Station of a Unit Card"

    card_id = fields.Many2one("liquor.unit.card", required=True, index=True, ondelete="cascade")
    holder_id = fields.Many2one("res.partner", readonly=True)
    holder_kind = fields.Selection(PARTY_KINDS, readonly=True)
    since = fields.Datetime(readonly=True)
    until = fields.Datetime(readonly=True)
    kind = fields.Selection(EVENT_KINDS, string="By", readonly=True)
    event_id = fields.Many2one("liquor.scan.event", string="Proof", readonly=True)
    missing = fields.Boolean("Not Scanned", readonly=True)
    inferred = fields.Boolean(
        "Inferred Only", readonly=True, help="Only an inferred packing link says so: a hint, no proof."
    )
