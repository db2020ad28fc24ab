"""自动每周提现 (trade.md R8): once a week, to the confirmed account, minimum and the day's cap kept."""

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..money_case import MoneyCase

#: noon in Shanghai: Friday 20, then Monday 23 and Tuesday 24 of March 2026 (weeks 12 and 13)
FRIDAY, MONDAY, TUESDAY = "2026-03-20 04:00:00", "2026-03-23 04:00:00", "2026-03-24 04:00:00"


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestWeeklyWithdrawal(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({
            "liquor_withdraw_weekday": "1", "liquor_withdraw_minimum": 10, "liquor_withdraw_day_cap": 5000
        })  # fmt: skip
        cls.weekly = cls.env["liquor.weekly.withdrawal"]

    def choose(self, partner=None):
        partner = partner or self.shop
        payee = self.env["liquor.payee"]._of(self.company, partner) or self.payee(partner)
        return self.weekly._choose(self.company, partner, payee, self.env.user)

    def payouts(self, partner=None):
        partner = partner or self.shop
        return self.env["liquor.payout"].search([("partner_id", "=", partner.id)], order="id")

    def run_cron(self):
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_words, **_named: 60.0)
        self.weekly._cron_withdraw()

    def test_once_a_week_and_run_twice_is_once(self):
        choice = self.choose()
        self.book(self.shop, 600)
        self.run_cron()
        self.run_cron()
        payout = self.payouts()
        self.assertEqual((payout.amount, payout.state, payout.payee_id), (600, "requested", choice.payee_id))
        self.assertEqual((choice.last_week, choice.last_result), ("2026-W12", "asked"))
        self.book(self.shop, 50)
        self.run_cron()
        self.assertEqual(len(self.payouts()), 1)
        with freeze_time(MONDAY):
            self.run_cron()
        self.assertEqual(self.payouts().mapped("amount"), [600, 50])

    def test_waits_for_its_day(self):
        self.company.liquor_withdraw_weekday = "2"
        self.choose()
        self.book(self.shop, 600)
        with freeze_time(MONDAY):
            self.run_cron()
            self.assertFalse(self.payouts())
        # the company's Tuesday begins at 16:00 UTC of Monday
        with freeze_time("2026-03-23 16:00:00"):
            self.run_cron()
        self.assertEqual(self.payouts().amount, 600)

    def test_below_the_smallest_withdrawal_nothing_leaves(self):
        choice = self.choose()
        self.book(self.shop, 9.99)
        self.run_cron()
        self.assertEqual((self.payouts(), choice.last_result), (self.env["liquor.payout"], "too_little"))
        self.book(self.shop, 0.01)
        with freeze_time(MONDAY):
            self.run_cron()
        self.assertEqual(self.payouts().amount, 10)

    def test_what_is_left_of_the_days_cap(self):
        """5,000.00 a day: 4,995.00 were asked for by hand, 300.00 wait for tomorrow."""
        choice = self.choose()
        self.book(self.shop, 4995)
        self.ask(self.shop)
        self.book(self.shop, 300)
        with freeze_time(FRIDAY):
            self.run_cron()
        self.assertEqual((len(self.payouts()), choice.last_result, choice.last_week), (1, "day_cap", False))
        with freeze_time("2026-03-21 04:00:00"):
            self.run_cron()
        self.assertEqual(self.payouts().mapped("amount"), [4995, 300])

    def test_another_account_is_confirmed_first(self):
        choice = self.choose()
        self.book(self.shop, 600)
        changed = self.payee(self.shop, "6222020000005555555")
        self.run_cron()
        self.assertFalse(self.payouts())
        self.choose()
        self.run_cron()
        self.assertEqual((self.payouts().payee_id, choice.payee_id), (changed, changed))

    def test_off_suspended_or_held_is_not_paid(self):
        self.choose()
        self.book(self.shop, 600)
        self.weekly._stop(self.company, self.shop)
        self.run_cron()
        self.choose()
        role = self.shop._liquor_role("terminal", self.company)
        role.sudo().write({"state": "ended", "date_end": "2026-03-01"})
        self.run_cron()
        self.assertFalse(self.payouts())
        role.sudo().write({"state": "formal", "date_end": False})
        earning = self.env["liquor.earning"].search([("partner_id", "=", self.shop.id)])
        self.env["liquor.earning.state"]._set(earning, "held", "inspection")
        self.run_cron()
        self.assertFalse(self.payouts())

    def test_a_strangers_account_is_refused(self):
        foreign = self.payee(self.guide)
        with self.assertRaises(UserError):
            self.weekly._choose(self.company, self.shop, foreign, self.env.user)

    def test_a_payout_of_this_week_counts_as_handled(self):
        """A run that was killed after it asked, before it noted so."""
        choice = self.choose()
        self.book(self.shop, 600)
        self.run_cron()
        choice.write({"last_week": False})
        self.book(self.shop, 50)
        self.run_cron()
        self.assertEqual(self.payouts().mapped("amount"), [600])

    def test_as_many_queries_for_many(self):
        shops = [self.make_partner(f"Shop {number}", "terminal") for number in range(7)]
        counts = []
        # the first round fills what is cached for good
        for some in (shops[:1], shops[1:2], shops[2:]):
            choices = self.weekly.browse()
            for shop in some:
                choices |= self.choose(shop)
                self.book(shop, 100)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            choices._withdraw(self.company)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
