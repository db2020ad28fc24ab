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
            for fund, amount in self._fund_sums()
        ])
        return result

    def _link_more(self, earning_ids):
        """Note which fund carries each earning: later papers move this one's money, whatever the policy says then."""
        columns, values = super()._link_more(earning_ids)
        funds = self._funds_of(earning_ids)
        return [*columns, "fund_id"], {
            number: (*values.get(number, (None,) * len(columns)), funds.get(number)) for number in earning_ids
        }

    def _funds_of(self, earning_ids):
        """Return {earning id: fund id} in one query; what takes an earning back goes to the fund that carried it."""
        self.env["liquor.policy"].flush_model(["fund_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT earning.id, CASE WHEN before.id IS NULL THEN policy.fund_id ELSE before.fund_id END
                         FROM liquor_earning earning
                         JOIN liquor_policy_version version ON version.id = earning.policy_version_id
                         JOIN liquor_policy policy ON policy.id = version.policy_id
                    LEFT JOIN liquor_accrual_line before ON before.earning_id = earning.reverses_id
                        WHERE earning.id = ANY(%s)""",
                    earning_ids,
                )
            )
        )

    def _fund_sums(self):
        """Return [(fund id, the brand's part of this run's earnings)] in one query."""
        return self.env.execute_query(
            SQL(
                """SELECT line.fund_id, SUM(earning.amount - COALESCE(earning.funder_amount, 0))
                     FROM liquor_accrual_line line JOIN liquor_earning earning ON earning.id = line.earning_id
                    WHERE line.run_id = %s AND line.fund_id IS NOT NULL
                 GROUP BY 1 ORDER BY 1""",
                self.id,
            )
        )
