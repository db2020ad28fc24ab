"""What holds for one party with its sources, and the preset of a region."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import DAY, ChannelCase


@tagged("post_install", "-at_install")
class TestEffective(ChannelCase):
    def values(self, partner=None, day=DAY, user=None):
        page = (
            self
            .env["liquor.policy.effective"]
            .with_user(user or self.clerk)
            .create({"partner_id": (partner or self.shop).id, "day": day})
        )
        return [(line.what, line.value, line.source, line.own) for line in page.line_ids]

    def test_each_value_names_its_source(self):
        version = self.make_version(
            rate=15.0,
            cap_amount=900.0,
            uplift_ids=[Command.create({"kind": "new_market", "percent": 10, "months": 3})],
        )
        overlay = self.env["liquor.policy.overlay"].with_user(self.clerk).create({
            "policy_id": version.policy_id.id,
            "partner_id": self.shop.id,
            "kind": "rate",
            "value": 18,
            "reason": "Window display",
            "date_start": DAY,
        })  # fmt: skip
        overlay.with_user(self.manager).action_approve()
        rows = {what: (value, source, own) for what, value, source, own in self.values()}
        self.assertIn("18", rows["rate"][0])
        self.assertIn("Window display", rows["rate"][1])
        self.assertIn(self.manager.name, rows["rate"][1])
        self.assertEqual([own for _value, _source, own in rows.values()].count(True), 1)
        self.assertIn("10 %", rows["uplift"][0])
        self.assertIn("900.00", rows["cap"][0])
        other = {what: value for what, value, *_rest in self.values(self.second_shop)}
        self.assertIn("15", other["rate"])

    def test_only_what_is_for_the_party(self):
        self.make_version(rate=15.0, terminal_kind_ids=[Command.link(self.restaurant_kind.id)])
        self.make_version(rate=5.0, beneficiary_kind="distributor", name="For distributors")
        self.assertFalse(self.values())
        self.assertEqual(len(self.values(self.second_shop)), 1)

    def test_opened_from_the_role_and_only_by_staff(self):
        role = self.env["liquor.channel.role"]._live(self.shop, "terminal", DAY, self.company)
        action = role.with_user(self.clerk).action_effective_policies()
        self.assertEqual(action["res_model"], "liquor.policy.effective")
        for user in (self.outsider, self.distributor_user):
            with self.assertRaises(AccessError):
                role.with_user(user).action_effective_policies()

    def test_queries_do_not_grow_with_the_policies(self):
        counts = []
        for size in (1, 20):
            for number in range(size):
                self.make_version(rate=15.0, cap_amount=5, name=f"Policy {size} {number}")
            self.env.flush_all()
            self.env.invalidate_all()
            page = self.env["liquor.policy.effective"].new({"partner_id": self.shop.id, "day": DAY})
            before = self.env.cr.sql_log_count
            page._rows()
            counts.append(self.env.cr.sql_log_count - before)
        # the first call warms what the second finds
        self.assertLessEqual(counts[1], counts[0])


@tagged("post_install", "-at_install")
class TestPreset(ChannelCase):
    def preset(self, user=None, **values):
        return (
            self
            .env["liquor.policy.preset"]
            .with_user(user or self.manager)
            .create({"territory_ids": [Command.link(self.city.id)], "date_start": "2026-01-01", **values})
        )

    def test_a_rebate_a_reward_and_a_statement_ready_to_approve(self):
        action = self.preset(reward_per_case=12.0, confirm_days=7).action_create()
        versions = self.env["liquor.policy.version"].search(action["domain"])
        self.assertEqual(set(versions.mapped("state")), {"draft"})
        self.assertEqual(sorted(versions.mapped("kind")), ["per_unit", "tiered"])
        self.assertEqual(versions.author_id, self.manager)
        with self.assertRaises(UserError):
            versions.with_user(self.manager).action_activate()
        other = new_test_user(
            self.env, login="channel_other", groups="liquor_channel.group_channel_manager", company_id=self.company.id
        )
        versions.with_user(other).action_activate()
        self.assertEqual((self.company.liquor_policy_mode, self.company.liquor_confirm_days), ("regional", 7))
        # one case of 12.00 at once; 2 % of 100,000 received
        self.assertEqual(sum(self.env["liquor.policy"]._earn([self.make_fact(1)])["test/1"].mapped("amount")), 12.0)
        payment = self.env["account.payment"].create({
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.distributor.id,
            "amount": 100000,
            "date": "2026-02-01",
            "journal_id": self.env["account.journal"].search([("type", "=", "bank")], limit=1).id,
        })
        payment.action_post()
        self.assertEqual(versions._bring_up_to_date(DAY).mapped("amount"), [2000.0])

    def test_twice_is_refused(self):
        self.preset().action_create()
        with self.assertRaises(UserError):
            self.preset().action_create()

    def test_a_clerk_does_not_set_a_region_up(self):
        preset = self.preset()
        with self.assertRaises(AccessError):
            preset.with_user(self.clerk).action_create()
