from odoo import api, models
from odoo.tools import SQL


class LiquorAccrualRun(models.Model):
    _inherit = "liquor.accrual.run"

    @api.model
    def _accrue(self, company, date_to=None, earning_ids=None):
        """Accrue what members' benefits cost along with the earnings of a day."""
        run = super()._accrue(company, date_to, earning_ids)
        if earning_ids is None:
            self.env["liquor.benefit.funding"]._post_open(company, date_to)
        return run

    def _link(self, entries, moves, amounts):
        """Let the funds of the policies carry what was accrued: one movement a fund, never one a scan."""
        result = super()._link(entries, moves, amounts)
        self.env["liquor.fund"]._spend([
            {
                "fund_id": fund,
                "amount": amount,
                "key": f"accrual/{self.id}/{fund}",
                "origin": self,
                "reason": self.name,
            }
            for fund, amount in self._fund_parts(list(amounts))
        ])
        return result

    def _fund_parts(self, earning_ids):
        """Return [(fund id, the brand's part of these earnings)] in one query."""
        self.env["liquor.policy"].flush_model(["fund_id"])
        return self.env.execute_query(
            SQL(
                """SELECT policy.fund_id, SUM(earning.amount - COALESCE(earning.funder_amount, 0))
                     FROM liquor_earning earning
                     JOIN liquor_policy_version version ON version.id = earning.policy_version_id
                     JOIN liquor_policy policy ON policy.id = version.policy_id
                    WHERE earning.id = ANY(%s) AND policy.fund_id IS NOT NULL
                 GROUP BY 1 ORDER BY 1""",
                earning_ids,
            )
        )
