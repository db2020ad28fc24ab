"""Splits sum to the cent, and periods are those of the calendar."""

import unittest
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.common.money import quantize, split
from ...engine.earnings.periods import period_of
from ...engine.earnings.sharing import carried


class TestCarried(unittest.TestCase):
    @given(
        st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2),
        st.integers(0, 100),
        st.decimals(min_value=0, max_value=1_000, places=2),
        st.integers(0, 10_000),
    )
    def test_a_part_and_never_more(self, amount, percent, per_unit, units):
        """C52: the distributor's part has the sign of the amount, lies within it, and mirrors when taken back."""
        part = carried(amount, Decimal(percent), per_unit, Decimal(units))
        self.assertTrue(min(amount, 0) <= part <= max(amount, 0), part)
        self.assertEqual(carried(-amount, Decimal(percent), per_unit, Decimal(units)), -part)
        if per_unit:
            self.assertEqual(abs(part), min(per_unit * units, abs(amount)))


class TestSplit(unittest.TestCase):
    def test_known_splits(self):
        one = Decimal(1)
        self.assertEqual(split(Decimal("0.01"), [one, one]), [Decimal("0.01"), Decimal("0.00")])
        self.assertEqual(split(Decimal(100), [one] * 3), [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")])
        # Acc-2 #5 and #9: 600 and -150 with 30 % carried by the distributor
        self.assertEqual(split(Decimal(600), [Decimal(70), Decimal(30)]), [Decimal(420), Decimal(180)])
        self.assertEqual(split(Decimal(-150), [Decimal(70), Decimal(30)]), [Decimal(-105), Decimal(-45)])

    def test_weights_that_cannot_split_are_refused(self):
        for weights in ([], [Decimal(0)], [Decimal(2), Decimal(-1)]):
            with self.assertRaises(ValueError):
                split(Decimal(1), weights)

    @given(
        st.decimals(min_value=-1_000_000, max_value=1_000_000, places=4),
        st.lists(st.integers(0, 1000), min_size=1, max_size=9).filter(any),
    )
    def test_parts_sum_and_stay_within_a_cent(self, amount, weights):
        shares = [Decimal(weight) for weight in weights]
        parts = split(amount, shares)
        total = quantize(amount)
        self.assertEqual(sum(parts, Decimal(0)), total)
        for part, share in zip(parts, shares, strict=True):
            self.assertLess(abs(part - total * share / sum(shares)), Decimal("0.01"))
        self.assertEqual(split(-amount, shares), [-part for part in parts])


class TestPeriods(unittest.TestCase):
    def test_labels_and_ends(self):
        for kind, label, end in (
            ("month", "2024-02", date(2024, 2, 29)),
            ("quarter", "2024-Q1", date(2024, 3, 31)),
            ("year", "2024", date(2024, 12, 31)),
        ):
            period = period_of(date(2024, 2, 29), kind)
            self.assertEqual((period.label, period.end), (label, end))
        self.assertEqual(period_of(date(2024, 12, 31), "month").end, date(2024, 12, 31))

    def test_a_version_cuts_its_period_but_not_the_label(self):
        period = period_of(date(2024, 2, 15), "quarter", date(2024, 2, 1), date(2024, 3, 10))
        self.assertEqual((period.start, period.end, period.label), (date(2024, 2, 1), date(2024, 3, 10), "2024-Q1"))
