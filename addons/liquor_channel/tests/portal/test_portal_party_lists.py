"""Agreements, transfers, targets, months, rewards, withdrawals: searched, paged, added up, taken out; own ones only.

Each list of 25 has two pages of 20 and 5. Figures by hand: 25 rewards of 4.00 are 100.00, deposits of 50,000 and
24 x 1,000 are 74,000.00.
"""

import io
import re
from datetime import date

import openpyxl

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..contracts.test_contracts import ContractCase
from .counting import counted_queries
from .test_portal_lists import rows_of

CHANNEL = ("agreements", "transfers", "targets", "accounts")
WALLET = ("earnings", "withdrawals")
ODD = (
    "page=999999999",
    "page=-5&page=7",
    "page=²&state=draft",
    "state=%27;--&find=%ED%A0%80%FF",
    "find=" + "x" * 3000,
    "find=%25%27%22%5C&state[]=sent",
    "first=9999-99-99&last[]=1",
    "company=999999999&partner_id=1&party_id=1",
)


@tagged("post_install", "-at_install")
class TestPortalPartyLists(ContractCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls.make_partner("Rival Trading", "distributor")
        cls.portal_user("lists_distributor", cls.distributor)
        cls.portal_user("lists_rival", cls.rival)
        cls.portal_user("lists_shop", cls.shop)
        cls.portal_user("lists_other_shop", cls.second_shop)

    def login(self, name):
        self.authenticate(f"lists_{name}", f"lists_{name}")

    def page(self, url):
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200, url)
        return answer.text

    def rows(self, url):
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200, url)
        return rows_of(answer.content)

    # --- what lies there -------------------------------------------------------------------------------------

    def agreements(self, count):
        """One of 50,000 from January, others of 1,000 from July."""
        first = self.make_contract(deposit_due=50000, target_ids=[self.target(500), self.target(900, "2025-Q4")])
        values = {"deposit_due": 1000, "date_start": "2026-07-01", "target_ids": [self.target(9, "2026-Q3")]}
        rest = [self.make_contract(**values) for _number in range(count - 1)]
        (first + self.env["liquor.agreement"].union(*rest)).action_send()
        return first

    def transfers(self, count):
        """Shops that the rival asks the distributor for."""
        shops = [self.make_partner(f"Shop {number:02}", "terminal") for number in range(count)]
        self.env["liquor.channel.assignment"].create([
            {"terminal_id": shop.id, "distributor_id": self.distributor.id, "date_start": "2026-01-01"}
            for shop in shops
        ])
        made = self.env["liquor.terminal.transfer"].create([
            {"terminal_id": shop.id, "from_id": self.distributor.id, "to_id": self.rival.id, "reason": "=1+1",
             "day": "2027-01-01"}
            for shop in shops
        ])  # fmt: skip
        made.action_ask()
        return made

    def months(self, count):
        """Monthly accounts that were sent, the newest first."""
        days = [fields.Date.subtract(date(2026, 3, 1), months=number) for number in range(count)]
        for day in days:
            self.env["liquor.account.statement"]._make(self.company, day, self.distributor).action_send()

    def rewards(self, count, amount=4):
        for _number in range(count):
            self.book(self.shop, amount, product_id=self.product.id, bottles=6, reason="=Reward")

    def withdrawals(self, count):
        for _number in range(count):
            self.book(self.shop, 100, product_id=self.product.id, bottles=6)
            self.ask(self.shop)

    # --- distributor -----------------------------------------------------------------------------------------

    def test_agreements(self):
        first = self.agreements(25)
        draft = self.make_contract()
        self.login("distributor")
        url = "/my/channel/agreements"
        page = self.page(url)
        self.assertEqual(len(re.findall(r'href="/my/channel/agreements/\d+"', page)), 20)
        self.assertIn("74,000.00", page)
        self.assertIn("page=2", page)
        self.assertEqual(len(re.findall(r'href="/my/channel/agreements/\d+"', self.page(f"{url}?page=2"))), 5)
        self.assertEqual(self.page(f"{url}?page=2"), self.page(f"{url}?page=999999999"))
        rows = self.rows(f"{url}.xlsx")
        self.assertEqual((len(rows), sum(row[4] for row in rows)), (25, 74000))
        self.assertNotIn(draft.name, [row[0] for row in rows])
        for query in ("last=2026-06-30", f"find={first.name}", "first=2026-02-01&last=2026-06-30&state=sent"):
            [row] = self.rows(f"{url}.xlsx?{query}")
            self.assertEqual((row[0], str(row[2])[:10], row[4]), (first.name, "2026-01-01", 50000), query)
            self.assertIn("50,000.00", self.page(f"{url}?{query}"))
        self.assertEqual(self.rows(f"{url}.xlsx?state=accepted"), [])
        # a state that is not on offer is not asked for
        self.assertEqual(len(self.rows(f"{url}.xlsx?state=draft")), 25)
        sheet = openpyxl.load_workbook(io.BytesIO(self.url_open(f"{url}.xlsx").content)).active
        self.assertEqual(sheet["E27"].value, "=SUBTOTAL(109,E2:E26)")
        self.assertTrue(sheet["C2"].is_date)

    def test_transfers(self):
        self.transfers(22)
        self.login("distributor")
        url = "/my/channel/transfers"
        self.assertEqual(len(re.findall(r'formaction="[^"]+/agree"', self.page(url))), 20)
        self.assertEqual(len(re.findall(r'formaction="[^"]+/agree"', self.page(f"{url}?page=2"))), 2)
        rows = self.rows(f"{url}.xlsx")
        self.assertEqual((len(rows), {row[4] for row in rows}), (22, {"=1+1"}))
        self.assertNotIn("Rival Trading", str(rows))
        self.assertEqual([row[0] for row in self.rows(f"{url}.xlsx?find=shop 07")], ["Shop 07"])
        self.assertEqual(self.rows(f"{url}.xlsx?last=2026-12-31"), [])
        self.assertEqual(self.rows(f"{url}.xlsx?state=done"), [])
        self.login("rival")
        self.assertNotRegex(self.page(url), "/agree\\b")
        self.assertEqual(len(self.rows(f"{url}.xlsx")), 22)

    def test_targets(self):
        """30 bottles are 5 of 500 cases: 1 %; the quarter before counts nothing of them."""
        self.sign(self.make_contract(date_start="2025-10-01", target_ids=[
            self.target(500), self.target(900, "2025-Q4"), self.target(7, "2026-Q1", category_id=self.series.id),
        ]))  # fmt: skip
        self.order(30, product=self.other_product)
        self.login("distributor")
        url = "/my/channel/targets"
        march = "first=2026-03-01&last=2026-03-31"
        rows = self.rows(f"{url}.xlsx?{march}")
        self.assertEqual(
            [(row[0], row[1], row[4], row[5], row[6]) for row in rows],
            [("2026-Q1", None, 500, 5, 1), ("2026-Q1", self.series.name, 7, 0, 0)],
        )
        self.assertEqual([row[0] for row in self.rows(f"{url}.xlsx?last=2025-12-31")], ["2025-Q4"])
        self.assertEqual(len(self.rows(f"{url}.xlsx?{march}&find={self.series.name}")), 1)
        self.assertRegex(self.page(f"{url}?{march}"), r"\s500\s")
        self.assertNotRegex(self.page(f"{url}?last=2025-12-31"), r"\s500\s")

    def test_monthly_accounts(self):
        self.months(3)
        self.login("distributor")
        url = "/my/channel/accounts"
        rows = self.rows(f"{url}.xlsx")
        self.assertEqual([str(row[1])[:10] for row in rows], ["2026-03-01", "2026-02-01", "2026-01-01"])
        self.assertEqual([str(row[2])[:10] for row in self.rows(f"{url}.xlsx?last=2026-01-15")], ["2026-01-31"])
        self.assertEqual(len(re.findall(r'href="/my/channel/accounts/\d+"', self.page(f"{url}?first=2026-02-28"))), 2)
        self.assertEqual(self.rows(f"{url}.xlsx?state=confirmed"), [])

    # --- shop ------------------------------------------------------------------------------------------------

    def test_rewards(self):
        self.rewards(25)
        self.book(self.shop, 9, product_id=self.other_product.id, funder_id=self.distributor.id, funder_amount=3)
        self.book(self.second_shop, 77)
        self.login("shop")
        url = "/my/terminal/earnings"
        self.assertIn(url, self.page("/my/terminal"))
        page = self.page(f"{url}?product=cellar")
        self.assertEqual(page.count('<details class="border-bottom'), 20)
        self.assertIn("100.00", page)
        self.assertEqual(self.page(f"{url}?product=cellar&page=99").count('<details class="border-bottom'), 5)
        rows = self.rows(f"{url}.xlsx")
        self.assertEqual((len(rows), sum(row[4] for row in rows), sum(row[3] or 0 for row in rows)), (26, 109, 150))
        self.assertIn("=Reward", [row[2] for row in rows])
        self.assertNotIn("Sunny Trading", str(rows))
        self.assertNotIn(77, [row[4] for row in rows])
        sheet = openpyxl.load_workbook(io.BytesIO(self.url_open(f"{url}.xlsx").content)).active
        self.assertEqual(sheet["E28"].value, "=SUBTOTAL(109,E2:E27)")
        self.assertFalse(self.rows(f"{url}.xlsx?last=2026-03-09"))

    def test_rewards_by_how_far_they_are(self):
        """40.00 asked for, 9.00 held, 5.00 pending, 100.00 free."""
        self.book(self.shop, 40)
        self.ask(self.shop)
        self.book(self.shop, 9, payable="held")
        self.book(self.shop, 5, payable="pending")
        self.book(self.shop, 100)
        self.login("shop")
        for state, amount in (("on_the_way", 40), ("held", 9), ("pending", 5), ("available", 100)):
            self.assertEqual([row[4] for row in self.rows(f"/my/terminal/earnings.xlsx?state={state}")], [amount])
            self.assertIn(f"{amount}.00", self.page(f"/my/terminal/earnings?state={state}"))
        self.assertEqual(self.rows("/my/terminal/earnings.xlsx?state=paid"), [])

    def test_withdrawals(self):
        self.withdrawals(3)
        self.login("shop")
        url = "/my/terminal/withdrawals"
        self.assertIn(url, self.page("/my/terminal/withdraw"))
        rows = self.rows(f"{url}.xlsx")
        self.assertEqual([row[2] for row in rows], [100, 100, 100])
        self.assertIn("300.00", self.page(url))
        [row] = self.rows(f"{url}.xlsx?find={rows[0][0]}&state=requested")
        self.assertEqual(row, rows[0])
        self.assertFalse(self.rows(f"{url}.xlsx?last=2020-01-01"))

    # --- two makers ------------------------------------------------------------------------------------------

    def test_the_company_that_was_chosen_stays(self):
        """A shop of two companies: its user's one first, the other one by a link, and then on every page."""
        other = self.env["res.company"].create({"name": "Second Maker"})
        self.env["liquor.channel.role"].create({
            "partner_id": self.shop.id, "kind": "terminal", "company_id": other.id, "state": "formal",
            "date_start": "2026-01-01", "terminal_kind_id": self.shop_kind.id,
        })  # fmt: skip
        self.rewards(2)
        self.login("shop")
        url = "/my/terminal/earnings"
        self.assertEqual(len(self.rows(f"{url}.xlsx")), 2)
        self.assertIn(f"/my/terminal?company={other.id}", self.page(url))
        self.assertEqual(self.rows(f"{url}.xlsx?company=999999999"), self.rows(f"{url}.xlsx"))
        self.page(f"/my/terminal?company={other.id}")
        self.assertEqual(self.rows(f"{url}.xlsx"), [])
        # the choice is his session's, and only among his own
        self.login("other_shop")
        self.assertNotIn("/my/terminal?company=", self.page(f"{url}?company={other.id}"))

    # --- attacked --------------------------------------------------------------------------------------------

    def test_odd_searches_and_others(self):
        self.agreements(2)
        self.transfers(1)
        self.months(1)
        self.withdrawals(1)
        self.rewards(2)
        people = {"distributor": ("channel", CHANNEL), "shop": ("terminal", WALLET)}
        for name, (kind, lists) in people.items():
            self.login(name)
            for word, query in ((word, query) for word in lists for query in ODD):
                self.page(f"/my/{kind}/{word}?{query}")
                self.rows(f"/my/{kind}/{word}.xlsx?{query}")
        self.login("other_shop")
        for word in WALLET:
            self.assertEqual(self.rows(f"/my/terminal/{word}.xlsx"), [])
            self.assertEqual(self.url_open(f"/my/guide/{word}.xlsx").status_code, 404)
        for word in CHANNEL:
            self.assertEqual(self.url_open(f"/my/channel/{word}.xlsx").status_code, 404)
        self.login("rival")
        for word in ("agreements", "targets", "accounts"):
            self.assertEqual(self.rows(f"/my/channel/{word}.xlsx?partner_id={self.distributor.id}"), [])
        self.authenticate(None, None)
        for url in ("channel/agreements", "terminal/earnings", "terminal/withdrawals"):
            answer = self.url_open(f"/my/{url}.xlsx", allow_redirects=False)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_queries_do_not_grow(self):
        """A page of 20 of 25 costs what a page of 3 costs."""
        counts = {}
        addresses = [("distributor", f"/my/channel/{word}") for word in ("agreements", "transfers", "accounts")]
        addresses += [("shop", f"/my/terminal/{word}") for word in WALLET]
        for size in (3, 22):
            self.agreements(size)
            self.transfers(size)
            self.months(size)
            # nothing is left over of what is asked for
            self.withdrawals(size)
            for name, address in addresses:
                self.login(name)
                self.page(address)
                with counted_queries() as queries:
                    self.page(address)
                counts.setdefault(address, []).append(len(queries))
        for address, (few, many) in counts.items():
            self.assertEqual(few, many, address)
