from odoo import fields, models

from ...engine.bulk.compare import CHANGED
from .bulk_edit import WRITES


class LiquorBulkEdit(models.Model):
    """Undoing an edit as a whole, where no document has moved on."""

    _inherit = "liquor.bulk.edit"

    def action_undo(self):
        """Take a whole edit back: what changed is as before, what was new is gone.

        :raises UserError: not applied, or a row was changed since: sent, approved, checked or edited
        """
        self.check_access("write")
        for edit in self:
            edit._take("applied")
            edit._undo()

    def _undo(self):
        model = self._model().with_context(tracking_disable=True)
        lines = self.sudo().line_ids.filtered(lambda line: line.outcome in WRITES)
        self._check_still(model, lines, "version_after")
        changed = lines.filtered(lambda line: line.outcome == CHANGED)
        self._tell(model, lines, self.env._("Edit in Excel undone"))
        model.browse((lines - changed).mapped("res_id")).unlink()
        self._write_differences(model, [self._difference(model, line, "before") for line in changed])
        self.sudo().write({"state": "undone", "undone_by_id": self.env.uid, "undone_at": fields.Datetime.now()})
