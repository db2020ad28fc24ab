from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL


class LiquorAccrualRun(models.Model):
    _inherit = "liquor.accrual.run"

    @api.model
    def _collect(self, company, date_to=None, earning_ids=None):
        """Let what a shop's contract pays lie where its kind of expense says: a display is a service (Acc-1)."""
        rows = super()._collect(company, date_to, earning_ids)
        costs = self._contract_costs([row.id for row in rows])
        return [replace(row, cost_role=self._shop_cost(costs[row.id])) if row.id in costs else row for row in rows]

    def _contract_costs(self, earning_ids):
        """Return {earning id: role of the cost} of contract payments that name a kind of expense, in one query."""
        if not earning_ids:
            return {}
        self.env["liquor.agreement.payment"].flush_model(["expense_kind_id"])
        self.env["liquor.expense.kind"].flush_model(["cost_role"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT earning.id, kind.cost_role FROM liquor_earning earning
                         JOIN liquor_agreement_payment payment ON payment.id = earning.origin_id
                         JOIN liquor_expense_kind kind ON kind.id = payment.expense_kind_id
                        WHERE earning.origin_model = 'liquor.agreement.payment' AND earning.id = ANY(%s)""",
                    earning_ids,
                )
            )
        )
