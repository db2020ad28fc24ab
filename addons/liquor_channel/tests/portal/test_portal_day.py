"""Which day a page goes by: the company's, never that of the server's clock (design.md 3.8)."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ...controllers.portal_common import LiquorPortal
from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestPortalDay(MoneyCase):
    def is_open(self, **dates):
        """Tell whether the pages know the shop's role with these dates."""
        role = self.shop.liquor_role_ids.filtered(lambda item: item.kind == "terminal")
        role.write({name: value and date.fromisoformat(value) for name, value in dates.items()})
        return LiquorPortal()._is_of_today(role)

    @freeze_time("2026-03-20 16:30:00")
    def test_a_role_begins_at_the_companys_midnight(self):
        # 16:30 in UTC is 00:30 of the 21st in Shanghai
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertTrue(self.is_open(date_start="2026-03-21", date_end=False))
        self.assertFalse(self.is_open(date_start="2026-03-22", date_end=False))

    @freeze_time("2026-03-20 16:30:00")
    def test_a_role_ends_at_the_companys_midnight(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertFalse(self.is_open(date_start="2026-01-01", date_end="2026-03-20"))
        self.assertTrue(self.is_open(date_start="2026-01-01", date_end="2026-03-21"))

    @freeze_time("2026-03-20 16:30:00")
    def test_another_company_has_another_day(self):
        self.company.partner_id.tz = "UTC"
        self.assertTrue(self.is_open(date_start="2026-01-01", date_end="2026-03-20"))
