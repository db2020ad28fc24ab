"""The list of a recall says of each bottle what its own chain says."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.liquor_scan.engine.codes.ranges import Span
from odoo.addons.liquor_scan.engine.flow.custody import GONE, HELD, IN_TRANSIT, OPENED, Movement, holder_at
from odoo.addons.liquor_scan.engine.flow.units import Packed, Unit, arithmetic_parents
from odoo.addons.liquor_scan.engine.flow.windows import Window, merge
from odoo.addons.liquor_scan.engine.recall.locate import Piece, classify, locate, tally

DAY = datetime(2026, 3, 1)
LEVELS = (1, 6, 12)


def hour(number):
    return DAY + timedelta(hours=number)


@st.composite
def worlds(draw):
    """Movements of units of two batches of 24 bottles, and links between them; a unit lies in one package at a time."""
    units = [Unit(batch, level, index) for batch in (1, 2) for level in LEVELS for index in range(24 // level)]
    moves = draw(
        st.lists(st.tuples(st.sampled_from(units), st.integers(0, 20), st.sampled_from([HELD, OPENED])), max_size=8)
    )
    movements = [
        Movement(seq, hour(at), unit, "receive", 100 + seq, "terminal", state if unit.level > 1 else HELD)
        for seq, (unit, at, state) in enumerate(moves, 1)
    ]
    links, free = [], {}
    for child, parent, start, lasts in draw(
        st.lists(
            st.tuples(st.sampled_from(units), st.sampled_from(units), st.integers(0, 20), st.integers(0, 9)), max_size=6
        )
    ):
        if child.level < parent.level and start >= free.get(child, 0):
            end = start + lasts if lasts else 99
            links.append(Packed(child, parent, hour(start), hour(end) if lasts else None, "manual"))
            free[child] = end
    return movements, links


def with_arithmetic(links):
    """All packing of both batches, as a trace knows it."""
    first = {}
    for hop in links:
        first[hop.child] = min(first.get(hop.child, hop.start), hop.start)
    units = [Unit(batch, level, index) for batch in (1, 2) for level in LEVELS[:-1] for index in range(24 // level)]
    return links + [Packed(unit, arithmetic_parents(unit, LEVELS)[0], None, first.get(unit)) for unit in units]


class TestLocate(BaseCase):
    @settings(max_examples=150, deadline=None)
    @given(worlds(), st.integers(0, 23), st.integers(0, 23))
    def test_each_bottle_is_where_its_chain_ends(self, world, one, other):
        movements, links = world
        window = Window(1, min(one, other), max(one, other))
        pieces = locate([window], movements, links)
        self.assertEqual(merge(piece.window for piece in pieces), [window])
        self.assertEqual(sum(piece.window.bottles for piece in pieces), window.bottles)
        packed = with_arithmetic(links)
        for (_batch, first, last), movement in pieces:
            for bottle in range(first, last + 1):
                row = holder_at(Unit(1, 1, bottle), movements, packed)
                self.assertEqual(movement and movement.seq, row and row.seq, f"bottle {bottle}")

    def test_what_nobody_moved_is_split_by_its_codes(self):
        """Bottles 0-9 active, 4 void for all codes, 5 void for its cap only, 10-11 never activated."""
        spans = [Span("active", 0, 9), Span("void", 4, 4), Span("void", 5, 5, "cap_inner")]
        found = tally(classify([Piece(Window(1, 0, 11), None)], None, {1: spans}, {}))
        self.assertEqual(
            {place.situation: bottles for place, bottles in found.items()}, {"unknown": 9, "void": 1, "inactive": 2}
        )

    def test_members_stand_for_themselves(self):
        """Six bottles sold by shop 30; the third and fourth were claimed by members 7 and 8, the others by nobody."""
        sold = Movement(5, DAY, Unit(1, 6, 0), "sell", 0, "consumer", GONE, 30, "terminal")
        found = tally(classify([Piece(Window(1, 0, 5), sold)], None, {}, {(1, 2): 7, (1, 3): 8}))
        self.assertEqual(
            {(place.party, place.member): bottles for place, bottles in found.items()},
            {(30, 0): 4, (30, 7): 1, (30, 8): 1},
        )

    def test_on_its_way_back_it_is_listed_with_who_sent_it(self):
        sent = Movement(6, DAY, Unit(1, 6, 0), "return", 10, "maker", IN_TRANSIT, 20, "distributor")
        ((place, bottles),) = tally(classify([Piece(Window(1, 0, 5), sent)], DAY, {}, {})).items()
        self.assertEqual((place.situation, place.party, bottles), ("transit", 20, 6))
