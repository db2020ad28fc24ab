"""推算库存 from real scans, counts and reports; expected figures by hand (trade.md R10)."""

from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo.tests import tagged

from ..flow.common import NOW, FlowCase


@tagged("post_install", "-at_install")
class TestStockEstimate(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club = cls.env["liquor.member.program"].create({
            "name": "云泉会", "company_id": cls.company.id, "mode": "national"
        })  # fmt: skip
        cls.member = cls.env["liquor.member"]._join(cls.club, "13900000001", "cap", "1")

    def receive(self, user, *numbers):
        for number in numbers:
            self.assertAnswer(self.one(user, "receive", self.case(number)), "accepted")

    def count(self, shop, user, bottles, days_ago=0):
        with freeze_time(NOW - timedelta(days=days_ago)):
            return self.env["liquor.stock.count"]._take_count(
                self.company, shop, user, {self.product.id: bottles}, f"C-{shop.id}-{days_ago}-xxxx"
            )

    def open(self, *caps):
        for number in caps:
            code = self.cap(number)
            unit = self.env["liquor.code.batch"]._locate([code])[code]
            self.env["liquor.code.claim"]._claim(unit, self.member)

    def refresh(self):
        self.env["liquor.stock.estimate"]._refresh(self.company)

    def told(self, shop):
        return self.env["liquor.stock.estimate"].search([("partner_id", "=", shop.id)])

    def test_rate_and_stock(self):
        """The second shop was counted twice: 0 + 12 - 4 = 8 gone, 4 opened: ρ = 0.5, alone in its region.

        The first: counted 6, 18 received since (24 less 6 by a return), 3 opened: 6 + 18 - 3 / 0.5 = 18 bottles.
        """
        self.ship(self.pallet())
        self.count(self.second_shop, self.second_user, 0, days_ago=30)
        self.count(self.shop, self.shop_user, 6, days_ago=30)
        self.receive(self.second_user, 0, 1)
        self.receive(self.shop_user, 10, 11, 12, 13)
        self.assertAnswer(self.one(self.shop_user, "return", self.case(13)), "accepted")
        self.open(0, 1, 2, 3)
        self.open(60, 61, 62)
        self.count(self.second_shop, self.second_user, 4)
        self.refresh()
        rate = self.env["liquor.opening.rate"].search([("company_id", "=", self.company.id)])
        self.assertEqual((rate.rate, rate.shops, rate.gone, rate.territory_id), (0.5, 1, 8, self.county))
        readiness = self.env["liquor.readiness"]
        (elsewhere,) = self.env["liquor.territory"].load_divisions([("94", "Other Land")])
        for place, percent in ((self.county, Decimal(50)), (elsewhere, None)):
            self.assertEqual(readiness._opening_rate(self.company, place), percent, "C23 asks for this rate")
        shop = self.told(self.shop)
        self.assertEqual((shop.counted, shop.received, shop.opened, shop.stock), (6, 18, 3, 18))
        self.assertEqual((shop.basis, shop.rate, str(shop.count_day)), ("openings", 0.5, "2026-10-22"))
        self.assertTrue(0 < shop.low < 18 < shop.high <= 21)
        # 6 bottles in 30 days; 18 are three months of 6; opened 3 of 24 received
        self.assertAlmostEqual(shop.velocity, 0.2)
        self.assertEqual((shop.sales_month, shop.stock_ratio, shop.opening_share), (6, 3, 0.125))

    def test_a_shop_that_moved(self):
        """Openings are told by the rate of where the shop stood on their day, ρ = 0.5 here and 0.8 away.

        Away: 0 + 12 - 7 = 5 gone, 4 opened. The shop: 6 + 18 - 3 / 0.5 - 4 / 0.8 = 13 bottles. What left the third
        shop between two counts, of which it moved in the midst, tells of no place: 6 gone, 1 opened.
        """
        (away,) = self.env["liquor.territory"].load_divisions([("94", "Other Land")])
        third = self.party("新城烟酒", "terminal", ref="T004")
        self.assign(third, self.distributor)
        third_user = self.portal("flow_third", third)
        with freeze_time("2026-02-01 04:00:00"):
            self.rival_shop._liquor_role("terminal", self.company).territory_id = away
        self.ship(self.pallet())
        self.ship(self.pallet(1), to="D002")
        for shop, user, bottles in (
            (self.shop, self.shop_user, 6), (self.second_shop, self.second_user, 0),
            (self.rival_shop, self.rival_user, 0), (third, third_user, 0),
        ):  # fmt: skip
            self.count(shop, user, bottles, days_ago=30)
        self.receive(self.second_user, 0, 1)
        self.receive(self.shop_user, 10, 11, 12)
        self.receive(third_user, 20)
        self.receive(self.rival_user, 60, 61)
        self.open(0, 1, 2, 3, 60, 61, 62, 120, 360, 361, 362, 363)
        self.count(self.second_shop, self.second_user, 4)
        self.count(self.rival_shop, self.rival_user, 7)
        with freeze_time(NOW + timedelta(days=1)):
            for shop in (self.shop, third):
                shop._liquor_role("terminal", self.company).territory_id = away
            self.open(63, 64, 65, 66)
            self.count(third, third_user, 0, days_ago=-1)
            self.refresh()
        rates = self.env["liquor.opening.rate"].search([("company_id", "=", self.company.id)])
        told = {rate.territory_id: (round(rate.rate, 6), rate.gone) for rate in rates}
        self.assertEqual(told, {self.county: (0.5, 8), away: (0.8, 5)})
        shop = self.told(self.shop)
        self.assertEqual((shop.opened, shop.stock, shop.territory_id), (7, 13, away))

    def test_a_count_is_the_figure_at_once(self):
        self.count(self.shop, self.shop_user, 42)
        shop = self.told(self.shop)
        self.assertEqual((shop.stock, shop.low, shop.high, shop.basis), (42, 42, 42, "count"))
        self.count(self.shop, self.shop_user, 40, days_ago=-1)
        self.assertEqual(self.told(self.shop).stock, 40)
        self.assertEqual(len(self.told(self.shop)), 1)

    def test_transfers_move_the_estimate(self):
        self.ship(self.pallet())
        self.receive(self.shop_user, 0, 1)
        self.assertAnswer(self.one(self.shop_user, "transfer", self.case(0), to="T002"), "accepted")
        self.receive(self.second_user, 0)
        self.refresh()
        self.assertEqual((self.told(self.shop).received, self.told(self.second_shop).received), (6, 6))

    def test_an_undone_receipt_is_none(self):
        self.ship(self.pallet())
        event = self.event("receive", self.case())
        self.take(self.shop_user, event)
        self.one(self.shop_user, "void", undo_of=event["id"])
        self.refresh()
        self.assertFalse(self.told(self.shop))

    def test_without_a_rate_the_re_order_interval_tells(self):
        """No shop was counted twice: nothing is divided by a rate that nobody knows."""
        self.ship(self.pallet())
        self.receive(self.shop_user, 0)
        self.refresh()
        shop = self.told(self.shop)
        self.assertEqual((shop.rate, shop.velocity, shop.basis), (0, 0, "count"))
        self.assertEqual(shop.stock, 6)

    def test_a_supermarket_is_told_by_its_reports(self):
        """R10: scans of a kind that need not scan do not count; 60 delivered, 6 back, 20 sold: 34 left.

        Returned rows are negative: with a buyer his goods came back, without one a drinker's.
        """
        self.patch(type(self), "shop_kind", self.env.ref("liquor_channel.terminal_kind_key_account"))
        market = self.party("万家超市", "terminal")
        self.assign(market, self.distributor)
        self.ship(self.pallet())
        self.receive(self.portal("flow_market", market), 0)
        report = self.env["liquor.flow.report"].create({
            "company_id": self.company.id, "partner_id": self.distributor.id, "file": b"eA==",
        })  # fmt: skip
        for line, (kind, reporter, buyer, bottles) in enumerate((
            ("reported", self.distributor, market, 60),
            ("returned", self.distributor, market, -6),
            ("sold", market, self.env["res.partner"], 22),
            ("returned", market, self.env["res.partner"], -2),
        )):  # fmt: skip
            self.env["liquor.flow.report.line"].create({
                "report_id": report.id, "company_id": self.company.id, "currency_id": self.currency.id, "line": line,
                "reporter_id": reporter.id, "buyer_id": buyer.id, "product_id": self.product.id, "kind": kind,
                "bottles": bottles, "event_time": NOW - timedelta(days=10), "business_day": "2026-11-11",
                "row_key": f"k{line}",
            })  # fmt: skip
        self.refresh()
        shop = self.told(market)
        self.assertEqual((shop.received, shop.stock, shop.low, shop.high, shop.basis), (54, 34, 34, 34, "report"))
        self.assertEqual(shop.velocity, 2)  # 20 in the 10 days since the first delivery

    def test_queries_do_not_grow(self):
        self.ship(self.pallet())
        self.receive(self.shop_user, 0)
        self.count(self.shop, self.shop_user, 6, days_ago=5)
        self.refresh()

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.refresh()
            return self.env.cr.sql_log_count - before

        one = queries()
        for user in (self.second_user,):
            self.receive(user, *range(1, 20))
        self.count(self.second_shop, self.second_user, 6, days_ago=5)
        self.assertLessEqual(queries(), one + 1)

    def test_the_cron(self):
        self.ship(self.pallet())
        self.receive(self.shop_user, 0)
        with self.enter_registry_test_mode():
            self.env.ref("liquor_scan.ir_cron_stock_estimate").method_direct_trigger()
        self.assertEqual(self.told(self.shop).received, 6)
