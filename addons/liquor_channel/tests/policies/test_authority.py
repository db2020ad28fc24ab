"""National and regional mode: who writes what, the limits of head office, and what is above them."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import ChannelCase


@tagged("post_install", "-at_install")
class TestAuthority(ChannelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["liquor.territory"].load_divisions([("93", "Elsewhere")])
        users = {"region_author": "group_clerk", "region_manager": "group_channel_manager"}
        for name, group in users.items():
            user = new_test_user(
                cls.env, login=f"channel_{name}", groups=f"liquor_channel.{group}", company_id=cls.company.id
            )
            user.sudo().liquor_territory_ids = cls.city
            setattr(cls, name, user)
        cls.company.liquor_policy_mode = "regional"

    def limit(self, rate=16.0, **values):
        return (
            self
            .env["liquor.policy.limit"]
            .with_user(self.manager)
            .create({"territory_id": self.province.id, "rate": rate, "date_start": "2026-01-01", **values})
        )

    def draft(self, user=None, rate=15.0, territory=None, **values):
        env = self.env(user=user or self.region_author)
        policy = env["liquor.policy"].create({"name": "Of the region", "beneficiary_kind": "terminal"})
        return env["liquor.policy.version"].create({
            "policy_id": policy.id,
            "date_start": "2026-01-01",
            "rate": rate,
            "territory_ids": [Command.link((territory or self.county).id)],
            **values,
        })

    def test_in_national_mode_only_head_office_writes(self):
        self.company.liquor_policy_mode = "national"
        with self.assertRaises(AccessError):
            self.draft()
        version = self.draft(self.clerk)
        for values in ({"rate": 99.0}, {"date_end": "2026-12-31"}):
            with self.assertRaises(AccessError):
                version.with_user(self.region_author).write(values)
        with self.assertRaises(AccessError):
            version.with_user(self.region_manager).action_activate()
        self.assertEqual(version.scope_kind, "head_office")

    def test_a_region_writes_for_its_own_territories_only(self):
        self.assertEqual(self.draft().scope_kind, "region")
        for territory in (self.province, self.elsewhere):
            with self.assertRaises(AccessError):
                self.draft(territory=territory)
        with self.assertRaises(AccessError):
            self.draft(territory_ids=[])
        version = self.draft()
        with self.assertRaises(AccessError):
            version.territory_ids = [Command.link(self.elsewhere.id)]

    def test_a_region_approves_within_the_limit_by_two_people(self):
        self.limit(16.0)
        version = self.draft(rate=16.0)
        version.with_user(self.region_manager).action_activate()
        self.assertEqual((version.state, version.activated_by_id), ("active", self.region_manager))
        own = self.draft(self.region_manager)
        with self.assertRaises(UserError):
            own.action_activate()

    def test_uplifts_and_missing_caps_are_above_the_limit(self):
        self.limit(16.0, cap_amount=5000)
        version = self.draft(
            rate=15.0, cap_amount=5000, uplift_ids=[Command.create({"kind": "under_attack", "percent": 10})]
        )
        self.assertTrue(version.breach)  # 16.50 with the uplift
        self.assertFalse(self.draft(rate=15.0, cap_amount=5000).breach)
        self.assertTrue(self.draft(rate=15.0).breach)

    def test_without_a_limit_a_region_promises_nothing(self):
        with self.assertRaises(UserError):
            self.draft().with_user(self.region_manager).action_activate()

    def test_the_nearest_limit_counts(self):
        self.limit(16.0)
        self.limit(20.0, territory_id=self.county.id)
        self.draft(rate=20.0).with_user(self.region_manager).action_activate()

    def test_head_office_decides_on_what_is_above(self):
        self.limit(16.0)
        version = self.draft(rate=18.0)
        with self.assertRaises(UserError):
            version.with_user(self.region_manager).action_activate()
        override = self.env["liquor.policy.override"].browse(version.action_ask_head_office("Festival")["res_id"])
        self.assertEqual((override.state, override.asked_by_id), ("asked", self.region_author))
        with self.assertRaises(UserError):
            version.action_ask_head_office()
        for user in (self.region_author, self.region_manager, self.clerk):
            with self.assertRaises(AccessError):
                override.with_user(user).action_grant()
        with self.assertRaises(AccessError):
            override.with_user(self.manager).state = "granted"
        override.with_user(self.manager).action_grant()
        version.with_user(self.region_manager).action_activate()
        self.assertEqual((version.state, override.decided_by_id), ("active", self.manager))

    def test_a_grant_is_for_the_terms_that_were_asked(self):
        self.limit(16.0)
        version = self.draft(rate=18.0)
        override = self.env["liquor.policy.override"].browse(version.action_ask_head_office()["res_id"])
        override.with_user(self.manager).action_grant()
        version.rate = 19.0
        with self.assertRaises(UserError):
            version.with_user(self.region_manager).action_activate()

    def test_a_region_does_not_set_its_limits(self):
        limit = self.limit(16.0)
        with self.assertRaises(AccessError):
            limit.with_user(self.region_manager).rate = 99.0
        with self.assertRaises(AccessError):
            limit.with_user(self.region_manager).unlink()
        with self.assertRaises(AccessError):
            limit.with_user(self.region_manager).copy({"date_start": "2030-01-01"})

    def test_who_changes_tiers_or_uplifts_does_not_approve(self):
        version = self.make_version([(0, 0, 3)], activate=False, measure="amount", rate_kind="percent")
        version.author_id = self.clerk
        version.tier_ids.with_user(self.manager).rate = 9.0
        self.assertEqual(version.author_id, self.manager)
        with self.assertRaises(UserError):
            version.with_user(self.manager).action_activate()
        with self.assertRaises(AccessError):
            version.tier_ids.with_user(self.region_author).rate = 50.0

    def test_a_forged_scope_is_refused(self):
        version = self.draft(rate=99.0)
        with self.assertRaises(AccessError):
            version.scope_kind = "head_office"
        self.assertEqual(self.draft(scope_kind="head_office").scope_kind, "region")

    def own_value(self, user, kind="rate", value=18, partner=None):
        version = self.make_version(rate=15.0, name=f"{kind} {value} {user.login}")
        return self.env["liquor.policy.overlay"].with_user(user).create({
            "policy_id": version.policy_id.id,
            "partner_id": (partner or self.shop).id,
            "kind": kind,
            "value": value,
            "reason": "Display",
            "date_start": "2026-03-01",
        })  # fmt: skip

    def test_values_of_one_shop_within_the_limit_of_its_region(self):
        self.limit(16.0)
        self.own_value(self.region_author, value=16).with_user(self.region_manager).action_approve()
        for kind, value in (("rate", 17), ("strength", 10)):  # 15.00 + 10 % = 16.50
            overlay = self.own_value(self.region_author, kind, value)
            with self.assertRaises(UserError):
                overlay.with_user(self.region_manager).action_approve()
            overlay.with_user(self.manager).action_approve()

    def test_values_of_shops_elsewhere_are_not_a_regions(self):
        far = self.make_partner("Far Shop", "terminal", territory_id=self.elsewhere.id)
        with self.assertRaises(AccessError):
            self.own_value(self.region_author, partner=far)
        overlay = self.own_value(self.clerk, partner=far)
        with self.assertRaises(AccessError):
            overlay.with_user(self.region_manager).action_approve()
        self.company.liquor_policy_mode = "national"
        with self.assertRaises(AccessError):
            self.own_value(self.region_author)
