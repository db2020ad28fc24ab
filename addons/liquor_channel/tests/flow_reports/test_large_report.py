"""Large flow reports are loaded in the background: progress, payment some rows at a time, undo half-way."""

import base64
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.flow_reports import flow_report_loading as loading
from ...tools import tables
from ..common import ChannelCase

HEADER = ["日期", "商品编码", "数量", "客户", "单号"]


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestLargeReport(ChannelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.default_code = "JC10"
        cls.shop.ref = "S001"
        cls.env["liquor.run"].search([("state", "in", ("queued", "running"))]).state = "cancelled"
        cls.startClassPatcher(patch.object(loading, "ROWS_AT_ONCE", 10))
        cls.startClassPatcher(patch.object(loading, "ROWS_TO_PAY", 4))

    def report(self, good=11, bad=1):
        rows = [["2026-03-05", "JC10", "2", "S001", f"large{number}"] for number in range(good)]
        rows += [["2026-03-05", "unknown", "2", "S001", f"bad{number}"] for number in range(bad)]
        report = (
            self
            .env["liquor.flow.report"]
            .with_user(self.clerk)
            .create({
                "partner_id": self.distributor.id,
                "file": base64.b64encode(tables.write_csv([HEADER, *rows])),
                "filename": "large.csv",
            })
        )
        report.action_read()
        report.action_check()
        return report

    def start(self, report):
        return self.env["liquor.run"].browse(report.action_load()["res_id"])

    def work(self):
        with self.enter_registry_test_mode():
            self.env.ref("liquor_member.liquor_run_cron").method_direct_trigger()
        self.env.invalidate_all()

    def earnings(self, report):
        return self.env["liquor.earning"].search([("partner_id", "=", report.partner_id.id)])

    def policy(self):
        """One yuan a bottle for what was reported."""
        return self.make_version(rate=1, beneficiary_kind="distributor", basis="reported", measure="bottles")

    def test_loaded_and_paid_in_the_background(self):
        self.policy()
        report = self.report()
        run = self.start(report)
        self.assertEqual((report.state, len(report.line_ids), run.state, run.total), ("checked", 0, "queued", 12))
        self.assertEqual(self.start(report), run)
        with self.assertRaises(UserError):
            report._check_not_running()
        self.work()
        self.assertEqual((run.state, run.done, report.state), ("done", 12, "loaded"))
        self.assertEqual((report.good_count, report.bad_count, report.bottles_total), (11, 1, 22))
        self.assertEqual((len(self.earnings(report)), sum(self.earnings(report).mapped("amount"))), (11, 22))
        with self.assertRaises(UserError):
            report.action_load()

    def test_half_way_stopped_it_can_be_undone(self):
        self.policy()
        report = self.report()
        run = self.start(report)
        worker = run.with_user(self.clerk)
        _others, cursor = worker._run_flow_report(500)
        run.cursor = cursor
        worker._run_flow_report(500)
        self.assertEqual((report.state, len(self.earnings(report))), ("loading", 4))
        with self.assertRaises(UserError):
            report.action_undo()
        run.action_cancel()
        report.action_undo()
        self.assertEqual((report.state, sum(self.earnings(report).mapped("amount"))), ("undone", 0))
        self.assertFalse(report.line_ids.filtered("live"))
        # what is left of the run pays nothing more
        self.assertEqual(worker._run_flow_report(500), (0, None))
        self.assertEqual(report.state, "undone")

    def test_small_file_is_loaded_at_once(self):
        report = self.report(good=9, bad=1)
        self.assertIsNone(report.action_load())
        self.assertEqual(report.state, "loaded")

    def test_file_without_a_good_row_ends(self):
        report = self.report(good=0, bad=11)
        run = self.start(report)
        self.work()
        self.assertEqual((run.state, run.done, report.state, report.bad_count), ("done", 11, "loaded", 11))
