from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL


class LiquorAccrualRun(models.Model):
    _inherit = "liquor.accrual.run"

    @api.model
    def _collect(self, company, date_to=None, earning_ids=None):
        """Let allowed claims lie where their kind says: the cost, and what is owed by claims (2241.X)."""
        rows = super()._collect(company, date_to, earning_ids)
        costs = self._expense_costs([row.id for row in rows])
        return [self._with_expense_roles(row, costs.get(row.id)) for row in rows]

    def _with_expense_roles(self, row, cost_role):
        if not cost_role:
            return row
        if row.beneficiary_kind == "terminal":
            return replace(row, cost_role=cost_role)
        return replace(row, entry_kind="expense", cost_role=cost_role)

    def _expense_costs(self, earning_ids):
        """Return {earning id: role of the cost} of those that are allowed claims, in one query."""
        if not earning_ids:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT earning.id, kind.cost_role FROM liquor_earning earning
                         JOIN liquor_expense expense ON expense.id = earning.origin_id
                         JOIN liquor_expense_kind kind ON kind.id = expense.kind_id
                        WHERE earning.origin_model = 'liquor.expense' AND earning.id = ANY(%s)""",
                    earning_ids,
                )
            )
        )

    def _entry_label(self, entry):
        if entry.kind == "expense":
            return self.env._("Allowed expense claims of %(month)s", month=f"{entry.month:%Y-%m}")
        return super()._entry_label(entry)
