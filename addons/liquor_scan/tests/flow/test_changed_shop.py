"""A shop between scans and reports: what was scanned, went back and was reported nets the same in any order."""

import base64

from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from odoo.addons.liquor_channel.tools import tables

from .common import FlowCase

HEADER = ["日期", "商品编码", "数量", "单位", "客户", "类型", "单号", "金额"]


@tagged("post_install", "-at_install")
class TestChangedShop(FlowCase):
    """Reported until 15 November, scanning since: 2.50 a bottle by scans, 1.00 by reports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.partner"].create({"name": "Great Market", "is_company": True, "ref": "KA01"})
        cls.register("terminal_kind_key_account", "2026-01-01")
        manager = new_test_user(cls.env, "changed_manager", groups="liquor_channel.group_channel_manager")
        with freeze_time("2026-11-15 04:00:00"):
            role = cls.shop._liquor_role("terminal", cls.company)
            role.with_user(manager).action_end(reason="Scans from now on")
        cls.env.flush_all()
        cls.register("terminal_kind_tobacco_liquor", "2026-11-16")
        cls.assign(cls.shop, cls.distributor)
        cls.shop_user = cls.portal("changed_shop", cls.shop)
        cls.product.default_code = "BJ"
        cls.scanned = cls.policy(measure="bottles")
        cls.told = cls.policy(1.0, basis="reported", measure="bottles")

    @classmethod
    def register(cls, kind, day):
        cls.env["liquor.channel.role"].create({
            "partner_id": cls.shop.id,
            "company_id": cls.company.id,
            "kind": "terminal",
            "terminal_kind_id": cls.env.ref(f"liquor_channel.{kind}").id,
            "territory_id": cls.county.id,
            "date_start": day,
            "state": "formal",
        })

    def report(self, day, bottles):
        report = self.env["liquor.flow.report"].create({
            "partner_id": self.distributor.id,
            "company_id": self.company.id,
            "file": base64.b64encode(tables.write_csv([HEADER, [day, "BJ", bottles, "", "KA01", "销售", day, ""]])),
            "filename": f"{day}.csv",
        })
        report.action_read()
        report.action_load()
        self.assertFalse(report.bad_count)
        return report

    def receive(self, code):
        self.assertEqual(self.one(self.shop_user, "receive", code)["status"], "accepted")

    def back(self, code):
        self.assertEqual(self.one(self.shop_user, "return", code)["status"], "accepted")

    def paid(self):
        earnings = self.env["liquor.earning"].search([("partner_id", "=", self.shop.id)])
        return [sum(earnings.filtered(lambda row, one=one: row.policy_version_id == one).mapped("amount"))
                for one in (self.told, self.scanned)]  # fmt: skip

    def in_orders(self, expected, *orders):
        for order in orders:
            with self.env.cr.savepoint() as savepoint:
                FlowCase.number = 0
                for act, *words in order:
                    act(*words)
                self.assertEqual(self.paid(), expected, order)
                self.env.flush_all()
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_a_whole_case(self):
        """Six told on the 10th and six on the 17th; six scanned on the 21st are those of the 17th, and go back."""
        code = self.case()
        self.ship(code)
        first, second = (self.report, "2026-11-10", "6"), (self.report, "2026-11-17", "6")
        scan, back = (self.receive, code), (self.back, code)
        self.in_orders(
            [6, 0],
            (first, second, scan, back),
            (first, scan, second, back),
            (first, scan, back, second),
            (scan, first, back, second),
            (scan, back, second, first),
        )

    def test_a_case_of_a_pallet(self):
        """360 scanned, half of them told on the 17th: 180 x 2.50 less the case that went back, 6 x 2.50."""
        code, case = self.pallet(), self.case(7)
        self.ship(code)
        first, half = (self.report, "2026-11-10", "360"), (self.report, "2026-11-17", "180")
        scan, back = (self.receive, code), (self.back, case)
        self.in_orders(
            [360, 435],
            (first, half, scan, back),
            (first, scan, half, back),
            (first, scan, back, half),
            (scan, back, half, first),
        )
        more = (self.report, "2026-11-18", "180")
        self.in_orders([360, 885], (first, scan, back, half, more), (first, more, scan, back, half))

    def test_an_undone_report_brings_nothing_back_that_went_back(self):
        code = self.case()
        self.ship(code)
        report = self.report("2026-11-10", "6")
        self.receive(code)
        self.back(code)
        report.action_undo()
        self.assertEqual(self.paid(), [0, 0])
