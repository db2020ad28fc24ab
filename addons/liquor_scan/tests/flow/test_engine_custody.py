"""Custody kept scan by scan equals custody rebuilt from all events, in any order of arrival."""

import itertools
import unittest
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ...engine.flow.custody import (
    GONE,
    HELD,
    IN_TRANSIT,
    OPENED,
    Movement,
    advance,
    chain,
    containers,
    history,
    holder_at,
    rebuild,
)
from ...engine.flow.units import (
    Packed,
    Unit,
    arithmetic_parents,
    child_ranges,
)

DAY = datetime(2026, 11, 21)
LEVELS = (1, 6, 12)
BOTTLE, CASE, PALLET = Unit(1, 1, 7), Unit(1, 6, 1), Unit(1, 12, 0)
MAKER, DIST, SHOP, OTHER = 10, 20, 30, 31


def move(seq, hour, unit, holder, holder_kind, state=HELD, giver=0, giver_kind="", kind="ship"):
    return Movement(seq, DAY + timedelta(hours=hour), unit, kind, holder, holder_kind, state, giver, giver_kind)


def packed(unit):
    line = [unit, *arithmetic_parents(unit, LEVELS)]
    return [Packed(child, parent) for child, parent in itertools.pairwise(line)]


units = st.builds(
    lambda level, first: Unit(1, level, first // level), st.sampled_from(LEVELS), st.integers(min_value=0, max_value=11)
)
moves = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=20),
        units,
        st.sampled_from([(MAKER, "maker"), (DIST, "distributor"), (SHOP, "terminal"), (OTHER, "terminal")]),
        st.sampled_from([HELD, IN_TRANSIT]),
    ),
    max_size=30,
)


def as_movements(drawn):
    return [
        move(seq, hour, unit, holder, kind, state) for seq, (hour, unit, (holder, kind), state) in enumerate(drawn, 1)
    ]


class TestRebuild(unittest.TestCase):
    @settings(max_examples=200, deadline=None)
    @given(moves, st.randoms(use_true_random=False))
    def test_order_of_arrival_does_not_matter(self, drawn, random):
        movements = as_movements(drawn)
        shuffled = list(movements)
        random.shuffle(shuffled)
        kept = {}
        for movement in shuffled:
            kept[movement.unit] = advance(kept.get(movement.unit), movement)
        self.assertEqual(kept, rebuild(movements))

    @settings(max_examples=200, deadline=None)
    @given(moves, units)
    def test_the_latest_row_around_a_unit_is_its_holder(self, drawn, unit):
        movements = as_movements(drawn)
        rows = rebuild(movements)
        around = [rows[place] for place in (unit, *arithmetic_parents(unit, LEVELS)) if place in rows]
        self.assertEqual(max(around, key=lambda row: row.order, default=None), holder_at(unit, movements, packed(unit)))

    @settings(max_examples=100, deadline=None)
    @given(moves, st.integers(min_value=1, max_value=30))
    def test_voiding_is_as_if_it_had_never_been(self, drawn, voided):
        movements = as_movements(drawn)
        without = [movement for movement in movements if movement.seq != voided]
        self.assertEqual(rebuild(movements, frozenset([voided])), rebuild(without))

    @settings(max_examples=100, deadline=None)
    @given(moves, units, st.integers(min_value=0, max_value=20))
    def test_the_past_does_not_know_the_future(self, drawn, unit, hour):
        movements = as_movements(drawn)
        at = DAY + timedelta(hours=hour)
        known_then = [movement for movement in movements if movement.at <= at]
        self.assertEqual(holder_at(unit, movements, packed(unit), at), holder_at(unit, known_then, packed(unit)))


class TestPacking(unittest.TestCase):
    def test_arithmetic(self):
        # bottle 7 lies in case 1 (bottles 6..11) on pallet 0 (0..11)
        self.assertEqual(arithmetic_parents(BOTTLE, LEVELS), [CASE, PALLET])
        self.assertEqual(child_ranges(PALLET, LEVELS), [(1, 0, 11), (6, 0, 1)])

    def test_a_bottle_follows_its_package(self):
        movements = [
            move(1, 1, PALLET, DIST, "distributor"),
            move(2, 2, CASE, SHOP, "terminal"),
        ]
        self.assertEqual(holder_at(BOTTLE, movements, packed(BOTTLE)).holder, SHOP)
        self.assertEqual(holder_at(BOTTLE, movements, packed(BOTTLE), DAY + timedelta(hours=1)).holder, DIST)
        self.assertEqual(holder_at(Unit(1, 1, 0), movements, packed(Unit(1, 1, 0))).holder, DIST, "the other case")

    def test_out_of_the_package_it_follows_no_more(self):
        new_case = Unit(2, 6, 0)
        links = [
            Packed(BOTTLE, CASE, None, DAY + timedelta(hours=3)),
            Packed(BOTTLE, new_case, DAY + timedelta(hours=3), None, "manual"),
        ]
        movements = [
            move(1, 1, CASE, DIST, "distributor"),
            move(2, 4, CASE, SHOP, "terminal"),
            move(3, 5, new_case, OTHER, "terminal"),
        ]
        self.assertEqual([step.seq for step in history(BOTTLE, movements, links)], [1, 3])

    def test_opening_a_case_does_not_open_its_bottles(self):
        movements = [move(1, 1, CASE, SHOP, "terminal"), move(2, 2, CASE, SHOP, "terminal", OPENED, kind="unpack")]
        self.assertEqual(holder_at(BOTTLE, movements, packed(BOTTLE)).state, HELD)
        self.assertEqual(holder_at(CASE, movements, packed(CASE)).state, OPENED)

    def test_a_ring_of_wrong_links_ends(self):
        ring = [Packed(BOTTLE, CASE), Packed(CASE, BOTTLE)]
        self.assertLessEqual(len(containers(BOTTLE, ring)), 64)


class TestChain(unittest.TestCase):
    def test_complete(self):
        movements = [
            move(1, 1, PALLET, MAKER, "maker", kind="pack"),
            move(2, 2, PALLET, DIST, "distributor", HELD, MAKER, "maker"),
            move(3, 3, CASE, SHOP, "terminal", HELD, DIST, "distributor", "receive"),
            move(4, 4, BOTTLE, 0, "consumer", GONE, SHOP, "terminal", "open"),
        ]
        hops = chain(history(BOTTLE, movements, packed(BOTTLE)), MAKER)
        self.assertEqual([hop.holder for hop in hops], [MAKER, DIST, SHOP, 0])
        self.assertFalse(any(hop.missing for hop in hops))
        self.assertEqual(hops[1].until, hops[2].since)

    def test_what_nobody_scanned_is_missing(self):
        movements = [
            move(2, 2, PALLET, DIST, "distributor", HELD, MAKER, "maker"),
            move(4, 4, BOTTLE, 0, "consumer", GONE, DIST, "distributor", "open"),
        ]
        hops = chain(history(BOTTLE, movements, packed(BOTTLE)), MAKER)
        self.assertEqual(
            [(hop.holder_kind, hop.missing) for hop in hops],
            [("maker", True), ("distributor", False), ("terminal", True), ("consumer", False)],
        )

    def test_never_scanned(self):
        self.assertEqual(chain([], MAKER), [])
