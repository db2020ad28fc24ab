from odoo import fields, models

#: beneficiaries whose period is computed in one transaction
PARTNERS_PER_BATCH = 1000


class LiquorRun(models.Model):
    _inherit = "liquor.run"

    def _run_bring_up_to_date(self, budget):
        """Compute the running period of tiered versions, some beneficiaries at a time.

        Parameters: ``versions`` (ids) and ``day``. The cursor is the last beneficiary's id.
        """
        versions = self.env["liquor.policy.version"].browse(self.parameters["versions"])
        limit = min(budget, PARTNERS_PER_BATCH)
        partners = versions._candidates(after=self.cursor or 0, limit=limit)
        if self.cursor:
            # who shares a common cap was computed with everybody in the first batch
            versions = versions.filtered(lambda version: not version.cap_total)
        if partners and versions:
            versions._bring_up_to_date(fields.Date.to_date(self.parameters["day"]), partners)
        return len(partners), partners[-1].id if len(partners) == limit else None
