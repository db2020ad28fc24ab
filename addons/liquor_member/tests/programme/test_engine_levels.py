import doctest
import unittest
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.liquor_member.engine.programme import levels
from odoo.addons.liquor_member.engine.programme.levels import Ladder, Rung, Standing, evaluate

T, S = 1, 2
TODAY = date(2026, 11, 21)


def super_user_ladder() -> Ladder:
    """年采购 300 件以上为 S 级、200-300 件为 T 级 (spec M8)."""
    return Ladder([Rung(T, Decimal(200), keep=Decimal(180)), Rung(S, Decimal(300))])


class TestLevels(unittest.TestCase):
    def test_docstring_examples(self):
        self.assertEqual(doctest.testmod(levels).failed, 0)

    def test_boundaries_include_the_number(self):
        ladder = super_user_ladder()
        for value, level in (("0", None), ("199", None), ("199.99", None), ("200", T), ("299.99", T), ("300", S)):
            with self.subTest(value=value):
                self.assertEqual(ladder.reached(Decimal(value)), level)

    def test_up_at_once_even_two_steps(self):
        decision = super_user_ladder().decide(Standing(7, None, Decimal(300)), TODAY, 30)
        self.assertEqual((decision.kind, decision.old, decision.new), ("upgrade", None, S))

    def test_keep_threshold_holds_the_level(self):
        self.assertIsNone(super_user_ladder().decide(Standing(7, T, Decimal(180)), TODAY, 30))
        self.assertEqual(super_user_ladder().decide(Standing(7, T, Decimal("179.99")), TODAY, 30).kind, "warn")

    def test_grace_then_one_step(self):
        ladder = super_user_ladder()
        # below since 23 October: 29 days on 21 November, 30 days on 22 November
        standing = Standing(7, S, Decimal(0), date(2026, 10, 23))
        self.assertIsNone(ladder.decide(standing, TODAY, 30))
        decision = ladder.decide(standing, date(2026, 11, 22), 30)
        self.assertEqual((decision.kind, decision.new, decision.below_since), ("downgrade", T, date(2026, 11, 22)))

    def test_lock_stops_the_way_down_not_the_way_up(self):
        locked = date(2026, 12, 31)
        ladder = super_user_ladder()
        self.assertIsNone(ladder.decide(Standing(7, S, Decimal(0), None, locked), TODAY, 0))
        self.assertEqual(ladder.decide(Standing(7, T, Decimal(400), None, locked), TODAY, 0).new, S)

    def test_the_last_day_of_the_lock_is_locked(self):
        standing = Standing(7, S, Decimal(0), None, date(2026, 12, 31))
        ladder = super_user_ladder()
        self.assertIsNone(ladder.decide(standing, date(2026, 12, 31), 0))
        self.assertEqual(ladder.decide(standing, date(2027, 1, 1), 0).new, T)

    def test_recovery_forgets_the_warning(self):
        decision = super_user_ladder().decide(Standing(7, T, Decimal(200), date(2026, 11, 1)), TODAY, 30)
        self.assertEqual((decision.kind, decision.below_since), ("recover", None))

    def test_two_levels_with_one_threshold_are_refused(self):
        with self.assertRaises(ValueError):
            Ladder([Rung(1, Decimal(10)), Rung(2, Decimal(10))])

    def test_only_changes_come_back(self):
        standings = [Standing(1, T, Decimal(250)), Standing(2, T, Decimal(300)), Standing(3, None, Decimal(0))]
        self.assertEqual([d.member for d in evaluate(super_user_ladder(), standings, TODAY, 30)], [2])

    @given(st.lists(st.integers(1, 1000), min_size=1, max_size=6, unique=True), st.integers(0, 1200))
    def test_reached_and_gap_agree(self, thresholds, value):
        ladder = Ladder([Rung(n, Decimal(threshold)) for n, threshold in enumerate(thresholds, 1)])
        reached = ladder.reached(Decimal(value))
        best = max((t for t in thresholds if t <= value), default=None)
        self.assertEqual(reached, thresholds.index(best) + 1 if best else None)
        following, missing = ladder.gap(reached, Decimal(value))
        if following:
            self.assertEqual(ladder.reached(Decimal(value) + missing), following)
            self.assertGreater(missing, 0)
        else:
            self.assertEqual(best, max(thresholds))
