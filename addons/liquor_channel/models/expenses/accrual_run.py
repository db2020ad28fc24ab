from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL

#: earnings that are allowed claims, or take one back
COSTS = """
    SELECT earning.id, kind.cost_role, FALSE, FALSE FROM liquor_earning earning
      JOIN liquor_expense expense ON expense.id = earning.origin_id
      JOIN liquor_expense_kind kind ON kind.id = expense.kind_id
     WHERE earning.origin_model = 'liquor.expense' AND earning.id = ANY(%(earnings)s)
     UNION ALL
    SELECT earning.id, kind.cost_role, TRUE,
           EXISTS (SELECT FROM liquor_payout_line line WHERE line.earning_id = expense.earning_id AND line.approved)
      FROM liquor_earning earning
      JOIN liquor_expense_clawback clawback ON clawback.id = earning.origin_id
      JOIN liquor_expense expense ON expense.id = clawback.expense_id
      JOIN liquor_expense_kind kind ON kind.id = expense.kind_id
     WHERE earning.origin_model = 'liquor.expense.clawback' AND earning.id = ANY(%(earnings)s)
"""


class LiquorAccrualRun(models.Model):
    _inherit = "liquor.accrual.run"

    @api.model
    def _collect(self, company, date_to=None, earning_ids=None):
        """Let allowed claims lie where their kind says: the cost, and what is owed by claims (2241.X)."""
        rows = super()._collect(company, date_to, earning_ids)
        costs = self._expense_costs([row.id for row in rows])
        return [self._with_expense_roles(row, *costs[row.id]) if row.id in costs else row for row in rows]

    def _with_expense_roles(self, row, cost_role, taken_back, paid_out):
        """Owed by claims (2241.X) or by the wallet; what is taken back of the distributor is netted in his rebate."""
        if row.beneficiary_kind == "terminal":
            return replace(row, cost_role=self._shop_cost(cost_role), paid_out=row.paid_out or paid_out)
        return replace(row, entry_kind="" if taken_back else "expense", cost_role=cost_role)

    def _shop_cost(self, cost_role):
        """What is paid to a shop lowers revenue by the account of shops' incentives (6001.T)."""
        return "reward_contra" if cost_role == "rebate_contra" else cost_role

    def _expense_costs(self, earning_ids):
        """Return {earning id: (role of the cost, taken back, was it paid out before)} of claims, in one query."""
        if not earning_ids:
            return {}
        self.env["liquor.expense.kind"].flush_model(["cost_role"])
        rows = self.env.execute_query(SQL(COSTS, earnings=earning_ids))
        return {number: tuple(more) for number, *more in rows}

    def _entry_label(self, entry):
        if entry.kind == "expense":
            return self.env._("Allowed expense claims of %(month)s", month=f"{entry.month:%Y-%m}")
        return super()._entry_label(entry)
