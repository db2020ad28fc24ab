"""Which earnings a withdrawal takes (channel.md Acc-2 #11)."""

import unittest
from decimal import Decimal

from ...engine.settlement.withdrawal import Available, plan


def chosen(asked, *amounts):
    """Ids (counted from 1) and sum that a withdrawal of ``asked`` takes of earnings in this order."""
    found = plan([Available(n, Decimal(str(amount))) for n, amount in enumerate(amounts, 1)], Decimal(str(asked)))
    return found.ids, found.amount


class TestPlan(unittest.TestCase):
    def test_exactly_what_there_is_can_be_asked_for(self):
        self.assertEqual(chosen("15.00", "15.00"), ([1], Decimal("15.00")))
        self.assertEqual(chosen("14.99", "15.00"), ([], Decimal(0)))
        self.assertEqual(chosen(30, 15, 15, 15), ([1, 2], Decimal(30)))

    def test_whole_earnings_only_the_oldest_first(self):
        # 40 does not hold 15 + 30; the next one that fits is taken
        self.assertEqual(chosen(40, 15, 30, 20), ([1, 3], Decimal(35)))

    def test_what_was_taken_back_is_always_netted(self):
        # 200 - 150 = 50 leaves the bank
        self.assertEqual(chosen(50, 200, -150), ([2, 1], Decimal(50)))
        self.assertEqual(chosen(1000, 200, -150, -60), ([], Decimal(0)))
        self.assertEqual(chosen(1000, 150, -150), ([], Decimal(0)))
