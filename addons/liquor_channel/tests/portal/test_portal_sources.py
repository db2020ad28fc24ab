"""From an amount to what it was earned by: order lines, reported rows, expense claims; nobody else's."""

import re
from base64 import b64encode
from datetime import date, datetime

from odoo import Command
from odoo.tests import HttpCase, tagged

from ...tools import tables
from ..expense_case import ExpenseCase

MARCH_END = date(2026, 3, 31)


@tagged("post_install", "-at_install")
class TestPortalSources(ExpenseCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.portal_user("sources_distributor", cls.distributor)
        cls.shop_user = cls.portal_user("sources_shop", cls.shop)
        cls.rival = cls.make_partner("Rival Trading", "distributor")
        cls.rival_user = cls.portal_user("sources_rival", cls.rival)

    def page(self, login, url, status=200):
        self.authenticate(f"sources_{login}", f"sources_{login}")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, status, url)
        return answer.text

    def order(self, cases, partner=None, product=None, day=10):
        """Confirm an order of the month, each bottle 100.00."""
        order = self.env["sale.order"].create({
            "partner_id": (partner or self.distributor).id,
            "order_line": [Command.create({
                "product_id": (product or self.product).id, "product_uom_qty": 6 * cases, "price_unit": 100
            })],
        })  # fmt: skip
        order.action_confirm()
        order.date_order = datetime(2026, 3, day, 4)
        return order

    def rebate_on_orders(self):
        """2 % of what was ordered of one product."""
        return self.make_version(
            tiers=[(0, 0, 2)], name="Rebate on orders", basis="ordered", measure="amount", rate_kind="percent",
            beneficiary_kind="distributor", payable="available", product_ids=[Command.set(self.product.ids)],
        )  # fmt: skip

    # ------------------------------------------------------------------ orders
    def test_down_to_each_order_line(self):
        version = self.rebate_on_orders()
        mine = [self.order(10, day=day) for day in (3, 9)]
        other = [self.order(10, product=self.other_product), self.order(10, partner=self.rival)]
        earning = version._bring_up_to_date(MARCH_END, self.distributor)
        self.assertEqual(earning.amount, 240)  # 2 orders x 60 bottles x 100.00 x 2 %
        settlement = self.env["liquor.settlement"].create({
            "partner_id": self.distributor.id, "date_from": "2026-03-01", "date_to": "2026-03-31"
        })  # fmt: skip
        settlement.action_send()
        statement = self.page("distributor", f"/my/channel/statements/{settlement.id}")
        link = f"/my/channel/earnings/{earning.id}"
        self.assertIn(f'href="{link}"', statement)
        page = self.page("distributor", link)
        for order in mine:
            self.assertIn(f'href="/my/orders/{order.id}"', page)
            self.assertIn(order.name, page)
            self.assertIn(order.name, self.page("distributor", f"/my/orders/{order.id}"))
        for order in other:
            self.assertNotIn(order.name, page)
        self.assertIn(f"/my/channel/statements/{settlement.id}", page)
        self.assertIn("12,000.00", page)  # what the 2 % were taken of

    def test_late_and_future_facts_are_not_those_of_an_earlier_line(self):
        version = self.rebate_on_orders()
        early = self.order(10, day=3)
        first = version._bring_up_to_date(date(2026, 3, 5), self.distributor)
        late = self.order(10, day=9)
        second = version._bring_up_to_date(date(2026, 3, 10), self.distributor)
        self.assertEqual({fact["source_id"] for fact in first._sources().facts}, set(early.order_line.ids))
        self.assertEqual({fact["source_id"] for fact in second._sources().facts}, set((early | late).order_line.ids))

    def test_queries_do_not_grow_with_the_movements(self):
        version = self.rebate_on_orders()
        self.order(10)

        def cost():
            earning = version._bring_up_to_date(MARCH_END, self.distributor)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = earning._sources(20)
            self.env["liquor.flow.fact"]._words_of(found.facts)
            self.assertEqual(len(found.facts), found.count)
            return found.count, self.cr.sql_log_count - before

        few, first = cost()
        for _number in range(12):
            self.order(1)
        many, second = cost()
        self.assertEqual((few, many, second), (1, 13, first))
        earning = self.env["liquor.earning"].search([("policy_version_id", "=", version.id)], limit=1)
        pages = [earning._sources(5, offset) for offset in (0, 5, 10, 15)]
        self.assertEqual([len(page.facts) for page in pages], [5, 5, 3, 0])
        self.assertEqual(len({fact["key"] for page in pages for fact in page.facts}), 13)
        # 60 + 12 x 6 bottles of 100.00
        self.assertEqual({(page.count, page.bottles, page.amount) for page in pages}, {(13, 132, 13200)})

    # ------------------------------------------------------------------ reports
    def test_down_to_a_reported_row_and_its_undoing(self):
        self.product.default_code, self.shop.ref = "JC10", "S001"
        self.make_version(
            basis="reported", measure="bottles", rate=2.0, beneficiary_kind="distributor", payable="available"
        )
        content = tables.write_csv([
            ["日期", "商品编码", "数量", "单位", "客户", "类型", "单号", "金额"],
            ["2026-03-05", "JC10", "10", "", "S001", "销售", "CK-4711", ""],
        ])
        report = self.env["liquor.flow.report"].with_user(self.clerk).create({
            "partner_id": self.distributor.id, "file": b64encode(content), "filename": "sales.csv"
        })  # fmt: skip
        report.action_read()
        report.action_load()
        earning = self.env["liquor.earning"].search([
            ("fact_key", "=", f"liquor.flow.report.line/{report.line_ids.id}")
        ])
        page = self.page("distributor", f"/my/channel/earnings/{earning.id}")
        self.assertIn("CK-4711", page)
        self.assertIn(report.display_name, page)
        report.action_undo()
        back = self.env["liquor.earning"].search([("reverses_id", "=", earning.id)])
        page = self.page("distributor", f"/my/channel/earnings/{back.id}")
        self.assertIn(f"/my/channel/earnings/{earning.id}", page)
        self.assertNotIn("CK-4711", page)

    # ------------------------------------------------------------------ claims
    def test_down_to_the_expense_claim(self):
        expense = self.paid()
        earning = self.env["liquor.earning"].search([
            ("origin_model", "=", "liquor.expense"), ("origin_id", "=", expense.id)
        ])  # fmt: skip
        self.assertEqual(earning.amount, 600)
        page = self.page("distributor", f"/my/channel/earnings/{earning.id}")
        self.assertIn(f'href="/my/channel/expenses/{expense.id}"', page)
        self.assertIn(expense.name, self.page("distributor", f"/my/channel/expenses/{expense.id}"))
        drafts = self.env["liquor.account.statement"]._make(self.company, date(2026, 3, 1), self.distributor)
        drafts.action_send()
        url = f"/my/channel/accounts/{drafts.id}"
        entries = set(re.findall(rf'href="({url}/entry/\d+)"', self.page("distributor", url)))
        self.assertTrue(entries)
        ends = [self.url_open(entry) for entry in entries]
        self.assertTrue(all(end.status_code == 200 for end in ends))
        found = [end for end in ends if end.url.endswith(f"/my/channel/expenses/{expense.id}")
                 or f"/my/channel/earnings/{earning.id}" in end.text]  # fmt: skip
        self.assertEqual(len(found), len(ends), [end.url for end in ends])
        # the rival's own month leads nowhere near it
        own = self.env["liquor.account.statement"]._make(self.company, date(2026, 3, 1), self.rival)
        own.action_send()
        for entry in entries:
            number = entry.rsplit("/", 1)[-1]
            foreign = self.page("rival", f"/my/channel/accounts/{own.id}/entry/{number}")
            self.assertNotIn(expense.name, foreign)

    # ------------------------------------------------------------------ who may look
    def test_each_party_its_own_and_no_share_for_the_shop(self):
        self.make_agreement()
        self.make_version(basis="received", measure="cases", rate=15.0, payable="available")
        self.env["liquor.policy"]._earn([self.make_fact(1)])
        earning = self.env["liquor.earning"].search([("partner_id", "=", self.shop.id)])
        self.assertEqual((earning.funder_id, earning.funder_amount), (self.distributor, 4.5))  # 30 % of 15.00
        shop = self.page("shop", f"/my/terminal/earnings/{earning.id}")
        self.assertIn("15.00", shop)
        self.assertNotIn("4.50", shop)
        self.assertNotIn(self.distributor.name, shop)
        self.assertIn("4.50", self.page("distributor", f"/my/channel/earnings/{earning.id}"))
        self.page("rival", f"/my/channel/earnings/{earning.id}", 404)
        self.page("distributor", f"/my/terminal/earnings/{earning.id}", 404)
        self.page("shop", f"/my/channel/earnings/{earning.id}", 404)
        self.page("shop", f"/my/guide/earnings/{earning.id}", 404)
        uncarried = self.book(self.shop, 7, reason="Own alone")
        self.page("distributor", f"/my/channel/earnings/{uncarried.id}", 404)
        for odd in ("page=x", "page=-1", "page=99999999999", "page[]=1", "own=1&earning_sudo=2"):
            self.page("shop", f"/my/terminal/earnings/{earning.id}?{odd}")
