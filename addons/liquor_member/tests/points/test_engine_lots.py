import doctest
import unittest
from collections import defaultdict
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.liquor_member.engine.points import lots
from odoo.addons.liquor_member.engine.points.lots import Allocation, NotEnough, Wallet, expiry_day

DAY = date(2026, 3, 1)
JUNE, DECEMBER = date(2026, 6, 30), date(2026, 12, 31)


def wallet(*earned) -> Wallet:
    """A wallet on DAY with lots (entry, points, expires_on)."""
    made = Wallet(DAY)
    for entry, points, expires in earned:
        made.earn(entry, points, DAY, expires)
    return made


class TestLots(unittest.TestCase):
    def test_docstring_examples(self):
        self.assertEqual(doctest.testmod(lots).failed, 0)

    def test_earliest_expiry_first_never_expiring_last(self):
        made = wallet((1, 10, None), (2, 10, DECEMBER), (3, 10, JUNE)).spend(9, 25)
        self.assertEqual([(a.lot, a.points) for a in made], [(3, 10), (2, 10), (1, 5)])

    def test_same_expiry_oldest_first(self):
        made = wallet((2, 10, JUNE), (1, 10, JUNE)).spend(9, 10)
        self.assertEqual(made, [Allocation(9, 1, 10)])

    def test_too_much_changes_nothing(self):
        points = wallet((1, 10, JUNE))
        with self.assertRaises(NotEnough) as caught:
            points.spend(9, 11)
        self.assertEqual((caught.exception.missing, points.spendable), (1, 10))

    def test_hold_is_pending_until_its_day(self):
        points = Wallet(DAY)
        points.earn(1, 10, DAY + timedelta(days=15), JUNE)
        self.assertEqual((points.spendable, points.pending), (0, 10))
        points.day = DAY + timedelta(days=15)
        self.assertEqual((points.spendable, points.pending), (10, 0))

    def test_last_day_counts_then_expires(self):
        points = wallet((1, 10, JUNE))
        points.day = JUNE
        self.assertEqual((points.spendable, points.expired()), (10, []))
        points.day = JUNE + timedelta(days=1)
        self.assertEqual((points.spendable, [lot.entry for lot in points.expired()]), (0, [1]))
        self.assertEqual(points.expire(2, 1), [Allocation(2, 1, 10)])
        self.assertEqual(points.expired(), [])

    def test_returned_order_takes_its_own_lot_then_others_then_debt(self):
        # 100 earned by order A (lot 1), 30 by B (lot 2); 90 spent, all of lot 1 but 10; A is returned:
        # 10 from lot 1, 30 from lot 2, 60 debt; the next 80 earned pay the debt, 20 stay
        points = wallet((1, 100, JUNE), (2, 30, DECEMBER))
        points.spend(3, 90)
        made = points.claw_back(4, 100, own=1)
        self.assertEqual(made, [Allocation(4, 1, 10), Allocation(4, 2, 30)])
        self.assertEqual((points.debt, points.spendable), (60, 0))
        self.assertEqual(points.earn(5, 80, DAY, DECEMBER), [Allocation(4, 5, 60)])
        self.assertEqual((points.debt, points.spendable), (0, 20))

    def test_pending_lot_pays_no_debt_before_its_day(self):
        points = wallet((1, 10, JUNE))
        points.spend(2, 10)
        points.claw_back(3, 10, own=1)
        self.assertEqual(points.earn(4, 10, DAY + timedelta(days=3), DECEMBER), [])
        self.assertEqual((points.debt, points.pending), (10, 10))

    def test_cancelled_spending_returns_to_its_lots(self):
        points = wallet((1, 40, JUNE), (2, 60, DECEMBER))
        points.spend(3, 70)
        made = points.give_back(4, 70, {1: 40, 2: 30}, [3])
        self.assertEqual({a.lot: a.points for a in made}, {1: -40, 2: -30})
        self.assertEqual(points.spendable, 100)

    def test_nobody_gets_back_more_than_was_taken(self):
        points = wallet((1, 40, JUNE))
        points.spend(3, 10)
        for points_asked in (11, 0, -5):
            with self.subTest(points=points_asked), self.assertRaises(NotEnough):
                points.give_back(4, points_asked, {1: 10}, [3])

    def test_expiry_is_the_end_of_the_month(self):
        # 24 months: earned on 2026-02-03 -> 2028-02-29 (leap year); 12 months from December -> next December
        self.assertEqual(expiry_day(date(2026, 2, 3), 24), date(2028, 2, 29))
        self.assertEqual(expiry_day(date(2026, 12, 31), 12), date(2027, 12, 31))

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["earn", "spend", "give_back", "claw_back", "expire", "wait"]),
                st.integers(1, 120),
                st.integers(0, 90),
            ),
            max_size=40,
        )
    )
    def test_any_course_keeps_the_books(self, moves):  # noqa: C901 (one walk through all movements)
        """Sum of entries = lots left - debt; no lot below zero or above its size; nobody spends what is not there."""
        points, sizes, signed = Wallet(DAY), {}, {}
        taken = defaultdict(lambda: defaultdict(int))
        for number, (kind, amount, days) in enumerate(moves, 1):
            made = []
            if kind == "wait":
                points.day += timedelta(days=days)
                made = points.settle_debt()
            elif kind == "earn":
                sizes[number] = signed[number] = amount
                made = points.earn(number, amount, points.day + timedelta(days=days // 6), points.day + timedelta(days))
            elif kind == "spend":
                before = points.spendable
                if amount <= before:
                    made, signed[number] = points.spend(number, amount), -amount
                    self.assertEqual(points.spendable, before - amount)
            elif kind == "claw_back" and sizes:
                own = sorted(sizes)[amount % len(sizes)]
                made, signed[number] = points.claw_back(number, amount, own), -amount
            elif kind == "expire":
                for step, lot in enumerate(points.expired()):
                    entry = number * 1000 + step
                    signed[entry] = -lot.left
                    made += points.expire(entry, lot.entry)
            elif kind == "give_back" and (spent := [n for n in taken if signed.get(n, 0) < 0 and n < 1000]):
                cause = spent[amount % len(spent)]
                held = {lot: part for lot, part in taken[cause].items() if lot in sizes}
                back = min(amount, sum(held.values()) + points.debts.get(cause, 0))
                if back:
                    made, signed[number] = points.give_back(number, back, held, [cause]), back
                    for allocation in made:
                        if allocation.entry == number:
                            taken[cause][allocation.lot] += allocation.points
                    made = [allocation for allocation in made if allocation.entry != number]
            for allocation in made:
                taken[allocation.entry][allocation.lot] += allocation.points
            left = {lot.entry: lot.left for lot in points.lots.values()}
            self.assertEqual(sum(signed.values()), sum(left.values()) - points.debt)
            self.assertTrue(all(0 <= left[lot] <= sizes[lot] for lot in left))
            self.assertTrue(all(debt > 0 for debt in points.debts.values()))
