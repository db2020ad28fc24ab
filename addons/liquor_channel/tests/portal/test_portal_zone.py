"""Every moment of the portal is told in the company's business time zone, whatever zone the reader's user has."""

import re
from datetime import date, datetime
from pathlib import Path

from lxml import etree

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools.misc import file_path

from ..money_case import MoneyCase

#: 1 March, 01:31:47 in Shanghai; 28 February, 09:31:47 in Los Angeles
MOMENT = datetime(2026, 2, 28, 17, 31, 47)


@tagged("post_install", "-at_install")
class TestPortalZone(MoneyCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.portal_user("zone_distributor", cls.distributor)
        cls.shop_user = cls.portal_user("zone_shop", cls.shop)
        (cls.owner | cls.shop_user).tz = "America/Los_Angeles"

    def page(self, login, url):
        self.authenticate(login, login)
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200, url)
        return answer.text

    def day(self, value):
        """Return a day as the reader's language writes it."""
        return self.env["ir.qweb.field.date"].with_context(lang=self.owner.lang).value_to_html(value, {})

    def assert_shanghai(self, page):
        self.assertIn("1:31:47", page)
        self.assertNotIn("9:31:47", page)

    def test_agreement_accepted_on(self):
        agreement = self.make_agreement()
        agreement.accepted_at = MOMENT
        self.assert_shanghai(self.page("zone_distributor", f"/my/channel/agreements/{agreement.id}"))

    def test_days_of_moments(self):
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "state": "sale",
            "date_order": MOMENT,
            "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 6})],
        })
        self.book(self.shop, 600)
        payout = self.ask(self.shop)
        payout.requested_at = MOMENT
        for login, url, name in (
            ("zone_distributor", "/my/channel/orders", order.name),
            ("zone_shop", "/my/terminal/withdraw", payout.name),
        ):
            page = self.page(login, url)
            around = page[max(0, page.index(name) - 1500) : page.index(name) + 1500]
            self.assertIn(self.day(date(2026, 3, 1)), around, url)
            self.assertNotIn(self.day(date(2026, 2, 28)), around, url)

    def test_every_moment_of_a_template_passes_the_converter(self):
        """A moment put out bare would be UTC: templates name its widget, which reads the zone of the request."""
        moments = {
            name
            for model in self.env
            if model.startswith("liquor.") or model in ("sale.order", "account.move")
            for name, field in self.env[model]._fields.items()
            if field.type == "datetime"
        }
        for file in Path(file_path("liquor_channel/views")).rglob("portal_*.xml"):
            for node in etree.parse(file).iter():
                shown = re.match(r"^\w+\.(\w+)$", node.get("t-out") or "")
                if shown and shown.group(1) in moments and shown.group(1) != "deadline":
                    self.assertIn("widget", node.get("t-options") or "", f"{file.name}: {node.get('t-out')}")
