"""Goods, bank transfer, withheld tax: channel.md Acc-2 #7b and #13, trade.md R4 and R20."""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_examples import FULAI, SUNNY, ExampleCase


class GoodsCase(ExampleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.taxes_id = cls.tax
        cls.product.invoice_policy = "order"
        cls.ladder = cls.env["liquor.price.ladder"].create({
            "product_id": cls.product.id, "date_start": "2026-01-01", "price_factory": 299.0
        })  # fmt: skip

    def settle_in(self, method, amount=20000, **values):
        """A settlement that was approved, with its way of payment; not posted yet."""
        self.book(self.distributor, amount, "distributor", policy_version_id=self.policy_version.id)
        settlement = self.settle(method=method)
        settlement.write(values)
        settlement.with_user(self.finance).action_approve()
        return settlement.with_user(self.second_finance)

    def order(self, **values):
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "order_line": [
                Command.create({
                    "product_id": self.product.id, "product_uom_qty": 60, "price_unit": 299,
                    "tax_ids": [Command.set(self.tax.ids)],
                })
            ],
            **values,
        })  # fmt: skip
        order.action_confirm()
        return order


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestGoods(GoodsCase):
    def test_13_owed_in_goods_and_delivered_beside_a_paid_order(self):
        settlement = self.settle_in("goods", goods_product_id=self.product.id)
        settlement.action_post()
        # 20,000 / 299.00 = 66 bottles = 19,734.00; 266.00 are no bottle
        self.assertEqual((settlement.goods_bottles, settlement.goods_value), (66, 19734))
        self.check(settlement.move_ids, {("rebate_accrued", SUNNY): 19734, ("goods_owed", SUNNY): -19734})
        self.assertEqual(self.env["liquor.rebate.account"]._of(self.company, self.distributor).balance, 266)
        self.assertEqual(self.balance("rebate_accrued", self.distributor), -266)
        order = settlement.sudo().goods_line_ids.order_id
        self.assertEqual((order.liquor_kind, order.amount_total), ("goods_rebate", 0))
        with self.assertRaises(UserError):
            order.action_confirm()
        paid = self.order()
        order.liquor_paid_order_id = paid
        self.ladder.price_factory = 319.0
        order.action_confirm()
        self.assertEqual(settlement.goods_variance, 1320)  # 66 x (319 - 299)
        with self.assertRaises(UserError):
            order._create_invoices()
        invoice = paid._create_invoices()
        self.assertEqual(len(invoice), 1)
        invoice.action_post()
        # one invoice: 60 bottles paid, 66 bottles and the equal discount; 17,940 net and 2,332.20 of tax are due
        self.check(
            invoice,
            {
                ("asset_receivable", SUNNY): 20272.20,
                "income": -17940 - 19734,
                ("goods_owed", SUNNY): 19734,
                "tax": -2332.20,
            },
        )
        self.assertEqual(self.balance("goods_owed", self.distributor), 0)
        self.assertEqual(settlement.state, "paid")
        free = invoice.invoice_line_ids.filtered("liquor_free_goods")
        self.assertEqual((free.product_id, free.quantity), (self.product, 66))

    def test_goods_that_are_owed_are_not_edited(self):
        settlement = self.settle_in("goods", goods_product_id=self.product.id)
        settlement.action_post()
        line = settlement.goods_line_ids.with_user(self.clerk)
        with self.assertRaises(UserError):
            line.write({"price_unit": -1})
        with self.assertRaises(UserError):
            line.order_id.order_line[0].write({"product_uom_qty": 600})
        forged = self.env["sale.order.line"].with_user(self.clerk).create({
            "order_id": self.order().id, "product_id": self.product.id, "liquor_settlement_id": settlement.id
        })  # fmt: skip
        self.assertFalse(forged.liquor_settlement_id)

    def test_without_price_nothing_is_posted(self):
        self.ladder.unlink()
        settlement = self.settle_in("goods", goods_product_id=self.product.id)
        with self.assertRaises(UserError):
            settlement.action_post()

    def test_reversal_takes_the_goods_back(self):
        settlement = self.settle_in("goods", goods_product_id=self.product.id)
        settlement.action_post()
        settlement.action_reverse()
        self.assertEqual(self.balance("rebate_accrued", self.distributor), -20000)
        self.assertEqual(self.balance("goods_owed", self.distributor), 0)
        self.assertEqual(self.env["liquor.rebate.account"]._of(self.company, self.distributor).balance, 0)
        self.assertEqual(settlement.sudo().goods_line_ids.order_id.state, "cancel")


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestCash(GoodsCase):
    def answer(self, batch, payout, word):
        return batch._apply_results([["reference", "status"], [payout.name, word]])

    def test_paid_by_the_bank_failed_and_paid_again(self):
        settlement = self.settle_in("cash", 5000)
        with self.assertRaises(UserError):
            settlement.action_post()
        self.payee(self.distributor)
        settlement.action_post()
        payout = settlement.payout_ids
        batch = self.batch()
        approval, payment = batch.move_ids.sorted("id")
        self.check(approval, {("rebate_accrued", SUNNY): 5000, ("reward_payable", SUNNY): -5000})
        self.check(payment, {("reward_payable", SUNNY): 5000, ("asset_cash", ""): -5000})
        with self.assertRaises(UserError):
            settlement.action_pay_again()
        self.answer(batch, payout, "failed")
        self.assertEqual((settlement.state, self.balance("rebate_accrued", self.distributor)), ("posted", -5000))
        self.assertEqual(self.balance("reward_payable", self.distributor), 0)
        settlement.action_pay_again()
        second = settlement.payout_ids - payout
        self.answer(self.batch(), second, "ok")
        self.assertEqual((settlement.state, self.balance("rebate_accrued", self.distributor)), ("paid", 0))


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestWithholding(ExampleCase):
    def pay(self, treatment, **payee):
        self.policy_version.policy_id.tax_treatment = treatment
        self.book(self.guide, 600, "guide", policy_version_id=self.policy_version.id)
        self.payee(self.guide).sudo().write(payee)
        payout = self.ask(self.guide)
        return payout, self.batch()

    def test_7b_withheld(self):
        payout, batch = self.pay("withheld")
        payment = batch.move_ids.sorted("id")[-1]
        self.check(payment, {("reward_payable", self.guide.name): 600, ("asset_cash", ""): -480, "tax": 0,
                             ("withheld_tax", ""): -120})  # fmt: skip
        self.assertEqual((payout.tax_withheld, payout.amount_sent), (120, 480))
        self.assertEqual(batch._file_rows()[1][5], "480.00")
        [line] = self.env["liquor.withholding.line"].search([("payout_id", "=", payout.id)])
        self.assertEqual((line.amount, line.base, line.tax, line.holder), (600, 600, 120, self.guide.name))
        # what the bank answers is the money that left
        self.assertEqual(
            len(batch._apply_results([["reference", "status", "amount"], [payout.name, "failed", "480"]]).changes), 1
        )
        lines = self.env["liquor.withholding.line"].search([("payout_id", "=", payout.id)])
        self.assertEqual(sum(lines.mapped("tax")), 0)
        self.assertEqual(self.balance("reward_payable", self.guide), -600)
        tax = self.env["account.move.line"].search([("account_id", "=", self.accounts["withheld_tax"].id)])
        self.assertEqual(round(sum(tax.mapped("balance")), 2), 0)

    def test_borne_on_top(self):
        # 600 is 80 % of 750: 150 of tax are ours
        payout, batch = self.pay("borne")
        payment = batch.move_ids.sorted("id")[-1]
        self.check(payment, {("reward_payable", self.guide.name): 600, ("asset_cash", ""): -600,
                             ("reward_contra", ""): 150, ("withheld_tax", ""): -150})  # fmt: skip
        self.assertEqual((payout.tax_borne, payout.amount_sent), (150, 600))

    def test_companies_and_discounts_are_not_taxed(self):
        payout, _batch = self.pay("withheld", holder_kind="company")
        self.assertFalse(payout.tax_withheld)

    def test_monthly_list(self):
        payout, _batch = self.pay("withheld")
        lines = self.env["liquor.withholding.line"].with_user(self.finance)
        first, last = payout.requested_at.date().replace(day=1), payout.requested_at.date()
        rows = lines._sheet(self.company, first, last)
        self.assertEqual([row[1] for row in rows[1:]], [payout.name])
        self.assertEqual(rows[1][-1], 120)
        self.assertNotIn("6222020000001234567", str(rows))
        with self.assertRaises(AccessError):
            lines.with_user(self.clerk).search([])
        with self.assertRaises(AccessError):
            self.env["liquor.payee"]._of(self.company, self.guide).with_user(self.clerk).action_sole_trader()

    def test_sole_trader_is_taxed_as_a_person(self):
        self.scanned(600)
        self.payee(self.shop).sudo().holder_kind = "household"
        self.policy_version.policy_id.tax_treatment = "withheld"
        self.ask(self.shop)
        payment = self.batch().move_ids.sorted("id")[-1]
        self.check(payment, {("reward_payable", FULAI): 600, ("asset_cash", ""): -480, ("withheld_tax", ""): -120})
