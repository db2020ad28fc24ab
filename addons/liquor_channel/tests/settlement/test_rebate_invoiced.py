"""Rebate on invoices: not given back while it stands on one, given back once by a credit note or a cancelled order.

An order of 10,000.00 uses 2,000.00 of 20,000.00. Whatever happens, the ledger's 2241.R and the rebate account differ by
what confirmed orders keep and have not invoiced.
"""

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestRebateInvoiced(MoneyCase):
    def setUp(self):
        super().setUp()
        self.book(self.distributor, 20000, "distributor")
        self.settle_and_post()
        self.account = self.env["liquor.rebate.account"]._of(self.company, self.distributor)
        goods = {"product_id": self.product.id, "product_uom_qty": 100, "price_unit": 100, "tax_ids": [(5,)]}
        self.order = self.env["sale.order"].create({
            "partner_id": self.distributor.id, "order_line": [(0, 0, goods)]
        })  # fmt: skip
        self.order.action_liquor_use_rebate()
        self.order.action_confirm()

    def invoice(self):
        self.order.order_line.filtered(lambda line: not line.liquor_is_rebate).qty_delivered = 100
        invoice = self.order._create_invoices()
        invoice.action_post()
        return invoice

    def credit(self, invoice):
        """A credit note for the whole invoice, not posted yet."""
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        return self.env["account.move"].browse(
            wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()["res_id"]
        )

    def assert_stands(self, account, ledger):
        """The rebate account holds this much; 2241.R owes the distributor that much."""
        self.assertEqual((self.account.balance, -self.balance("rebate_accrued", self.distributor)), (account, ledger))

    def test_what_is_invoiced_is_not_given_back(self):
        self.invoice()
        self.assert_stands(18000, 18000)
        with self.assertRaisesRegex(UserError, self.order.name):
            self.order._action_cancel()
        self.assertEqual(self.order.state, "sale")
        self.assert_stands(18000, 18000)

    def test_a_credit_note_gives_it_back_once(self):
        note = self.credit(self.invoice())
        self.assert_stands(18000, 18000)
        note.action_post()
        self.assert_stands(20000, 20000)
        self.order._action_cancel()
        self.assert_stands(20000, 20000)

    def test_a_part_comes_back_by_a_part(self):
        note = self.credit(self.invoice())
        line = note.invoice_line_ids.filtered(lambda item: item.price_unit < 0)
        line.price_unit = -500
        note.action_post()
        self.assert_stands(18500, 18500)
        with self.assertRaises(UserError):
            self.order._action_cancel()

    def test_a_credit_note_that_is_taken_back_takes_the_money_again(self):
        note = self.credit(self.invoice())
        note.action_post()
        note.button_draft()
        self.assert_stands(18000, 18000)

    def test_a_new_invoice_takes_it_anew_or_is_refused(self):
        self.credit(self.invoice()).action_post()
        again = self.order._create_invoices()
        again.action_post()
        self.assert_stands(18000, 18000)
        self.credit(again).action_post()
        third = self.order._create_invoices()
        self.account._move(-19000, "order", "test/elsewhere", self.account, "x")
        with self.assertRaises(UserError):
            third.action_post()

    def test_an_invoice_gives_no_more_than_the_order(self):
        self.order.order_line.filtered(lambda line: not line.liquor_is_rebate).qty_delivered = 100
        invoice = self.order._create_invoices()
        invoice.invoice_line_ids.filtered(lambda item: item.price_unit < 0).price_unit = -5000
        with self.assertRaisesRegex(UserError, self.order.name):
            invoice.action_post()

    def test_nobody_else_is_invoiced(self):
        """By its invoice address, or by a customer that was changed afterwards."""
        other = self.env["res.partner"].create({"name": "Moon Trading", "is_company": True})
        self.order.order_line.filtered(lambda line: not line.liquor_is_rebate).qty_delivered = 100
        self.order.partner_invoice_id = other
        invoice = self.order._create_invoices()
        with self.assertRaisesRegex(UserError, "Moon Trading"), self.env.cr.savepoint():
            invoice.action_post()
        self.order.write({"partner_id": other.id, "partner_invoice_id": other.id})
        with self.assertRaisesRegex(UserError, "Moon Trading"), self.env.cr.savepoint():
            invoice.action_post()
        self.order._action_cancel()
        self.assert_stands(20000, 20000)

    def test_a_copy_gives_nothing_a_second_time(self):
        """Neither of the order nor of its invoice."""
        self.assertEqual(self.order.copy().amount_untaxed, 10000)
        copied = self.invoice().copy({"invoice_date": "2026-03-31"})
        with self.assertRaisesRegex(UserError, "LIQUOR-REBATE"):
            copied.action_post()
        self.assert_stands(18000, 18000)

    def test_an_order_that_is_not_invoiced_gives_back(self):
        self.order._create_invoices()  # a draft is cancelled with the order
        self.order._action_cancel()
        self.assert_stands(20000, 20000)

    def test_what_an_order_gives_back_says_why(self):
        note = self.credit(self.invoice())
        note.action_post()
        entry = self.account.entry_ids.filtered(lambda one: one.kind == "release")
        self.assertEqual((entry.amount, entry.origin_id), (2000, self.order.id))
        self.assertIn(note.name, entry.reason)
