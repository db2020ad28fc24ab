from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

#: statements are frozen with all their texts in memory; a batch stays short enough to be repeated
STATEMENTS_PER_BATCH = 100
#: drafts are made all at once
DRAFTS_PER_BATCH = 1000


class LiquorRun(models.Model):
    _inherit = "liquor.run"

    def _run_settle_month(self, budget):
        """Make the settlements of a period, and send them where wanted, distributor by distributor.

        Parameters: ``date_from``, ``date_to``, ``payment_method``, ``send``. A statement that cannot be sent stays a
        draft and goes into the error file with the reason; the others go on.
        """
        terms = self.parameters
        settlements = self.env["liquor.settlement"]
        limit = min(budget, STATEMENTS_PER_BATCH if terms.get("send") else DRAFTS_PER_BATCH)
        days = [fields.Date.to_date(terms[name]) for name in ("date_from", "date_to")]
        found = settlements._unsettled(self.company_id, *days, after=self.cursor or 0, limit=limit)
        if not found:
            return 0, None
        partners = self.env["res.partner"].union(*(partner for partner, _amount in found))
        drafts = settlements._settle(self.company_id, partners, terms)
        if terms.get("send"):
            self._send_statements(drafts)
        return len(found), found[-1][0].id if len(found) == limit else None

    def _send_statements(self, settlements):
        """Send them all at once; where one refuses, one after the other, so that it alone stays behind."""
        try:
            with self.env.cr.savepoint():
                settlements.action_send()
        except (UserError, ValidationError):
            self.env.invalidate_all(flush=False)
            self._send_one_by_one(settlements)

    def _send_one_by_one(self, settlements):
        errors = []
        for settlement in settlements:
            try:
                with self.env.cr.savepoint():
                    settlement.action_send()
            except (UserError, ValidationError) as error:
                name = settlement.partner_id.display_name
                errors.append((self.done + len(errors) + 1, str(error), {self.env._("Distributor"): name}))
        if errors:
            self._add_errors(errors)
