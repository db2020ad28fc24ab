"""Each invariant of goods between distributor and shops reports what is planted against it."""

from datetime import datetime

from odoo.tests import tagged

from .common import AuditCase

DAY = datetime(2026, 11, 21, 12)
EARNED = {"type": "earn", "fact_key": "liquor.scan.event/1", "policy_version_id": 1, "partner_id": 9, "points": 0}
PART = {**EARNED, "type": "clawback", "component": "base/return/1/4"}
UNIT = {"batch_id": 1, "level": 6, "unit_index": 4, "status": "accepted"}
TOLD = {
    "company_id": 1, "partner_id": 9, "product_id": 5, "basis": "openings", "counted": 6, "received": 18,
    "opened": 3, "rate": 0.5,
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestGoods(AuditCase):
    def test_parts(self):
        self.plant("liquor_earning", **EARNED, component="base", amount=15)
        self.plant("liquor_earning", **PART, amount=-2.5)
        self.assert_clean("goods.parts")
        more = self.plant("liquor_earning", **{**PART, "component": "base/return/1/5"}, amount=-12.51)
        self.assert_reported("goods.parts", "15.01")
        self.plant("liquor_earning", **{**PART, "component": "x"}, amount=12.51, reverses_id=more)
        self.assert_clean("goods.parts")
        self.plant("liquor_earning", **{**PART, "points": -1, "component": "base/return/1/6"}, amount=0)
        self.assert_reported("goods.parts", "1")

    def test_returned(self):
        self.copy_of("liquor_earning")
        got = self.plant("liquor_scan_event", **UNIT, kind="receive", fact_kind="received", event_time=DAY)
        key = f"liquor.scan.event/{got}"
        self.plant("liquor_earning", fact_key=key, amount=15)
        self.assert_clean("goods.returned")
        self.plant("liquor_scan_event", **UNIT, kind="return", fact_kind="returned", event_time=DAY)
        self.assert_reported("goods.returned", "15")
        self.plant("liquor_earning", fact_key=key, amount=-15)
        self.assert_clean("goods.returned")

    def test_transfers(self):
        self.copy_of("liquor_custody")
        given = self.plant("liquor_scan_event", **UNIT, kind="receive", counterparty_kind="distributor")
        self.plant("liquor_earning", fact_key=f"liquor.scan.event/{given}", amount=15)
        self.assert_clean("goods.transfers")
        moved = self.plant("liquor_scan_event", **UNIT, kind="receive", counterparty_kind="terminal")
        second = self.plant("liquor_earning", fact_key=f"liquor.scan.event/{moved}", amount=15)
        self.assert_reported("goods.transfers", f"event {moved}")
        self.plant("liquor_earning", fact_key=f"liquor.scan.event/{moved}", amount=-15, reverses_id=second)
        asked = self.plant("liquor_scan_event", **{**UNIT, "status": "held"}, kind="receive", party_id=7)
        row = self.plant("liquor_custody", batch_id=1, unit_index=4, holder_id=9, pending_id=7, pending_event_id=asked)
        self.assert_clean("goods.transfers")
        self.change("liquor_custody", row, holder_id=7)
        self.assert_reported("goods.transfers", "its own holder")
        self.change("liquor_custody", row, holder_id=9, pending_event_id=given)
        self.assert_reported("goods.transfers", "without a scan")

    def test_estimates(self):
        """6 + 18 - 3 / 0.5 = 18."""
        self.copy_of("liquor_stock_count_line")
        told = self.plant("liquor_stock_estimate", **TOLD, stock=18)
        self.assert_clean("stock.estimates")
        self.change("liquor_stock_estimate", told, stock=19)
        self.assert_reported("stock.estimates", "says 19")
        line = self.plant("liquor_stock_count_line", company_id=1, party_id=9, product_id=5, counted_bottles=6)
        self.change("liquor_stock_estimate", told, stock=18, count_line_id=line)
        self.assert_clean("stock.estimates")
        self.change("liquor_stock_count_line", line, counted_bottles=7)
        self.assert_reported("stock.estimates", f"count line {line}")

    def test_days_of_shops(self):
        self.copy_of("liquor_stock_count_line")
        moved = {
            "company_id": 1, "product_id": 5, "business_day": DAY.date(), "event_time": DAY, "status": "accepted",
            "bottles": 6, "xid": "10",
        }  # fmt: skip
        got = {**moved, "kind": "receive", "custody_state": "held", "holder_id": 9, "holder_kind": "terminal"}
        self.plant("liquor_scan_event", **got)
        gone = self.plant("liquor_scan_event", **got)
        self.plant("liquor_scan_event", **{**moved, "fact_kind": "opened", "bottles": 1}, counterparty_id=9,
                   counterparty_kind="terminal")  # fmt: skip
        self.plant("liquor_scan_cursor", name="stock days", next_xid="20")
        day = self.plant("liquor_stock_day", company_id=1, partner_id=9, product_id=5, day=DAY.date(), net=12,
                         opened=1, receipt=12, moves=3)  # fmt: skip
        self.assert_clean("stock.days")
        self.plant("liquor_scan_event", status="accepted", kind="void", undo_of_id=gone, xid="11")
        self.assert_reported("stock.days", "12 bottles in and 1 opened stored, 6 and 1 proven")
        self.change("liquor_stock_day", day, net=6, receipt=6, moves=2)
        self.assert_clean("stock.days")
        self.plant("liquor_stock_count_line", company_id=1, party_id=9, product_id=5, xid="12",
                   taken_at=datetime(2026, 11, 21, 11))  # fmt: skip
        self.assert_reported("stock.days", "6 bottles in")
