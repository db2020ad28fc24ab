"""Ledger, states, wallet and what is taken back."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import MOMENT, ChannelCase


@tagged("post_install", "-at_install")
class TestEarning(ChannelCase):
    def book(self, key="k", amount=100.0, **values):
        return self.env["liquor.earning"]._book([
            {
                "company_id": self.company,
                "partner_id": self.shop,
                "beneficiary_kind": "terminal",
                "currency_id": self.currency,
                "amount": amount,
                "fact_key": key,
                "event_time": MOMENT,
                **values,
            }
        ])

    def test_a_posted_row_is_refused_every_change(self):
        earning = self.book()
        with self.assertRaises(UserError):
            earning.sudo().write({"amount": 1.0})
        with self.assertRaises(UserError):
            earning.sudo().unlink()

    def test_the_same_key_gives_the_stored_row(self):
        self.assertEqual(self.book("same"), self.book("same", amount=5.0))

    @mute_logger("odoo.sql_db")
    def test_what_is_carried_is_a_part_and_names_who_carries_it(self):
        for values in (
            {"funder_amount": 10.0},
            {"funder_id": self.distributor, "funder_amount": 101.0},
            {"funder_id": self.distributor, "funder_amount": -1.0},
            {"funder_id": self.shop, "funder_amount": 10.0},
            {"amount": float("nan")},
        ):
            with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
                self.book(**values)
            self.assertIn(type(caught.exception).__name__, ("CheckViolation", "ValidationError"), values)

    def test_wallet_by_state(self):
        pending, available = self.book("a", 10.0), self.book("b", 20.0, payable="available")
        held = self.book("c", 40.0, payable="available")
        self.env["liquor.earning.state"]._set(held, "held", "Looks odd")
        self.assertEqual((pending.state, available.state, held.state), ("pending", "available", "held"))
        wallet = self.env["liquor.earning"]._wallet(self.shop, self.company)
        self.assertEqual(wallet, {"pending": 10.0, "available": 20.0, "held": 40.0, "on_the_way": 0.0, "paid": 0.0})

    def test_wallet_of_one_company_holds_nothing_of_another(self):
        other = self.env["res.company"].create({"name": "Other Maker", "currency_id": self.currency.id})
        self.book("a", 20.0, payable="available")
        self.book("b", 500.0, payable="available", company_id=other)
        for company, expected in ((self.company, 20.0), (other, 500.0)):
            self.assertEqual(self.env["liquor.earning"]._wallet(self.shop, company)["available"], expected)
            plan = self.env["liquor.payout"]._plan(company, self.shop)
            self.assertEqual(float(plan.amount), expected)

    def test_what_was_pending_before_the_hold_is_pending_after_it(self):
        states = self.env["liquor.earning.state"]
        earning = self.book(payable="pending")
        states._set(earning, "held", "Looks odd")
        states._set(earning, "released", "Cleared")
        self.assertEqual(earning.state, "pending")
        # nothing is known of what was before: it waits, it is not paid
        born_held = self.book("born", payable="held")
        states._set(born_held, "released", "Cleared")
        self.assertEqual(born_held.state, "pending")

    def test_a_release_gives_back_the_state_before_the_hold(self):
        states = self.env["liquor.earning.state"]
        earning = self.book(payable="pending")
        states._set(earning, "available", "Case opened")
        states._set(earning, "held", "Looks odd")
        self.assertFalse(states._set(earning, "held", "Looks odd"))
        states._set(earning, "released", "Cleared")
        self.assertEqual(earning.state, "available")
        self.assertFalse(states._set(earning, "released", "Cleared"))
        self.assertEqual(earning.state_ids.mapped("state"), ["released", "held", "available"])
        self.assertEqual(self.env["liquor.earning"].search([("state", "=", "available")]) & earning, earning)
        with self.assertRaises(UserError):
            states._set(earning, "held", "")

    def test_clawback_follows_the_row_that_it_takes_back(self):
        earning = self.book("x", 60.0, funder_id=self.distributor, funder_amount=18.0)
        back = self.env["liquor.earning"]._claw_back(["x"], "Returned")
        self.assertEqual((back.amount, back.funder_amount, back.type), (-60.0, -18.0, "clawback"))
        self.assertEqual(self.env["liquor.earning"]._claw_back(["x"], "Again"), back)
        self.env["liquor.earning.state"]._set(earning, "available", "Proven")
        self.assertEqual(back.state, "available")
        self.assertEqual(self.env["liquor.earning"]._wallet(self.shop, self.company)["available"], 0.0)

    def test_the_party_reads_its_amount_and_not_what_somebody_else_carries(self):
        self.make_version(rate=15.0)
        self.make_agreement(30.0)
        earning = self.env["liquor.policy"]._earn([self.make_fact(1)])["test/1"]
        self.assertIn("4.50", "\n".join(earning._why()))
        outward = "\n".join(earning._why(outward=True))
        self.assertIn("15.00", outward)
        self.assertNotIn("4.50", outward)
        self.assertNotIn(self.distributor.name, outward)

    def test_roles_read_and_nobody_writes(self):
        earning = self.book()
        for user in (self.clerk, self.finance, self.manager):
            self.assertEqual(earning.with_user(user).amount, 100.0)
            with self.assertRaises(AccessError):
                self.env["liquor.earning"].with_user(user).create({"partner_id": self.shop.id})
        for user in (self.outsider, self.distributor_user):
            with self.assertRaises(AccessError):
                earning.with_user(user).read(["amount"])

    def test_another_company_is_not_read(self):
        earning = self.book()
        other = self.env["res.company"].create({"name": "Other Maker"})
        self.clerk.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.env["liquor.earning"].with_user(self.clerk).search([("id", "=", earning.id)]))

    def test_hold_and_release_in_the_screen(self):
        earning = self.book()
        wizard = self.env["liquor.earning.hold"].with_user(self.clerk).with_context(active_ids=earning.ids)
        wizard.create({"action": "held", "reason": "Checked on site"}).action_apply()
        self.assertEqual(earning.state, "held")
        self.assertEqual(earning.state_ids.user_id, self.clerk)
        with self.assertRaises(UserError):
            wizard.create({"action": "held", "reason": "Again"}).action_apply()

    def decide(self, user, earning, action, reason="Seen"):
        wizard = self.env["liquor.earning.hold"].with_user(user).with_context(active_ids=earning.ids)
        wizard.create({"action": action, "reason": reason}).action_apply()

    def test_a_manager_who_did_not_hold_it_lets_money_go(self):
        other = new_test_user(
            self.env,
            "hold_second_manager",
            "liquor_channel.group_channel_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        earning = self.book("cleared", payable="available")
        self.decide(self.clerk, earning, "held")
        for user in (self.clerk, self.finance):
            for action in ("released", "available"):
                with self.assertRaises(AccessError):
                    self.decide(user, earning, action)
        self.assertEqual(earning.state, "held")
        self.decide(self.manager, earning, "released")
        self.assertEqual(earning.state, "available")
        self.decide(self.manager, earning, "held")
        for action in ("released", "available"):
            with self.assertRaises(UserError):
                self.decide(self.manager, earning, action)
        self.decide(other, earning, "released")
        self.assertEqual(earning.state_ids.mapped("user_id"), other | self.manager | self.clerk)

    def test_what_waits_for_proof_is_made_available_by_a_manager(self):
        earning = self.book("waiting", payable="pending")
        with self.assertRaises(AccessError):
            self.decide(self.clerk, earning, "available")
        self.decide(self.manager, earning, "available")
        self.assertEqual(earning.state, "available")

    def test_company_of_relations_is_checked(self):
        other = self.env["res.company"].create({"name": "Other Maker"})
        version = self.make_version(rate=1.0)
        with self.assertRaises(UserError):
            self.book(company_id=other, policy_version_id=version)
