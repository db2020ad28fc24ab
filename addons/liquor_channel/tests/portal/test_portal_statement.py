"""Long statements: paged, searched, summed, in a constant number of queries; page, PDF and workbook say the same."""

import io
import re
from decimal import Decimal

import openpyxl

from odoo.tests import HttpCase, tagged

from ..money_case import MoneyCase
from .counting import counted_queries


@tagged("post_install", "-at_install")
class TestPortalStatement(MoneyCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.portal_user("statement_distributor", cls.distributor)
        cls.rival = cls.make_partner("Rival Trading", "distributor")
        cls.rival_user = cls.portal_user("statement_rival", cls.rival)

    def page(self, url, status=200):
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, status, url)
        return answer.text

    def send(self, page, url, **values):
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        return self.url_open(url, data={"csrf_token": token, **values})

    def statement(self, count, first="2026-03-01", last="2026-03-31"):
        """A statement of ``count`` lines: 1.00, 2.00, ... and one held line of 1,000.00."""
        for number in range(1, count + 1):
            self.book(self.distributor, number, "distributor", reason=f"Line {number:04d}",
                      product_id=(self.product if number % 2 else self.other_product).id)  # fmt: skip
        self.book(self.distributor, 1000, "distributor", reason="Waits", payable="held")
        settlement = self.env["liquor.settlement"].create({
            "partner_id": self.distributor.id, "date_from": first, "date_to": last
        })  # fmt: skip
        settlement.action_send()
        return settlement

    def login(self):
        self.authenticate("statement_distributor", "statement_distributor")

    # ------------------------------------------------------------------ page
    def test_page_search_and_totals(self):
        settlement = self.statement(120)
        self.login()
        url = f"/my/channel/statements/{settlement.id}"
        page = self.page(url)
        self.assertEqual(len(re.findall(r'id="line\d+"', page)), 50)
        # 1 + 2 + ... + 120 = 120 x 121 / 2
        for text in ("7,260.00", "1,000.00", "Line 0001", "page=2"):
            self.assertIn(text, page)
        self.assertNotIn("Line 0051", page)
        self.assertIn("Line 0051", self.page(f"{url}?page=2"))
        self.assertEqual(len(re.findall(r'id="line\d+"', self.page(f"{url}?page=3"))), 21)
        last = [re.findall(r'id="line(\d+)"', self.page(f"{url}?page={number}")) for number in (99, 3)]
        self.assertEqual(last[0], last[1])
        page = self.page(f"{url}?find=line+000")
        # Line 0001 to 0009: 45.00
        self.assertEqual(len(re.findall(r'id="line\d+"', page)), 9)
        self.assertIn("45.00", page)
        page = self.page(f"{url}?find={self.other_product.name}&page=2")
        # 2 + 4 + ... + 120 = 60 x 61
        self.assertIn("3,660.00", page)
        self.assertIn(f"page=1&amp;find={self.other_product.name}", page)
        page = self.page(f"{url}?show=held")
        self.assertEqual(len(re.findall(r'id="line\d+"', page)), 1)
        self.assertIn("Waits", page)
        self.assertEqual(len(re.findall(r'id="line\d+"', self.page(f"{url}?first=2026-03-11"))), 0)

    def test_odd_parameters(self):
        settlement = self.statement(3)
        self.login()
        url = f"/my/channel/statements/{settlement.id}"
        for query in (
            "page=x",
            "page=-1",
            "page=9999999999999",
            "page[]=2",
            "show[]=held",
            "show=<script>",
            "first=x",
            "find[]=a",
            "find=%25",
            "find=&first=&last=&show=",
            "role_sudo=1&data=2&settlement_sudo=3",
        ):
            page = self.page(f"{url}?{query}")
            self.assertNotIn("<script>alert", page)
            self.assertIn(settlement.snapshot_hash, page, query)
        self.assertNotIn("<img src=x", self.page(f"{url}?find=<img src=x onerror=alert(1)>"))
        for account in ("nothing", "GOODS", "goods'--", "in_kind"):
            self.page(f"{url}/movements/{account}", 404)

    def test_queries_do_not_grow(self):
        few = self.statement(60)
        counts = {}
        self.login()
        for size in ("few", "many"):
            if size == "many":
                for number in range(600):
                    self.book(self.distributor, 1, "distributor", reason=f"More {number}")
                many = self.env["liquor.settlement"].create({
                    "partner_id": self.distributor.id, "date_from": "2026-04-01", "date_to": "2026-04-30"
                })  # fmt: skip
                many.action_send()
            number = (few if size == "few" else many).id
            for path in ("", "/movements/rebate"):
                self.page(f"/my/channel/statements/{number}{path}")  # warm: what the server keeps
                with counted_queries() as queries:
                    self.page(f"/my/channel/statements/{number}{path}")
                counts[size, path] = len(queries)
        self.assertEqual(counts["few", ""], counts["many", ""])
        self.assertEqual(counts["few", "/movements/rebate"], counts["many", "/movements/rebate"])
        self.assertTrue(5 < counts["few", ""] < 60, counts)

    # ------------------------------------------------------------------ files
    def test_page_pdf_and_workbook_say_the_same(self):
        settlement = self.statement(120)
        data = settlement._snapshot_data()
        self.login()
        url = f"/my/channel/statements/{settlement.id}"
        book = openpyxl.load_workbook(io.BytesIO(self.url_open(f"{url}.xlsx").content), data_only=True)
        _summary, lines, movements = book.worksheets
        *rows, total = lines.iter_rows(min_row=2, values_only=True)
        in_book = sum(Decimal(str(row[4])) for row in rows)
        on_page = sum(
            Decimal(amount.replace(",", ""))
            for number in (1, 2, 3)
            for amount in re.findall(r'ms-2">([-\d,.]+)</strong>', self.page(f"{url}?page={number}"))
        )
        self.assertEqual((in_book, len(rows), total[4:6]), (Decimal("7260"), 121, (7260, 1000)))
        self.assertEqual(on_page, Decimal("8260"))  # with what is held
        self.assertEqual(Decimal(data["total"]), Decimal("7260"))
        *rows, total = movements.iter_rows(min_row=2, values_only=True)
        moved = sum(Decimal(one["in"]) - Decimal(one["out"]) for one in data["accounts"])
        self.assertEqual((sum(Decimal(str(row[4])) for row in rows), Decimal(str(total[4]))), (moved, moved))
        self.assertEqual(moved, Decimal("8260"))
        html = self.env["ir.actions.report"]._render_qweb_html("liquor_channel.settlement_report", settlement.ids)[0]
        self.assertEqual(html.decode().count("Line 0"), 120)
        self.assertIn("7,260.00", html.decode())
        self.assertIn(settlement.snapshot_hash, html.decode())

    # ------------------------------------------------------------------ others
    def test_nobody_elses(self):
        settlement = self.statement(2)
        earning = settlement.line_ids.earning_id[:1]
        self.authenticate("statement_rival", "statement_rival")
        for path in (
            f"statements/{settlement.id}?page=1",
            f"statements/{settlement.id}/movements/rebate",
            f"statements/{settlement.id}/earning/{earning.id}",
            f"earnings/{earning.id}",
            "earnings/999999999",
        ):
            self.page(f"/my/channel/{path}", 404)
        self.authenticate(None, None)
        answer = self.url_open(f"/my/channel/earnings/{earning.id}", allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
