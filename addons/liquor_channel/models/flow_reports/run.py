from odoo import models


class LiquorRun(models.Model):
    _inherit = "liquor.run"

    def _run_flow_report(self, budget):
        """Load a large file: its rows in one transaction, as a whole; then policies pay, some rows at a time.

        Parameters: ``report``. The cursor is ``[last row that policies have seen]``.
        """
        report = self.env["liquor.flow.report"].browse(self.parameters["report"])
        if not self.cursor:
            ids, others = report._load_rows("loading")
            return others, [0] if ids else self._end_loading(report)
        ids = report._pay_some(self.cursor[0])
        return len(ids), ids[-1:] or self._end_loading(report)

    def _end_loading(self, report):
        if report.state == "loading":
            report.sudo().state = "loaded"
