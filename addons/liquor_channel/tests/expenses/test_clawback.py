"""A paid expense is taken back by another hand, in red; the fund has its money again (R1, channel.md Acc-3)."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..expense_case import ExpenseCase

SUNNY, FULAI = "Sunny Trading", "Fulai Shop"


@tagged("post_install", "-at_install")
class TestClawback(ExpenseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_storno = True

    def clawback(self, expense, amount, **values):
        """Asked for by the clerk."""
        return self.env["liquor.expense.clawback"].with_user(self.clerk).create({
            "expense_id": expense.id, "amount": amount, "reason": "The wall was gone in April", **values,
        })  # fmt: skip

    def taken_back(self, expense, amount):
        clawback = self.clawback(expense, amount)
        clawback.with_user(self.finance).action_approve()
        return clawback

    def entry(self, clawback):
        """The entry that takes the cost back."""
        line = self.env["liquor.accrual.line"].search([("earning_id", "=", clawback.earning_id.id)])
        return line.move_line_id.move_id

    def direct(self):
        return self.paid(paid_by="maker", beneficiary_id=self.shop.id, payment_method="wallet")

    def wallet(self):
        return self.env["liquor.earning"]._wallet(self.shop, self.company)["available"]

    def test_the_distributor_gets_it_in_his_next_settlement(self):
        """600.00 paid into the rebate account, 200.00 taken back; 500.00 of rebate give a settlement of 300.00."""
        expense = self.paid()
        clawback = self.taken_back(expense, 200)
        self.assertEqual(
            (clawback.state, clawback.earning_id.amount, clawback.earning_id.type), ("done", -200, "clawback")
        )
        move = self.entry(clawback)
        self.assertEqual(self.sums(move), {("service_expense", ""): -200.0, ("rebate_accrued", SUNNY): 200.0})
        self.assertEqual(sorted(move.line_ids.mapped(lambda line: (line.debit, line.credit))), [(-200, 0), (0, -200)])
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 600, "paid": 400})
        self.assertEqual(expense.clawed_amount, 200)
        self.book(self.distributor, 500, "distributor")
        settlement = self.settle_and_post()
        self.assertEqual(settlement.amount_total, 300)
        account = self.env["liquor.rebate.account"]._of(self.company, self.distributor)
        # 600.00 of the expense and 300.00 of the settlement are what the ledger owes
        self.assertEqual((account.balance, self.balance("rebate_accrued", self.distributor)), (900, -900))
        self.assertEqual(self.balance("expense_owed", self.distributor), 0)
        self.assertFalse(self.env["liquor.accrual.line"]._differences(self.company))

    def test_a_shop_gets_it_in_its_wallet(self):
        clawback = self.taken_back(self.direct(), 250)
        self.assertEqual(
            self.sums(self.entry(clawback)), {("service_expense", ""): -250.0, ("reward_accrued", FULAI): 250.0}
        )
        self.assertEqual((self.wallet(), self.balance("reward_accrued", self.shop)), (350, -350))
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 650, "paid": 350})

    def test_a_shop_that_was_paid_out_owes_it(self):
        """Acc-2 #10 and #11: 600.00 left, 250.00 are due on 1221.C; of the next 400.00 the bank pays 150.00."""
        expense = self.direct()
        self.ask(self.shop)
        self.batch()
        move = self.entry(self.taken_back(expense, 250))
        self.assertEqual(self.sums(move), {("service_expense", ""): -250.0, ("clawback_due", FULAI): 250.0})
        self.book(self.shop, 400)
        self.ask(self.shop)
        payment = self.batch().move_ids.sorted("id")[-1]
        self.assertEqual(self.sums(payment), {
            ("reward_payable", FULAI): 400.0, ("clawback_due", FULAI): -250.0, ("asset_cash", ""): -150.0,
        })  # fmt: skip
        for role in ("reward_accrued", "reward_payable", "clawback_due"):
            self.assertEqual(self.balance(role, self.shop), 0)

    def test_no_more_than_was_paid(self):
        expense = self.paid(cut=80)
        with self.assertRaises(ValidationError):
            self.clawback(expense, 520.01)
        first, second = self.clawback(expense, 300), self.clawback(expense, 300)
        first.with_user(self.finance).action_approve()
        with self.assertRaises(ValidationError):
            second.with_user(self.finance).action_approve()
        self.assertEqual((expense.clawed_amount, second.state, self.fund.paid), (300, "draft", 220))
        second.with_user(self.finance).action_refuse()
        self.assertFalse(second.earning_id)
        self.taken_back(expense, 220)
        self.assertEqual((expense.clawed_amount, self.fund.free), (520, 1000))

    def test_only_what_was_paid_and_by_two_people(self):
        with self.assertRaises(ValidationError):
            self.clawback(self.checked(amount=100, asked=100), 50)
        clawback = self.clawback(self.paid(), 50)
        with self.assertRaises(AccessError):
            clawback.with_user(self.second_clerk).action_approve()
        own = self.env["liquor.expense.clawback"].with_user(self.finance).create({
            "expense_id": clawback.expense_id.id, "amount": 50, "reason": "Mine",
        })  # fmt: skip
        with self.assertRaises(UserError):
            own.action_approve()
        with self.assertRaises(AccessError):
            clawback.with_user(self.finance).write({"state": "done"})
        clawback.with_user(self.finance).action_approve()
        with self.assertRaises(UserError):
            clawback.with_user(self.finance).action_approve()
        with self.assertRaises(UserError):
            clawback.with_user(self.clerk).amount = 1

    def test_an_order_that_carried_it_is_not_cancelled_any_more(self):
        expense = self.paid(payment_method="discount")
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 10, "price_unit": 100})],
        })  # fmt: skip
        order.action_liquor_use_expenses()
        order.action_confirm()
        self.taken_back(expense, 50)
        with self.assertRaises(UserError):
            order._action_cancel()
