"""Life of a version: draft, approved by somebody else, frozen by its first payment."""

from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ChannelCase


@tagged("post_install", "-at_install")
class TestPolicy(ChannelCase):
    def test_terms_of_a_version_in_force_cannot_change(self):
        version = self.make_version(rate=15.0)
        with self.assertRaises(UserError):
            version.rate = 20.0
        with self.assertRaises(UserError):
            version.policy_id.kind = "tiered"
        with self.assertRaises(UserError):
            version.unlink()
        version.date_end = date(2026, 12, 31)

    def test_tiers_of_a_version_in_force_cannot_change(self):
        version = self.make_version([(0, 0, 3)], measure="amount", rate_kind="percent")
        with self.assertRaises(UserError):
            version.tier_ids.rate = 4.0
        with self.assertRaises(UserError):
            version.tier_ids.unlink()
        with self.assertRaises(UserError):
            self.env["liquor.policy.tier"].create({"version_id": version.id, "from_value": 5})

    def test_who_wrote_the_terms_does_not_approve_them(self):
        version = self.make_version(rate=15.0, activate=False)
        version.author_id = self.manager
        with self.assertRaises(UserError):
            version.with_user(self.manager).action_activate()
        version.author_id = self.clerk
        version.with_user(self.manager).action_activate()
        self.assertEqual((version.state, version.activated_by_id), ("active", self.manager))

    def test_editing_makes_one_the_author(self):
        version = self.make_version(rate=15.0, activate=False)
        version.author_id = self.clerk
        version.with_user(self.manager).rate = 16.0
        self.assertEqual(version.author_id, self.manager)

    def test_gap_and_overlap_are_refused_with_the_place(self):
        # the published schedule says 50-100 and 101-200 (ten thousand): nothing is said of what lies between
        for rows, words in (
            ([(500000, 1000000, 0.5), (1010000, 0, 1)], "1,010,000"),
            ([(0, 100, 1), (99, 0, 2)], "99"),
            ([(0, 100, 1)], "100"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.make_version(rows, measure="amount", rate_kind="percent")

    def test_a_new_version_ends_the_one_before_on_its_eve(self):
        first = self.make_version(rate=15.0)
        second = first.copy({"date_start": date(2026, 4, 1)})
        self.assertEqual((second.number, second.state), (2, "draft"))
        second.action_activate()
        self.assertEqual(first.date_end, date(2026, 3, 31))
        with self.assertRaises(UserError):
            first.copy({"date_start": date(2026, 4, 1)}).action_activate()

    def test_the_database_refuses_two_versions_on_one_day(self):
        # two approvals at the same moment do not see each other: only the table does
        first = self.make_version(rate=15.0)
        second = first.copy({"date_start": date(2026, 4, 1)})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE liquor_policy_version SET state = 'active' WHERE id = %s", [second.id])

    def test_a_version_cannot_end_before_its_last_payment(self):
        version = self.make_version(rate=15.0)
        self.env["liquor.policy"]._earn([self.make_fact(1)])
        with self.assertRaises(UserError):
            version.date_end = date(2026, 3, 9)
        version.date_end = date(2026, 3, 10)

    def test_sentence_with_a_worked_example(self):
        # 40 cases x 15 = 600
        self.assertIn("40 cases × 15.00", self.make_version(rate=15.0).sentence)
        self.assertIn("600.00", self.make_version(rate=15.0, name="Second").sentence)
        tiered = self.make_version([(0, 500000, 3), (500000, 0, 4)], measure="amount", rate_kind="percent")
        # a fifth above the second threshold: 600,000 x 4 % = 24,000
        self.assertIn("24,000.00", tiered.sentence)
        self.assertIn("600,000.00", tiered.sentence)

    def test_rates_have_bounds(self):
        for values in ({"rate": -1.0}, {"rate": 15.0, "cap_amount": -1.0}):
            with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017
                self.make_version(**values)

    def test_progressive_tiers_pay_on_what_they_are_measured_in(self):
        with self.assertRaises(ValidationError):
            self.make_version([(0, 0, 3)], measure="cases", rate_kind="percent", method="progressive")

    def test_roles(self):
        version = self.make_version(rate=15.0, activate=False)
        draft = self.env["liquor.policy"].with_user(self.clerk).create({"name": "By a clerk"})
        self.assertTrue(draft)
        with self.assertRaises(AccessError):
            self.env["liquor.policy"].with_user(self.finance).create({"name": "By finance"})
        for user in (self.outsider, self.distributor_user):
            with self.assertRaises(AccessError):
                version.with_user(user).read(["rate"])

    def test_clerk_cannot_activate_by_writing_the_state(self):
        version = self.make_version(rate=15.0, activate=False)
        for values in ({"state": "active"}, {"activated_by_id": self.manager.id}):
            with self.assertRaises(AccessError):
                version.with_user(self.clerk).write(values)
        version.with_user(self.clerk).author_id = self.manager
        self.assertEqual(version.author_id, self.clerk)
        born = (
            self
            .env["liquor.policy.version"]
            .with_user(self.clerk)
            .create({
                "policy_id": version.policy_id.id,
                "state": "active",
                "rate": 1000.0,
                "author_id": self.manager.id,
            })
        )
        self.assertEqual((born.state, born.author_id), ("draft", self.clerk))
        with self.assertRaises(AccessError):
            version.with_user(self.clerk).action_activate()

    def test_scope_by_kind_place_and_purpose(self):
        version = self.make_version(
            rate=15.0,
            terminal_kind_ids=[Command.link(self.shop_kind.id)],
            territory_ids=[Command.link(self.province.id)],
            category_ids=[Command.link(self.category.id)],
            count_samples=False,
        )
        self.assertEqual(version.state, "active")
        other = self.env["liquor.territory"].load_divisions([("93", "Elsewhere")])
        found = self.env["liquor.policy"]._earn([
            self.make_fact(1),
            self.make_fact(2, partner_id=self.second_shop.id),  # a restaurant
            self.make_fact(3, territory_id=other.id),
            self.make_fact(4, purpose="tasting"),
            self.make_fact(5, kind="opened"),
            self.make_fact(6, business_day=date(2025, 12, 31)),
        ])
        paid = {key for key, earnings in found.items() if earnings}
        self.assertEqual(paid, {"test/1"})

    def test_only_a_role_in_force_is_paid(self):
        self.make_version(rate=15.0)
        role = self.env["liquor.channel.role"]._live(self.shop, "terminal", date(2026, 3, 10), self.company)
        role.write({"state": "suspended", "suspended_on": date(2026, 3, 10)})
        self.assertFalse(self.env["liquor.policy"]._earn([self.make_fact(1)])["test/1"])
        role.suspended_on = date(2026, 3, 11)
        self.assertTrue(self.env["liquor.policy"]._earn([self.make_fact(1)])["test/1"])
