"""What is asked before money moves: amount and payee, held to what is true when the answer comes."""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

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

    def test_a_swap_among_those_not_named_is_noticed(self):
        """Four payees of 100.00: the fourth is exchanged for a fifth, total and words stay as they were."""
        partners = [self.env["res.partner"].create({"name": f"Shop {number}"}) for number in range(4)]
        batch = self.env["liquor.payout.batch"].sudo().create({"company_id": self.company.id})
        payouts = self.env["liquor.payout"]
        for partner in partners:
            self.book(partner, 100)
            payouts |= self.ask(partner)
        payouts.sudo().write({"state": "batched", "batch_id": batch.id})
        window = self.ask_before(self.finance, batch, "action_approve")
        other = self.env["res.partner"].create({"name": "Shop 9"})
        self.book(other, 100)
        swapped = payouts.sorted("id")[0]
        swapped.sudo().write({"state": "requested", "batch_id": False})
        self.ask(other).sudo().write({"state": "batched", "batch_id": batch.id})
        again = self.ask_before(self.finance, batch, "action_approve")
        self.assertEqual(window.amount, again.amount)
        self.assertNotEqual(window.fingerprint, again.fingerprint)
        with self.assertRaises(UserError):
            window.action_confirm()
        self.assertEqual(batch.state, "draft")

    def test_another_account_of_the_same_payee_is_noticed(self):
        self.book(self.shop, 600)
        payout = self.ask(self.shop)
        batch = self.env["liquor.payout.batch"].sudo().create({"company_id": self.company.id})
        payout.sudo().write({"state": "batched", "batch_id": batch.id})
        window = self.ask_before(self.finance, batch, "action_approve")
        payout.sudo().payee_id = self.payee(self.shop, "6222020000007654321")
        with self.assertRaises(UserError):
            window.action_confirm()

    def test_rebate_of_an_order_says_account_and_what_is_left(self):
        """1,000.00 in the account, an order of 2,000.00 may use 20 %: 400.00, and 600.00 are left."""
        self.env["liquor.rebate.account"]._of(self.company, self.distributor)._move(
            1000, "settlement", "test/question", self.company, "Settled"
        )
        salesman = new_test_user(
            self.env, "confirm_sales", groups="sales_team.group_sale_manager", company_id=self.company.id
        )
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 20, "price_unit": 100})],
        })  # fmt: skip
        window = self.ask_before(salesman, order, "action_liquor_use_rebate")
        self.assertEqual((window.amount, window.payees), (self.money(400), "Sunny Trading"))
        self.assertIn(self.money(1000), window.note)
        self.assertIn(self.money(600), window.note)
        window.action_confirm()
        self.assertEqual(order.liquor_rebate_used, 400)

    def test_records_that_are_none_are_refused_in_words(self):
        for numbers in ([], [10**12], ["x"], [{"a": 1}], "[1]", [True], {"a": 1}):
            with self.assertRaises(UserError):
                asks = self.env["liquor.confirmation"].with_user(self.finance)
                asks.with_context(active_ids=numbers, default_task="liquor.settlement/action_approve").create({})

    def test_only_what_is_listed_is_called(self):
        asks = self.env["liquor.confirmation"].with_user(self.finance)
        with self.assertRaises(ValueError):
            asks.create({"task": "liquor.settlement/unlink", "res_ids": "[1]"})
        tasks = self.env["liquor.confirmation"]._fields["task"].get_values(self.env)
        self.assertEqual(set(tasks), set(STAKES))
        for task in tasks:
            model, method = task.split("/")
            self.assertTrue(callable(getattr(self.env[model], method)))
