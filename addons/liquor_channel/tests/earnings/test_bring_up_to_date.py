"""Tiered policies: what is booked is always the difference to what the whole period is worth."""

import json
from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common import ChannelCase

TIERS = [(0, 500000, 3), (500000, 0, 4)]


@tagged("post_install", "-at_install")
class TestBringUpToDate(ChannelCase):
    def make_order(self, day, amount, partner=None, kind="normal", product=None, state="sale"):
        """A confirmed order of one line, at noon of ``day`` in Shanghai."""
        return self.env["sale.order"].create({
            "partner_id": (partner or self.distributor).id,
            "state": state,
            "liquor_kind": kind,
            "date_order": datetime(day.year, day.month, day.day, 4),
            "order_line": [
                Command.create({
                    "product_id": (product or self.product).id,
                    "product_uom_qty": 60,
                    "price_unit": amount / 60,
                })
            ],
        })

    def rebate(self, tiers=None, **values):
        return self.make_version(
            tiers or TIERS,
            **{
                "beneficiary_kind": "distributor",
                "basis": "ordered",
                "measure": "amount",
                "rate_kind": "percent",
                "period": "year",
                **values,
            },
        )

    def test_year_of_the_accounting_example(self):
        # Acc-2 #2, #3, #12: 200,000 -> 6,000; 500,000 -> 20,000, 14,000 more; 50,000 returned -> 13,500, 6,500 back
        version = self.rebate()
        self.make_order(date(2026, 1, 20), 200000)
        first = version._bring_up_to_date(date(2026, 1, 31))
        self.assertEqual(first.mapped("amount"), [6000.0])
        self.assertEqual((first.business_day, first.component), (date(2026, 1, 31), "2026"))
        self.make_order(date(2026, 2, 20), 300000)
        second = version._bring_up_to_date(date(2026, 2, 28))
        self.assertEqual(second.mapped("amount"), [14000.0])
        self.make_order(date(2026, 3, 5), -50000)
        third = version._bring_up_to_date(date(2026, 3, 31))
        self.assertEqual((third.amount, third.type), (-6500.0, "clawback"))
        self.assertEqual(version.state, "frozen")

    def test_again_gives_nothing(self):
        version = self.rebate()
        self.make_order(date(2026, 1, 20), 200000)
        self.assertTrue(version._bring_up_to_date(date(2026, 1, 31)))
        for _again in range(3):
            self.assertFalse(version._bring_up_to_date(date(2026, 1, 31)))

    def test_an_earlier_day_computes_nothing_backwards(self):
        version = self.rebate()
        self.make_order(date(2026, 1, 20), 200000)
        self.make_order(date(2026, 2, 20), 100000)
        version._bring_up_to_date(date(2026, 2, 28))
        self.assertFalse(version._bring_up_to_date(date(2026, 1, 31)))

    def test_late_data_of_a_locked_month_is_booked_in_the_next(self):
        # Enable: January 100 at 10 % = 10, locked, 50 more dated January: +5, booked in February
        version = self.rebate([(0, 0, 10)], period="month")
        self.make_order(date(2026, 1, 10), 100)
        forgotten = self.make_order(date(2026, 1, 15), 50, state="sent")
        january = version._bring_up_to_date(date(2026, 1, 31))
        self.assertEqual((january.amount, january.booked_day), (10.0, date(2026, 1, 31)))
        self.company.sudo().fiscalyear_lock_date = date(2026, 1, 31)
        forgotten.state = "sale"
        late = version._bring_up_to_date(date(2026, 1, 31))
        self.assertEqual((late.amount, late.booked_day, late.origin_period), (5.0, date(2026, 2, 1), "2026-01"))
        self.assertEqual((january.amount, sum((january + late).mapped("amount"))), (10.0, 15.0))

    def test_the_company_decides_on_the_month_of_an_evening(self):
        # 16:00 UTC on 31 January is 00:00 on 1 February in Shanghai
        version = self.rebate([(0, 0, 10)], period="month")
        order = self.make_order(date(2026, 1, 31), 100)
        order.date_order = datetime(2026, 1, 31, 15, 59, 59)
        self.assertEqual(version._bring_up_to_date(date(2026, 1, 31)).amount, 10.0)
        other = self.rebate([(0, 0, 10)], period="month", name="Other")
        order.date_order = datetime(2026, 1, 31, 16, 0, 0)
        self.assertFalse(other._bring_up_to_date(date(2026, 1, 31)))
        self.assertEqual(other._bring_up_to_date(date(2026, 2, 1)).amount, 10.0)

    def test_goods_rebates_and_other_products_do_not_count(self):
        version = self.rebate([(0, 0, 10)], category_ids=[Command.link(self.series.id)])
        self.make_order(date(2026, 1, 10), 1000)
        self.make_order(date(2026, 1, 11), 500, kind="goods_rebate")
        self.make_order(date(2026, 1, 12), 300, product=self.other_product)
        self.assertEqual(version._bring_up_to_date(date(2026, 1, 31)).amount, 100.0)

    def test_tiers_in_cases(self):
        # two orders of 60 bottles = 20 cases; from 15 cases 2.00 a case for all
        version = self.rebate([(0, 15, 1), (15, 0, 2)], measure="cases", rate_kind="per_unit")
        self.make_order(date(2026, 1, 10), 1000)
        self.assertEqual(version._bring_up_to_date(date(2026, 1, 31)).amount, 10.0)
        self.make_order(date(2026, 2, 10), 1000)
        self.assertEqual(version._bring_up_to_date(date(2026, 2, 28)).amount, 30.0)

    def test_cap_of_the_period(self):
        version = self.rebate([(0, 0, 10)], cap_amount=80.0)
        self.make_order(date(2026, 1, 10), 1000)
        earning = version._bring_up_to_date(date(2026, 1, 31))
        self.assertEqual(earning.amount, 80.0)
        self.assertTrue(json.loads(earning.trace)["capped"])

    def test_the_trace_in_words_names_base_tier_and_difference(self):
        version = self.rebate()
        self.make_order(date(2026, 1, 20), 200000)
        version._bring_up_to_date(date(2026, 1, 31))
        self.make_order(date(2026, 2, 20), 300000)
        why = version._bring_up_to_date(date(2026, 2, 28)).why
        for words in ("500,000.00", "× 4 %", "20,000.00", "6,000.00", "14,000.00"):
            self.assertIn(words, why)

    def test_a_version_that_names_its_partners(self):
        version = self.rebate([(0, 0, 10)], partner_ids=[Command.link(self.distributor.id)])
        other = self.make_partner("Other Trading", "distributor")
        self.make_order(date(2026, 1, 10), 1000)
        self.make_order(date(2026, 1, 10), 1000, partner=other)
        self.assertEqual(version._bring_up_to_date(date(2026, 1, 31)).partner_id, self.distributor)

    def test_query_count_does_not_depend_on_the_number_of_partners(self):
        counts = []
        for size in (1, 30):
            version = self.rebate([(0, 0, 10)], name=f"For {size}")
            for number in range(size):
                partner = self.make_partner(f"Trading {size} {number}", "distributor")
                self.make_order(date(2026, 1, 10), 1000, partner=partner)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            earnings = version._bring_up_to_date(date(2026, 1, 31))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(earnings), 31)
        self.assertEqual(counts[0], counts[1])

    def test_compute_now_runs_in_the_background(self):
        self.env["liquor.run"].search([("state", "in", ("queued", "running"))]).state = "cancelled"
        second = self.make_partner("Moon Trading", "distributor")
        version = self.rebate(date_start=date(2026, 1, 1))
        self.make_order(date(2026, 3, 1), 200000)
        self.make_order(date(2026, 3, 1), 100000, partner=second)
        with freeze_time("2026-03-31 04:00:00"):
            run = self.env["liquor.run"].browse(version.with_user(self.clerk).action_bring_up_to_date()["res_id"])
            self.assertEqual(run, self.env["liquor.run"].browse(version.action_bring_up_to_date()["res_id"]))
            self.assertEqual(run.total, len(version._candidates()))
            run.parameters = {**run.parameters, "batch": 1}
            with self.enter_registry_test_mode():
                self.env.ref("liquor_member.liquor_run_cron").method_direct_trigger()
            self.env.invalidate_all()
        self.assertEqual((run.state, run.done), ("done", run.total))
        earnings = self.env["liquor.earning"].search([("policy_version_id", "=", version.id)])
        # 3 % of 200,000 and of 100,000
        self.assertEqual(
            {earning.partner_id: earning.amount for earning in earnings}, {self.distributor: 6000, second: 3000}
        )
        self.assertFalse(version._bring_up_to_date(date(2026, 3, 31)))
