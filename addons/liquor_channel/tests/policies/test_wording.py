"""Every kind and combination says itself, with an example that the engine computed (expected figures by hand)."""

from odoo import Command
from odoo.tests import Form, tagged

from .test_period_kinds import PeriodCase


@tagged("post_install", "-at_install")
class TestWording(PeriodCase):
    def assert_says(self, version, *words):
        for word in words:
            self.assertIn(word, version.sentence)

    def test_growth(self):
        # 1,000,000 before, second tier from 20 %: 25 % more = 1,250,000; 4 % of 250,000
        version = self.period_version("growth", [(0, 20, 2), (20, 0, 4)], baseline_minimum=500)
        self.assert_says(version, "from 20 %", "1,250,000.00", "25 % more", "× 4 %", "10,000.00", "Lowest baseline")

    def test_target(self):
        # 105 % of 1,000,000 in the tier from 100 %: 2 % of 1,050,000
        version = self.period_version("target", [(90, 100, 1), (100, 0, 2)])
        self.assert_says(version, "from 90 % to below 100 %", "that is 105 %", "21,000.00")

    def test_target_in_cases_that_pays_in_percent(self):
        # done 1,050 cases; an amount of 10,000 at 2 %
        version = self.period_version("target", [(90, 100, 1), (100, 0, 2)], measure="cases")
        self.assert_says(version, "1050 cases", "10,000.00 × 2 %", "200.00")

    def test_fixed_with_conditions(self):
        version = self.period_version(
            "fixed",
            rate=900.0,
            period="quarter",
            measure="cases",
            conditions=[
                {"kind": "minimum", "value": 10},
                {"kind": "check", "check_kind": "display"},
            ],
        )
        self.assert_says(version, "at least 10 cases in the period", "Display as Agreed", "900.00", "one does not")

    def test_all_conditions(self):
        version = self.period_version(
            "tiered",
            [(0, 0, 2)],
            conditions=[
                {"kind": "first_order", "value": 100000},
                {"kind": "each_part", "value": 20},
                {"kind": "each_part", "value": 15, "of_target": True},
                {"kind": "list_share", "value": 20, "category_ids": [Command.link(self.series.id)]},
                {"kind": "target_rate", "value": 98},
            ],
        )
        self.assert_says(
            version,
            "first order at least",
            "every quarter at least 20 % of the year",
            "every quarter at least 15 % of the yearly target",
            "Cellar at least 20 %",
            "at least 98 % of the target",
            "If one condition does not hold",
        )

    def test_goods(self):
        # 10 + 1: the example of 49 cases gives 4
        version = self.period_version(
            "tiered",
            [(0, 0, 1)],
            measure="cases",
            rate_kind="goods",
            goods_block=10,
            goods_product_id=self.other_product.id,
        )
        self.assert_says(version, "for each full 10 cases, 1 cases of Blue", "49 cases: 4 × 1 = 4 cases")

    def test_uplifts_caps_rounding_minimum_and_group(self):
        group = self.env["liquor.policy.group"].create({"name": "One", "choice": "best"})
        self.make_version(rate=5.0, name="The other", activate=False).policy_id.group_id = group
        version = self.period_version(
            "tiered",
            [(0, 0, 3)],
            group=group,
            tax_basis="excluded",
            rounding_step=10,
            minimum_payout=1,
            cap_amount=5000,
            cap_total=90000,
            pay_at="end",
            uplifts=[{"kind": "under_attack", "percent": 20}],
        )
        # 3 % of 100 = 3.00 -> 0 by tens; nothing is paid below 1.00
        self.assert_says(
            version,
            "20 % where the region is under attack",
            "5,000.00",
            "90,000.00",
            "multiple of",
            "Not together with The other",
            "when the period has ended",
            "without tax",
        )

    def test_uplift_of_a_policy_per_unit(self):
        # 40 cases x 15 = 600, + 50 % = 900
        version = self.make_version(
            rate=15.0,
            uplift_ids=[
                Command.create({"kind": "star_product", "percent": 50, "category_ids": [Command.link(self.series.id)]}),
                Command.create({"kind": "new_market", "percent": 10, "months": 3, "orders": 2}),
                Command.create({"kind": "performance", "percent": 5, "metric_value": 20, "metric_period": "quarter"}),
            ],
        )
        self.assert_says(version, "600.00", "900.00", "first 3 months or for the first 2 orders", "20 cases")

    def test_the_example_lives_on_the_form(self):
        policy = self.env["liquor.policy"].create({"name": "New", "kind": "tiered", "beneficiary_kind": "distributor"})
        with Form(self.env["liquor.policy.version"].with_context(default_policy_id=policy.id)) as form:
            form.basis = "ordered"
            form.measure = "amount"
            form.rate_kind = "percent"
            with form.tier_ids.new() as tier:
                tier.from_value = 0
                tier.to_value = 500000
                tier.rate = 3
            with form.tier_ids.new() as tier:
                tier.from_value = 500000
                tier.rate = 4
            self.assertIn("24,000.00", form.sentence)
