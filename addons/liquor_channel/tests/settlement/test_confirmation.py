"""What is asked before money moves: amount and payee, held to what is true when the answer comes."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...wizards.confirmation import STAKES
from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestConfirmation(MoneyCase):
    def ask_before(self, user, records, method):
        """Return the window that opens before ``method`` of ``records``."""
        asks = self.env["liquor.confirmation"].with_user(user)
        asks = asks.with_context(active_ids=records.ids, default_task=f"{records._name}/{method}")
        return asks.create({})

    def money(self, amount):
        return self.company.currency_id.format(amount)

    def test_settlement_names_amount_and_distributor(self):
        self.book(self.distributor, 6000, "distributor")
        settlement = self.settle()
        window = self.ask_before(self.finance, settlement, "action_approve")
        self.assertEqual((window.amount, window.payees), (self.money(6000), "Sunny Trading"))
        window.action_confirm()
        self.assertEqual((settlement.state, settlement.approved_by_id), ("approved", self.finance))
        # who approved does not pay: the method's own check, behind the window too
        with self.assertRaises(UserError):
            self.ask_before(self.finance, settlement, "action_post").action_confirm()
        self.ask_before(self.second_finance, settlement, "action_post").action_confirm()
        self.assertEqual(settlement.state, "paid")
        back = self.ask_before(self.second_finance, settlement, "action_reverse")
        self.assertEqual(back.amount, self.money(-6000))
        back.action_confirm()
        self.assertEqual(settlement.state, "reversed")

    def test_what_changed_meanwhile_is_not_confirmed(self):
        self.book(self.distributor, 6000, "distributor")
        settlement = self.settle()
        window = self.ask_before(self.finance, settlement, "action_approve")
        settlement.sudo().write({"amount_total": 7000})
        with self.assertRaises(UserError):
            window.action_confirm()
        self.assertEqual(settlement.state, "confirmed")

    def test_a_clerk_gets_no_further_than_the_window(self):
        self.book(self.distributor, 6000, "distributor")
        settlement = self.settle()
        with self.assertRaises(AccessError):
            self.ask_before(self.clerk, settlement, "action_approve").action_confirm()

    def test_batch_names_total_and_payees(self):
        # 600 to one shop
        self.book(self.shop, 600)
        payout = self.ask(self.shop)
        batch = self.env["liquor.payout.batch"].with_user(self.clerk).sudo().create({"company_id": self.company.id})
        payout.sudo().write({"state": "batched", "batch_id": batch.id})
        window = self.ask_before(self.finance, batch, "action_approve")
        self.assertEqual((window.amount, window.payees), (self.money(600), "Fulai Shop"))

    def test_accrual_names_what_it_will_book(self):
        # 6,000 to the distributor and 600 to the shop, 6,600 in the run
        self.book(self.distributor, 6000, "distributor")
        self.book(self.shop, 600)
        run = self.env["liquor.accrual.run"].with_user(self.finance).create({"company_id": self.company.id})
        window = self.ask_before(self.finance, run, "action_run")
        self.assertEqual(window.amount, self.money(6600))
        self.assertEqual(set(window.payees.split("、")), {"Sunny Trading", "Fulai Shop"})
        window.action_confirm()
        self.assertEqual((run.state, run.amount_total), ("done", 6600))

    def test_from_the_fourth_payee_on_they_are_counted(self):
        for number in range(4):
            self.book(self.env["res.partner"].create({"name": f"Shop {number}"}), 100)
        run = self.env["liquor.accrual.run"].with_user(self.finance).create({"company_id": self.company.id})
        window = self.ask_before(self.finance, run, "action_run")
        self.assertEqual(window.amount, self.money(400))
        self.assertIn("4", window.payees)
        self.assertNotIn("Shop 3", window.payees)

    def test_only_what_is_listed_is_called(self):
        asks = self.env["liquor.confirmation"].with_user(self.finance)
        with self.assertRaises(ValueError):
            asks.create({"task": "liquor.settlement/unlink", "res_ids": "[1]"})
        tasks = self.env["liquor.confirmation"]._fields["task"].get_values(self.env)
        self.assertEqual(set(tasks), set(STAKES))
        for task in tasks:
            model, method = task.split("/")
            self.assertTrue(callable(getattr(self.env[model], method)))
