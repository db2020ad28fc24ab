"""Stages of a budget (channel.md, minimum bar: allocated, reserved, accrued, settled, paid, free; two stops)."""

import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.liquor_channel.engine.funds.stages import (
    ALLOWED,
    HELD,
    STAGES,
    Move,
    ShortageError,
    apply,
    cover,
)

MOVES = st.builds(
    lambda pair, amount: Move(*pair, amount), st.sampled_from(sorted(ALLOWED)), st.integers(1, 500).map(Decimal)
)


def balances(**stages):
    return {stage: Decimal(amount) for stage, amount in stages.items()}


class TestStages(unittest.TestCase):
    def test_life_of_an_application(self):
        """1,000 allocated; 400 reserved; 350 allowed, so 50 are free again; 350 settled and paid: 650 are free."""
        steps = [
            Move("allocated", "free", Decimal(1000)),
            Move("free", "reserved", Decimal(400)),
            Move("reserved", "accrued", Decimal(350)),
            Move("reserved", "free", Decimal(50)),
            Move("accrued", "settled", Decimal(350)),
            Move("settled", "paid", Decimal(350)),
        ]
        after = apply({}, steps)
        self.assertEqual({stage: amount for stage, amount in after.items() if amount}, balances(
            allocated=1000, free=650, paid=350
        ))  # fmt: skip

    def test_hard_stop_at_the_cent(self):
        held = balances(allocated=100, free=100)
        self.assertEqual(apply(held, [Move("free", "reserved", Decimal(100))])["free"], 0)
        with self.assertRaises(ShortageError) as caught:
            apply(held, [Move("free", "reserved", Decimal("100.01"))])
        self.assertEqual((caught.exception.stage, caught.exception.held), ("free", Decimal(100)))

    def test_warning_goes_below_zero_but_gives_nothing_back_that_is_not_there(self):
        held = balances(allocated=100, free=100)
        self.assertEqual(apply(held, [Move("free", "reserved", Decimal(130))], hard=False)["free"], -30)
        with self.assertRaises(ShortageError):
            apply(held, [Move("free", "allocated", Decimal(130))], hard=False)

    def test_only_free_may_be_overdrawn(self):
        with self.assertRaises(ShortageError):
            apply(balances(allocated=100, reserved=100), [Move("reserved", "accrued", Decimal(101))], hard=False)

    def test_refuses_unknown_ways_and_nothing(self):
        for move in (Move("free", "paid", Decimal(1)), Move("free", "free", Decimal(1)), Move("x", "y", Decimal(1))):
            with self.assertRaises(ValueError):
                apply(balances(allocated=9, free=9), [move])
        for amount in (Decimal(0), Decimal(-1)):
            with self.assertRaises(ValueError):
                apply(balances(allocated=9, free=9), [Move("free", "reserved", amount)])

    def test_what_is_owed_without_cover_is_covered_by_the_next_budget(self):
        """70 free, 100 owed: 30 without cover; 50 more are allocated: covered, 20 free."""
        after = apply(balances(allocated=70, free=70), [
            Move("free", "accrued", Decimal(70)), Move("uncovered", "accrued", Decimal(30))
        ])  # fmt: skip
        self.assertEqual((after["free"], after["accrued"], after["uncovered"]), (0, 100, 30))
        after = apply(after, [Move("allocated", "free", Decimal(50))])
        after = apply(after, cover(after))
        self.assertEqual((after["free"], after["uncovered"], after["allocated"]), (20, 0, 120))

    @given(st.lists(MOVES, max_size=30), st.booleans())
    def test_the_sum_holds_and_free_is_never_below_zero(self, moves, hard):
        """Whatever is tried: what is refused changes nothing, what is done keeps the sum."""
        held = dict.fromkeys(STAGES, Decimal(0))
        for move in [Move("allocated", "free", Decimal(700)), *moves]:
            try:
                held = apply(held, [move], hard)
            except ShortageError:
                continue
            self.assertEqual(held["allocated"] + held["uncovered"], sum(held[stage] for stage in HELD))
            self.assertGreaterEqual(min(held[stage] for stage in STAGES if hard or stage != "free"), 0)
