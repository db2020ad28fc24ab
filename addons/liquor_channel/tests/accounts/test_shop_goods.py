"""Goods that a shop earned reach it by its distributor or by the maker; bottles and money leave 2204.G (R4, #13)."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_examples import FULAI, SUNNY
from .test_ways_of_payment import GoodsCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestShopGoods(GoodsCase):
    """Ten bottles worth 2,990.00, by the policy; the shop is supplied by Sunny Trading."""

    def earn(self, bottles=10, worth=2990, **values):
        return self.book(
            self.shop, worth, form="goods", goods_product_id=self.product.id, goods_bottles=bottles,
            policy_version_id=self.policy_version.id, **values,
        )  # fmt: skip

    def paper(self, way="distributor"):
        deliveries = self.env["liquor.shop.delivery"].with_user(self.clerk)
        paper = deliveries.create({"partner_id": self.shop.id, "way": way})
        paper.action_collect()
        return paper

    def approved(self, **values):
        paper = self.paper(**values)
        paper.with_user(self.finance).action_approve()
        return paper

    def owed(self, partner):
        return self.balance("goods_owed", partner)

    def agree(self):
        self.assertFalse(
            self.env["liquor.tie.out"].search([("company_id", "=", self.company.id), ("difference", "!=", 0)])
        )

    def test_by_the_distributor_beside_his_paid_order(self):
        self.earn()
        paper = self.approved()
        self.assertEqual((paper.distributor_id, paper.bottles, paper.amount), (self.distributor, 10, 2990))
        self.check(paper.sudo().move_ids, {("goods_owed", FULAI): 2990, ("goods_owed", SUNNY): -2990})
        self.assertEqual((self.owed(self.shop), self.owed(self.distributor)), (0, -2990))
        order = paper.sudo().order_ids
        goods = order.order_line.filtered(lambda line: line.product_id == self.product)
        self.assertEqual(
            (order.partner_id, order.liquor_kind, order.amount_total), (self.distributor, "goods_rebate", 0)
        )
        self.assertEqual((goods.product_uom_qty, goods.price_unit), (10, 299))
        with self.assertRaises(UserError):
            order.action_confirm()
        paid = self.order()
        order.liquor_paid_order_id = paid
        order.action_confirm()
        invoice = paid._create_invoices()
        invoice.action_post()
        # 60 bottles are paid (17,940.00 and 13 %), ten leave for nothing
        self.check(
            invoice,
            {
                ("asset_receivable", SUNNY): 20272.20,
                "income": -17940 - 2990,
                ("goods_owed", SUNNY): 2990,
                "tax": -2332.20,
            },
        )
        self.assertEqual((paper.state, self.owed(self.shop), self.owed(self.distributor)), ("delivered", 0, 0))
        items = self.env["account.move.line"].search([("account_id", "=", self.accounts["goods_owed"].id)])
        self.assertTrue(all(items.mapped("reconciled")))
        self.agree()

    def test_by_the_maker_on_an_order_of_its_own(self):
        self.earn()
        paper = self.approved(way="maker")
        self.assertFalse(paper.sudo().move_ids)
        order = paper.sudo().order_ids
        self.assertEqual((order.partner_id, order.amount_total), (self.shop, 0))
        line = order.order_line.filtered(lambda one: one.product_id == self.product).with_user(self.clerk)
        with self.assertRaises(UserError):
            line.product_uom_qty = 100
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.check(invoice, {"income": -2990, ("goods_owed", FULAI): 2990})
        self.assertEqual((paper.state, self.owed(self.shop), invoice.amount_total), ("delivered", 0, 0))
        self.agree()

    def test_what_is_no_whole_bottle_comes_into_the_wallet(self):
        """20.5 bottles worth 1,025.00: 20 at 50.00 are delivered, 25.00 can be withdrawn."""
        self.earn(20.5, 1025)
        paper = self.approved()
        self.assertEqual((paper.bottles, paper.amount), (20, 1000))
        self.assertEqual((self.owed(self.distributor), self.owed(self.shop)), (-1000, 0))
        self.assertEqual(self.balance("reward_accrued", self.shop), -25)
        self.assertEqual(self.env["liquor.earning"]._wallet(self.shop, self.company)["available"], 25)
        self.agree()

    def test_an_earning_is_on_one_paper_and_held_ones_wait(self):
        self.earn()
        held = self.earn(3, 897)
        self.env["liquor.earning.state"]._set(held, "held", "inspection")
        paper = self.paper()
        self.assertEqual((paper.bottles, paper.amount), (10, 2990))
        paper.action_collect()
        self.assertEqual(len(paper.line_ids), 1)
        with self.assertRaises(UserError):
            self.env["liquor.shop.delivery"].create({"partner_id": self.shop.id}).action_collect()
            self.env.flush_all()

    def test_cancelled_they_are_owed_again_and_go_by_another_paper(self):
        self.earn()
        paper = self.approved()
        paper.with_user(self.finance).action_cancel()
        self.assertEqual((paper.state, paper.sudo().order_ids.state), ("cancelled", "cancel"))
        self.assertEqual((self.owed(self.shop), self.owed(self.distributor)), (-2990, 0))
        self.assertEqual(self.approved(way="maker").amount, 2990)
        self.agree()

    def test_goods_on_their_way_are_not_cancelled(self):
        self.earn()
        paper = self.approved()
        order = paper.sudo().order_ids
        order.liquor_paid_order_id = self.order()
        order.action_confirm()
        with self.assertRaises(UserError):
            paper.with_user(self.finance).action_cancel()

    def test_a_clerks_papers_are_numbered(self):
        self.earn()
        sequence = self.env["ir.sequence"].search([("code", "=", "liquor.shop.delivery")], limit=1)
        self.assertEqual(self.paper().name, sequence.get_next_char(sequence.number_next_actual - 1))

    def test_rights_and_hands(self):
        self.earn()
        paper = self.paper()
        with self.assertRaises(AccessError):
            paper.action_approve()
        own = self.env["liquor.shop.delivery"].with_user(self.finance).browse(paper.id)
        own.sudo().write({"author_id": self.finance.id})
        with self.assertRaises(UserError):
            own.action_approve()
        with self.assertRaises(UserError):
            paper.write({"amount": 9999})
        with self.assertRaises(ValidationError):
            self.env["liquor.shop.delivery"].create({"partner_id": self.distributor.id})
        own.with_user(self.second_finance).action_approve()
        with self.assertRaises(UserError):
            own.with_user(self.second_finance).action_approve()
        with self.assertRaises(UserError):
            paper.write({"way": "maker"})

    def test_nothing_owed_nothing_goes(self):
        paper = self.paper()
        with self.assertRaises(UserError):
            paper.with_user(self.finance).action_approve()

    def test_collect_for_all_shops(self):
        second = self.make_partner("Second Shop", "terminal")
        self.earn()
        self.book(second, 598, form="goods", goods_product_id=self.product.id, goods_bottles=2)
        deliveries = self.env["liquor.shop.delivery"].with_user(self.clerk)
        deliveries.action_collect_all()
        deliveries.action_collect_all()
        found = deliveries.search([("state", "=", "draft")])
        self.assertEqual(
            sorted((one.partner_id.name, one.bottles, one.amount) for one in found),
            [(FULAI, 10, 2990), ("Second Shop", 2, 598)],
        )

    def test_his_statement_of_goods_in_kind_counts_them(self):
        """Owed to the distributor from the approval on, in cases: 10 bottles are 10/6 of a case."""
        self.earn()
        self.approved()
        day = self.env.cr.now().date()
        found = self.env["liquor.statement.source"]._collect(
            self.company, self.distributor, day.replace(2026, 3, 1), day.replace(2026, 3, 31), in_kind=True
        )
        moved = [move.amount for move in found[self.distributor.id][1] if move.account == "in_kind"]
        self.assertEqual([float(amount) for amount in moved], [1.67])
