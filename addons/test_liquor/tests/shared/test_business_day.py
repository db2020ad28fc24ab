import doctest
from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from odoo.addons.liquor_member.tools import business_day as days


@tagged("post_install", "-at_install")
class TestBusinessDay(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Days"})
        cls.company.partner_id.tz = False

    def test_doctests(self):
        self.assertEqual(doctest.testmod(days).failed, 0)

    def test_midnight_in_shanghai_is_16_utc(self):
        # UTC+8 without daylight saving: 15:59:59Z is 23:59:59, 16:00:00Z is the next day
        for moment, expected in (
            (datetime(2026, 12, 31, 15, 59, 59), date(2026, 12, 31)),
            (datetime(2026, 12, 31, 16, 0, 0), date(2027, 1, 1)),
            (datetime(2028, 2, 28, 16, 0, 0), date(2028, 2, 29)),
        ):
            self.assertEqual(days.business_day(self.company, moment), expected)

    def test_callers_time_zone_does_not_matter(self):
        moment = datetime(2026, 3, 31, 15, 59, 59)
        for zone in ("UTC", "Asia/Shanghai", "Pacific/Kiritimati"):
            company = self.company.with_context(tz=zone)
            self.assertEqual(days.business_day(company, moment), date(2026, 3, 31), zone)

    def test_company_zone_counts(self):
        self.company.partner_id.tz = "Europe/Paris"
        self.assertEqual(days.business_day(self.company, datetime(2026, 7, 1, 21, 59)), date(2026, 7, 1))
        self.assertEqual(days.business_day(self.company, datetime(2026, 7, 1, 22, 0)), date(2026, 7, 2))

    @freeze_time("2026-10-31 16:00:00")
    def test_today_and_bounds(self):
        self.assertEqual(days.today(self.company), date(2026, 11, 1))
        self.assertEqual(days.period_of(date(2026, 11, 1)), "2026-11")
        self.assertEqual(
            days.day_bounds(self.company, date(2026, 11, 1), date(2026, 11, 30)),
            (datetime(2026, 10, 31, 16), datetime(2026, 11, 30, 16)),
        )
