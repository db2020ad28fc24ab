"""What the screen proposes to the clerk who writes terms, and what it does not say before there is something to say."""

from odoo import Command
from odoo.tests import Form, tagged

from ..common import ChannelCase


@tagged("post_install", "-at_install")
class TestProposal(ChannelCase):
    def policy(self, kind, beneficiary):
        return (
            self
            .env["liquor.policy"]
            .with_user(self.clerk)
            .create({"name": "New", "kind": kind, "beneficiary_kind": beneficiary})
        )

    def draft(self, policy, **values):
        return policy.env["liquor.policy.version"].create({"policy_id": policy.id, "rate": 1.0, **values})

    def test_kind_and_nature_follow_who_is_paid(self):
        with Form(self.env["liquor.policy"].with_user(self.clerk)) as form:
            form.name = "New"
            form.beneficiary_kind = "distributor"
            self.assertEqual((form.kind, form.nature), ("tiered", "rebate"))
            form.beneficiary_kind = "guide"
            self.assertEqual((form.kind, form.nature), ("per_unit", "reward"))
        with Form(form.record) as saved:
            saved.kind = "fixed"
            saved.beneficiary_kind = "terminal"
            self.assertEqual(saved.kind, "fixed", "a stored policy keeps what was chosen")

    def test_a_draft_begins_as_such_parties_are_usually_paid(self):
        usual = {
            "distributor": ("paid_in", "amount", "percent", "available"),
            "terminal": ("received", "cases", "per_unit", "pending"),
            "waiter": ("opened", "bottles", "per_unit", "available"),
        }
        for beneficiary, expected in usual.items():
            policy = self.policy("per_unit", beneficiary)
            form = Form(policy.env["liquor.policy.version"].with_context(default_policy_id=policy.id))
            self.assertEqual((form.basis, form.measure, form.rate_kind, form.payable), expected)
            self.assertFalse(form.sentence, "nothing is said before there is a rate")

    def test_goods_are_counted_in_cases_that_were_shipped(self):
        """10 + 1: money paid in, in an amount, has no cases; what the clerk chose himself stays."""
        policy = self.policy("tiered", "distributor")
        form = Form(policy.env["liquor.policy.version"].with_context(default_policy_id=policy.id))
        form.rate_kind = "goods"
        self.assertEqual((form.basis, form.measure), ("shipped", "cases"))
        own = Form(policy.env["liquor.policy.version"].with_context(default_policy_id=policy.id))
        own.basis, own.measure = "ordered", "bottles"
        own.rate_kind = "goods"
        self.assertEqual((own.basis, own.measure), ("ordered", "bottles"))

    def test_a_tier_begins_where_the_one_before_ends(self):
        policy = self.policy("tiered", "distributor")
        with Form(policy.env["liquor.policy.version"].with_context(default_policy_id=policy.id)) as form:
            for low, high, rate in ((0, 5, 1), (5, 9, 2), (9, 0, 3)):
                with form.tier_ids.new() as tier:
                    self.assertEqual(tier.from_value, low)
                    tier.to_value, tier.rate = high, rate
        self.assertEqual(form.record.tier_ids.mapped("from_value"), [0, 5, 9])

    def test_an_opening_waits_for_nothing(self):
        policy = self.policy("per_unit", "terminal")
        form = Form(policy.env["liquor.policy.version"].with_context(default_policy_id=policy.id))
        form.basis = "opened"
        self.assertEqual(form.payable, "available")

    def test_terms_open_the_draft_or_a_copy_of_what_is_in_force(self):
        policy = self.policy("per_unit", "terminal")
        fresh = policy.action_write_terms()
        self.assertEqual((fresh["res_id"], fresh["context"]), (False, {"default_policy_id": policy.id}))
        draft = self.draft(policy)
        self.assertEqual(policy.action_write_terms()["res_id"], draft.id)
        draft.with_user(self.manager).action_activate()
        copy = policy.env["liquor.policy.version"].browse(policy.action_write_terms()["res_id"])
        self.assertEqual((copy.state, copy.policy_id, copy.number), ("draft", policy, 2))
        self.assertEqual(policy.action_write_terms()["res_id"], copy.id, "one draft, however often it is opened")

    def test_each_tier_says_itself(self):
        policy = self.policy("tiered", "distributor")
        rows = ((0, 500000, 3), (500000, 0, 4))
        version = self.draft(
            policy,
            measure="amount",
            rate_kind="percent",
            tier_ids=[Command.create({"from_value": low, "to_value": high, "rate": rate}) for low, high, rate in rows],
        )
        first, second = version.tier_ids
        self.assertIn("500,000.00", first.words)
        self.assertIn("3 %", first.words)
        self.assertIn("4 %", second.words)
