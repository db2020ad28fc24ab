"""Policies that are computed on a period: growth, target, fixed, goods, conditions, exclusion, common cap, paid-in."""

import json
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import ChannelCase


class PeriodCase(ChannelCase):
    def order(self, day, amount, bottles=60, partner=None, product=None):
        """A confirmed order of one line, at noon of ``day`` in Shanghai."""
        return self.env["sale.order"].create({
            "partner_id": (partner or self.distributor).id,
            "state": "sale",
            "date_order": datetime(day.year, day.month, day.day, 4),
            "order_line": [
                Command.create({
                    "product_id": (product or self.product).id,
                    "product_uom_qty": bottles,
                    "price_unit": amount / bottles,
                })
            ],
        })

    def period_version(self, kind="tiered", tiers=(), conditions=(), uplifts=(), group=None, sequence=10, **values):
        policy = self.env["liquor.policy"].create({
            "name": values.pop("name", kind),
            "kind": kind,
            "beneficiary_kind": "distributor",
            "group_id": group.id if group else False,
            "sequence": sequence,
        })
        version = self.env["liquor.policy.version"].create({
            "policy_id": policy.id,
            "date_start": "2025-01-01",
            "basis": "ordered",
            "measure": "amount",
            "rate_kind": "percent",
            "period": "year",
            "tier_ids": [
                Command.create({"from_value": low, "to_value": high, "rate": rate}) for low, high, rate in tiers
            ],
            "condition_ids": [Command.create(values) for values in conditions],
            "uplift_ids": [Command.create(values) for values in uplifts],
            **values,
        })
        version.action_activate()
        return version

    def owed(self, version, day):
        return sum(version._bring_up_to_date(day).mapped("amount"))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["liquor.channel.role"].search([]).filtered(
            lambda role: role.kind == "distributor"
        ).date_start = "2024-01-01"


