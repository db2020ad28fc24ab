"""A shop that registers anew as the other kind: goods that were reported and scanned pay it once (R10, C13)."""

import base64
import random
from datetime import date, datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.flow_reports import flow_report_loading
from ...tools import tables
from .report_case import HEADER, ReportCase

SCANS = """(SELECT * FROM unnest(%s::int[], %s::varchar[], %s::int[], %s::int[], %s::date[], %s::int[])
            AS scan (id, kind, partner_id, product_id, day, bottles)) scan"""


class ChangedCase(ReportCase):
    """The chain scans from April on; scans are a source of facts of the test, as liquor_scan gives them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rates = {"measure": "bottles", "payable": "available"}
        cls.told = cls.make_version(basis="reported", rate=2.0, **rates)
        cls.scanned = cls.make_version(basis="received", rate=3.0, **rates)

    def setUp(self):
        super().setUp()
        self.scans = []
        facts, queries = self.env.registry["liquor.flow.fact"], self.env.registry["liquor.flow.fact"]._fact_queries
        self.patch(facts, "_fact_queries", lambda model: [*queries(model), self.scan_source()])

    def scan_source(self):
        columns = zip(*self.scans, strict=True) if self.scans else [()] * 6
        return {
            "kinds": ("received", "returned"),
            "returns_of": ("received",),
            "columns": {
                "key": SQL("'test/scan/' || scan.id"),
                "kind": SQL("scan.kind"),
                "company_id": SQL("%s", self.company.id),
                "partner_id": SQL("scan.partner_id"),
                "counterparty_id": SQL("%s", self.distributor.id),
                "product_id": SQL("scan.product_id"),
                "bottles": SQL("scan.bottles"),
                "amount": SQL("100 * scan.bottles"),
                "currency_id": SQL("%s", self.currency.id),
                "event_time": SQL("scan.day + interval '4 hours'"),
                "business_day": SQL("scan.day"),
                "territory_id": SQL("%s", self.county.id),
                "purpose": SQL("'normal'"),
                "source_model": SQL("'res.partner'"),
                "source_id": SQL("scan.id"),
            },
            "from": SQL(f"FROM {SCANS}", *map(list, columns)),
        }

    def scan(self, day, bottles, shop=None, product=None):
        """Let a shop receive, and policies pay, as the scan service does."""
        number, kind = 1 + len(self.scans), "received" if bottles > 0 else "returned"
        shop, product = shop or self.chain, product or self.product
        self.scans.append((number, kind, shop.id, product.id, day, bottles))
        facts = self.env["liquor.flow.fact"]._facts([("key", "=", f"test/scan/{number}")])
        return self.env["liquor.policy"]._earn(facts)[f"test/scan/{number}"]

    def change(self, kind, day="2026-04-01", shop=None):
        """End the role on the day before and register the shop as another kind."""
        role = (shop or self.chain)._liquor_role("terminal", self.company)
        with freeze_time("2026-03-31 04:00:00"):
            role.with_user(self.manager).action_end(reason="Registers as another kind")
        self.env.flush_all()
        return self.env["liquor.channel.role"].create({
            "partner_id": role.partner_id.id,
            "kind": "terminal",
            "terminal_kind_id": kind.id,
            "territory_id": self.city.id,
            "date_start": day,
            "state": "formal",
        })

    def amounts(self):
        return {version: amounts.get(self.chain, 0) for version in self.told + self.scanned
                for amounts in [self.paid(version)]}  # fmt: skip


@tagged("post_install", "-at_install")
@freeze_time("2026-04-20 04:00:00")
class TestChangedShop(ChangedCase):
    def march(self):
        return self.load(["2026-03-20", "JC10", "60", "", "KA01", "销售", "CK1", ""])

    def test_reported_first_and_scanned_after_the_change(self):
        monthly = self.monthly() + self.monthly(basis="received")
        self.change(self.shop_kind)
        self.march()
        self.assertFalse(self.scan("2026-04-02", 36))
        paid = self.scan("2026-04-09", 48)
        # 60 x 2.00 by the report; of 84 scanned bottles 60 are those: 24 x 3.00
        self.assertEqual(self.amounts(), {self.told: 120, self.scanned: 72})
        self.assertEqual((paid.bottles, paid._sources().bottles, paid._sources().amount), (24, 24, 2400))
        self.assertIn("24", paid.why)
        self.assertIn("2026-03-20", paid.why)
        for day in (date(2026, 3, 31), date(2026, 4, 20)):
            monthly._bring_up_to_date(day)
        # 10 cases of March x 4.00; of April 24 bottles are 4 cases x 4.00
        self.assertEqual([self.paid(one) for one in monthly], [{self.chain: 40}, {self.chain: 16}])
        april = self.env["liquor.earning"].search([("policy_version_id", "=", monthly[1].id)])
        sources = april._sources()
        self.assertEqual((sources.count, sources.bottles, sources.amount), (1, 24, 2400))
        self.assertEqual(sources.facts[0]["key"], "test/scan/2")
        self.assertFalse(april._sources(1, 1).facts)
        self.assertIn("60", april.why.splitlines()[2])
        march = self.env["liquor.earning"].search([("policy_version_id", "=", monthly[0].id)])
        self.assertEqual((march._sources().count, march._sources().bottles), (1, 60))
        monthly._bring_up_to_date(date(2026, 4, 20))
        self.assertEqual(self.paid(monthly[1]), {self.chain: 16})

    def test_scanned_first_and_the_report_comes_later(self):
        """The same whatever is processed first; undone, the scans are paid in full."""
        self.change(self.shop_kind)
        self.scan("2026-04-02", 36)
        self.scan("2026-04-09", 48)
        self.assertEqual(self.amounts(), {self.told: 0, self.scanned: 252})
        report = self.march()
        self.assertEqual(self.amounts(), {self.told: 120, self.scanned: 72})
        taken = self.env["liquor.earning"].search([("component", "=like", "base/proof/%")], order="id")
        self.assertEqual(taken.mapped("amount"), [-108, -72])
        self.assertIn("2026-03-20", taken[0].why)
        self.assertEqual(taken.mapped("bottles"), [-36, -24])
        report.action_undo()
        self.assertEqual(self.amounts(), {self.told: 0, self.scanned: 252})
        again = self.load(["2026-03-20", "JC10", "30", "", "KA01", "销售", "CK7", ""])
        # 30 of the report; 84 - 30 = 54 scanned bottles are new
        self.assertEqual(self.amounts(), {self.told: 60, self.scanned: 162})
        again.action_undo()
        self.assertEqual(self.amounts(), {self.told: 0, self.scanned: 252})

    def test_the_other_way_round(self):
        shop, key_account = self.shop, self.env.ref("liquor_channel.terminal_kind_key_account")
        self.change(key_account, shop=shop)
        self.scan("2026-03-30", 60, shop)
        self.load(
            ["2026-04-02", "JC10", "36", "", "S001", "销售", "CK1", ""],
            ["2026-04-09", "JC10", "48", "", "S001", "销售", "CK2", ""],
        )
        # 60 x 3.00 by the scans; 24 of 84 reported bottles are new, x 2.00
        self.assertEqual(self.paid(self.scanned), {shop: 180})
        self.assertEqual(self.paid(self.told), {shop: 48})

    def test_reports_that_go_on_leave_ordinary_trade_paid(self):
        self.change(self.shop_kind)
        self.march()
        self.assertFalse(self.scan("2026-04-09", 48))
        # April's report arrives: its 48 are those that were scanned, so the 60 of March still lie there
        april = self.load(["2026-04-08", "JC10", "48", "", "KA01", "销售", "CK2", ""])
        self.assertEqual(self.amounts(), {self.told: 120, self.scanned: 144})
        april.action_undo()
        self.assertEqual(self.amounts(), {self.told: 120, self.scanned: 0})

    def test_a_distributor_is_paid_what_he_sold(self):
        version = self.make_version(
            basis="reported", beneficiary_kind="distributor", measure="bottles", rate=1.0, payable="available"
        )
        self.change(self.shop_kind)
        self.scan("2026-04-02", 36)
        self.march()
        self.assertEqual(self.paid(version), {self.distributor: 60})

    def test_registered_back_dated_or_twice_on_a_day(self):
        """Days that a role has stay its own, so what they earned is the same."""
        self.march()
        self.assertEqual(self.amounts(), {self.told: 120, self.scanned: 0})
        self.change(self.shop_kind, "2026-02-01")
        self.scan("2026-03-21", 12)
        self.assertEqual(self.amounts(), {self.told: 120, self.scanned: 0})
        monthly = self.monthly()
        monthly._bring_up_to_date(date(2026, 3, 31))
        self.assertEqual(self.paid(monthly), {self.chain: 40})

    def test_another_company_keeps_its_own(self):
        other = self.env["res.company"].create({"name": "Other Maker"})
        self.change(self.shop_kind)
        scope = self.env["liquor.fact.scope"]
        self.assertEqual(list(scope._changed_shops(self.company)), [self.chain.id])
        self.assertFalse(scope._changed_shops(other))
        self.assertFalse(scope._changed_shops(self.company, self.shop.ids))

    def test_queries_do_not_grow(self):
        self.change(self.shop_kind)
        self.march()
        facts = [self.make_fact(one, partner_id=self.chain.id, bottles=1, business_day=date(2026, 4, 9),
                                event_time=datetime(2026, 4, 9)) for one in range(31)]  # fmt: skip
        self.env["liquor.policy"]._earn(facts[:1])
        counts = []
        for batch in (facts[1:2], facts[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["liquor.policy"]._earn(batch)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_a_large_report_is_paid_some_rows_at_a_time(self):
        """Two rows of 60 in two parts: either of them alone tells of the 60 that were scanned and paid before."""
        self.change(self.shop_kind)
        self.scan("2026-04-02", 60)
        report = self.env["liquor.flow.report"].with_user(self.clerk).create({
            "partner_id": self.distributor.id,
            "file": base64.b64encode(tables.write_csv([
                HEADER,
                ["2026-03-20", "JC10", "60", "", "KA01", "销售", "CK1", ""],
                ["2026-03-21", "JC10", "60", "", "KA01", "销售", "CK2", ""],
            ])),
            "filename": "large.csv",
        })  # fmt: skip
        report.action_read()
        self.patch(flow_report_loading, "ROWS_TO_PAY", 1)
        ids, _others = report._load_rows("loaded")
        seen = report._pay_some(0)
        self.assertEqual(seen, ids[:1])
        self.assertEqual(report._pay_some(seen[-1]), ids[1:])
        self.assertEqual(self.amounts(), {self.told: 240, self.scanned: 0})

    def test_parts_that_went_back_and_rewards_that_wait(self):
        """Of 12.00 for six bottles a third counts: 4.00. Three bottles went back with 6.00: the 4.00 are given up."""
        self.change(self.shop_kind)
        waiting = self.make_version(basis="received", measure="bottles", rate=2.0, payable="pending")
        self.scan("2026-04-02", 6)
        self.load(["2026-03-20", "JC10", "4", "", "KA01", "销售", "CK1", ""])
        rows = self.env["liquor.earning"].search([("policy_version_id", "=", waiting.id)], order="id")
        self.assertEqual(rows.mapped("amount"), [12, -8])
        self.assertEqual(rows[0]._with_differences(), rows)
        self.env["liquor.earning.state"]._set(rows[0]._with_differences(), "available", "The case was opened")
        wallet = self.env["liquor.earning"]._wallet(self.chain, self.company)
        # 4.00 of this policy, 18.00 - 12.00 of the other one, 8.00 for the report
        self.assertEqual((wallet["available"], wallet["pending"]), (4 + 6 + 8, 0))
        rows[0]._book([{
            **{name: rows[0][name].id for name in ("company_id", "partner_id", "currency_id", "policy_version_id")},
            "beneficiary_kind": "terminal", "amount": -6, "bottles": -3, "type": "clawback",
            "fact_key": rows[0].fact_key, "component": "base/return/1/0", "payable": "available",
            "event_time": datetime(2026, 4, 19),
        }])  # fmt: skip
        self.env["liquor.earning"]._follow_returns([rows[0].fact_key])
        self.assertEqual(self.paid(waiting), {})
        self.env["liquor.earning"]._follow_returns([rows[0].fact_key])
        self.assertEqual(self.paid(waiting), {})

    def test_the_ledger_follows_the_proofs_in_any_order(self):
        """Reports, one of them undone, scans and what went back, in five orders: the same, what the engine counts."""
        self.change(self.shop_kind)
        rows = [("2026-03-20", 30), ("2026-03-29", 12), ("2026-04-05", 18), ("2026-04-12", 25)]
        scans = [("2026-04-02", 24), ("2026-04-06", 18), ("2026-04-10", 30), ("2026-04-11", -6), ("2026-04-13", 24)]
        acts = [
            *((self.load, ([day, "JC10", str(bottles), "", "KA01", "销售", f"CK{day}", ""],)) for day, bottles in rows),
            *((self.scan, scan) for scan in scans),
            (self.load_and_undo, (["2026-03-25", "JC10", "40", "", "KA01", "销售", "CK9", ""],)),
        ]
        found = []
        for seed in range(5):
            with self.env.cr.savepoint() as savepoint:
                for act, words in random.Random(seed).sample(acts, len(acts)):
                    act(*words)
                found.append(self.amounts())
                own = self.env["liquor.flow.fact"]._proven(self.company)[self.chain.id]
                counted = [own.counted(key) for key, fact in own.facts.items() if fact["kind"] != "returned"]
                expected = {
                    version: rate * sum(one["bottles"] for one in counted if one["basis"] == version.basis)
                    for version, rate in ((self.told, 2), (self.scanned, 3))
                }
                self.assertEqual(found[-1], expected)
                self.scans.clear()
                self.env.flush_all()
                savepoint.close(rollback=True)
                self.env.invalidate_all()
        # 42 x 2.00 of March; of 96 bottles scanned since 42 are those: 54 x 3.00
        self.assertEqual(found, found[:1] * 5)
        self.assertEqual(found[0], {self.told: 84, self.scanned: 162})

    def load_and_undo(self, row):
        self.load(row).action_undo()

    def test_growth_is_over_what_was_bought_whichever_proof_counted_it(self):
        """10 cases reported last April, 14 scanned in this one: 40 % more, 4.00 for each of the 4 cases."""
        self.chain._liquor_role("terminal", self.company).date_start = "2025-01-01"
        self.change(self.shop_kind)
        self.load(["2025-04-10", "JC10", "10", "箱", "KA01", "销售", "CK1", "1000"])
        self.scans.append((1, "received", self.chain.id, self.product.id, "2026-04-09", 84))
        policy = self.env["liquor.policy"].create({
            "name": "Growth", "kind": "growth", "beneficiary_kind": "terminal",
        })  # fmt: skip
        version = self.env["liquor.policy.version"].create({
            "policy_id": policy.id,
            "date_start": "2025-01-01",
            "basis": "received",
            "measure": "cases",
            "rate_kind": "per_unit",
            "period": "month",
            "terminal_kind_ids": [Command.set(self.shop_kind.ids)],
            "tier_ids": [Command.create({"from_value": 0, "to_value": 20, "rate": 2}),
                         Command.create({"from_value": 20, "to_value": 0, "rate": 4})],
        })  # fmt: skip
        version.action_activate()
        with freeze_time("2026-05-02 04:00:00"):
            earning = version._bring_up_to_date(date(2026, 4, 30))
        self.assertEqual((earning.partner_id, earning.amount), (self.chain, 16))
        self.assertIn("40", earning.why)

    def points_of(self, version):
        return sum(self.env["liquor.earning"].search([("policy_version_id", "=", version.id)]).mapped("points"))

    def points_policy(self, **values):
        club = self.env["liquor.member.program"].create({
            "name": "Shops", "mode": "national", "company_id": self.company.id,
        })  # fmt: skip
        member = self.env["liquor.member"]._join(club, "13900139055", "desk", "1")
        member.sudo().partner_id = self.chain
        return member, self.make_version(
            basis="received", measure="bottles", rate_kind="points", rate=10.0, points_program_id=club.id, **values
        )

    def test_points_of_a_policy_follow_too(self):
        member, version = self.points_policy(payable="available")
        self.change(self.shop_kind)
        self.scan("2026-04-02", 6)
        self.assertEqual(member.points, 60)
        report = self.load(["2026-03-20", "JC10", "4", "", "KA01", "销售", "CK1", ""])
        # two of six bottles count: 20 of 60 points
        self.assertEqual((self.points_of(version), member.points), (20, 20))
        report.action_undo()
        self.assertEqual((self.points_of(version), member.points), (60, 60))

    def test_points_that_waited_are_handed_out_less_what_was_taken_back(self):
        member, version = self.points_policy(payable="pending")
        self.change(self.shop_kind)
        waiting = self.scan("2026-04-02", 6).filtered(lambda one: one.form == "points")
        self.load(["2026-03-20", "JC10", "4", "", "KA01", "销售", "CK1", ""])
        self.assertEqual((self.points_of(version), member.points), (20, 0))
        states = self.env["liquor.earning.state"]
        states._set(waiting._with_differences(), "available", "The case was opened")
        self.assertEqual(member.points, 20)
        states._set(waiting, "held", "Asked")
        states._set(waiting, "released", "Answered")
        self.assertEqual(member.points, 20)
