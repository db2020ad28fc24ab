"""Where the money of policies stands: by documents alone, in whatever order they come (minimum bar: funds)."""

import doctest
import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.liquor_channel.engine.funds import course as module
from odoo.addons.liquor_channel.engine.funds.course import Course, steer
from odoo.addons.liquor_channel.engine.funds.stages import HELD, STAGES, Move, apply

AMOUNTS = st.integers(-(10**6), 10**6).map(lambda cents: Decimal(cents) / 100)
STEPS = st.sampled_from(("earned", "settled", "paid"))
DOCUMENTS = st.lists(st.tuples(STEPS, AMOUNTS), max_size=25)


def test_worked_examples():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def run(documents, budget=Decimal(700), hard=True):
    """Let a fund follow documents; returns (course, balances)."""
    course, held = Course(), apply({}, [Move("allocated", "free", budget)])
    for step, amount in documents:
        after = course.moved(step, amount)
        held = apply(held, steer(course, after, held, hard), hard)
        course = after
    return course, held


class TestCourse(unittest.TestCase):
    def stands(self, *documents):
        _course, held = run([(step, Decimal(amount)) for step, amount in documents])
        return tuple(int(held[stage]) for stage in ("free", "accrued", "settled", "paid"))

    def test_settled_and_paid_with_its_papers(self):
        """420.00 owed of 700.00, 300.00 of them settled, then paid."""
        self.assertEqual(self.stands(("earned", 420)), (280, 420, 0, 0))
        self.assertEqual(self.stands(("earned", 420), ("settled", 300)), (280, 120, 300, 0))
        self.assertEqual(self.stands(("earned", 420), ("settled", 300), ("paid", 300)), (280, 120, 0, 300))

    def test_a_reversal_goes_all_the_way_back(self):
        way = [("earned", 420), ("settled", 300), ("paid", 300), ("paid", -300), ("settled", -300)]
        self.assertEqual(self.stands(*way), (280, 420, 0, 0))
        self.assertEqual(self.stands(*way, ("earned", -420)), (700, 0, 0, 0))

    def test_a_clawback_of_what_was_paid(self):
        """60 of 100 are paid; 70 are clawed back: 40 of what is owed, 30 of what was paid."""
        self.assertEqual(self.stands(("earned", 100), ("settled", 60), ("paid", 60), ("earned", -70)), (670, 0, 0, 30))

    def test_what_was_paid_is_netted_with_the_next_earning(self):
        """100 paid, 30 clawed back, 50 earned: the next paper is 20, and then all 120 are paid."""
        way = [("earned", 100), ("settled", 100), ("paid", 100), ("earned", -30), ("earned", 50)]
        self.assertEqual(self.stands(*way), (580, 20, 0, 100))
        self.assertEqual(self.stands(*way, ("settled", 20), ("paid", 20)), (580, 0, 0, 120))

    @given(DOCUMENTS, st.booleans())
    def test_the_sum_over_stages_is_what_was_allocated(self, documents, hard):
        """Whatever arrives: nothing is refused, no stage is below nothing, and the sum holds."""
        _course, held = run(documents, hard=hard)
        self.assertEqual(held["allocated"] + held["uncovered"], sum(held[stage] for stage in HELD))
        self.assertEqual(held["allocated"], 700)
        self.assertGreaterEqual(min(held[stage] for stage in STAGES if hard or stage != "free"), 0)

    @given(DOCUMENTS, st.randoms())
    def test_the_order_of_documents_does_not_matter(self, documents, random):
        course, held = run(documents)
        shuffled = list(documents)
        random.shuffle(shuffled)
        again, other = run(shuffled)
        self.assertEqual(course, again)
        for stage in ("accrued", "settled", "paid"):
            self.assertEqual(held[stage], other[stage])
            self.assertEqual(held[stage], course.standing()[stage])

    @given(DOCUMENTS, st.booleans())
    def test_taking_everything_back_frees_everything(self, documents, hard):
        _course, held = run([*documents, *((step, -amount) for step, amount in reversed(documents))], hard=hard)
        self.assertEqual((held["free"], held["uncovered"]), (700, 0))

    def test_an_unknown_step_is_refused(self):
        with self.assertRaises(ValueError):
            Course().moved("spent", Decimal(1))
