"""Differences of a re-rating, fact by fact."""

import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.simulation.rerate import Paid, carried_back, differences

CENTS = st.integers(0, 10**6).map(lambda cents: Decimal(cents) / 100)
KEYS = st.integers(0, 9)


class TestRerate(unittest.TestCase):
    def test_what_is_not_paid_any_more_goes_back(self):
        self.assertEqual(differences({1: Paid(Decimal(24))}, {}), {1: Decimal(-24)})

    def test_what_was_not_paid_is_paid(self):
        self.assertEqual(differences({}, {1: Decimal(30), 2: Decimal(0)}), {1: Decimal(30)})

    def test_nobody_carries_what_nobody_carried(self):
        self.assertEqual(carried_back(Decimal(-5), Paid(Decimal(24))), 0)
        self.assertEqual(carried_back(Decimal(5), Paid(Decimal(24), Decimal(8))), 0)

    @given(st.dictionaries(KEYS, CENTS), st.dictionaries(KEYS, CENTS))
    def test_booked_and_difference_are_the_new_terms_and_a_second_run_gives_nothing(self, old, new):
        paid = {key: Paid(amount) for key, amount in old.items()}
        changes = differences(paid, new)
        after = {key: Paid(old.get(key, Decimal(0)) + changes.get(key, Decimal(0))) for key in old.keys() | new.keys()}
        self.assertEqual({key: row.amount for key, row in after.items() if row.amount},
                         {key: amount for key, amount in new.items() if amount})  # fmt: skip
        self.assertEqual(differences(after, new), {})
        self.assertEqual(sum(changes.values()), sum(new.values()) - sum(old.values()))

    @given(CENTS, st.integers(0, 100), st.integers(1, 1000))
    def test_what_goes_back_stays_within_what_was_carried(self, amount, share, part):
        """Sign and size of the share fit the line, and all of it takes all of the share back."""
        carried = (amount * share / 100).quantize(Decimal("0.01"))
        paid = Paid(amount, min(carried, amount))
        change = -(amount * part / 1000).quantize(Decimal("0.01"))
        back = carried_back(change, paid)
        self.assertLessEqual(change, back)
        self.assertLessEqual(back, 0)
        if change == -amount:
            self.assertEqual(back, -paid.carried)
