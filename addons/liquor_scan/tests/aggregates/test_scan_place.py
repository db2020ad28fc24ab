from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from ..flow.common import NOW, FlowCase


@tagged("post_install", "-at_install")
class TestScanPlace(FlowCase):
    """Exact places lie apart from the events, by months, and go after 90 days."""

    def places(self):
        self.env.cr.execute("SELECT event_id, lat, lon, accuracy FROM liquor_scan_place ORDER BY at, event_id")
        return self.env.cr.fetchall()

    def test_a_place_is_kept_beside_its_event(self):
        self.ship(self.pallet())
        answer = self.one(self.shop_user, "receive", self.case(), lat=34.7579, lon=113.6654, accuracy=25)
        self.assertAnswer(answer, "accepted")
        event = self.env["liquor.scan.event"].search([("kind", "=", "receive"), ("batch_id", "=", self.codes.id)])
        self.assertEqual(self.places(), [(event.id, 34.7579, 113.6654, 25)])
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(1)), "accepted")
        self.assertEqual(len(self.places()), 1, "no place was told")

    def test_gone_after_ninety_days(self):
        place = self.env["liquor.scan.place"]
        # 90 days before 2026-11-21 12:00 is 2026-08-23 12:00
        place._make_month(datetime(2026, 7, 1), datetime(2026, 8, 1))
        place._make_month(datetime(2026, 8, 1), datetime(2026, 9, 1))
        moments = (datetime(2026, 7, 31, 23), datetime(2026, 8, 23, 11), datetime(2026, 8, 23, 13), NOW)
        place._keep([(number, moment, 34.0, 113.0, 5) for number, moment in enumerate(moments)])
        self.assertEqual(len(self.places()), 4)
        self.patch(fields.Datetime, "now", staticmethod(lambda: NOW))
        place._cron_months()
        self.assertEqual([row[0] for row in self.places()], [2, 3])
        tables = [name for name, _end in place._months()]
        self.assertNotIn("liquor_scan_place_202607", tables)
        self.assertLessEqual({"liquor_scan_place_202608", "liquor_scan_place_202701"}, set(tables))

    def test_a_month_nobody_made_ages_in_the_rest(self):
        place = self.env["liquor.scan.place"]
        late = NOW + timedelta(days=400)
        place._keep([(1, late, 34.0, 113.0, 5)])
        place._make_month(late.replace(day=1, hour=0), (late + timedelta(days=31)).replace(day=1, hour=0))
        self.assertEqual(len(self.places()), 1)
        place._forget(late + timedelta(days=91))
        self.assertEqual(self.places(), [])
