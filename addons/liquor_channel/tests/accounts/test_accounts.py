"""Set-up of accounts, accrual runs, booking days. Figures: channel.md Acc-2."""

from datetime import datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestAccounts(MoneyCase):
    def test_set_up_is_idempotent(self):
        before = self.mapping.search_count([])
        again = self.mapping._ensure_accounts(self.company)
        self.assertEqual(self.mapping.search_count([]), before)
        self.assertEqual(len(again), 21)  # seventeen accounts and four journals
        self.assertEqual(self.accounts["reward_payable"].account_type, "liability_payable")
        self.assertTrue(self.accounts["rebate_accrued"].reconcile)
        # the chart of small businesses has 5001 for revenue
        self.assertIn(self.accounts["rebate_contra"].with_company(self.company).code, ("5001.R", "6001.R"))

    def test_company_without_set_up_is_told(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(RedirectWarning):
            self.mapping._accounts(other)
        self.mapping._ensure_accounts(other)
        self.assertEqual(self.mapping._accounts(other)["deposit"].company_ids, other)

    def test_wrong_account_is_refused(self):
        row = self.mapping.search([("company_id", "=", self.company.id), ("role", "=", "rebate_accrued")])
        with self.assertRaises(ValidationError):
            row.account_id = self.accounts["reward_payable"]

    def test_clerk_does_not_change_accounts(self):
        with self.assertRaises(AccessError):
            self.mapping.with_user(self.clerk).action_set_up()

    def test_rebate_of_two_months(self):
        # Acc-2 #2 and #3: 6,000; then 12,000 earned and 2,000 re-rated = 14,000
        self.book(self.distributor, 6000, "distributor", day=datetime(2026, 2, 10))
        self.book(self.distributor, 12000, "distributor")
        self.book(self.distributor, 2000, "distributor", type="rerate")
        run = self.accrue()
        self.assertEqual(len(run.move_ids), 2)
        february, march = run.move_ids.sorted("date")
        self.assertEqual(self.sums(february), {("rebate_contra", ""): 6000, ("rebate_accrued", "Sunny Trading"): -6000})
        self.assertEqual(self.sums(march), {("rebate_contra", ""): 14000, ("rebate_accrued", "Sunny Trading"): -14000})
        self.assertEqual(str(february.date), "2026-02-28")
        self.assertEqual(run.amount_total, 20000)
        self.assertFalse(self.env["liquor.accrual.line"]._differences(self.company))

    def test_reward_with_share_of_the_distributor(self):
        # Acc-2 #5: 40 cases of 15.00, 30 % by the distributor
        self.book(self.shop, 600, funder_id=self.distributor.id, funder_amount=180)
        self.assertEqual(
            self.sums(self.accrue().move_ids),
            {
                ("reward_contra", ""): 420,
                ("cofunding_due", "Sunny Trading"): 180,
                ("reward_accrued", "Fulai Shop"): -600,
            },
        )

    def test_clawback_is_red(self):
        # Acc-2 #9: the ten cases came back; debits and credits are negative in a storno company
        self.company.account_storno = True
        earning = self.book(self.shop, 150, funder_id=self.distributor.id, funder_amount=45)
        self.accrue()
        earning._reverse("returned")
        move = self.accrue().move_ids
        self.assertEqual(
            self.sums(move),
            {
                ("reward_contra", ""): -105,
                ("cofunding_due", "Sunny Trading"): -45,
                ("reward_accrued", "Fulai Shop"): 150,
            },
        )
        self.assertEqual(
            sorted(move.line_ids.mapped(lambda line: (line.debit, line.credit))), [(-105, 0), (-45, 0), (0, -150)]
        )

    def test_run_again_books_nothing(self):
        self.book(self.shop, 15)
        first = self.accrue()
        self.assertEqual(first.line_count, 1)
        self.assertFalse(self.accrue())
        run = self.env["liquor.accrual.run"].with_user(self.finance).create({"date_to": "2026-12-31"})
        run.action_run()
        self.assertEqual((run.state, run.line_count, len(run.move_ids)), ("done", 0, 0))
        run.action_run()
        self.assertEqual(len(run.move_ids), 0)

    def test_accrual_line_is_unique_and_stays(self):
        self.book(self.shop, 15)
        line = self.accrue().line_ids
        with self.assertRaises(UserError):
            line.amount = 3
        with self.assertRaises(UserError):
            line.unlink()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            line._bulk_insert(
                ["company_id", "run_id", "earning_id", "move_line_id", "amount"],
                [(self.company.id, line.run_id.id, line.earning_id.id, line.move_line_id.id, 15)],
            )

    def test_entries_cannot_be_touched_by_hand(self):
        self.book(self.shop, 15)
        move = self.accrue().move_ids
        for attack in (move.button_draft, move.button_cancel, move._reverse_moves):
            with self.assertRaises(UserError):
                attack()
        with self.assertRaises(UserError):
            move.with_context(liquor_own_hand=True).button_draft()

    def test_closed_month_goes_to_the_next_open_day(self):
        self.book(self.shop, 15, day=datetime(2026, 2, 10))
        period = self.env["liquor.period"]._for_day(self.company, datetime(2026, 2, 10).date())
        period.with_user(self.finance).carry_reason = "late scans"
        period.with_user(self.finance).action_close()
        self.assertEqual(str(self.accrue().move_ids.date), "2026-03-01")
        # what is booked after the close belongs to the next month and remembers its own
        late = self.book(self.shop, 15, day=datetime(2026, 2, 11))
        self.assertEqual((str(late.booked_day), late.origin_period), ("2026-03-01", "2026-02"))

    def test_lock_date_of_accounting_is_kept(self):
        self.book(self.shop, 15, day=datetime(2026, 1, 10))
        self.company.sudo().fiscalyear_lock_date = "2026-02-28"
        self.assertEqual(str(self.accrue().move_ids.date), "2026-03-01")

    def test_asked_day_that_is_closed_is_refused(self):
        self.book(self.shop, 15)
        self.company.sudo().fiscalyear_lock_date = "2026-02-28"
        run = (
            self
            .env["liquor.accrual.run"]
            .with_user(self.finance)
            .create({
                "date_to": "2026-03-31",
                "accounting_date": "2026-02-20",
            })
        )
        with self.assertRaises(UserError):
            run.action_run()

    def test_month_close_needs_a_reason_and_another_hand(self):
        self.book(self.shop, 15, day=datetime(2026, 2, 10))
        period = self.env["liquor.period"]._for_day(self.company, datetime(2026, 2, 10).date()).with_user(self.finance)
        self.assertEqual(period.unaccrued_count, 1)
        with self.assertRaises(UserError):
            period.action_close()
        period.carry_reason = "later"
        period.action_close()
        period.reopen_reason = "mistake"
        with self.assertRaises(UserError):
            period.action_reopen()
        period.with_user(self.second_finance).action_reopen()
        self.assertEqual(period.state, "open")
        with self.assertRaises(AccessError):
            period.with_user(self.clerk).action_close()

    def test_number_of_queries_does_not_grow(self):
        def cost(count):
            self.env["liquor.earning"]._book([
                {
                    "company_id": self.company.id,
                    "partner_id": self.shop.id,
                    "beneficiary_kind": "terminal",
                    "currency_id": self.currency.id,
                    "amount": 15,
                    "event_time": datetime(2026, 3, 10),
                    "fact_key": f"many/{next(self.numbers)}",
                    "component": "base",
                }
                for _number in range(count)
            ])
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.accrue()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost(1)  # warm caches
        # more than the few whose company is read from the cache
        self.assertEqual(cost(30), cost(100))
