"""Cash-back and points of consumers in the books (trade.md R7, channel.md Acc-2 #15 to #17 "same for consumers")."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_examples import ExpectedCase

#: noon in Shanghai
FEBRUARY, MARCH = datetime(2026, 2, 20, 4), datetime(2026, 3, 10, 4)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestMemberRewards(ExpectedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club = cls.env["liquor.member.program"].create({
            "name": "Dream", "mode": "national", "company_id": cls.company.id
        })  # fmt: skip
        cls.member = cls.env["liquor.member"]._join(cls.club, "13800138000", "desk", "1").with_env(cls.env)
        cls.name = cls.member.partner_id.name

    def cash(self, amount, day=MARCH, member=None, **values):
        return self.env["liquor.cash.entry"]._earn([{
            "member": member or self.member, "amount": amount, "key": f"t/{next(self.numbers)}", "event_time": day,
            **values,
        }])  # fmt: skip

    def points(self, points, day=MARCH, **values):
        return self.env["liquor.reward"]._grant([{
            "kind": "points", "member": self.member, "points": points, "key": f"t/{next(self.numbers)}",
            "event_time": day, **values,
        }])[0]  # fmt: skip

    def spend(self, points):
        number = next(self.numbers)
        return self.env["liquor.point.entry"]._move([
            {"member": self.member, "kind": "spend", "points": points, "key": f"s/{number}", "cause": f"test,{number}"}
        ])

    def worth(self, worth=0.01, day="2026-03-01"):
        return self.env["liquor.point.worth"].with_user(self.finance).create({
            "program_id": self.club.id, "date_start": day, "worth": worth, "source": "gifts of last year",
        })  # fmt: skip

    def expect_club(self, reward="cash", **values):
        return self.expect(
            policy_id=False, program_id=self.club.id, reward=reward, share_percent=0.0, **values
        )  # fmt: skip

    def agree(self):
        """Sub-ledger and ledger say the same by account and partner."""
        self.assertFalse(
            self.env["liquor.tie.out"].search([("company_id", "=", self.company.id), ("difference", "!=", 0)])
        )

    # ------------------------------------------------------------------ cash-back
    def test_15_to_17_cash_of_consumers(self):
        """100 cases x 15.00 x 60 % = 900.00, the maker's alone; 40 cases opened = 600.00; 300.00 go back red."""
        expectation = self.expect_club()
        self.ship(100)
        self.check(self.accrue().move_ids, {("reward_contra", ""): 900, ("expected_reward", ""): -900})  # 15
        self.assertFalse(self.accrue())
        self.cash(600, product=self.product)
        self.check(  # 16
            self.accrue().move_ids, {("expected_reward", ""): 600, ("member_cash", self.name): -600}
        )
        self.assertEqual((expectation.amount_used, expectation.amount_left, self.left()), (600, 300, 300))
        before = self.env["account.move"].search([])
        expectation.with_user(self.finance).action_close()
        closing = self.env["account.move"].search([]) - before
        self.check(closing, {("expected_reward", ""): 300, ("reward_contra", ""): -300})  # 17
        self.assertEqual((self.red(closing), self.left()), (closing.line_ids, 0))
        self.agree()

    def test_cash_without_campaign_is_booked_paid_and_taken_back(self):
        first = self.cash(50)
        run = self.accrue()
        self.check(run.move_ids, {("reward_contra", ""): 50, ("member_cash", self.name): -50})
        self.assertFalse(self.accrue())
        self.env["liquor.cash.entry"]._withdraw(self.member, 30.0, "withdraw/test")
        self.payee(self.member.partner_id)
        self.batch()
        self.assertEqual(self.balance("member_cash", self.member.partner_id), -20)
        first._reverse("the code was void")
        move = self.accrue().move_ids
        self.check(move, {("reward_contra", ""): -50, ("member_cash", self.name): 50})
        self.assertEqual(self.red(move), move.line_ids)
        # 20.00 were left and 50.00 are taken back: he owes 30.00
        self.assertEqual(self.balance("member_cash", self.member.partner_id), 30)
        self.agree()

    def test_what_is_taken_back_is_expected_again_while_the_campaign_is_open(self):
        expectation = self.expect_club()
        self.ship(100)
        first, second = self.cash(100), self.cash(200)
        self.accrue()
        first._reverse("void")
        self.check(self.accrue().move_ids, {("expected_reward", ""): -100, ("member_cash", self.name): 100})
        self.assertEqual(self.left(), 700)  # 900 - 200
        expectation.with_user(self.finance).action_close()
        second._reverse("void after the end")
        self.check(self.accrue().move_ids, {("reward_contra", ""): -200, ("member_cash", self.name): 200})
        self.assertEqual(self.left(), 0)

    def test_a_campaign_covers_its_days_and_goods_only(self):
        other = self.product.copy({"name": "Another wine"})
        self.expect_club(product_ids=[(6, 0, self.product.ids)])
        with self.assertRaises(ValidationError):
            self.expect_club(product_ids=[(6, 0, (self.product | other).ids)])
        self.cash(10, product=self.product)
        self.cash(20, product=other)
        self.cash(40, day=FEBRUARY, product=self.product)
        # 10.00 of 70.00 were expected; nothing was shipped, so the accrual follows what was earned
        sums = self.sums(self.accrue().move_ids)
        self.assertEqual((sums["reward_contra", ""], sums["member_cash", self.name]), (70, -70))
        self.assertEqual(self.env["liquor.reward.expectation"].search([]).amount_used, 10)
        self.assertEqual(self.left(), 0)

    def test_estimate_of_a_club_is_complete(self):
        for values in ({"share_percent": 30.0}, {"program_id": False}, {"reward": "trade"}):
            with self.subTest(values=values), self.assertRaises(Exception), self.cr.savepoint():  # noqa: B017
                self.env["liquor.reward.expectation"].create({
                    "reward": "cash", "program_id": self.club.id, "date_start": "2026-03-01",
                    "date_end": "2026-03-31", "amount_per_case": 1, "expected_percent": 1, "rate_source": "x", **values,
                })  # fmt: skip
                self.env.flush_all()

    # ------------------------------------------------------------------ points
    def test_points_are_owed_at_their_worth_until_used_or_expired(self):
        """1,000 points at 0.01 are 10.00: 300 used 3.00, 700 expired 7.00 (red), nothing is left."""
        self.assertFalse(self.points(5) and self.accrue())  # nobody said what they are worth
        self.worth(day="2026-03-02")
        self.points(800, day=FEBRUARY)  # before the worth began
        self.assertEqual(self.sums(self.accrue().move_ids), {("reward_contra", ""): 0.05, ("member_points", ""): -0.05})
        lot = self.points(1000)
        self.check(self.accrue().move_ids, {("reward_contra", ""): 10, ("member_points", ""): -10})
        self.assertFalse(self.accrue())
        self.spend(805 + 300)  # the oldest lots first: 800 of February, 5, 300 of the 1,000
        used = self.accrue().move_ids
        self.check(used, {("reward_contra", ""): -3.05, ("member_points", ""): 3.05})
        self.assertFalse(self.red(used))
        with freeze_time(datetime(lot.expires_on.year, lot.expires_on.month, lot.expires_on.day, 20)):
            self.env["liquor.point.entry"]._refresh(self.member)
            over = self.accrue().move_ids
        self.check(over, {("reward_contra", ""): -7, ("member_points", ""): 7})
        self.assertEqual(self.red(over), over.line_ids)
        self.agree()

    def test_what_nobody_will_use_is_booked_month_by_month(self):
        """10.00 of points, 80 % expected: 2.00 back. 3.00 used: as before. 90 %: 1.67. The rest expires: nothing.

        Owed are 10 x 80 % = 8.00, 8 - 3 = 5.00, 8 x (1 - 3 / 9) = 5.33 of the 7.00 that are open, and nothing.
        """
        use, rates = self.env["liquor.point.use.entry"], self.env["liquor.point.use.rate"].with_user(self.finance)
        self.worth()
        lot = self.points(1000)
        self.accrue()
        self.assertFalse(use._true_up(self.company, date(2026, 3, 31)))
        first = rates.create({
            "program_id": self.club.id, "date_start": "2026-03-01", "percent": 80, "source": "two years of points",
        })  # fmt: skip
        made = use._true_up(self.company, date(2026, 3, 31))
        self.assertEqual((made.full_worth, made.unused, made.amount, made.percent), (10, 2, 2, 80))
        self.check(made.move_ids, {("member_points", ""): 2, ("reward_contra", ""): -2})
        self.assertFalse(use._true_up(self.company, date(2026, 3, 31)))
        with self.assertRaises(UserError):
            first.percent = 70
        with self.assertRaises(UserError):
            made.move_ids.button_draft()
        self.agree()
        with freeze_time("2026-04-20 04:00:00"):
            self.spend(300)
            self.accrue()
            self.assertFalse(use._true_up(self.company, date(2026, 4, 30)))
            rates.create({
                "program_id": self.club.id, "date_start": "2026-04-15", "percent": 90, "source": "a good spring",
            })  # fmt: skip
            made = use._true_up(self.company, date(2026, 4, 30))
            self.check(made.move_ids, {("member_points", ""): -0.33, ("reward_contra", ""): 0.33})
            self.assertEqual(self.red(made.move_ids), made.move_ids.line_ids)
            self.assertFalse(use._true_up(self.company, date(2026, 3, 31)))  # nothing backwards
        day = lot.expires_on
        with freeze_time(datetime(day.year, day.month, day.day, 20)):
            self.env["liquor.point.entry"]._refresh(self.member)
            self.accrue()
            made = use._true_up(self.company, fields.Date.add(day, months=1))
        self.assertEqual((made.full_worth, made.unused, made.amount), (0, 0, -1.67))
        self.assertEqual(sum(use.search([("program_id", "=", self.club.id)]).mapped("amount")), 0)
        self.agree()

    def test_each_estimate_that_months_were_judged_by_stays(self):
        """Two estimates before the first entry: 10.00 of March at 80 %, 5.00 of April at 60 %: 2.00 + 2.00."""
        use, rates = self.env["liquor.point.use.entry"], self.env["liquor.point.use.rate"].with_user(self.finance)
        self.worth()
        self.points(1000)
        with freeze_time("2026-04-20 04:00:00"):
            self.points(500, day=datetime(2026, 4, 10, 4))
            self.accrue()
            both = rates.create([
                {"program_id": self.club.id, "date_start": day, "percent": percent, "source": "two years"}
                for day, percent in (("2026-03-01", 80), ("2026-04-01", 60))
            ])
            made = use._true_up(self.company, date(2026, 4, 30))
            self.assertEqual((made.full_worth, made.unused, made.rate_id), (15, 4, both[1].with_env(self.env)))
            for rate in both:
                with self.assertRaises(UserError):
                    rate.percent = 70
                with self.assertRaises(UserError):
                    rate.unlink()

    def test_a_lot_in_parts_leaves_nothing(self):
        """7 points at 0.0055 are 0.04; 3 of them 0.0165 = 0.02, then 4: 0.04 - 0.02 = 0.02."""
        self.worth(0.0055)
        self.points(7)
        self.assertEqual(self.sums(self.accrue().move_ids)["member_points", ""], -0.04)
        self.spend(3)
        self.assertEqual(self.sums(self.accrue().move_ids)["member_points", ""], 0.02)
        self.spend(4)
        self.assertEqual(self.sums(self.accrue().move_ids)["member_points", ""], 0.02)
        self.assertEqual(sum(self.env["liquor.member.posting"].search([]).mapped("amount")), 0)

    def test_points_that_a_campaign_expected(self):
        """100 cases x 2.00 x 50 % = 100.00; 4,000 points at 0.01 are taken from it, and go back there when void."""
        self.worth()
        expectation = self.expect_club("points", percent=50.0, amount_per_case=2.0)
        self.ship(100)
        lot = self.points(4000)
        self.check(
            self.accrue().move_ids,
            # 100.00 expected; 40.00 of it earned
            {("reward_contra", ""): 100, ("expected_reward", ""): -60, ("member_points", ""): -40},
        )
        lot._take_back("the code was void")
        self.check(self.accrue().move_ids, {("expected_reward", ""): -40, ("member_points", ""): 40})
        self.assertEqual((expectation.amount_used, self.left()), (0, 100))

    def test_a_worth_by_which_points_were_booked_stays(self):
        worth = self.worth()
        worth.worth = 0.02
        self.points(1000)
        self.accrue()
        with self.assertRaises(UserError):
            worth.worth = 0.01
        with self.assertRaises(UserError):
            worth.unlink()
        self.worth(0.05, day="2026-03-15")
        self.points(100, day=datetime(2026, 3, 15, 4))
        self.spend(1100)
        # 100 x 0.05 are owed and used, 1,000 x 0.02 used
        self.assertEqual(self.sums(self.accrue().move_ids), {("reward_contra", ""): -20, ("member_points", ""): 20})

    def test_what_is_used_and_given_back_at_once(self):
        self.worth()
        self.points(1000)
        self.accrue()
        self.spend(300)
        cause = self.env["liquor.point.entry"].search([("kind", "=", "spend")], limit=1).cause
        self.env["liquor.point.entry"]._move([
            {"member": self.member, "kind": "give_back", "points": 300, "key": "back", "cause": cause}
        ])
        self.assertFalse(self.sums(self.accrue().move_ids))
        self.assertFalse(self.accrue())

    def test_as_many_queries_for_many_members(self):
        members = [
            self.env["liquor.member"]._join(self.club, f"1390013{8000 + number}", "desk", "1") for number in range(8)
        ]
        counts = []
        for some in (members[:1], members[1:]):
            for member in some:
                self.cash(10, member=member.with_env(self.env))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.env["liquor.accrual.run"]._member_rewards(self.company, self.env.cr.now().date())
            counts.append(self.cr.sql_log_count - start)
            self.accrue()
        self.assertEqual(counts[0], counts[1])
