from psycopg2 import IntegrityError

from odoo import models
from odoo.exceptions import UserError

from ...engine.bulk.compare import NEW

#: attempts at halves of a batch that the model refuses
MOST_TRIALS = 400


class _TakenBack(Exception):
    """Ends a trial: everything in it is rolled back."""


class LiquorBulkEdit(models.Model):
    """The trial of a preview: everything is written as it would be, asked of the models, and taken back.

    So rights, states, limits and checks of the database are those of the models themselves. What is refused is found
    by halves: a batch that is refused is tried in two parts.
    """

    _inherit = "liquor.bulk.edit"

    def _try(self, model, writes):
        """Return {line: sentence} of the differences that the model does not take; nothing stays written."""
        refused, budget = {}, [MOST_TRIALS]
        try:
            with self.env.cr.savepoint():
                self._try_some(model.with_context(tracking_disable=True), writes, refused, budget)
                raise _TakenBack
        except _TakenBack:
            return refused

    def _try_some(self, model, writes, refused, budget):
        if not writes:
            return
        error = self._attempt(model, writes) if budget[0] > 0 else self.env._("Correct the other rows first")
        budget[0] -= 1
        if not error:
            return
        if len(writes) == 1 or budget[0] <= 0:
            refused.update({one.line: error for one in writes})
            return
        half = len(writes) // 2
        self._try_some(model, writes[:half], refused, budget)
        self._try_some(model, writes[half:], refused, budget)

    def _attempt(self, model, writes):
        """Write differences, or nothing of them; return why they are refused."""
        try:
            with self.env.cr.savepoint():
                self._write_differences(model, [(one.outcome, one.id, one.after) for one in writes])
        except UserError as error:
            return str(error)
        except IntegrityError as error:
            return self._say_integrity(error)
        return ""

    def _say_integrity(self, error):
        table = error.diag.table_name
        names = [name for name, model in self.env.registry.items() if model._table == table and not model._abstract]
        return self.env[names[0] if names else "base"]._sql_error_to_message(error)

    def _write_differences(self, model, differences):
        """Write (outcome, id, {column: value}) through the model; return the new records, in their order."""
        changes = {number: after for outcome, number, after in differences if outcome != NEW}
        values = [after for outcome, _number, after in differences if outcome == NEW]
        if changes:
            model.browse(changes)._bulk_write(changes)
        made = model._bulk_create(values) if values else model.browse()
        self.env.flush_all()
        return made
