"""Orders that are delivered and invoiced in parts: each invoice carries of the rebate what its goods are (C11, R2).

100 bottles at 100.00 with 2,000.00 of the 20,000.00 in the account, 30 of them delivered and invoiced first: 3,000.00
carry 600.00, the other 7,000.00 carry 1,400.00.
"""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..accounts.test_ways_of_payment import GoodsCase
from ..funds.test_charge import ChargeCase
from ..money_case import MoneyCase

SUNNY = "Sunny Trading"


class PartsCase(MoneyCase):
    def setUp(self):
        super().setUp()
        self.book(self.distributor, 20000, "distributor")
        self.settle_and_post()
        self.account = self.env["liquor.rebate.account"]._of(self.company, self.distributor)
        self.product.invoice_policy = self.other_product.invoice_policy = "delivery"

    def order(self, rebate=2000, **values):
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id, "order_line": [self.goods(**values)]
        })  # fmt: skip
        order.action_liquor_use_rebate()
        order.order_line.filtered("liquor_is_rebate").write({"price_unit": -rebate, "tax_ids": [Command.clear()]})
        order.action_confirm()
        return order

    def goods(self, quantity=100, price=100, product=None, taxes=()):
        return Command.create({
            "product_id": (product or self.product).id, "product_uom_qty": quantity, "price_unit": price,
            "tax_ids": [Command.set([tax.id for tax in taxes])],
        })  # fmt: skip

    def deliver(self, order, *quantities, final=False):
        """Deliver so much of each line of goods in all, and invoice what is to invoice."""
        goods = order.order_line.filtered(lambda line: not line._liquor_released_role() and not line.display_type)
        for line, quantity in zip(goods, quantities, strict=False):
            line.qty_delivered = quantity
        invoice = order._create_invoices(final=final)
        invoice.action_post()
        return invoice

    def credit(self, invoice):
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        note = self.env["account.move"].browse(
            wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()["res_id"]
        )
        note.action_post()
        return note

    def assert_invoice(self, invoice, due, rebate, goods):
        """The items of an invoice by account and partner, which sum to nothing."""
        self.assertTrue(self.currency.is_zero(sum(invoice.line_ids.mapped("balance"))))
        found = self.sums(invoice)
        income = found.pop(("income", SUNNY), 0) or found.pop(("income", ""), 0)
        wanted = {("asset_receivable", SUNNY): due, ("rebate_accrued", SUNNY): rebate}
        self.assertEqual((found, income), ({key: amount for key, amount in wanted.items() if amount}, -goods))

    def assert_stands(self, account, ledger):
        """The rebate account holds this much; 2241.R owes the distributor that much."""
        self.assertEqual((self.account.balance, -self.balance("rebate_accrued", self.distributor)), (account, ledger))


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestRebateInParts(PartsCase):
    def test_two_deliveries(self):
        order = self.order()
        self.assertEqual(order.invoice_status, "no")  # a discount alone is nothing to invoice
        rebate = order.order_line.filtered("liquor_is_rebate")
        self.assert_invoice(self.deliver(order, 30), 2400, 600, 3000)
        self.assertEqual((rebate.qty_invoiced, rebate.qty_to_invoice, order.invoice_status), (0.3, 0, "no"))
        self.assert_stands(18000, 19400)
        self.assert_invoice(self.deliver(order, 100), 5600, 1400, 7000)
        self.assertEqual((rebate.qty_invoiced, order.invoice_status, order.amount_to_invoice), (1, "invoiced", 0))
        self.assert_stands(18000, 18000)

    def test_the_last_bill_takes_the_cents(self):
        """199.99 on three bottles at 333.33: 66.66, 133.32 in all, the rest."""
        order = self.order(rebate=199.99, quantity=3, price=333.33)
        for delivered, due, rebate in ((1, 266.67, 66.66), (2, 266.67, 66.66), (3, 266.66, 66.67)):
            self.assert_invoice(self.deliver(order, delivered), due, rebate, 333.33)
        self.assert_stands(19800.01, 19800.01)

    def test_goods_that_come_back_by_a_final_invoice(self):
        """50 are invoiced and 10 come back: 1,000.00 less 200.00 are credited; the other 60 carry the 1,200.00 left."""
        order = self.order()
        self.assert_invoice(self.deliver(order, 50), 4000, 1000, 5000)
        note = self.deliver(order, 40, final=True)
        self.assertEqual(note.move_type, "out_refund")
        self.assert_invoice(note, -800, -200, -1000)
        self.assert_stands(18200, 19200)
        self.assert_invoice(self.deliver(order, 100), 4800, 1200, 6000)
        self.assert_stands(18000, 18000)
        self.assert_invoice(self.deliver(order, 0, final=True), -8000, -2000, -10000)
        self.assert_stands(20000, 20000)

    def test_a_credit_note_of_the_first_invoice(self):
        """600.00 are in the account at once; the new invoice for the 30 takes them anew, after the other 70."""
        order = self.order()
        first = self.deliver(order, 30)
        self.credit(first)
        self.assert_stands(18600, 20000)
        self.assert_invoice(self.deliver(order, 100), 8000, 2000, 10000)
        self.assert_stands(18000, 18000)

    def test_what_is_never_delivered_goes_back(self):
        """The order is cancelled after 30 of 100: 1,400.00 go back, the 600.00 stay until their invoice is credited."""
        order = self.order()
        first = self.deliver(order, 30)
        order.order_line[0].qty_delivered = 50
        draft = order._create_invoices()
        self.assertEqual((order.liquor_rebate_used, order.liquor_rebate_invoiced), (2000, 600))
        order.with_user(self.clerk).action_cancel()
        self.assertEqual((draft.state, first.state), ("cancel", "posted"))
        self.assert_stands(19400, 19400)
        self.assertEqual((order.liquor_rebate_used, order.liquor_rebate_invoiced), (600, 600))
        self.assertRegex(order.message_ids[0].body, r"1,400\.00.*600\.00")
        with self.assertRaisesRegex(UserError, order.name):
            order.action_draft()
        self.credit(first)
        self.assert_stands(20000, 20000)

    def test_an_order_that_is_invoiced_is_not_cancelled(self):
        """Neither one that is invoiced whole nor one whose goods were credited without their rebate."""
        whole, part = self.order(), self.order()
        self.deliver(whole, 100)
        first = self.deliver(part, 30)
        note = first._reverse_moves([{"invoice_date": "2026-03-31"}])
        note.invoice_line_ids.filtered(lambda item: item.price_unit < 0).unlink()
        note.action_post()
        for order in (whole, part):
            with self.assertRaisesRegex(UserError, order.name):
                order._action_cancel()

    def test_an_order_that_is_reduced_or_grows(self):
        """1,000.00 on 100 bottles, 480.00 with the first 48; 19 more carry the 520.00 left, two could not."""
        order = self.order(rebate=1000)
        self.assert_invoice(self.deliver(order, 48), 4320, 480, 4800)
        goods = order.order_line[0]
        with self.assertRaisesRegex(UserError, "320.00"), self.env.cr.savepoint():
            goods.product_uom_qty = 50
        goods.product_uom_qty = 67
        self.assert_invoice(self.deliver(order, 60), 784.48, 415.52, 1200)  # 895.52 are 60/67 of 1,000.00
        order.write({"order_line": [self.goods(33, product=self.other_product)]})
        # 895.52 is more than 61/100 of 1,000.00: no rebate is taken back; then the rest with all the rest
        self.assert_invoice(self.deliver(order, 61), 100, 0, 100)
        self.assert_invoice(self.deliver(order, 67, 33), 3795.52, 104.48, 3900)
        self.assert_stands(19000, 19000)

    def test_other_families_and_gifts_carry_no_rebate(self):
        """60 bottles of the family that rebate is for carry 1,200.00; 40 of another and six free ones none of it."""
        self.company.liquor_rebate_category_ids = self.series
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [
                self.goods(60), self.goods(40, product=self.other_product),
                self.goods(6, 0, product=self.other_product),
            ],
        })  # fmt: skip
        order.action_liquor_use_rebate()
        order.order_line.filtered("liquor_is_rebate").tax_ids = False
        order.action_confirm()
        self.assertEqual(order.liquor_rebate_used, 1200)
        self.assert_invoice(self.deliver(order, 0, 40, 0), 4000, 0, 4000)
        self.assert_invoice(self.deliver(order, 30, 40, 6), 2400, 600, 3000)
        self.assert_invoice(self.deliver(order, 60, 40, 6), 2400, 600, 3000)
        self.assert_stands(18800, 18800)

    def test_on_ordered_quantities_all_at_once(self):
        self.product.invoice_policy = "order"
        self.assert_invoice(self.deliver(self.order(), 0), 8000, 2000, 10000)

    def test_taxes_in_prices(self):
        """100 at 113.00 with 13 % in the price are 10,000.00; what leaves the account is net, to the cent."""
        tax = self.company.account_sale_tax_id.copy({"amount": 13, "price_include_override": "tax_included"})
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id, "order_line": [self.goods(price=113, taxes=[tax])]
        })  # fmt: skip
        order.action_liquor_use_rebate()
        order.order_line.filtered("liquor_is_rebate").write({"price_unit": -1234.56, "tax_ids": [Command.set(tax.ids)]})
        order.action_confirm()
        # 1,234.56 with tax are 1,092.53 net: 360.53 with 33 bottles, 732.00 with the other 67
        self.assertEqual(order.liquor_rebate_used, 1092.53)
        for delivered, rebate in ((33, 360.53), (100, 732)):
            invoice = self.deliver(order, delivered)
            self.assertTrue(self.currency.is_zero(sum(invoice.line_ids.mapped("balance"))))
            self.assertEqual(self.sums(invoice)["rebate_accrued", SUNNY], rebate)
        self.assert_stands(18907.47, 18907.47)

    def test_a_down_payment_carries_no_rebate(self):
        """Half is paid before: 4,000.00 without rebate; it is taken off the invoices of the goods, which carry it."""
        order = self.order()
        wizard = self.env["sale.advance.payment.inv"].create({
            "sale_order_ids": [Command.set(order.ids)], "advance_payment_method": "percentage", "amount": 50,
        })  # fmt: skip
        before = wizard._create_invoices(order)
        before.action_post()
        self.assertEqual((before.amount_total, self.sums(before).get(("rebate_accrued", SUNNY))), (4000, None))
        first = self.deliver(order, 80)
        self.assertEqual(self.sums(first)["rebate_accrued", SUNNY], 1600)
        rest = self.deliver(order, 100, final=True)
        self.assertEqual(self.sums(rest)["rebate_accrued", SUNNY], 400)
        self.assertEqual((before | first | rest).mapped("amount_total_signed"), [4000, 6400, -2400])
        self.assert_stands(18000, 18000)

    def test_a_draft_that_was_changed_is_refused(self):
        """20 of the 30 bottles carry 400.00 at most; a draft without goods nothing."""
        order = self.order()
        order.order_line[0].qty_delivered = 30
        invoice = order._create_invoices()
        goods, rebate = invoice.invoice_line_ids.sorted("price_subtotal", reverse=True)
        goods.quantity = 20
        with self.assertRaisesRegex(UserError, "200.00"), self.env.cr.savepoint():
            invoice.action_post()
        rebate.price_unit = -400
        invoice.action_post()
        self.assert_invoice(invoice, 1600, 400, 2000)
        self.assert_invoice(self.deliver(order, 100), 6400, 1600, 8000)
        with self.assertRaises(UserError):
            order._create_invoices()

    def test_drafts_are_posted_in_any_order(self):
        order = self.order(rebate=199.99, quantity=3, price=333.33)
        drafts = []
        for delivered in (1, 2, 3):
            order.order_line[0].qty_delivered = delivered
            drafts.append(order._create_invoices())
        for draft, rebate in reversed(list(zip(drafts, (66.66, 66.66, 66.67), strict=True))):
            draft.action_post()
            self.assertEqual(self.sums(draft)["rebate_accrued", SUNNY], rebate)
        self.assert_stands(19800.01, 19800.01)

    def test_one_invoice_of_two_orders(self):
        """30 of 100 of one order and 50 of 100 of another: 600.00 and 1,000.00 on one invoice."""
        orders = self.order() | self.order()
        for order, delivered in zip(orders, (30, 50), strict=True):
            order.order_line[0].qty_delivered = delivered
        invoice = orders._create_invoices()
        invoice.action_post()
        self.assert_invoice(invoice, 6400, 1600, 8000)
        self.assert_stands(16000, 18400)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestGoodsInParts(GoodsCase):
    def test_goods_owed_are_paid_when_all_were_delivered(self):
        """66 bottles at 299.00 are owed; 20 of them leave with 60 paid ones: 5,980.00 of the 19,734.00 are set off."""
        settlement = self.settle_in("goods", goods_product_id=self.product.id)
        settlement.action_post()
        self.product.invoice_policy = "delivery"
        order, paid = settlement.sudo().goods_line_ids.order_id, self.order()
        order.liquor_paid_order_id = paid
        order.action_confirm()
        for number, (bottles, in_kind, left) in enumerate(((30, 20, 13754), (60, 66, 0))):
            paid.order_line.qty_delivered = bottles
            order.order_line.filtered(lambda line: line.product_id == self.product).qty_delivered = in_kind
            invoice = paid._create_invoices()
            invoice.action_post()
            self.assertEqual(invoice.amount_untaxed, 8970)  # 30 bottles at 299.00
            self.assertEqual(self.balance("goods_owed", self.distributor), -left)
            self.assertEqual(settlement.state, ("posted", "paid")[number])


@tagged("post_install", "-at_install")
class TestSharesInParts(ChargeCase):
    def test_his_share_goes_with_the_cases(self):
        """100.00 on 40 cases; 10 of them are invoiced: 25.00. The 75.00 to come and the 80.00 left stay his."""
        self.agreement("order")
        self.share()
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 240, "price_unit": 100})],
        })  # fmt: skip
        order.action_liquor_add_share()
        order.action_confirm()
        goods = order.order_line.filtered(lambda line: not line.liquor_share_agreement_id)
        goods.product_id.invoice_policy = "delivery"
        for delivered, due in ((0.25, 155), (1, 80)):
            goods.qty_delivered = goods.product_uom_qty * delivered
            order._create_invoices().action_post()
            self.assertEqual(self.balance("cofunding_due", self.distributor), due)
            self.assertEqual(self.env["liquor.charge"]._due_of(self.company, self.distributor), 80)
