"""Claims of expenses (trade.md R1): allowed, deadline, age, and what is executed and not claimed."""

import unittest
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.expenses.claims import ClaimError, Execution, ages, check, deadline, deltas, in_goods, unclaimed

CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)


class TestCheck(unittest.TestCase):
    def test_claimed_less_cut_is_allowed(self):
        """8,000.00 claimed, 500.00 and 300.00 cut: 7,200.00 allowed."""
        checked = check(Decimal(8000), Decimal(10000), [Decimal(500), Decimal(300)])
        self.assertEqual((checked.allowed, checked.above_approved), (Decimal(7200), 0))

    def test_never_more_than_approved(self):
        """12,000.00 claimed of 10,000.00, 500.00 cut: 10,000.00 allowed, 1,500.00 above."""
        checked = check(Decimal(12000), Decimal(10000), [Decimal(500)])
        self.assertEqual((checked.allowed, checked.above_approved), (Decimal(10000), Decimal(1500)))

    def test_all_may_be_cut_and_no_more(self):
        self.assertEqual(check(Decimal(100), Decimal(100), [Decimal(100)]).allowed, 0)
        with self.assertRaises(ClaimError):
            check(Decimal(100), Decimal(100), [Decimal("100.01")])
        with self.assertRaises(ClaimError):
            check(Decimal(100), Decimal(100), [Decimal(-1)])

    @given(CENTS, CENTS, st.lists(CENTS, max_size=4))
    def test_every_cent_has_a_reason(self, asked, approved, cuts):
        if sum(cuts) > asked:
            return
        checked = check(asked, approved, cuts)
        self.assertEqual(checked.allowed + checked.above_approved + sum(cuts), asked)
        self.assertTrue(0 <= checked.allowed <= approved)


class TestDays(unittest.TestCase):
    def test_forty_five_days_after_the_end(self):
        self.assertEqual(deadline(date(2026, 1, 20), 45), date(2026, 3, 6))

    def test_median_and_oldest(self):
        self.assertEqual(ages([9, 1, 5]), (5.0, 9))
        self.assertEqual(ages([700, 3, 40, 11]), (25.5, 700))
        self.assertEqual(ages([]), (0.0, 0))


class TestUnclaimed(unittest.TestCase):
    def one(self, **values):
        given = {"id": 1, "end": date(2026, 3, 20), "approved": Decimal(5000), "proofs": 1, "open": True}
        return Execution(**{**given, **values})

    def test_executed_proven_and_open(self):
        self.assertEqual(unclaimed(self.one(), MARCH), 5000)
        self.assertEqual(unclaimed(self.one(end=date(2026, 4, 1)), MARCH), 0)
        self.assertEqual(unclaimed(self.one(proofs=0), MARCH), 0)
        self.assertEqual(unclaimed(self.one(open=False), MARCH), 0)
        self.assertEqual(unclaimed(self.one(end=MARCH), MARCH), 5000)

    def test_a_second_run_finds_nothing_and_a_check_takes_it_back(self):
        self.assertEqual(deltas([self.one(booked=Decimal(5000))], APRIL), {})
        self.assertEqual(deltas([self.one(booked=Decimal(5000), open=False)], APRIL), {1: Decimal(-5000)})


class TestGoods(unittest.TestCase):
    @given(CENTS, st.integers(1, 10**6).map(lambda cents: Decimal(cents) / 100))
    def test_goods_and_rest_are_the_amount(self, amount, price):
        owed = in_goods(amount, price)
        self.assertEqual(owed.value + owed.rest, amount)
        self.assertTrue(0 <= owed.rest < price and owed.value == owed.bottles * price)

    def test_no_price_is_refused(self):
        with self.assertRaises(ClaimError):
            in_goods(Decimal(100), Decimal(0))