@tagged("post_install", "-at_install")
class TestKinds(PeriodCase):
    def test_growth_over_the_same_time_of_the_year_before(self):
        # 2025: 100,000 in February, 400,000 in October; 2026: 150,000 by March = 50 % over 100,000
        version = self.period_version("growth", [(0, 20, 2), (20, 0, 4)])
        self.order(date(2025, 2, 1), 100000)
        self.order(date(2025, 10, 1), 400000)
        self.order(date(2026, 2, 10), 150000)
        first = version._bring_up_to_date(date(2026, 3, 31))
        self.assertEqual(first.amount, 2000.0)  # 4 % of 50,000
        self.assertEqual(json.loads(first.trace)["reached"], "50.00")
        # the whole year: 550,000 over 500,000 = 10 %: 2 % of 50,000 = 1,000
        self.order(date(2026, 11, 1), 400000)
        with freeze_time("2027-01-05 04:00:00"):
            self.assertEqual(self.owed(version, date(2026, 12, 31)), -1000.0)
            self.assertFalse(version._bring_up_to_date(date(2026, 12, 31)))

    def test_growth_without_a_year_before_needs_a_lowest_baseline(self):
        self.order(date(2026, 2, 10), 150000)
        without = self.period_version("growth", [(0, 0, 4)])
        self.assertEqual(self.owed(without, date(2026, 3, 31)), 0)
        lowest = self.period_version("growth", [(0, 0, 4)], baseline_minimum=100000, name="Lowest")
        self.assertEqual(self.owed(lowest, date(2026, 3, 31)), 2000.0)

    def test_target_by_what_the_agreement_says(self):
        # 105 % of 1,000,000: 2 % of all
        version = self.period_version("target", [(90, 100, 1), (100, 0, 2)])
        self.order(date(2026, 2, 10), 1050000)
        self.assertEqual(self.owed(version, date(2026, 3, 31)), 0)
        target = {(version.id, self.distributor.id): 1000000}
        with patch.object(type(version), "_agreed_targets", lambda *args: target):
            earning = version._bring_up_to_date(date(2026, 3, 31))
        self.assertEqual((earning.amount, json.loads(earning.trace)["reached"]), (21000.0, "105.00"))

    def test_fixed_when_its_conditions_hold(self):
        version = self.period_version(
            "fixed", rate=900.0, period="quarter", conditions=[{"kind": "minimum", "value": 10000}]
        )
        self.order(date(2026, 1, 10), 9999.99)
        self.assertEqual(self.owed(version, date(2026, 1, 31)), 0)
        self.order(date(2026, 2, 10), 0.01, bottles=1)
        self.assertEqual(self.owed(version, date(2026, 2, 28)), 900.0)
        self.order(date(2026, 3, 10), -5000, bottles=-10)
        self.assertEqual(self.owed(version, date(2026, 3, 31)), -900.0)

    def test_ten_plus_one_is_owed_in_bottles_and_money(self):
        # 38 cases: 3 cases of 6 bottles at 50.00 (打款价) = 900.00; then 40 cases: one more at the price of its day
        self.env["liquor.price.ladder"].create([
            {"product_id": self.other_product.id, "price_factory": price, "date_start": start, "date_end": end}
            for price, start, end in ((50, "2026-01-01", "2026-01-31"), (60, "2026-02-01", False))
        ])
        version = self.period_version(
            "tiered",
            [(0, 0, 1)],
            measure="cases",
            rate_kind="goods",
            goods_block=10,
            goods_product_id=self.other_product.id,
        )
        self.order(date(2026, 1, 10), 1000, bottles=38 * 6)
        first = version._bring_up_to_date(date(2026, 1, 31))
        self.assertEqual((first.form, first.goods_bottles, first.amount), ("goods", 18.0, 900.0))
        self.order(date(2026, 2, 10), 1000, bottles=12)
        second = version._bring_up_to_date(date(2026, 2, 28))
        self.assertEqual((second.goods_bottles, second.amount), (6.0, 360.0))
        # 30 cases come back: 10 stay, one case of four; three quarters of 1,260.00 go back
        self.order(date(2026, 3, 10), -1000, bottles=-180)
        third = version._bring_up_to_date(date(2026, 3, 31))
        self.assertEqual((third.goods_bottles, third.amount, third.type), (-18.0, -945.0, "clawback"))
        self.assertEqual(self.env["liquor.earning"]._wallet(self.distributor, self.company)["pending"], 0)

    def test_goods_only_where_they_can_be_delivered(self):
        with self.assertRaises(ValidationError):
            self.period_version("tiered", [(0, 0, 1)], measure="cases", rate_kind="goods", goods_block=10)
        with self.assertRaises(ValidationError):
            self.make_version(rate=1.0, rate_kind="goods", goods_product_id=self.product.id)

    def test_without_tax(self):
        tax = self.env["account.tax"].create({"name": "13", "amount": 13, "price_include_override": "tax_excluded"})
        order = self.order(date(2026, 1, 10), 1000)
        order.order_line.tax_ids = tax
        with_tax = self.period_version("tiered", [(0, 0, 10)])
        without = self.period_version("tiered", [(0, 0, 10)], tax_basis="excluded", name="Without")
        self.assertEqual(self.owed(with_tax, date(2026, 1, 31)), 113.0)
        self.assertEqual(self.owed(without, date(2026, 1, 31)), 100.0)

    def test_rounding_and_minimum_payout(self):
        version = self.period_version("tiered", [(0, 0, 3)], rounding_step=10, minimum_payout=400)
        self.order(date(2026, 1, 10), 12000)  # 360
        self.assertEqual(self.owed(version, date(2026, 1, 31)), 0)
        self.order(date(2026, 2, 10), 2000)  # 420
        self.assertEqual(self.owed(version, date(2026, 2, 28)), 420.0)

    def test_paid_when_the_period_has_ended(self):
        version = self.period_version("tiered", [(0, 0, 3)], period="month", pay_at="end")
        self.order(date(2026, 1, 10), 10000)
        self.assertEqual(self.owed(version, date(2026, 1, 30)), 0)
        with freeze_time("2026-01-31 04:00:00"):
            self.assertEqual(self.owed(version, date(2026, 1, 31)), 0)
        with freeze_time("2026-02-01 04:00:00"):
            self.assertEqual(self.owed(version, date(2026, 1, 31)), 300.0)


