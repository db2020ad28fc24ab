"""The rebate account on the next order: proposed, capped, taken at confirmation, given back on cancel."""

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestRebateOnOrders(MoneyCase):
    def fund(self, amount):
        self.book(self.distributor, amount, "distributor")
        self.settle_and_post()
        return self.env["liquor.rebate.account"]._of(self.company, self.distributor)

    def order(self, price=100.0, quantity=100, **values):
        return self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": quantity,
                        "price_unit": price,
                        "tax_ids": [(5,)],
                    },
                )
            ],
            **values,
        })

    def test_at_most_a_fifth_of_the_order(self):
        account = self.fund(20000)
        order = self.order()  # 10,000: at most 2,000
        self.assertEqual((order.liquor_rebate_available, order.liquor_rebate_usable), (20000, 2000))
        order.action_liquor_use_rebate()
        self.assertEqual(order.amount_untaxed, 8000)
        self.assertEqual(account.balance, 20000)
        order.action_confirm()
        self.assertEqual(account.balance, 18000)
        order._action_cancel()
        self.assertEqual(account.balance, 20000)
        order._action_cancel()
        self.assertEqual(account.balance, 20000)

    def test_button_again_brings_the_line_up_to_date(self):
        self.fund(20000)
        order = self.order()
        order.action_liquor_use_rebate()
        order.order_line[0].product_uom_qty = 50
        order.action_liquor_use_rebate()
        self.assertEqual(len(order.order_line), 2)
        self.assertEqual(order.liquor_rebate_used, 1000)

    def test_too_much_is_refused_at_confirmation(self):
        self.fund(20000)
        order = self.order()
        order.action_liquor_use_rebate()
        order.order_line[0].product_uom_qty = 50
        with self.assertRaises(UserError):
            order.action_confirm()
        order.order_line.filtered("liquor_is_rebate").price_unit = -5000
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_two_orders_cannot_use_the_same_money(self):
        account = self.fund(2000)
        first, second = self.order(), self.order()
        (first | second).action_liquor_use_rebate()
        first.action_confirm()
        self.assertEqual(account.balance, 0)
        with self.assertRaises(UserError):
            second.action_confirm()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            account.sudo().balance = -1
            account.flush_recordset()

    def test_only_normal_orders(self):
        self.fund(20000)
        order = self.order(liquor_kind="tasting")
        self.assertEqual(order.liquor_rebate_usable, 0)
        with self.assertRaises(UserError):
            order.action_liquor_use_rebate()

    def test_confirmed_rebate_line_stays(self):
        self.fund(20000)
        order = self.order()
        order.action_liquor_use_rebate()
        order.action_confirm()
        line = order.order_line.filtered("liquor_is_rebate")
        with self.assertRaises(UserError):
            line.price_unit = -1
        with self.assertRaises(UserError):
            line.unlink()

    def test_a_confirmed_order_is_not_reduced_below_its_rebate(self):
        """2,000.00 on 10,000.00 are a fifth: one bottle less and it would be more; one more is welcome."""
        account = self.fund(20000)
        order = self.order()
        order.action_liquor_use_rebate()
        order.action_confirm()
        goods = order.order_line.filtered(lambda line: not line.liquor_is_rebate)
        for values in ({"product_uom_qty": 99}, {"price_unit": 99}, {"discount": 1}):
            with self.assertRaisesRegex(UserError, "20.00"), self.env.cr.savepoint():
                goods.write(values)
        goods.product_uom_qty = 101
        goods.product_uom_qty = 100
        self.assertEqual((order.amount_untaxed, account.balance), (8000, 18000))

    def test_invoice_releases_what_was_accrued(self):
        # the discount stands on 2241.R of the same invoice: 2,000 of the 20,000 is used
        self.fund(20000)
        order = self.order()
        order.action_liquor_use_rebate()
        order.action_confirm()
        order.order_line.qty_delivered = 100
        invoice = order._create_invoices()
        invoice.action_post()
        line = invoice.invoice_line_ids.filtered(lambda item: item.account_id == self.accounts["rebate_accrued"])
        self.assertEqual(line.balance, 2000)
        self.assertEqual(self.balance("rebate_accrued", self.distributor), -18000)

    def test_entries_are_append_only(self):
        account = self.fund(100)
        with self.assertRaises(UserError):
            account.entry_ids.write({"amount": 5})
        with self.assertRaises(UserError):
            account._move(-100.01, "order", "test/too-much", account, "x")
        account._move(-40, "order", "test/once", account, "x")
        account._move(-40, "order", "test/once", account, "x")
        self.assertEqual(account.balance, 60)
