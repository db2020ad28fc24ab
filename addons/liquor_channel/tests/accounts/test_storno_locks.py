"""Storno (red entries that sum to nothing by account and partner) and lock dates (design.md 3.8)."""

from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_examples import FULAI, SUNNY, ExampleCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestStorno(ExampleCase):
    def test_a_reversed_credit_note_leaves_nothing(self):
        """20,000.00 and 13 %: the note is red, so its mirror is black; together nothing by account and partner."""
        self.book(self.distributor, 20000, "distributor")
        settlement = self.settle_and_post(method="credit_note")
        note = settlement.move_ids
        settlement.with_user(self.finance).action_reverse()
        mirror = settlement.sudo().reversed_by_ids.move_ids
        self.assertEqual(self.sums(mirror), {
            ("rebate_accrued", SUNNY): -20000, "tax": -2600, ("asset_receivable", SUNNY): 22600
        })  # fmt: skip
        self.assertEqual(self.sums(note | mirror), {})
        self.assertEqual((self.red(note), self.red(mirror)), (note.line_ids, self.env["account.move.line"]))
        self.assertEqual(self.balance("rebate_accrued", self.distributor), -20000)
        self.assertFalse(self.env["liquor.accrual.line"]._differences(self.company))

    def test_a_payment_that_came_back_is_red(self):
        """600.00 left and came back: step 7 backwards in red, 600.00 stay payable."""
        self.book(self.shop, 600)
        payout = self.ask(self.shop)
        batch = self.batch()
        before = batch.move_ids
        batch._apply_results([["reference", "status"], [payout.name, "failed"]])
        back = batch.move_ids - before
        self.check(back, {("reward_payable", FULAI): -600, ("asset_cash", ""): 600})
        self.assertEqual(self.red(back), back.line_ids)
        self.assertEqual(self.balance("reward_payable", self.shop), -600)

    def test_without_storno_the_same_sums_stand_in_black(self):
        self.company.account_storno = False
        earning = self.scanned(150, 45)
        self.accrue()
        earning._reverse("returned")
        move = self.accrue().move_ids
        self.check(move, {("reward_contra", ""): -105, ("cofunding_due", SUNNY): -45, ("reward_accrued", FULAI): 150})
        self.assertFalse(self.red(move))

    def test_every_entry_of_a_campaign_taken_back_sums_to_nothing(self):
        """Earned, shared, taken back, settled by nobody: every account and partner is at zero."""
        earnings = self.scanned(600, 180) | self.scanned(15)
        rebate = self.book(self.distributor, 6000, "distributor")
        first = self.accrue()
        for earning in earnings | rebate:
            earning._reverse("all of it came back")
        second = self.accrue()
        self.assertEqual(self.sums(first.move_ids | second.move_ids), {})


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestLocks(ExampleCase):
    """March is locked in one way or another: what may not be booked in it is booked on the first of April."""

    def lock(self, field, day="2026-03-31"):
        self.company.sudo()[field] = day

    def note(self, lock=None):
        """A credit note over what was earned before a lock was set."""
        self.book(self.distributor, 20000, "distributor")
        if lock:
            self.lock(lock)
        return self.settle_and_post(method="credit_note").move_ids

    def check_day(self, move, day):
        """The entry is on this day because we said so; Odoo moved nothing."""
        self.assertEqual(str(move.date), day)
        self.assertEqual(move.state, "posted")
        self.assertEqual(round(sum(move.line_ids.mapped("balance")), 2), 0)

    def test_each_lock_that_a_credit_note_obeys(self):
        self.check_day(self.note("tax_lock_date"), "2026-04-01")

    def test_lock_of_sales(self):
        self.check_day(self.note("sale_lock_date"), "2026-04-01")

    def test_lock_of_everything(self):
        self.check_day(self.note("fiscalyear_lock_date"), "2026-04-01")

    def test_hard_lock(self):
        self.check_day(self.note("hard_lock_date"), "2026-04-01")

    def test_locks_of_sales_and_tax_leave_accruals_alone(self):
        self.lock("sale_lock_date")
        self.lock("tax_lock_date")
        self.book(self.shop, 15)
        self.check_day(self.env["liquor.accrual.run"]._accrue(self.company).move_ids, "2026-03-31")

    def test_reversal_of_a_note_of_a_locked_month(self):
        note = self.note()
        self.lock("hard_lock_date")
        note.liquor_settlement_id.with_user(self.finance).action_reverse()
        mirror = note.liquor_settlement_id.sudo().reversed_by_ids.move_ids
        self.check_day(mirror, "2026-04-01")
        self.assertEqual((str(note.date), self.sums(note | mirror)), ("2026-03-31", {}))

    def test_payout_of_a_locked_month(self):
        self.book(self.shop, 600)
        self.accrue()
        self.ask(self.shop)
        self.lock("fiscalyear_lock_date")
        for move in self.batch().move_ids:
            self.check_day(move, "2026-04-01")

    def test_clawback_of_a_locked_month_is_red_in_the_open_one(self):
        earning = self.book(self.shop, 150, day=datetime(2026, 2, 10))
        self.accrue()
        self.lock("fiscalyear_lock_date", "2026-02-28")
        earning._reverse("came back")
        move = self.env["liquor.accrual.run"]._accrue(self.company).move_ids
        self.check_day(move, "2026-03-31")
        self.assertEqual(self.red(move), move.line_ids)

    def test_a_locked_day_that_somebody_asks_for_is_refused(self):
        self.book(self.shop, 15)
        self.lock("hard_lock_date", "2026-02-28")
        run = self.env["liquor.accrual.run"].with_user(self.finance).create({
            "date_to": "2026-03-31", "accounting_date": "2026-02-28"
        })  # fmt: skip
        with self.assertRaises(UserError):
            run.action_run()
        self.assertFalse(run.move_ids)

    def test_who_was_given_an_exception_books_in_the_locked_month(self):
        self.book(self.shop, 15, day=datetime(2026, 2, 10))
        self.lock("fiscalyear_lock_date", "2026-02-28")
        self.env["account.lock_exception"].create({
            "company_id": self.company.id, "user_id": self.finance.id, "fiscalyear_lock_date": "2026-01-31",
            "end_datetime": "2099-12-31 00:00:00", "reason": "audit",
        })  # fmt: skip
        run = self.env["liquor.accrual.run"].with_user(self.finance).create({"date_to": "2026-03-31"})
        run.action_run()
        self.check_day(run.sudo().move_ids, "2026-02-28")
