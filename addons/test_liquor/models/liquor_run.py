from odoo import models
from odoo.exceptions import ConcurrencyError, UserError


class LiquorRun(models.Model):
    _inherit = "liquor.run"

    def _run_test_rows(self, budget):
        """Make one row per number from the cursor on; the parameters say what goes wrong."""
        first = self.cursor or 0
        last = min(first + budget, self.total)
        bad = self.parameters.get("bad", [])
        numbers = [number for number in range(first, last) if number not in bad]
        self.env["test_liquor.row"].sudo()._bulk_insert(
            ["name", "company_id", "bottles"], [[f"run {self.id}", self.company_id.id, number] for number in numbers]
        )
        wrong = [number for number in range(first, last) if number in bad]
        if wrong:
            self._add_errors([(number + 1, "is bad", {"code": f"00{number}", "note": "=1+1"}) for number in wrong])
        self._test_mishap(first)
        return last - first, None if last >= self.total else last

    def _test_mishap(self, first):
        if self.parameters.get("fails_at") == first:
            raise UserError(self.parameters["text"])
        if self.parameters.get("breaks_at") == first:
            raise ZeroDivisionError
        if self.parameters.get("conflicts_at") == first:
            raise ConcurrencyError("taken")

    def _run_test_stuck(self, budget):
        return 0, self.cursor or 0