@tagged("post_install", "-at_install")
class TestConditions(PeriodCase):
    def test_four_conditions_of_a_yearly_contract(self):
        # 1,000,000 at least, first order 100,000, each quarter >= 20 %, strategic products >= 20 %: 2 %
        version = self.period_version(
            "tiered",
            [(0, 0, 2)],
            date_start="2025-01-01",
            conditions=[
                {"kind": "minimum", "value": 1000000},
                {"kind": "first_order", "value": 100000},
                {"kind": "each_part", "value": 20},
                {"kind": "list_share", "value": 20, "category_ids": [Command.link(self.series.id)]},
            ],
        )
        self.order(date(2025, 1, 10), 100000)
        self.order(date(2025, 1, 10), 0.01, bottles=1)
        self.order(date(2025, 2, 10), 199999.99, product=self.other_product)
        self.order(date(2025, 5, 10), 250000, product=self.other_product)
        self.order(date(2025, 8, 10), 110000)
        self.order(date(2025, 8, 11), 100000, product=self.other_product)
        self.assertEqual(self.owed(version, date(2025, 9, 30)), 0)
        last = self.order(date(2025, 11, 10), 290000, product=self.other_product)
        # 1,050,000; the weakest quarter 210,000 = 20 %; the series 210,000.01 of 1,050,000 >= 20 %
        earning = version._bring_up_to_date(date(2025, 12, 31))
        self.assertEqual(earning.amount, 21000.0)
        self.assertTrue(all(holds for *_rest, holds in json.loads(earning.trace)["conditions"]))
        last.order_line.price_unit = 290001 / 60  # 210,000 is less than 20 % of 1,050,001
        self.assertEqual(self.owed(version, date(2025, 12, 31)), -21000.0)

    def test_a_check_has_to_be_passed_and_the_last_word_counts(self):
        version = self.period_version(
            "tiered", [(0, 0, "0.25")], conditions=[{"kind": "check", "check_kind": "diversion"}]
        )
        self.order(date(2026, 1, 10), 100000)
        self.assertEqual(self.owed(version, date(2026, 1, 31)), 0)
        checks = self.env["liquor.policy.check"].with_user(self.finance)
        values = {
            "partner_id": self.distributor.id,
            "kind": "diversion",
            "period_label": "2026",
            "note": "No case in the file",
            "user_id": self.manager.id,
        }
        check = checks.create(values)
        self.assertEqual(check.user_id, self.finance)
        self.assertEqual(self.owed(version, date(2026, 1, 31)), 250.0)
        with self.assertRaises(UserError):
            check.passed = False
        self.env["liquor.policy.check"].with_user(self.clerk).create({**values, "passed": False})
        self.assertEqual(self.owed(version, date(2026, 1, 31)), -250.0)
        with self.assertRaises(AccessError):
            self.env["liquor.policy.check"].with_user(self.outsider).create(values)

    def test_conditions_belong_to_the_terms(self):
        version = self.period_version("tiered", [(0, 0, 2)], conditions=[{"kind": "minimum", "value": 5}])
        with self.assertRaises(UserError):
            version.condition_ids.value = 1
        with self.assertRaises(UserError):
            self.env["liquor.policy.condition"].create({"version_id": version.id, "kind": "minimum"})
        with self.assertRaises(ValidationError):
            self.make_version(rate=15.0, condition_ids=[Command.create({"kind": "minimum", "value": 5})])


