"""One reported row: the distributor's sale and the chain's purchase, once each, and never beside a shop's own scan."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .report_case import ReportCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestReportParties(ReportCase):
    def test_the_month_of_a_chain(self):
        kinds = self.env.ref("liquor_channel.terminal_kind_key_account")
        chains, everybody = self.monthly(terminal_kind_ids=kinds.ids), self.monthly()
        distributors = self.monthly(beneficiary_kind="distributor")
        versions = chains + everybody + distributors
        report = self.load(
            ["2026-03-05", "JC10", "25", "箱", "KA01", "销售", "CK1", ""],
            ["2026-03-06", "JC10", "10", "箱", "S001", "销售", "CK2", ""],
        )
        versions._bring_up_to_date(date(2026, 3, 31))
        # 20 x 4 + 5 x 6 of the chain's 25 cases; the shop has to scan its 10
        self.assertEqual(self.paid(chains), {self.chain: 110})
        self.assertEqual(self.paid(everybody), {self.chain: 110})
        # 20 x 4 + 15 x 6 of the 35 cases that he sold
        self.assertEqual(self.paid(distributors), {self.distributor: 170})
        earning = self.env["liquor.earning"].search([("policy_version_id", "=", chains.id)])
        self.assertEqual(earning.territory_id, self.city)
        sources = earning._sources()
        self.assertEqual((sources.count, sources.bottles), (1, 150))
        versions._bring_up_to_date(date(2026, 3, 31))
        self.assertEqual(self.paid(chains), {self.chain: 110})
        report.action_undo()
        versions._bring_up_to_date(date(2026, 3, 31))
        self.assertFalse(self.paid(chains) | self.paid(everybody) | self.paid(distributors))

    def test_what_a_chain_sells_itself_is_no_purchase(self):
        bought, sold = self.monthly(), self.monthly(basis="sold")
        self.load(["2026-03-05", "JC10", "10", "箱", "KA01", "出库", "CK1", ""])
        self.load(["2026-03-08", "JC10", "4", "箱", "", "销售", "POS1", ""], reporter=self.chain)
        (bought + sold)._bring_up_to_date(date(2026, 3, 31))
        self.assertEqual(self.paid(bought), {self.chain: 40})
        self.assertEqual(self.paid(sold), {self.chain: 16})

    def test_each_movement_pays_its_buyer(self):
        version = self.make_version(basis="reported", measure="bottles", rate=2.0, payable="available")
        self.load(
            ["2026-03-05", "JC10", "10", "", "KA01", "销售", "CK1", ""],
            ["2026-03-06", "JC10", "10", "", "S001", "销售", "CK2", ""],
        )
        self.assertEqual(self.paid(version), {self.chain: 20})

    def test_goods_that_were_scanned_and_reported_pay_once(self):
        """The chain need not scan and does: 60 bottles of the report pay, the 24 it scanned of them do not."""
        rates = {"measure": "bottles", "rate": 2.0, "payable": "available"}
        told, scanned = self.make_version(basis="reported", **rates), self.make_version(basis="received", **rates)
        monthly = self.monthly() + self.monthly(basis="received")
        scan = self.make_fact(1, kind="received", bottles=24, partner_id=self.chain.id)
        own = self.make_fact(2, kind="received", bottles=6)
        self.env["liquor.policy"]._earn([scan])
        report = self.load(
            ["2026-03-05", "JC10", "60", "", "KA01", "销售", "CK1", ""],
            ["2026-03-06", "JC10", "6", "", "S001", "销售", "CK2", ""],
        )
        self.env["liquor.policy"]._earn([scan, own])
        monthly._bring_up_to_date(date(2026, 3, 31))
        # 60 x 2.00 by the report, 6 x 2.00 by the shop's own scans; 10 cases x 4.00 by the month
        self.assertEqual(self.paid(told), {self.chain: 120})
        self.assertEqual(self.paid(scanned), {self.shop: 12})
        self.assertEqual(self.paid(monthly[0]), {self.chain: 40})
        self.assertFalse(self.paid(monthly[1]))
        report.action_undo()
        self.assertFalse(self.paid(told))
        self.assertEqual(self.paid(scanned), {self.shop: 12})

    def test_how_purchases_are_proven_stays(self):
        role = self.chain._liquor_role("terminal", self.company)
        with self.assertRaises(UserError):
            role.with_user(self.manager).terminal_kind_id = self.shop_kind
        role.with_user(self.manager).terminal_kind_id = self.env.ref("liquor_channel.terminal_kind_online")
        with self.assertRaises(UserError):
            self.shop_kind.must_scan = False
        fresh = self.env["liquor.terminal.kind"].create({"name": "Vending Machine"})
        fresh.must_scan = False

    def test_a_share_of_the_distributor_who_reports(self):
        self.make_agreement(share=30.0)
        version = self.monthly()
        self.load(["2026-03-05", "JC10", "10", "箱", "KA01", "", "CK1", ""])
        version._bring_up_to_date(date(2026, 3, 31))
        earning = self.env["liquor.earning"].search([("policy_version_id", "=", version.id)])
        self.assertEqual((earning.amount, earning.funder_amount, earning.funder_id), (40, 12, self.distributor))

    def test_reported_returns_take_back_reported_goods_alone(self):
        reported = self.monthly()
        received = self.monthly(basis="received")
        shipped = self.monthly(basis="shipped", beneficiary_kind="distributor")
        self.load(
            ["2026-03-05", "JC10", "10", "箱", "KA01", "", "CK1", ""],
            ["2026-03-09", "JC10", "4", "箱", "KA01", "退货", "CK2", ""],
        )
        versions = reported + received + shipped
        days = (date(2026, 3, 1), date(2026, 3, 31))
        bases = {
            version: {partner: base.measure for (_version, partner), base in found.items()}
            for version in versions
            for found in [version._bases(self.company, *days, None)]
        }
        self.assertEqual(bases, {reported: {self.chain.id: 6}, received: {}, shipped: {}})
