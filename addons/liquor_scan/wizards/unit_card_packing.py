from odoo import fields, models

from ..models.flow.code_link import METHODS


class LiquorUnitCardPacking(models.TransientModel):
    """One package that the unit lay in, how that is known, from when until when."""

    _name = "liquor.unit.card.packing"
    _description = "Package of a Unit Card"

    card_id = fields.Many2one("liquor.unit.card", required=True, index=True, ondelete="cascade")
    child = fields.Char("Unit", readonly=True)
    package = fields.Char(readonly=True)
    method = fields.Selection([("arithmetic", "By Number"), *METHODS], readonly=True)
    start = fields.Datetime("From", readonly=True)
    end = fields.Datetime("Until", readonly=True)
    is_now = fields.Boolean("At That Time", readonly=True)
