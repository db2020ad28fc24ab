"""The distributor's lists: searched by period and product, taken out as workbooks, his own only."""

import io
from datetime import datetime

import openpyxl
from lxml import html

from odoo import Command
from odoo.tests import HttpCase, tagged

from ..money_case import MoneyCase

LISTS = ("statements", "earnings", "terminals", "orders")


def rows_of(content):
    """Return the rows of a workbook without its header and its totals."""
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2))
    totals = bool(rows) and any(cell.data_type == "f" for cell in rows[-1])
    return [tuple(cell.value for cell in row) for row in (rows[:-1] if totals else rows)]


@tagged("post_install", "-at_install")
class TestPortalLists(MoneyCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user("portal_distributor", cls.distributor)
        cls.portal_user("portal_rival", cls.make_partner("Rival Trading", "distributor"))

    def setUp(self):
        super().setUp()
        feb, march = datetime(2026, 2, 10, 4), datetime(2026, 3, 10, 4)
        self.book(self.distributor, 111, "distributor", day=feb, product_id=self.product.id, reason="=February")
        self.book(self.distributor, 222, "distributor", day=march, product_id=self.other_product.id, reason="March")
        self.book(self.shop, 5, day=march, product_id=self.product.id)
        self.order = self.make_order(self.product, datetime(2026, 2, 28, 17))  # 1 March in Shanghai
        self.make_order(self.other_product, datetime(2026, 2, 28, 4))
        for first, last in (("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")):
            self.env["liquor.settlement"].create({
                "partner_id": self.distributor.id, "date_from": first, "date_to": last
            }).action_send()  # fmt: skip
        self.authenticate("portal_distributor", "portal_distributor")

    def make_order(self, product, moment):
        return self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "state": "sale",
            "date_order": moment,
            "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 6, "price_unit": 100})],
        })

    def rows(self, name, query=""):
        answer = self.url_open(f"/my/channel/{name}.xlsx?{query}")
        self.assertEqual(answer.status_code, 200, name)
        return rows_of(answer.content)

    def page(self, name, query=""):
        answer = self.url_open(f"/my/channel/{name}?{query}")
        self.assertEqual(answer.status_code, 200, name)
        return answer.text

    def test_period(self):
        march = "first=2026-03-01&last=2026-03-31"
        self.assertEqual([row[3] for row in self.rows("earnings")], [222, 111])
        self.assertEqual([row[3] for row in self.rows("earnings", march)], [222])
        self.assertEqual([(str(row[2])[:10], row[3]) for row in self.rows("statements", march)], [("2026-03-31", 222)])
        self.assertEqual([(row[0], str(row[1])[:10]) for row in self.rows("orders", march)], [
            (self.order.name, "2026-03-01")
        ])  # fmt: skip
        self.assertEqual([row[0] for row in self.rows("terminals", march)], [self.shop.name])
        self.assertFalse(self.rows("terminals", "last=2026-02-28"))
        self.assertNotIn("111.00", self.page("earnings", march))
        self.assertIn("222.00", self.page("earnings", march))

    def test_product(self):
        self.assertEqual([row[3] for row in self.rows("earnings", "product=cellar")], [111])
        self.assertEqual([row[3] for row in self.rows("statements", "product=cellar")], [111])
        self.assertEqual([row[0] for row in self.rows("orders", "product=Cellar 10")], [self.order.name])
        self.assertEqual([row[0] for row in self.rows("terminals", "product=cellar")], [self.shop.name])
        self.assertFalse(self.rows("terminals", "product=blue"))
        self.assertNotIn(self.order.name, self.page("orders", "product=nothing-like-it"))

    def test_text_stays_text(self):
        self.assertIn("=February", [row[4] for row in self.rows("earnings")])

    def test_odd_filters_narrow_nothing(self):
        for query in (
            "first=x&last=31.3.",
            "first=9999-12-31",
            "last=9999-12-31",
            "first[]=1",
            "page=x&first=0001-01-01",
        ):
            with self.subTest(query=query):
                self.assertEqual(len(self.rows("earnings", query)), 2)
                self.assertEqual(len(self.rows("orders", query)), 2)
        self.assertNotIn("<script>x", self.page("orders", "product=<script>x"))

    def test_paging_keeps_the_search(self):
        for _number in range(21):
            self.book(self.distributor, 1, "distributor", product_id=self.product.id)
        self.assertIn("page=2&amp;product=cellar", self.page("earnings", "product=cellar"))
        self.assertEqual(len(self.rows("earnings", "product=cellar")), 22)

    def test_folded_on_a_phone(self):
        """Without a script: `details` beside the form; a search that runs is open, the workbook never hides."""
        for name in LISTS:
            plain, searched = (html.fromstring(self.page(name, query)) for query in ("", "first=2026-01-01"))
            fold = "//details[contains(@class, 'o_liquor_fold ')]"
            is_open = [page.xpath(f"{fold}/@open") for page in (plain, searched)]
            self.assertEqual(is_open, [[], ["open"]], name)
            self.assertIn("o_liquor_folded", plain.xpath(f"{fold}/following-sibling::form/@class")[0])
            self.assertEqual(len(plain.xpath(f"{fold}/following-sibling::a[contains(@href, '.xlsx')]")), 1, name)
            self.assertTrue(plain.xpath("//*[@role='status'][not(ancestor::form)]"), name)

    def test_others_get_their_own(self):
        self.authenticate("portal_rival", "portal_rival")
        for name in LISTS:
            self.assertFalse(self.rows(name), name)
        self.authenticate(None, None)
        for name in LISTS:
            answer = self.url_open(f"/my/channel/{name}.xlsx", allow_redirects=False)
            self.assertIn("/web/login", answer.headers["Location"])
