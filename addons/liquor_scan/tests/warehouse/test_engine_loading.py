"""Loading: what lines get and give back is never more or less than what was scanned."""

import doctest
import unittest

from hypothesis import given
from hypothesis import strategies as st

from ...engine.warehouse import counting, loading
from ...engine.warehouse.counting import adjust
from ...engine.warehouse.loading import CloseLine, close_lines, read_press, spread, withdraw

rooms = st.lists(st.integers(-20, 500), min_size=1, max_size=8)
held = st.lists(st.integers(0, 500), max_size=8)
bottles = st.integers(0, 2000)


class TestLoading(unittest.TestCase):
    def test_examples(self):
        for module in (loading, counting):
            tried = doctest.testmod(module)
            self.assertTrue(tried.attempted)
            self.assertEqual(tried.failed, 0)

    @given(st.integers(-3000, 3000), held)
    def test_a_difference_is_booked_as_far_as_the_books_go(self, change, own):
        parts = adjust(change, own)
        self.assertEqual(sum(parts), (max(change, -sum(own)) if own else 0))
        self.assertTrue(all(heap + part >= 0 for heap, part in zip(own, parts, strict=True)))

    @given(bottles, rooms)
    def test_every_bottle_is_spread_once(self, number, own):
        shares = spread(number, own)
        self.assertEqual(sum(shares), number)
        for share, room in zip(shares[:-1], own[:-1], strict=True):
            self.assertTrue(0 <= share <= max(room, 0))

    @given(bottles, held)
    def test_no_line_gives_back_more_than_it_holds(self, number, own):
        taken = withdraw(number, own)
        self.assertEqual(sum(taken), min(number, sum(own)))
        self.assertTrue(all(0 <= part <= line for part, line in zip(taken, own, strict=True)))

    @given(st.dictionaries(st.integers(1, 9), bottles), st.dictionaries(st.integers(1, 9), bottles))
    def test_a_close_list_adds_up(self, expected, scanned):
        lines = close_lines(expected, scanned)
        self.assertEqual(sum(line.difference for line in lines), sum(scanned.values()) - sum(expected.values()))
        self.assertEqual(len({line.key for line in lines}), len(lines))
        self.assertEqual(CloseLine(1, 6, 4).difference, -2)

    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)
           | st.dictionaries(st.sampled_from(["id", "code", "undo_of", "at"]), inner)))  # fmt: skip
    def test_whatever_a_device_sends(self, event):
        press = read_press(event)
        if press is not None:
            self.assertTrue(press.client_id and bool(press.undo_of) <= (press.code == ""))
