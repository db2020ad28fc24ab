"""What was executed and is not claimed is accrued at the month's end, and taken back in red (trade.md R1)."""

from datetime import date

from odoo.tests import tagged

from ..expense_case import ExpenseCase

MARCH = date(2026, 3, 31)


@tagged("post_install", "-at_install")
class TestUnclaimed(ExpenseCase):
    def accruals(self, expense):
        return self.env["liquor.expense.accrual"].search([("expense_id", "=", expense.id)]).sorted("id")

    def close(self, day=MARCH):
        return self.env["liquor.expense.accrual"]._accrue_month(self.company, day)

    def test_accrued_once_at_the_months_end(self):
        expense = self.approved()
        self.prove(expense)
        self.approved(amount=100)  # nothing proves it
        self.close()
        self.assertEqual(self.accruals(expense).mapped("amount"), [600])
        move = self.accruals(expense).move_id
        self.assertEqual(self.sums(move), {
            ("service_expense", ""): 600.0, ("expense_unclaimed", "Sunny Trading"): -600.0,
        })  # fmt: skip
        self.assertEqual(move.date, MARCH)
        self.assertFalse(self.close())

    def test_a_checked_claim_takes_it_back_in_red(self):
        expense = self.approved()
        self.prove(expense)
        self.close()
        with self.at("2026-04-10 04:00:00"):
            expense.claim_amount = 500
            expense.action_claim()
            self.assertEqual(self.accruals(expense).mapped("amount"), [600])
            expense.with_user(self.second_clerk).action_check()
        self.assertEqual(self.accruals(expense).mapped("amount"), [600, -600])
        red = self.accruals(expense)[-1].move_id
        self.assertEqual(set(red.line_ids.mapped("is_storno")), {self.company.account_storno})
        self.assertEqual(self.sums(self.accruals(expense).move_id), {})
        self.assertEqual(self.balance("expense_unclaimed", self.distributor), 0)

    def test_an_expired_one_goes_back_too(self):
        expense = self.approved()
        self.prove(expense)
        self.close()
        with self.at("2026-05-20 04:00:00"):
            self.env["liquor.expense"]._late(200)._expire()
        self.assertEqual(self.accruals(expense).mapped("amount"), [600, -600])

    def test_rejected_photos_prove_nothing(self):
        expense = self.approved()
        self.prove(expense, verdict="rejected")
        self.assertFalse(self.close())

    def test_a_closed_month_books_on_the_first_open_day(self):
        expense = self.approved()
        self.prove(expense)
        self.env["liquor.period"]._for_day(self.company, MARCH).state = "closed"
        self.close()
        self.assertEqual(self.accruals(expense).move_id.date, date(2026, 4, 1))

    def test_the_same_queries_for_one_and_for_many(self):
        self.fund.stop = "warning"
        self.prove(self.approved())
        self.close()
        counts = []
        for number in (1, 12):
            for _one in range(number):
                self.prove(self.approved(amount=10))
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["liquor.expense.accrual"]._executions(self.company, None)
            counts.append(self.cr.sql_log_count - before)
            self.close()
        self.assertEqual(counts[0], counts[1])
