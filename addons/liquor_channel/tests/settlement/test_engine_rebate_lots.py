"""Lots of a rebate account: FIFO, never below nothing, and what an order gives back."""

import itertools
import unittest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.settlement.rebate_lots import Movement, last_day, over, replay, soon_over

START = date(2026, 1, 1)
CENTS = st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100)


def credits_of(amounts, months=6):
    """Return one credit a day, from the first day of 2026."""
    days = [START + timedelta(days=number) for number in range(len(amounts))]
    return [
        Movement(number, amount, day, last_day(day, months))
        for number, (amount, day) in enumerate(zip(amounts, days, strict=True), 1)
    ]


def uses_of(total, cuts):
    """Cut a total into uses at the given shares of 1,000."""
    edges = sorted({Decimal(cut) * total / 1000 for cut in cuts} | {Decimal(0), total})
    return [high - low for low, high in itertools.pairwise(edges) if high > low]


class TestRebateLots(unittest.TestCase):
    def left(self, lots):
        return [lot.open for lot in lots]

    def test_last_day(self):
        """Six months from 31 August is the last day of February; no months is never."""
        self.assertEqual(last_day(date(2027, 8, 31), 6), date(2028, 2, 29))
        self.assertEqual(last_day(date(2026, 12, 15), 1), date(2027, 1, 15))
        self.assertEqual(last_day(date(2026, 12, 15), 12), date(2027, 12, 15))
        self.assertIsNone(last_day(START, 0))
        with self.assertRaises(ValueError):
            last_day(START, -1)

    def test_on_the_last_day_it_is_usable_and_on_the_next_it_is_over(self):
        [lot] = replay(credits_of([Decimal(10)]))
        self.assertEqual(lot.expires_on, date(2026, 7, 1))
        self.assertEqual(over([lot], date(2026, 7, 1)), [])
        self.assertEqual(over([lot], date(2026, 7, 2)), [lot])
        self.assertEqual(soon_over([lot], date(2026, 7, 1), 0), [lot])
        self.assertEqual(soon_over([lot], date(2026, 7, 2), 30), [])

    def test_an_expiry_takes_its_own_lot(self):
        """What never expires is older and stays; the lot that is over goes."""
        kept = Movement(1, Decimal(100), START)
        gone = Movement(2, Decimal(50), START, date(2026, 2, 1))
        expired = Movement(3, Decimal(-50), date(2026, 2, 2), lot=2)
        self.assertEqual(self.left(replay([kept, gone, expired])), [100, 0])

    def test_what_comes_back_late_has_the_days_of_the_notice(self):
        """Used in January, expired on 1 February, given back on 9 March with 30 days more: usable until 8 April."""
        movements = [
            Movement(1, Decimal(80), START, date(2026, 2, 1)),
            Movement(2, Decimal(-80), START, group="order/1"),
            Movement(3, Decimal(80), date(2026, 3, 9), date(2026, 4, 8), group="order/1", gives_back=True),
        ]
        [lot] = replay(movements)
        self.assertEqual((lot.open, lot.expires_on), (80, date(2026, 4, 8)))

    def test_a_reversed_settlement_takes_what_it_gave(self):
        old, new = credits_of([Decimal(30), Decimal(20)])
        reversed_new = Movement(3, Decimal(-20), START, lot=2)
        self.assertEqual(self.left(replay([old, new, reversed_new])), [30, 0])

    def test_more_than_there_is(self):
        with self.assertRaises(ValueError):
            replay([*credits_of([Decimal(1)]), Movement(2, Decimal("-1.01"), START)])

    @given(st.lists(CENTS, min_size=1, max_size=8), st.integers(0, 1000), st.lists(st.integers(0, 1000), max_size=6))
    def test_fifo_depends_on_the_sum_alone(self, amounts, share, cuts):
        """However a sum is cut into uses, and in whatever order they come, the oldest lots pay it.

        Expected by the closed form: of lot n is left max(0, min(its credit, credits up to n less the sum)).
        """
        credited = credits_of(amounts)
        total = sum(amounts) * share / 1000
        uses = uses_of(total, cuts)
        expected, before = [], Decimal(0)
        for amount in amounts:
            before += amount
            expected.append(max(Decimal(0), min(amount, before - total)))
        for order in (uses, uses[::-1]):
            taken = [Movement(100 + number, -amount, START) for number, amount in enumerate(order)]
            self.assertEqual(self.left(replay([*credited, *taken])), expected)

    @given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(0, 3), st.booleans()), max_size=40))
    def test_never_below_nothing_and_sums_to_the_balance(self, steps):
        """Credits, uses, returns and expiries in any order: no lot is negative or above its credit, all sum up."""
        movements, balance, used = [], Decimal(0), {}
        for number, (size, order, returns) in enumerate(steps, 1):
            amount, group, day = Decimal(size), f"order/{order}", START + timedelta(days=number)
            if size < 0 and -amount <= balance:
                used[group] = used.get(group, 0) - amount
                movements.append(Movement(number, amount, day, group=group))
            elif size > 0 and returns and used.get(group):
                amount = min(amount, used[group])
                used[group] -= amount
                movements.append(Movement(number, amount, day, group=group, gives_back=True))
            elif size > 0:
                movements.append(Movement(number, amount, day, last_day(day, order)))
            else:
                continue
            balance += amount
            late = over(replay(movements), day)
            for index, lot in enumerate(late):
                movements.append(Movement(1000 * number + index, -lot.open, day, lot=lot.key))
                balance -= lot.open
            lots = replay(movements)
            self.assertEqual(sum(self.left(lots)), balance)
            self.assertTrue(all(0 <= lot.open <= lot.credited for lot in lots), lots)
            self.assertEqual(over(lots, day), [])
