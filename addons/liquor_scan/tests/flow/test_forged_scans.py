"""What a shop or distributor could say in a scan to be paid more: it counts for nothing (security.md A7, F53)."""

from datetime import timedelta

from odoo.tests import tagged

from .common import NOW, FlowCase


@tagged("post_install", "-at_install")
class TestForgedScans(FlowCase):
    def test_the_purpose_is_the_makers_word(self):
        """Goods shipped for tastings stay so, whatever the distributor or the shop calls them."""
        for case in (0, 1):
            shipped = self.one(self.warehouse, "ship", self.case(case), to="D001", purpose="tasting")
            self.assertAnswer(shipped, "accepted")
        self.one(self.distributor_user, "ship", self.case(0), to="T001", purpose="normal")
        for case, purpose in ((0, "normal"), (1, "normal")):
            self.assertAnswer(self.one(self.shop_user, "receive", self.case(case), purpose=purpose), "accepted")
        self.one(self.shop_user, "return", self.case(1), purpose="object")
        events = self.env["liquor.scan.event"].search([("product_id", "=", self.product.id)])
        self.assertEqual(set(events.mapped("purpose")), {"tasting"})
        self.assertEqual(set(self.env["liquor.custody"].search([]).mapped("purpose")), {"tasting"})
        facts = self.env["liquor.flow.fact"]._facts([("company_id", "=", self.company.id)])
        self.assertEqual({fact["purpose"] for fact in facts}, {"tasting"})

    def test_a_phone_names_no_day_of_last_week(self):
        """Twice as much was paid for receipts until 17 November; the goods came then, the shop scans on the 21st."""
        self.policy(per_bottle=5.0, date_end="2026-11-17")
        shipped = self.event("ship", [self.case(0), self.case(1), self.case(2)], to="D001")
        self.take(self.warehouse, {**shipped, "at": f"{(NOW - timedelta(days=6)).isoformat()}Z"})
        late = {**self.event("receive", self.case()), "at": f"{(NOW - timedelta(hours=72, seconds=1)).isoformat()}Z"}
        answer = self.take(self.shop_user, late, source="portal")[0]
        self.assertAnswer(answer, "rejected", "scan_again")
        self.assertEqual(self.take(self.shop_user, late, source="portal")[0], {**answer, "repeated": True})
        self.assertEqual(self.holder(self.case()), self.distributor)
        # within 72 hours an offline queue is believed, and of today it is as any scan
        for number, ago in ((1, timedelta(hours=72)), (2, timedelta())):
            event = {**self.event("receive", self.case(number)), "at": f"{(NOW - ago).isoformat()}Z"}
            self.assertAnswer(self.take(self.shop_user, event, source="portal")[0], "accepted")
