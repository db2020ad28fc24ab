from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

#: statements are made one after the other; a batch stays short enough to be repeated
STATEMENTS_PER_BATCH = 20


class LiquorRun(models.Model):
    _inherit = "liquor.run"

    def _run_settle_month(self, budget):
        """Make, and send where wanted, the settlements of a period, distributor by distributor.

        Parameters: ``date_from``, ``date_to``, ``payment_method``, ``send``. A distributor who cannot be settled
        goes into the error file with the reason; the others go on.
        """
        terms = self.parameters
        settlements = self.env["liquor.settlement"]
        limit = min(budget, STATEMENTS_PER_BATCH)
        days = [fields.Date.to_date(terms[name]) for name in ("date_from", "date_to")]
        partners = settlements._unsettled(self.company_id, *days, after=self.cursor or 0, limit=limit)
        errors = []
        for partner, _amount in partners:
            try:
                with self.env.cr.savepoint():
                    settlements._settle(self.company_id, partner, terms)
            except (UserError, ValidationError) as error:
                name = partner.display_name
                errors.append((self.done + len(errors) + 1, str(error), {self.env._("Distributor"): name}))
        if errors:
            self._add_errors(errors)
        return len(partners), partners[-1][0].id if len(partners) == limit else None
