from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.liquor_member.tools.forget import forget

KEPT = timedelta(days=400)
"""Thirteen months: as long as a device may repeat itself, and as the close list of a transfer is asked for."""


class LiquorPickingAnswer(models.Model):
    """What every scan on a transfer was answered."""

    _name = "liquor.picking.answer"
    _inherit = ["liquor.press.mixin"]
    _description = "Answer to a Scan on a Transfer"
    _check_company_auto = True
    _pressed_on = "picking_id"

    picking_id = fields.Many2one(
        "stock.picking", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )

    _received_idx = models.Index("USING brin (received_time)")

    @api.autovacuum
    def _gc_answers(self):
        """Forget what nobody asks for any more."""
        return forget(self, "received_time", KEPT)
