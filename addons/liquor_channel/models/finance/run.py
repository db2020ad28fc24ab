from odoo import fields, models

from ...engine.accounts.booking import month_end

#: texts of one batch stay in memory until they are written
STATEMENTS_PER_BATCH = 500


class LiquorRun(models.Model):
    _inherit = "liquor.run"

    def _run_account_statements(self, budget):
        """Make the account statements of a month, and send them where wanted.

        Parameters: ``month`` (its first day), ``send``. The cursor is the last distributor's id.
        """
        statements, first = self.env["liquor.account.statement"], fields.Date.to_date(self.parameters["month"])
        limit = min(budget, STATEMENTS_PER_BATCH)
        if not self.cursor:
            self.env["liquor.accrual.run"]._accrue(self.company_id, month_end(first))
        partners = statements._owed_partners(self.company_id, first, after=self.cursor or 0, limit=limit)
        drafts = statements._make(self.company_id, first, partners)
        if self.parameters.get("send"):
            drafts.action_send()
        return len(partners), partners[-1].id if len(partners) == limit else None

    def _run_three_way_match(self, _budget):
        """Match shipped, scanned and paid of the company once more; a second run changes nothing."""
        changes = self.env["liquor.variance.match"].sudo()._match(self.company_id)
        return sum(changes.values()), None

    def _run_spend_return(self, budget):
        """Compute a large return on spend: its money as of one moment, then some shops at a time, each as a whole.

        Parameters: ``return`` (id). The cursor is what is computed beside; where that or the return is gone, there is
        nothing to do.
        """
        asked = self.env["liquor.spend.return"].browse(self.parameters["return"]).exists()
        if not asked:
            return 0, None
        asked.check_access("write")
        if not self.cursor:
            beside = asked.sudo()._begin_beside()
            self.sudo().total = len(beside._waiting_shops())
            return 0, beside.id
        beside = asked.sudo().browse(self.cursor).exists()
        if not beside:
            return 0, None
        handled = beside._measure_some(budget)
        if beside._waiting_shops(1):
            return handled, beside.id
        beside._conclude()
        return handled, None
