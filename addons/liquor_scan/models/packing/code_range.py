from odoo import api, models
from odoo.exceptions import UserError


class LiquorCodeRange(models.Model):
    _inherit = "liquor.code.range"

    @api.model
    def _book(self, batch, state, first, last, kind=None, roll=None, reason=None, cause=None):
        """Codes of a stopped roll are not activated."""
        if state == "active":
            checks = self.env["liquor.packing.check"]
            # a roll that is stopped meanwhile is not activated behind the stop
            self.env["liquor.stop.gate"].sudo()._pass(batch.company_id.ids)
            if any(window.first <= last and window.last >= first for window in checks._stopped_windows(batch.ids)):
                raise UserError(checks._stop_text())
        return super()._book(batch, state, first, last, kind, roll, reason, cause)
