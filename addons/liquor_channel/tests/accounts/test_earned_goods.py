"""Goods that were earned as goods: 2204.G from the accrual on, delivered beside a paid order (Acc-2 #13, R4)."""

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_examples import SUNNY
from .test_ways_of_payment import GoodsCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestEarnedGoods(GoodsCase):
    def earn(self, bottles, worth, **values):
        return self.book(
            self.distributor, worth, "distributor", form="goods", goods_product_id=self.product.id,
            goods_bottles=bottles, policy_version_id=self.policy_version.id, **values,
        )  # fmt: skip

    def approved(self, method="rebate_account"):
        settlement = self.settle(method=method)
        settlement.with_user(self.finance).action_approve()
        return settlement.with_user(self.second_finance)

    def deliver(self, settlement):
        """The order in kind is confirmed beside a paid one; both come on one invoice."""
        order = settlement.sudo().goods_line_ids.order_id
        paid = self.order()
        order.liquor_paid_order_id = paid
        order.action_confirm()
        invoice = paid._create_invoices()
        invoice.action_post()
        return invoice

    def rebate(self):
        return self.env["liquor.rebate.account"]._of(self.company, self.distributor).balance

    def test_13_accrued_as_goods_and_released_by_the_invoice(self):
        """66 bottles worth 20,000.00 less 266.00: 6001.R 19,734 to 2204.G, then 2204.G to 6001 with the invoice."""
        self.earn(66, 19734)
        self.check(self.accrue().move_ids, {("rebate_contra", ""): 19734, ("goods_owed", SUNNY): -19734})
        settlement = self.approved()
        settlement.action_post()
        self.assertFalse(settlement.sudo().move_ids)
        order = settlement.sudo().goods_line_ids.order_id
        goods = order.order_line.filtered(lambda line: line.product_id == self.product)
        self.assertEqual((goods.product_uom_qty, goods.price_unit, order.amount_total), (66, 299, 0))
        # the money is nothing, the goods are still owed
        self.assertEqual((settlement.state, self.rebate()), ("posted", 0))
        invoice = self.deliver(settlement)
        self.check(
            invoice,
            {
                ("asset_receivable", SUNNY): 20272.20,
                "income": -17940 - 19734,
                ("goods_owed", SUNNY): 19734,
                "tax": -2332.20,
            },
        )
        self.assertEqual((settlement.state, self.balance("goods_owed", self.distributor)), ("paid", 0))
        items = self.env["account.move.line"].search([("account_id", "=", self.accounts["goods_owed"].id)])
        self.assertTrue(all(items.mapped("reconciled")))

    def test_money_and_goods_of_one_statement(self):
        """1,000.00 of rebate and 10 bottles of 299.00: 1,000.00 in the account at once, paid when both are done."""
        self.book(self.distributor, 1000, "distributor")
        self.earn(10, 2990)
        settlement = self.approved()
        # the statement says both apart: 1,000.00 and ten bottles worth 2,990.00 are 3,990.00
        data = settlement._snapshot_data()
        self.assertEqual((data["total"], data["money"]), ("3990.00", "1000.00"))
        self.assertEqual(data["goods"], [[self.product.display_name, "10", "2990.00"]])
        settlement.action_post()
        self.assertEqual((settlement.amount_total, self.rebate(), settlement.state), (3990, 1000, "posted"))
        self.assertEqual(self.balance("rebate_accrued", self.distributor), -1000)
        self.deliver(settlement)
        self.assertEqual((settlement.state, self.balance("goods_owed", self.distributor)), ("paid", 0))

    def test_a_credit_note_is_over_the_money_only(self):
        """1,000.00 and 13 % are 1,130.00; the goods are on no credit note."""
        self.sell(50000, liquor_buyer_use="used")
        self.book(self.distributor, 1000, "distributor")
        self.earn(10, 2990)
        settlement = self.approved("credit_note")
        settlement.action_post()
        note = settlement.sudo().move_ids
        self.check(note, {("rebate_accrued", SUNNY): 1000, "tax": 130, ("asset_receivable", SUNNY): -1130})
        self.assertEqual(note.liquor_red_ids.amount, 1000)
        settlement.action_offset()
        self.assertEqual(settlement.state, "posted")
        self.deliver(settlement)
        self.assertEqual(settlement.state, "paid")

    def test_what_is_no_whole_bottle_becomes_money(self):
        """20.5 bottles worth 1,025.00: 20 at 50.00 are delivered, 25.00 go to the rebate account."""
        self.earn(20.5, 1025)
        settlement = self.approved()
        settlement.action_post()
        self.check(settlement.sudo().move_ids, {("goods_owed", SUNNY): 25, ("rebate_accrued", SUNNY): -25})
        self.assertEqual((self.rebate(), self.balance("goods_owed", self.distributor)), (25, -1000))
        self.deliver(settlement)
        self.assertEqual((settlement.state, self.balance("goods_owed", self.distributor)), ("paid", 0))

    def test_page_and_pdf_say_money_and_goods_apart(self):
        self.book(self.distributor, 1000, "distributor")
        self.earn(10, 2990)
        settlement = self.approved()
        texts = [
            self.env["ir.qweb"]._render("liquor_channel.statement_total", {"data": settlement._snapshot_data()}),
            self.env["ir.actions.report"]._render_qweb_html(
                "liquor_channel.settlement_report_document", settlement.ids
            )[0].decode(),
        ]  # fmt: skip
        for text in texts:
            self.assertIn("1,000.00", str(text))
            self.assertIn("2,990.00", str(text))
        summary = settlement._snapshot_sheets(settlement._snapshot_data())[0].rows
        found = [row[1:] for row in summary if len(row) == 4]
        self.assertEqual([(float(row[0]), float(row[2])) for row in found], [(2990, 10)])

    def test_goods_that_are_taken_back_lower_the_money(self):
        """10 bottles go back that nobody owes any more: 299.00 x 10 of 5,000.00 are left out."""
        self.book(self.distributor, 5000, "distributor")
        self.earn(-10, -2990, type="clawback")
        settlement = self.approved()
        settlement.action_post()
        self.assertEqual((settlement.state, self.rebate()), ("paid", 2010))
        self.assertEqual(self.balance("goods_owed", self.distributor), 0)
        self.assertEqual(self.balance("rebate_accrued", self.distributor), -2010)
        move = self.env["liquor.accrual.line"].search([("amount", "=", -2990)]).move_line_id.move_id
        self.assertTrue(self.red(move))

    def test_reversal_owes_the_goods_again(self):
        self.book(self.distributor, 1000, "distributor")
        self.earn(20.5, 1025)
        settlement = self.approved()
        settlement.action_post()
        settlement.with_user(self.finance).action_reverse()
        self.assertEqual(settlement.sudo().goods_line_ids.order_id.state, "cancel")
        self.assertEqual(self.rebate(), 0)
        self.assertEqual(self.balance("goods_owed", self.distributor), -1025)
        self.assertEqual(self.balance("rebate_accrued", self.distributor), -1000)

    def test_goods_on_their_way_are_not_taken_back(self):
        self.earn(10, 2990)
        settlement = self.approved()
        settlement.action_post()
        order = settlement.sudo().goods_line_ids.order_id
        order.liquor_paid_order_id = self.order()
        order.action_confirm()
        with self.assertRaises(UserError):
            settlement.with_user(self.finance).action_reverse()

    def test_a_shops_goods_are_not_withdrawn_as_money(self):
        """600.00 of money and ten bottles: 600.00 can be withdrawn; the bottles stand on 2204.G."""
        self.book(self.shop, 600)
        self.book(self.shop, 2990, form="goods", goods_product_id=self.product.id, goods_bottles=10)
        payout = self.ask(self.shop)
        self.assertEqual(payout.amount, 600)
        self.batch()
        self.accrue()
        self.assertEqual((self.balance("goods_owed", self.shop), self.balance("reward_accrued", self.shop)), (-2990, 0))

    def test_sub_ledger_and_ledger_agree(self):
        self.earn(20.5, 1025)
        settlement = self.approved()
        settlement.action_post()
        self.deliver(settlement)
        rows = self.env["liquor.tie.out"].search([("company_id", "=", self.company.id), ("difference", "!=", 0)])
        self.assertFalse(rows)