@tagged("post_install", "-at_install")
class TestTogether(PeriodCase):
    def test_of_an_exclusive_group_the_best_pays_and_the_loser_gives_back(self):
        group = self.env["liquor.policy.group"].create({"name": "One", "choice": "best"})
        flat = self.period_version("tiered", [(0, 0, 3)], group=group)
        prize = self.period_version("fixed", rate=5000.0, group=group, name="Prize")
        prize_ready = self.env["liquor.earning"]
        self.order(date(2026, 1, 10), 100000)  # 3,000 against 5,000
        for versions in (flat, prize, flat | prize, prize | flat):
            prize_ready |= versions._bring_up_to_date(date(2026, 1, 31))
        self.assertEqual([(one.policy_version_id, one.amount) for one in prize_ready], [(prize, 5000.0)])
        self.order(date(2026, 2, 10), 100000)  # 6,000 against 5,000
        moved = flat._bring_up_to_date(date(2026, 2, 28))
        self.assertEqual({one.policy_version_id: one.amount for one in moved}, {flat: 6000.0, prize: -5000.0})

    def test_the_cap_of_a_programme_is_shared_in_proportion(self):
        # 10 % of 6,000 and of 3,000 = 900, at most 600: 400 and 200, whoever is computed first
        second = self.make_partner("Moon Trading", "distributor")
        version = self.period_version("tiered", [(0, 0, 10)], cap_total=600)
        self.order(date(2026, 1, 10), 6000)
        self.order(date(2026, 1, 10), 3000, partner=second)
        earnings = version._bring_up_to_date(date(2026, 1, 31), second)
        self.assertEqual({one.partner_id: one.amount for one in earnings}, {self.distributor: 400.0, second: 200.0})
        self.assertFalse(version._bring_up_to_date(date(2026, 1, 31), self.distributor))

    def test_values_of_one_party_and_uplifts(self):
        # 3 % of 10,000 = 300, new market + 10 %, own + 20 %: 390; capped for him at 350
        version = self.period_version(
            "tiered", [(0, 0, 3)], uplifts=[{"kind": "new_market", "percent": 10, "months": 36}]
        )
        self.order(date(2026, 1, 10), 10000)
        for kind, value in (("strength", 20), ("cap", 350)):
            self.env["liquor.policy.overlay"].create({
                "policy_id": version.policy_id.id,
                "partner_id": self.distributor.id,
                "kind": kind,
                "value": value,
                "reason": "Test",
                "date_start": "2026-01-01" if kind == "strength" else "2026-02-01",
            }).action_approve()
        self.assertEqual(self.owed(version, date(2026, 1, 31)), 390.0)
        self.assertEqual(self.owed(version, date(2026, 2, 28)), -40.0)

    def test_number_of_queries_does_not_grow_with_the_parties(self):
        counts = []
        for size in (1, 30):
            version = self.period_version(
                "growth",
                [(0, 0, 10)],
                name=f"For {size}",
                conditions=[
                    {"kind": "first_order", "value": 5},
                    {"kind": "check", "check_kind": "price"},
                    {"kind": "list_share", "value": 1, "category_ids": [Command.link(self.category.id)]},
                ],
                uplifts=[{"kind": "under_attack", "percent": 10}],
                baseline_minimum=100,
            )
            for number in range(size):
                partner = self.make_partner(f"Trading {size} {number}", "distributor")
                self.order(date(2026, 1, 10), 1000, partner=partner)
                self.env["liquor.policy.check"].create({
                    "partner_id": partner.id, "kind": "price", "period_label": "2026", "note": "Seen"
                })  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            earnings = version._bring_up_to_date(date(2026, 1, 31))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(earnings), 31)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestPaidIn(PeriodCase):
    """打款 (R2): money received, with tax by default, without tax, or the cases that it paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create({
            "name": "13", "amount": 13, "type_tax_use": "sale", "price_include_override": "tax_excluded"
        })  # fmt: skip

    def pay(self, amount, day="2026-01-10", partner=None, kind="inbound"):
        payment = self.env["account.payment"].create({
            "payment_type": kind,
            "partner_type": "customer",
            "partner_id": (partner or self.distributor).id,
            "amount": amount,
            "date": day,
            "journal_id": self.env["account.journal"].search([("type", "=", "bank")], limit=1).id,
        })
        return payment

    def invoice(self, bottles, price, product=None):
        move = self.env["account.move"].create({
            "move_type": "out_invoice",
            "partner_id": self.distributor.id,
            "invoice_date": "2026-01-05",
            "invoice_line_ids": [
                Command.create({
                    "product_id": (product or self.product).id,
                    "quantity": bottles,
                    "price_unit": price,
                    "tax_ids": [Command.set(self.tax.ids)],
                })
            ],
        })
        move.action_post()
        return move

    def paid(self, **values):
        version = self.period_version("tiered", [(0, 0, 10)], basis="paid_in", **values)
        return version

    def test_money_counts_when_it_is_posted_and_with_tax(self):
        version = self.paid()
        payment = self.pay(113000)
        self.assertEqual(self.owed(version, date(2026, 1, 31)), 0)
        payment.action_post()
        self.assertEqual(self.owed(version, date(2026, 1, 31)), 11300.0)
        back = self.pay(13000, kind="outbound", day="2026-02-01")
        back.action_post()
        self.assertEqual(self.owed(version, date(2026, 2, 28)), -1300.0)

    def test_without_tax_by_the_rate_of_the_terms(self):
        version = self.paid(tax_basis="excluded", tax_rate=13)
        self.pay(113000).action_post()
        self.assertEqual(self.owed(version, date(2026, 1, 31)), 10000.0)

    def test_what_it_settled_counts_by_product_and_case_and_the_sum_stays(self):
        # an invoice of 60 bottles at 100 + 13 % = 6,780; half of 13,560 paid for it: 10 cases
        money = self.paid(name="Money")
        series = self.paid(name="Series", category_ids=[Command.link(self.series.id)])
        cases = self.paid(name="Cases", measure="cases", rate_kind="per_unit", tax_basis="included")
        payment = self.pay(13560)
        payment.action_post()
        self.assertEqual(self.owed(money, date(2026, 1, 31)), 1356.0)
        self.assertEqual(self.owed(series, date(2026, 1, 31)), 0)
        invoice = self.invoice(60, 100)
        lines = (payment.move_id | invoice).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(self.owed(money, date(2026, 1, 31)), 0)
        self.assertEqual(self.owed(series, date(2026, 1, 31)), 678.0)
        self.assertEqual(self.owed(cases, date(2026, 1, 31)), 100.0)
        facts = self.env["liquor.flow.fact"].search([("kind", "=", "paid_in")])
        self.assertEqual(round(sum(facts.mapped("amount")), 2), 13560.0)
        self.assertEqual(len(set(facts.ids)), len(set(facts.mapped("key"))))

    def test_a_deposit_is_no_money_for_goods(self):
        payment = self.pay(50000)
        payment.destination_account_id = self.env["account.account"].search(
            [("account_type", "=", "liability_current"), ("company_ids", "in", self.company.ids)], limit=1
        )
        payment.action_post()
        self.assertFalse(self.env["liquor.flow.fact"].search([("kind", "=", "paid_in")]))
