"""What parts take back of a reward adds up to what was earned."""

import doctest
import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.flow import returns
from ...engine.flow.returns import part_back

CENT = Decimal("0.01")
cents = st.integers(0, 10**7).map(lambda number: number * CENT)


class TestPartBack(unittest.TestCase):
    def test_worked_examples(self):
        result = doctest.testmod(returns)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @given(cents, st.lists(st.integers(1, 60), min_size=1, max_size=20))
    def test_all_parts_are_the_whole(self, earned, parts):
        received, back, taken = sum(parts), 0, Decimal(0)
        for bottles in parts:
            back += bottles
            now = part_back(earned, received, back, taken, CENT)
            self.assertGreaterEqual(now, 0)
            taken += now
        self.assertEqual(taken, earned)

    @given(cents, cents, st.lists(st.integers(1, 60), min_size=1, max_size=20))
    def test_a_share_held_below_the_amount_is_whole_in_the_end(self, one, other, parts):
        """The share of somebody else is cut to the amount of each part, and still all of it goes back."""
        earned, share = max(one, other), min(one, other)
        received, back, taken, carried = sum(parts), 0, Decimal(0), Decimal(0)
        for bottles in parts:
            back += bottles
            now = part_back(earned, received, back, taken, CENT)
            own = min(now, part_back(share, received, back, carried, CENT))
            taken, carried = taken + now, carried + own
        self.assertEqual((taken, carried), (earned, share))
