"""Before money is spent on consumers (channel.md C23): a checklist that is kept, else a reason."""

from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..finance.variance_case import VarianceCase


@tagged("post_install", "-at_install")
class TestConsumerLaunch(VarianceCase):
    def setUp(self):
        super().setUp()
        self.env["liquor.channel.assignment"].create({
            "terminal_id": self.second_shop.id, "distributor_id": self.distributor.id, "date_start": "2026-01-01"
        })  # fmt: skip
        self.company.write({"liquor_ready_shops": 2, "liquor_ready_coverage": 100, "liquor_ready_scan_rate": 30})
        self.launches = self.env["liquor.consumer.launch"].with_user(self.clerk)

    def launch(self, **values):
        return self.launches.create({"name": "Opening reward", "territory_id": self.city.id, **values})

    def by_manager(self, launch):
        return launch.with_user(self.manager)

    def active(self, bottles=12, opening_rate="30"):
        self.patch(self.registry["liquor.readiness"], "_opening_rate", lambda *_args: Decimal(opening_rate))
        for shop in (self.shop, self.second_shop):
            self.fact("received", shop, bottles, self.distributor, day=self.ago(3).isoformat())
        self.fact("shipped", self.distributor, 60, day=self.ago(9).isoformat())

    def test_ready_region(self):
        self.active()
        # too long ago to be active, and a shop in another province
        self.fact("received", self.make_partner("Sleeping", "terminal"), 6, self.distributor, day="2020-01-01")
        launch = self.launch()
        launch.action_check()
        check = launch.check_id
        # 2 of 3 shops are active, both have a distributor; 24 of 60 bottles are received by scan: 40 %
        self.assertEqual((check.shop_count, check.active_count, check.coverage, check.scan_rate), (3, 2, 100, 30))
        self.assertEqual(check.received_share, 40)
        self.assertEqual((check.verdict, check.user_id), ("ready", self.clerk))
        with self.assertRaises(AccessError):
            launch.action_launch()
        self.by_manager(launch).action_launch()
        self.assertEqual((launch.state, launch.launched_by_id), ("launched", self.manager))
        with self.assertRaises(UserError):
            launch.name = "Something else"
        with self.assertRaises(UserError):
            self.by_manager(launch).action_launch()

    def test_goods_scanned_in_are_no_bottles_scanned_open(self):
        """R10: the scan rate of a region is the share of drunk bottles that somebody scanned."""
        self.active(bottles=30, opening_rate="29.99")
        launch = self.launch()
        launch.action_check()
        # all 60 bottles were received by scan, and still too few are scanned when they are opened
        self.assertEqual((launch.check_id.received_share, launch.verdict), (100, "not_ready"))

    def test_what_is_not_known_is_no_zero(self):
        launch = self.launch()
        launch.action_check()
        check = launch.check_id
        self.assertEqual((check.active_count, check.coverage_known, check.scan_rate_known), (0, False, False))
        self.assertEqual(check.verdict, "not_ready")
        self.company.liquor_ready_shops = 0
        launch.action_check()
        self.assertEqual(launch.verdict, "unknown")
        self.assertEqual(len(self.env["liquor.readiness"].search([("territory_id", "=", self.city.id)])), 2)

    def test_a_launch_without_the_checklist_needs_a_reason(self):
        launch = self.launch()
        for reason in (False, "ok", "   " * 9):
            launch.reason = reason
            with self.assertRaises(UserError):
                self.by_manager(launch).action_launch()
        launch.reason = "Pilot with two restaurants"
        self.by_manager(launch).action_launch()
        self.assertEqual((launch.state, launch.verdict), ("launched", False))

    def test_an_old_checklist_or_one_of_another_region_does_not_count(self):
        self.active()
        launch = self.launch()
        launch.action_check()
        with freeze_time(fields.Datetime.now() + timedelta(days=31)), self.assertRaises(UserError):
            self.by_manager(launch).action_launch()
        launch.territory_id = self.province
        self.assertFalse(launch.check_id)
        with self.assertRaises(UserError):
            self.by_manager(launch).action_launch()

    def test_nobody_types_a_checklist_or_a_state(self):
        launch = self.launch(state="launched", launched_by_id=self.manager.id)
        self.assertEqual(launch.state, "draft")
        for user in (self.clerk, self.manager):
            with self.assertRaises(AccessError):
                launch.with_user(user).write({"state": "launched"})
            with self.assertRaises(AccessError):
                self.env["liquor.readiness"].with_user(user).create({"verdict": "ready"})
        with self.assertRaises(AccessError):
            launch.with_user(self.outsider).action_check()
        launch.action_check()
        with self.assertRaises(UserError):
            launch.check_id.sudo().write({"verdict": "ready"})
