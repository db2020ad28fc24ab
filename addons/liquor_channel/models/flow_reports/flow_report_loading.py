from odoo import fields, models
from odoo.exceptions import UserError

#: files with more rows are loaded in the background
ROWS_AT_ONCE = 2000
#: loaded rows that policies look at in one transaction
ROWS_TO_PAY = 10_000


class LiquorFlowReport(models.Model):
    """Loading: small files at once, large ones in the background with progress."""

    _inherit = "liquor.flow.report"

    state = fields.Selection(selection_add=[("loading", "Loading"), ("loaded",)], ondelete={"loading": "set default"})

    def action_load(self):
        """Load the good rows; bad ones go into a file that can be corrected and loaded again.

        More than 2,000 rows are loaded in the background: the run with its progress is opened.
        """
        self.check_access("write")
        large = self.filtered(lambda report: report._count_rows() > ROWS_AT_ONCE)
        (self - large)._load_now()
        runs = [report._start_loading() for report in large]
        return runs[0]._show() if len(runs) == 1 else None

    def _count_rows(self):
        return self.row_count if self.state == "checked" else len(self._read_rows()) - 1

    def _start_loading(self):
        self._check_state("draft", "checked")
        title = self.env._("Flow report %(name)s", name=self.name)
        rows, parameters = self._count_rows(), {"report": self.id}
        key = f"flow_report/{self.id}"
        return self.env["liquor.run"]._start("flow_report", title, rows, parameters, company=self.company_id, key=key)

    def _load_now(self):
        """Load in this transaction."""
        for report in self:
            ids = report._load_rows("loaded")[0]
            report._earn(ids)

    def _load_rows(self, state):
        """Store the good rows and return their ids and the number of the others."""
        self._check_state("draft", "checked")
        self.lock_for_update()
        rows, good, bad = self._parse()
        ids = self._insert(good)
        self._write_findings(rows, good, bad, state)
        self.sudo().loaded_at = fields.Datetime.now()
        return ids, len(rows) - 1 - len(good)

    def _pay_some(self, after):
        """Let policies pay on the next rows behind ``after``; return the rows' ids."""
        domain = [("report_id", "=", self.id), ("id", ">", after), ("live", "=", True)]
        lines = self.env["liquor.flow.report.line"].sudo().search(domain, order="id", limit=ROWS_TO_PAY)
        # rows of a shop that changed decide about each other and about its scans: all of them at first
        self._earn(lines.ids if after else list({*lines.ids, *self._rows_of_changed_shops()}))
        return lines.ids

    def _rows_of_changed_shops(self):
        """Ids of rows whose buyer changed between scans and reports."""
        domain = [("report_id", "=", self.id), ("live", "=", True)]
        buyers = self._buyers_of(domain)
        changed = self.env["liquor.fact.scope"]._changed_shops(self.company_id, buyers) if buyers else {}
        if not changed:
            return []
        return self.env["liquor.flow.report.line"].sudo().search([*domain, ("buyer_id", "in", list(changed))]).ids

    def _check_not_running(self):
        domain = [("kind", "=", "flow_report"), ("key", "=", f"flow_report/{self.id}")]
        if self.env["liquor.run"].sudo().search_count([*domain, ("state", "in", ("queued", "running"))], limit=1):
            raise UserError(self.env._("%(name)s is being loaded: wait for its end or cancel the run.", name=self.name))
