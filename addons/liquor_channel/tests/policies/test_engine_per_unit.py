"""Policies that pay at once: which day and purpose counts, halves of a cent, and what caps leave."""

import unittest
from datetime import date
from decimal import Decimal

from ...engine.common.money import quantize
from ...engine.policies.eligibility import Movement, Rule, refusal
from ...engine.policies.per_unit import pay, within_caps

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def rule(**changes):
    return Rule(**{
        "version": 1,
        "policy": 1,
        "basis": "received",
        "beneficiary": "terminal",
        "first": FIRST,
        "last": LAST,
        "rate": Decimal(15),
        **changes,
    })


def move(**changes):
    return Movement(**{
        "kind": "received",
        "day": FIRST,
        "product": 7,
        "bottles": Decimal(6),
        "amount": Decimal(0),
        **changes,
    })


class TestEligibility(unittest.TestCase):
    def test_both_ends_of_a_version_count(self):
        for day, expected in (
            (date(2026, 2, 28), "date"),
            (FIRST, None),
            (LAST, None),
            (date(2026, 4, 1), "date"),
        ):
            self.assertEqual(refusal(rule(), move(day=day)), expected, day)
        self.assertIsNone(refusal(rule(last=None), move(day=date(2036, 1, 1))))

    def test_samples_and_goods_given_as_rebate_are_left_out_where_the_terms_say_so(self):
        # R2: 货补 and 品鉴 do not count where the terms leave them out
        for purpose, samples, goods, expected in (
            ("tasting", False, True, "purpose"),
            ("gift", False, True, "purpose"),
            ("goods_rebate", True, False, "purpose"),
            ("tasting", True, False, None),
            ("goods_rebate", False, True, None),
            ("normal", False, False, None),
        ):
            asked = rule(samples=samples, rebate_goods=goods)
            self.assertEqual(refusal(asked, move(purpose=purpose)), expected, (purpose, samples, goods))

    def test_each_filter_refuses_by_itself(self):
        inside = {"product": 7, "categories": frozenset({2, 5}), "territories": frozenset({32}), "terminal_kind": 4}
        for changes, expected in (
            ({"products": frozenset({8})}, "product"),
            ({"products": frozenset({8}), "categories": frozenset({5})}, None),
            ({"categories": frozenset({6})}, "product"),
            ({"territories": frozenset({33})}, "territory"),
            ({"territories": frozenset({32, 33})}, None),
            ({"terminal_kinds": frozenset({3})}, "terminal_kind"),
            ({"terminal_kinds": frozenset({3, 4})}, None),
        ):
            self.assertEqual(refusal(rule(**changes), move(**inside)), expected, changes)


class TestPay(unittest.TestCase):
    def test_half_a_cent_goes_up_on_both_sides(self):
        # half away from zero: half-even would give 2.34 and 0.12
        for amount, expected in (("2.345", "2.35"), ("-2.345", "-2.35"), ("0.125", "0.13"), ("2.344", "2.34")):
            self.assertEqual(quantize(Decimal(amount)), Decimal(expected))
        # 2.5 % of 5.00 is 0.125
        percent = rule(rate_kind="percent", rate=Decimal("2.5"))
        self.assertEqual(pay(percent, move(amount=Decimal(5))), Decimal("0.13"))

    def test_measures_and_returns(self):
        # 40 cases of 6 at 15.00 are 600.00 (Acc-2 #5); half a case 7.50; a return takes the same back
        self.assertEqual(pay(rule(), move(bottles=Decimal(240))), Decimal(600))
        self.assertEqual(pay(rule(), move(bottles=Decimal(3))), Decimal("7.50"))
        self.assertEqual(pay(rule(), move(bottles=Decimal(-6))), Decimal(-15))
        self.assertEqual(pay(rule(measure="bottles"), move()), Decimal(90))
        self.assertEqual(pay(rule(), move(bottles=Decimal(12), per_case=12)), Decimal(15))
        self.assertEqual(pay(rule(rate_kind="fixed"), move(bottles=Decimal(240))), Decimal(15))


class TestCaps(unittest.TestCase):
    def test_a_cap_is_used_up_in_order(self):
        wanted = [("a", Decimal(60)), ("a", Decimal(30)), ("a", Decimal(30)), ("b", Decimal(60)), ("a", Decimal(5))]
        granted = within_caps(wanted, {"a": Decimal(100)})
        self.assertEqual(granted, [Decimal(60), Decimal(30), Decimal(10), Decimal(60), Decimal(0)])

    def test_a_cap_that_was_overdrawn_gives_nothing(self):
        left = {"a": Decimal(-5)}
        self.assertEqual(within_caps([("a", Decimal(1))], left), [Decimal(0)])
        self.assertEqual(left, {"a": Decimal(-5)})
