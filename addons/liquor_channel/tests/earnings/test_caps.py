"""Caps of policies and of agreements, and the limits of what a distributor consented to."""

from datetime import date, datetime
from decimal import Decimal

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import DAY, ChannelCase


@tagged("post_install", "-at_install")
class TestCaps(ChannelCase):
    def earn(self, *facts):
        found = self.env["liquor.policy"]._earn(list(facts))
        return self.env["liquor.earning"].concat(*found.values())

    def test_cap_per_shop_and_month(self):
        # 15 a case, at most 40 a month: 15 + 15 + 10, then nothing; April begins anew
        self.make_version(rate=15.0, cap_amount=40.0, period="month")
        earnings = self.earn(*[self.make_fact(number) for number in range(5)])
        self.assertEqual(earnings.sorted("id").mapped("amount"), [15.0, 15.0, 10.0])
        april = self.earn(self.make_fact(9, business_day=date(2026, 4, 1), event_time=datetime(2026, 4, 1, 4)))
        self.assertEqual(april.amount, 15.0)

    def test_a_repeated_fact_takes_nothing_from_the_cap(self):
        self.make_version(rate=15.0, cap_amount=40.0, period="month")
        for _again in range(3):
            self.earn(self.make_fact(1))
        self.assertEqual(self.earn(self.make_fact(2)).amount, 15.0)

    def test_what_is_taken_back_is_free_again(self):
        self.make_version(rate=15.0, cap_amount=40.0, period="month")
        self.make_agreement(30.0, cap=6.0)
        self.earn(*[self.make_fact(number) for number in range(3)])
        for _again in range(2):
            self.env["liquor.earning"]._claw_back(["test/0"], "Returned")
        # 40 - 40 + 15 taken back = 15 left; of the agreement 6.00 - 6.00 + 4.50 = 4.50 left
        earnings = self.earn(*[self.make_fact(number) for number in range(5, 8)])
        self.assertEqual((earnings.amount, earnings.funder_amount), (15.0, 4.5))

    def test_room_of_a_consent_comes_back_after_its_end(self):
        """4.50 and 1.50 of 6.00 carried; ended on the eve, the consent gets back what its rewards give back."""
        self.make_version(rate=15.0)
        agreement = self.make_agreement(30.0, cap=6.0)
        self.earn(self.make_fact(1), self.make_fact(2))
        counter = self.env["liquor.cap.counter"].search([("key", "=", agreement.line_ids._cap_key())])
        agreement.sudo().write({"state": "ended", "ended_on": date(2026, 3, 9)})
        self.env["liquor.earning"]._claw_back(["test/1"], "Returned")
        self.assertEqual(counter.taken, 1.5)

    def test_cap_of_an_agreement(self):
        # 30 % of 15 = 4.50; at most 6.00: 4.50, 1.50, 0
        self.make_version(rate=15.0)
        self.make_agreement(30.0, cap=6.0)
        earnings = self.earn(*[self.make_fact(number) for number in range(3)]).sorted("id")
        self.assertEqual(earnings.mapped("funder_amount"), [4.5, 1.5, 0.0])
        self.assertEqual(earnings.mapped("amount"), [15.0] * 3)

    def test_one_cent_of_a_tie_is_the_brands(self):
        # 50 % of 0.15 is 0.075: the brand takes 0.08
        self.make_version(rate=0.15)
        self.make_agreement(50.0)
        self.assertEqual(self.earn(self.make_fact(1)).funder_amount, 0.07)

    def test_only_the_distributor_accepts(self):
        agreement = self.make_agreement(accept=False)
        with self.assertRaises(AccessError):
            agreement._accept(self.clerk)
        agreement._accept(self.distributor_user)
        self.assertEqual((agreement.state, agreement.accepted_by_id), ("accepted", self.distributor_user))
        with self.assertRaises(UserError):
            agreement._accept(self.distributor_user)

    def test_a_clerk_cannot_consent_by_writing_the_state(self):
        agreement = self.make_agreement(accept=False)
        with self.assertRaises(AccessError):
            agreement.with_user(self.clerk).write({"state": "accepted", "accepted_by_id": self.distributor_user.id})
        born = (
            self
            .env["liquor.agreement"]
            .with_user(self.clerk)
            .create({
                "distributor_id": self.distributor.id,
                "state": "accepted",
                "accepted_by_id": self.distributor_user.id,
                "accepted_at": "2026-01-01",
            })
        )
        self.assertEqual((born.state, born.accepted_by_id.id), ("draft", False))

    def test_what_was_sent_cannot_change(self):
        agreement = self.make_agreement(accept=False)
        with self.assertRaises(UserError):
            agreement.line_ids.share = 50.0
        with self.assertRaises(UserError):
            agreement.distributor_id = self.shop
        with self.assertRaises(UserError):
            agreement.unlink()
        agreement.date_end = date(2026, 12, 31)
        for day in (date(2027, 1, 1), False):
            with self.assertRaises(UserError):
                agreement.date_end = day

    def test_nothing_before_the_acceptance_is_charged(self):
        agreement = self.make_agreement()
        agreement.accepted_at = datetime(2026, 3, 11, 4)
        share = self.env["liquor.agreement"]._funding_share
        version = self.make_version(rate=15.0)
        self.assertEqual(share(self.company, self.distributor, version.policy_id, DAY)[0], 0)
        self.assertEqual(
            share(self.company, self.distributor, version.policy_id, date(2026, 3, 11)),
            (Decimal("0.3"), agreement),
        )

    def test_a_line_of_the_policy_goes_before_a_general_one(self):
        version = self.make_version(rate=15.0)
        self.make_agreement(30.0)
        own = self.make_agreement(10.0, policy_id=version.policy_id.id)
        self.assertEqual(self.earn(self.make_fact(1)).agreement_id, own)

    def test_a_distributor_does_not_carry_his_own_rebate(self):
        version = self.make_version(rate=15.0, beneficiary_kind="distributor")
        with self.assertRaises(ValidationError):
            self.make_agreement(10.0, policy_id=version.policy_id.id)
