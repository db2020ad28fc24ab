"""A provider's own page: its bills and their rows, how far they are; nobody else's by any route."""

import io

import openpyxl

from odoo.tests import HttpCase, tagged

from ..portal.test_portal_lists import rows_of
from .test_provider_bill import ProviderCase

ODD = ("page=999999999", "find=%25%27&state[]=x", "state=draft&first=9999-99-99", "company=999999999&partner_id=1")


@tagged("post_install", "-at_install")
class TestPortalProvider(ProviderCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user("provider_own", cls.provider)
        cls.rival = cls.env["res.partner"].create({"name": "Other Drivers", "is_company": True})
        cls.env["liquor.benefit"].create({"name": "Other", "program_id": cls.program.id, "provider_id": cls.rival.id})
        cls.portal_user("provider_rival", cls.rival)

    def login(self, name):
        self.authenticate(f"provider_{name}", f"provider_{name}")

    def rows(self, url):
        return rows_of(self.url_open(url).content)

    def test_it_reads_its_bills_and_why_less_is_paid(self):
        """80.00 as agreed, 95.00 for one at 80.00, one that nobody knows: 175 + 60 billed, 160 to pay, 75 not."""
        bill = self.bill((self.use(1), "80"), (self.use(2), "95"), ("=1+1", "60"))
        draft = bill.copy({"reference": "B-draft"})
        self.login("own")
        page = self.url_open("/my/provider").text
        self.assertIn("160.00", page)
        self.assertIn("B-1", page)
        self.assertNotIn(draft.reference, page)
        self.assertEqual(self.url_open(f"/my/provider/bills/{draft.id}").status_code, 404)
        [row] = self.rows("/my/provider.xlsx")
        self.assertEqual((row[0], *row[4:8]), ("B-1", 3, 235, 160, 75))
        url = f"/my/provider/bills/{bill.id}"
        self.assertIn("95.00", self.url_open(url).text)
        rows = self.rows(f"{url}.xlsx")
        self.assertEqual([row[4:6] for row in rows], [(80, 80), (95, 80), (60, 0)])
        self.assertEqual(rows[2][1], "=1+1")
        self.assertEqual([row[4] for row in self.rows(f"{url}.xlsx?state=price")], [95])
        self.assertEqual(self.rows(f"{url}.xlsx?find=nothing"), [])
        sheet = openpyxl.load_workbook(io.BytesIO(self.url_open(f"{url}.xlsx").content)).active
        self.assertEqual(sheet["F5"].value, "=SUBTOTAL(109,F2:F4)")
        bill.with_user(self.controller).action_approve()
        bill.with_user(self.finance).action_reverse()
        self.assertEqual(self.rows("/my/provider.xlsx")[0][5:8], (0, 0, 0))

    def test_nobody_else_reads_them(self):
        bill = self.bill((self.use(1), "80"))
        addresses = [f"/my/provider/bills/{bill.id}{end}" for end in ("", ".xlsx")]
        self.login("rival")
        self.assertEqual(self.rows("/my/provider.xlsx?partner_id=1"), [])
        for address in addresses:
            self.assertEqual(self.url_open(address).status_code, 404)
        self.authenticate("provider_shop", "provider_shop")
        for address in ("/my/provider", "/my/provider.xlsx", *addresses):
            self.assertEqual(self.url_open(address).status_code, 404)
        self.login("own")
        for query in ODD:
            for address in ("/my/provider", *addresses):
                self.assertEqual(self.url_open(f"{address}?{query}").status_code, 200, (address, query))
        self.assertEqual(self.url_open("/my/channel").status_code, 404)

    def test_it_lands_on_its_page(self):
        self.login("own")
        self.assertIn("/my/provider", self.url_open("/my/home").text)
