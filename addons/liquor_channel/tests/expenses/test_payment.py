"""Four ways to pay an allowed claim, each summing to zero by account and partner (trade.md R1, R4)."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..expense_case import ExpenseCase


@tagged("post_install", "-at_install")
class TestPayment(ExpenseCase):
    def entries(self, expense):
        """Sums of the entries of an expense and of the accrual of its earning."""
        accrued = self.env["liquor.accrual.line"].search([("earning_id", "=", expense.earning_id.id)])
        return self.sums(expense.sudo().move_ids | accrued.move_line_id.move_id)

    def order(self, price=1000.0, kind="normal"):
        return self.env["sale.order"].create({
            "partner_id": self.distributor.id, "liquor_kind": kind,
            "order_line": [Command.create({
                "product_id": self.product.id, "product_uom_qty": 1, "price_unit": price,
            })],
        })  # fmt: skip

    def test_into_the_rebate_account(self):
        """520.00 allowed: cost 520.00, and 520.00 usable as rebate."""
        expense = self.paid(cut=80)
        self.assertEqual(expense.state, "paid")
        self.assertEqual(self.entries(expense), {
            ("service_expense", ""): 520.0, ("rebate_accrued", "Sunny Trading"): -520.0,
        })  # fmt: skip
        account = self.env["liquor.rebate.account"]._of(self.company, self.distributor)
        self.assertEqual((account.balance, account.entry_ids.kind), (520, "expense"))
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 480, "paid": 520})

    def test_by_the_bank(self):
        bank = self.mapping._journals(self.company)["bank"].default_account_id
        expense = self.paid(payment_method="payment")
        self.assertEqual(self.entries(expense), {
            ("service_expense", ""): 600.0, (bank.account_type, "Sunny Trading"): -600.0,
        })  # fmt: skip
        self.assertEqual(self.fund.paid, 600)

    def test_a_price_concession_reduces_revenue(self):
        kind = self.env.ref("liquor_channel.expense_kind_group")
        expense = self.paid(kind_id=kind.id, payment_method="payment")
        self.assertEqual(self.entries(expense)["rebate_contra", ""], 600.0)

    def test_as_a_discount_of_the_same_invoice(self):
        """1,000.00 of goods, 600.00 claimed: 400.00 on one invoice, and nothing is owed by claims any more."""
        expense = self.paid(payment_method="discount")
        self.assertEqual(expense.state, "paying")
        self.assertEqual(self.fund.settled, 600)
        order = self.order()
        self.assertEqual(order.liquor_expense_waiting, 600)
        order.action_liquor_use_expenses()
        self.assertEqual(order.amount_untaxed, 400)
        with self.assertRaises(UserError):
            order.action_liquor_use_expenses()
        order.action_confirm()
        self.assertEqual(expense.state, "paid")
        line = order.order_line.filtered("liquor_expense_id")
        self.assertEqual(line._prepare_invoice_line()["account_id"], self.accounts["expense_owed"].id)
        self.assertEqual(self.fund.paid, 600)

    def test_a_claim_is_carried_by_one_order(self):
        expense = self.paid(payment_method="discount")
        first, second = self.order(), self.order()
        first.action_liquor_use_expenses()
        with self.assertRaises(UserError):
            second.action_liquor_use_expenses()
        first.action_confirm()
        first._action_cancel()
        self.assertEqual((expense.state, self.fund.settled), ("paying", 600))
        second.invalidate_recordset()
        second.action_liquor_use_expenses()
        second.action_confirm()
        self.assertEqual((expense.state, self.fund.paid), ("paid", 600))

    def test_a_claim_that_is_invoiced_is_not_carried_again(self):
        """Paid by the invoice: the order cannot be cancelled and let another one pay it again; by its credit note."""
        expense = self.paid(payment_method="discount")
        order = self.order()
        order.action_liquor_use_expenses()
        order.action_confirm()
        order.order_line.filtered(lambda line: not line.liquor_expense_id).qty_delivered = 1
        invoice = order._create_invoices()
        invoice.action_post()
        with self.assertRaisesRegex(UserError, order.name):
            order._action_cancel()
        self.assertEqual((expense.state, self.fund.paid), ("paid", 600))
        invoice._reverse_moves(cancel=True)
        order._action_cancel()
        self.assertEqual((expense.state, self.fund.settled), ("paying", 600))

    def test_a_claim_goes_with_the_goods_of_each_invoice(self):
        """1,000.00 of goods, 600.00 claimed: a quarter is delivered first and carries 150.00, the rest 450.00."""
        expense = self.paid(payment_method="discount")
        self.product.invoice_policy = "delivery"
        order = self.order()
        order.action_liquor_use_expenses()
        order.action_confirm()
        for delivered, part in ((0.25, 150), (1, 450)):
            order.order_line.filtered(lambda line: not line.liquor_expense_id).qty_delivered = delivered
            invoice = order._create_invoices()
            invoice.action_post()
            self.assertEqual(self.sums(invoice)["expense_owed", "Sunny Trading"], part)
            with self.assertRaisesRegex(UserError, order.name):
                order._action_cancel()
        self.assertEqual((self.balance("expense_owed", self.distributor), expense.state), (0, "paid"))

    def test_an_order_too_small_carries_no_claim(self):
        self.paid(payment_method="discount")
        with self.assertRaises(UserError):
            self.order(price=599.99).action_liquor_use_expenses()

    def test_a_line_of_a_claim_is_not_typed(self):
        expense = self.paid(payment_method="discount")
        order = self.order()
        order.action_liquor_use_expenses()
        line = order.order_line.filtered("liquor_expense_id").with_user(self.clerk)
        with self.assertRaises(UserError):
            line.price_unit = -5000
        goods = (order.order_line - line).with_user(self.clerk)
        with self.assertRaises(UserError):
            goods.liquor_expense_id = expense.id

    def test_in_goods_at_the_price_of_the_day(self):
        """600.00 at 290.00 a bottle: two bottles (580.00) on an order in kind, 20.00 into the rebate account (R4)."""
        self.env["liquor.price.ladder"].create({
            "product_id": self.product.id, "date_start": "2026-01-01", "price_factory": 290,
        })  # fmt: skip
        expense = self.paid(payment_method="goods", goods_product_id=self.product.id)
        self.assertEqual(expense.state, "paying")
        self.assertEqual(self.entries(expense), {
            ("service_expense", ""): 600.0,
            ("goods_owed", "Sunny Trading"): -580.0,
            ("rebate_accrued", "Sunny Trading"): -20.0,
        })  # fmt: skip
        order = expense.order_line_ids.order_id
        self.assertEqual((order.liquor_kind, order.amount_total), ("goods_rebate", 0))
        goods = order.order_line.filtered(lambda line: line.product_id == self.product)
        self.assertEqual((goods.product_uom_qty, goods.price_unit), (2, 290))
        line = goods.with_user(self.clerk)
        with self.assertRaises(UserError):
            line.price_unit = 0.01
        with self.assertRaises(UserError):
            line.unlink()
        # R4: only beside an order that is paid for, and on its invoice
        with self.assertRaises(UserError):
            order.action_confirm()
        paid = self.order()
        order.liquor_paid_order_id = paid
        with self.assertRaises(UserError):
            order.action_confirm()
        paid.action_confirm()
        order.action_confirm()
        self.assertEqual((expense.state, self.fund.paid), ("paid", 600))
        with self.assertRaises(UserError):
            order._create_invoices()
        invoice = paid._create_invoices()
        invoice.action_post()
        # 1,000.00 of goods that are paid for, 580.00 in kind, and the same off: 1,000.00 are due
        sums = self.sums(invoice)
        self.assertEqual((sums["goods_owed", "Sunny Trading"], sums["income", "Sunny Trading"]), (580, -1580))
        self.assertEqual((invoice.amount_untaxed, self.balance("goods_owed", self.distributor)), (1000, 0))
        free = invoice.invoice_line_ids.filtered("liquor_free_goods")
        self.assertEqual((free.product_id, free.quantity), (self.product, 2))
        items = (invoice | expense.move_ids).line_ids.filtered(
            lambda item: item.account_id == self.accounts["goods_owed"]
        )
        self.assertTrue(all(items.mapped("reconciled")))

    def test_no_price_no_goods(self):
        expense = self.checked(payment_method="goods", goods_product_id=self.product.id)
        with self.assertRaises(UserError):
            expense.with_user(self.finance).action_pay()

    def test_approver_checker_and_payer_are_three(self):
        expense = self.checked()
        with self.assertRaises(AccessError):
            expense.with_user(self.clerk).action_pay()
        second = self.expense(amount=300)
        second.action_apply()
        second.with_user(self.finance).action_approve()
        self.prove(second)
        second.claim_amount = 300
        second.action_claim()
        second.with_user(self.second_clerk).action_check()
        with self.assertRaises(UserError):
            second.with_user(self.finance).action_pay()
        second.with_user(self.second_finance).action_pay()
        self.assertEqual(second.paid_by_id, self.second_finance)

    def test_paid_once(self):
        expense = self.paid()
        with self.assertRaises(UserError):
            expense.with_user(self.finance).action_pay()
        account = self.env["liquor.rebate.account"]._of(self.company, self.distributor)
        self.assertEqual(account.balance, 600)

    def test_a_statement_does_not_pay_it_again(self):
        self.paid()
        self.book(self.distributor, 100, kind="distributor")
        settlement = self.settle()
        self.assertEqual(settlement.amount_total, 100)

    def test_its_entries_stay(self):
        expense = self.paid()
        with self.assertRaises(UserError):
            expense.sudo().move_ids._reverse_moves()
        with self.assertRaises(UserError):
            expense.sudo().move_ids.button_draft()
