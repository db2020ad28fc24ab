"""Lines by agreement, product and tier: whoever reads them finds the amount of the line, to the cent."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestSettlementParts(MoneyCase):
    def order(self, month, *sums):
        """A confirmed order of the month's tenth day: one line for each of (product, amount)."""
        return self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "state": "sale",
            "date_order": datetime(2026, month, 10, 4),
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": 1, "price_unit": amount})
                for product, amount in sums
            ],
        })

    def rebate(self, tiers, **values):
        return self.make_version(
            tiers,
            beneficiary_kind="distributor",
            basis="ordered",
            measure="amount",
            rate_kind="percent",
            period="year",
            payable="available",
            **values,
        )

    def two_lines(self):
        """3 % of 200,000, then 4 % of 500,000 (channel.md Acc-2): 6,000 and 14,000 more."""
        version = self.rebate([(0, 500000, 3), (500000, 0, 4)])
        self.order(1, (self.product, 120000), (self.other_product, 80000))
        first = version._bring_up_to_date(date(2026, 1, 31))
        self.order(2, (self.product, 300000))
        return first + version._bring_up_to_date(date(2026, 2, 28))

    def parts(self, settlement):
        return self.env["liquor.settlement.part"].search([("settlement_id", "=", settlement.id)])

    def test_a_line_is_what_is_owed_now_less_what_was_booked(self):
        first, second = self.two_lines()
        low, high = ("0.0", "500000.0", "3.0"), ("500000.0", None, "4.0")
        # by hand: 3 % of 120,000 and of 80,000
        self.assertEqual(
            first._parts(),
            [(*low, self.product.id, Decimal("3600.00")), (*low, self.other_product.id, Decimal("2400.00"))],
        )
        # 4 % of 420,000 and of 80,000, less the above
        self.assertEqual(
            {(rate, product): amount for _low, _high, rate, product, amount in second._parts()},
            {
                ("4.0", self.product.id): Decimal("16800.00"),
                ("4.0", self.other_product.id): Decimal("3200.00"),
                ("3.0", self.product.id): Decimal("-3600.00"),
                ("3.0", self.other_product.id): Decimal("-2400.00"),
            },
        )
        self.assertEqual({part[:3] for part in second._parts()}, {low, high})

    def test_settlement_shows_them_everywhere(self):
        self.two_lines()
        self.book(self.distributor, 12.34, "distributor", product_id=self.product.id)
        settlement = self.settle()
        self.assertEqual(settlement.amount_total, 20012.34)
        # in the office: what is owed in all less what was booked
        sums = defaultdict(float)
        for part in self.parts(settlement):
            sums[part.product_id, part.tier, part.rate] += part.amount
        found = {key: round(amount, 2) for key, amount in sums.items() if round(amount, 2)}
        self.assertEqual(
            found,
            {
                (self.product, "≥ 500000", "4 %"): 16800,
                (self.other_product, "≥ 500000", "4 %"): 3200,
                (self.product, False, False): 12.34,
            },
        )
        # in the frozen text, by line
        lines = settlement._snapshot_data()["lines"]
        self.assertEqual([len(line.get("parts", ())) for line in lines], [2, 4, 0])
        for line in lines:
            if "parts" in line:
                self.assertEqual(sum(Decimal(part[3]) for part in line["parts"]), Decimal(line["amount"]))
        self.assertIn([self.other_product.display_name, "0 – 500000", "3 %", "-2400.00"], lines[1]["parts"])
        # in the workbook: a sheet whose total is the settlement's
        sheet = settlement._snapshot_sheets(settlement._snapshot_data())[2]
        self.assertEqual(sum(row[5] for row in sheet.rows), Decimal("20012.34"))

    def test_progressive_tiers_stand_side_by_side(self):
        # 1 % of the first 100, 2 % of the next 100.50 = 1.00 + 2.01, over 150.25 and 50.25 of 200.50
        version = self.rebate([(0, 100, 1), (100, 0, 2)], method="progressive")
        self.order(1, (self.product, 150.25), (self.other_product, 50.25))
        earning = version._bring_up_to_date(date(2026, 1, 31))
        self.assertEqual(earning.amount, 3.01)
        amounts = {(rate, product): str(amount) for _low, _high, rate, product, amount in earning._parts()}
        # 0.7493… and 0.2506…; 1.5062… and 0.5037…
        self.assertEqual(
            amounts,
            {
                ("1.0", self.product.id): "0.75",
                ("1.0", self.other_product.id): "0.25",
                ("2.0", self.product.id): "1.51",
                ("2.0", self.other_product.id): "0.50",
            },
        )

    def test_what_is_taken_back_is_taken_back_part_by_part(self):
        first, second = self.two_lines()
        for earning in first + second:
            reversal = earning._reverse("entered twice")
            self.assertEqual(sum(part[-1] for part in reversal._parts()), Decimal(str(-earning.amount)))
            self.assertEqual(
                {part[:-1]: -part[-1] for part in reversal._parts()}, {part[:-1]: part[-1] for part in earning._parts()}
            )
        # computed anew, everything is owed again
        again = second.policy_version_id._bring_up_to_date(date(2026, 2, 28))
        self.assertEqual(again.amount, 20000)
        self.assertEqual(sum(part[-1] for part in again._parts()), 20000)

    def test_caps_rounding_and_returns_keep_the_sum(self):
        version = self.rebate([(0, 0, 3.333)], rounding_step=10, cap_amount=70, minimum_payout=5)
        self.order(1, (self.product, 1000.01), (self.other_product, 333.33))
        one = version._bring_up_to_date(date(2026, 1, 31))
        self.order(2, (self.product, 5000))
        two = version._bring_up_to_date(date(2026, 2, 28))
        self.order(3, (self.product, -5500), (self.other_product, 400))
        three = version._bring_up_to_date(date(2026, 3, 31))
        # by hand: 1,333.34 * 3.333 % = 44.44 -> 40; cap 70; 1,233.34 * 3.333 % = 41.11 -> 40
        self.assertEqual((one + two + three).mapped("amount"), [40, 30, -30])
        for earning in one + two + three:
            self.assertEqual(sum(part[-1] for part in earning._parts()), Decimal(str(earning.amount)))

    def test_only_staff_of_the_company_reads_them(self):
        self.two_lines()
        settlement = self.settle()
        parts = self.env["liquor.settlement.part"]
        self.assertTrue(parts.with_user(self.clerk).search_count([("settlement_id", "=", settlement.id)]))
        user = self.portal_user("parts_portal", self.distributor)
        with self.assertRaises(AccessError):
            parts.with_user(user).search([])
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.clerk.copy({
            "login": "parts_stranger", "company_id": other.id, "company_ids": [Command.set(other.ids)]
        })  # fmt: skip
        self.assertFalse(parts.with_user(stranger).search_count([("settlement_id", "=", settlement.id)]))
