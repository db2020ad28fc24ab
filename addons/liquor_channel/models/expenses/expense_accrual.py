from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import period_of, today

from ...engine.accounts.grouping import EntryLine
from ...engine.common.money import decimal
from ...engine.expenses import claims


class LiquorExpenseAccrual(models.Model):
    """What is accrued for expenses that were executed and are not claimed or checked yet; signed, for good.

    The rows of an expense sum to what stands on 2241.N for it; a month's end raises them, a checked, refused or
    expired claim takes them back in red.
    """

    _name = "liquor.expense.accrual"
    _description = "Accrual of an Unclaimed Expense"
    _inherit = ["liquor.ledger.mixin"]
    _order = "id desc"
    _rec_name = "reason"

    expense_id = fields.Many2one(
        "liquor.expense", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    amount = fields.Monetary(required=True, readonly=True, aggregator="sum")
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True, index=True, ondelete="restrict")

    _amount_bounds = models.Constraint(
        "CHECK (amount BETWEEN -1000000000 AND 1000000000)", "The accrued amount is out of bounds."
    )

    @api.model
    def _cron_accrue(self):
        """Bring all companies up to the end of their last month."""
        for (company,) in self.env["liquor.account.mapping"].sudo()._read_group([], ["company_id"]):
            self._accrue_month(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _accrue_month(self, company, closed=None):
        """Accrue what was executed up to a month's end and is not claimed; a second call finds nothing.

        :param closed: last day of the month; by default of the one before today
        :return: the new rows
        """
        closed = closed or today(company).replace(day=1) - timedelta(days=1)
        return self._book_deltas(company, closed, None)

    @api.model
    def _settle_unclaimed(self, company, expenses):
        """Take back what was accrued for expenses whose claim is decided now."""
        booked = self.sudo().search_count([("expense_id", "in", expenses.ids)], limit=1)
        return self._book_deltas(company, today(company), expenses) if booked else self.browse()

    def _book_deltas(self, company, closed, expenses):
        own = self.sudo().with_company(company)
        rows = own._executions(company, expenses)
        deltas = claims.deltas([row for row, _count in rows], closed)
        counts = {row.id: count for row, count in rows}
        if expenses is not None:
            # within a month only what was accrued goes back; new accruals wait for its end
            deltas = {key: amount for key, amount in deltas.items() if amount < 0}
        posted = self.browse()
        for part in ([key for key in deltas if deltas[key] > 0], [key for key in deltas if deltas[key] < 0]):
            if part:
                amounts = {key: deltas[key] for key in part}
                move = own._post_move(company, closed, amounts)
                posted |= own._post([own._prepare_row(key, amounts[key], counts[key], move) for key in part])
        return posted

    def _executions(self, company, expenses):
        """Return [(engine's execution, rows booked before)] in one query."""
        self.env.flush_all()
        narrow = SQL("AND e.id = ANY(%s)", expenses.ids) if expenses is not None else SQL()
        rows = self.env.execute_query(
            SQL(
                """SELECT e.id, e.date_end, e.approved_amount,
                          (SELECT COUNT(*) FROM liquor_expense_proof p
                            WHERE p.expense_id = e.id AND p.verdict <> 'rejected'),
                          e.state IN ('approved', 'executing', 'claimed'),
                          COALESCE(SUM(a.amount), 0), COUNT(a.id)
                     FROM liquor_expense e LEFT JOIN liquor_expense_accrual a ON a.expense_id = e.id
                    WHERE e.company_id = %s AND e.approved_amount > 0 %s
                 GROUP BY e.id
                   HAVING e.state IN ('approved', 'executing', 'claimed') OR COALESCE(SUM(a.amount), 0) <> 0
                 ORDER BY e.id""",
                company.id,
                narrow,
            )
        )
        return [
            (claims.Execution(number, end, decimal(approved), proofs, is_open, decimal(booked)), count)
            for number, end, approved, proofs, is_open, booked, count in rows
        ]

    def _post_move(self, company, closed, amounts):
        """Book one entry: Dr cost by kind / Cr 2241.N by distributor; red where it goes back."""
        red = min(amounts.values()) < 0
        label = self.env._("Expenses executed and not claimed, %(month)s", month=period_of(closed))
        return self.env["liquor.entry.lines"]._post_entry(
            company,
            self._entry_lines(amounts, red),
            label,
            {"liquor_expense_accrual": True},
            journal=self.env["liquor.account.mapping"]._journals(company)["accrual"],
            day=today(company) if red else closed,
        )

    def _entry_lines(self, amounts, red):
        """Return a line for each account, distributor and territory."""
        sums = defaultdict(lambda: decimal(0))
        for expense in self.env["liquor.expense"].browse(amounts):
            place = (expense.territory_id.id or 0, 0)
            sums[expense.kind_id.cost_role, None, place] += amounts[expense.id]
            sums["expense_unclaimed", expense.distributor_id.id, place] -= amounts[expense.id]
        return [
            EntryLine(role, partner, balance, red, {place: abs(balance)})
            for (role, partner, place), balance in sums.items()
        ]

    def _prepare_row(self, expense_id, amount, count, move):
        expense = self.env["liquor.expense"].browse(expense_id)
        return {
            "company_id": expense.company_id.id,
            "expense_id": expense.id,
            "currency_id": expense.currency_id.id,
            "amount": float(amount),
            "move_id": move.id,
            "origin_model": expense._name,
            "origin_id": expense.id,
            "reason": move.ref,
            # the number of rows before is part of the key: two runs at once cannot both book
            "idempotency_key": f"unclaimed/{expense.id}/{count}",
        }
