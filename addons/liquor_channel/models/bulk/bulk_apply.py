from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.bulk import cells
from ...engine.bulk.compare import CHANGED
from .bulk_edit import WRITES
from .bulk_preview import ROWS_AT_ONCE


class LiquorBulkEdit(models.Model):
    """Applying: what was previewed, all of it in one transaction, or nothing."""

    _inherit = "liquor.bulk.edit"

    def action_apply(self):
        """Write what the preview showed, as the user: through the models' own methods.

        :raises UserError: applied already, a row was changed since the preview, or the model refuses
        """
        self.check_access("write")
        for edit in self:
            edit._take("previewed")
            edit._model().check_access("write")
            count = edit.new_count + edit.changed_count
            if not count:
                raise UserError(self.env._("Nothing differs: there is nothing to apply."))
            if count > ROWS_AT_ONCE and len(self) == 1:
                return edit._start_run("apply", count)
            edit._apply()
        return None

    def _apply(self):
        model = self._model().with_context(tracking_disable=True)
        lines = self.sudo().line_ids.filtered(lambda line: line.outcome in WRITES)
        changed = lines.filtered(lambda line: line.outcome == CHANGED)
        self._check_still(model, changed, "version")
        made = self._write_differences(model, [self._difference(model, line, "after") for line in lines])
        for line, record in zip(lines - changed, made, strict=True):
            line.write({"res_id": record.id, "name": record.display_name})
        self._note_after(model, lines)
        self.sudo().write({"state": "applied", "applied_by_id": self.env.uid, "applied_at": fields.Datetime.now()})
        self._tell(model, lines, self.env._("Edited in Excel"))

    def _difference(self, model, line, side):
        columns = {column.name: column for column in model._bulk_columns()}
        values = {name: cells.from_json(columns[name], value) for name, value in (line[side] or {}).items()}
        return line.outcome, line.res_id, values

    def _check_still(self, model, lines, name):
        """Refuse where a record is not as the line remembers it; the rows stay locked."""
        records = model.browse(lines.mapped("res_id"))
        here = model.search([("id", "in", records.ids), *self._own()])
        here._bulk_lock()
        here.invalidate_recordset()
        versions = {number: one.version for number, one in here._bulk_standing().items()}
        moved = lines.filtered(lambda line: versions.get(line.res_id) != line[name])
        if moved:
            raise UserError(
                self.env._(
                    "%(count)s rows were changed by somebody meanwhile (%(names)s): nothing was written.",
                    count=len(moved),
                    names=", ".join(moved[:3].mapped(lambda line: line.name or "")),
                )
            )

    def _note_after(self, model, lines):
        """Remember the records as the edit left them, for an undo."""
        records = model.browse(lines.mapped("res_id"))
        records.invalidate_recordset()
        standing = records._bulk_standing()
        for line in lines:
            line.version_after = standing[line.res_id].version

    def _tell(self, model, lines, title):
        """Tell the documents' histories what was changed and by which edit: one batch of notes."""
        by_id = {record.id: record._bulk_document() for record in model.browse(lines.mapped("res_id")).exists()}
        bodies = {}
        for line in lines:
            document = by_id.get(line.res_id)
            if document:
                text = Markup("<br/>").join((line.difference or "").split("\n"))
                old = bodies.setdefault(document.id, Markup("<p>%s · %s</p>") % (title, self.name))
                bodies[document.id] = old + Markup("<p>%s</p>") % text
        if bodies:
            documents = next(iter(by_id.values())).browse(bodies)
            documents.with_context(tracking_disable=False)._message_log_batch(bodies)
