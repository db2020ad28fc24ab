"""Where a distributor's share comes from (trade.md R5: order of sources; no open debt by surprise)."""

import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.liquor_channel.engine.funds.sources import KINDS, Month, Source, draw, forecast, per_case_part

CENTS = st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100)
SOURCES = st.lists(st.builds(Source, st.sampled_from(KINDS[:-1]), CENTS), max_size=4)


class TestSources(unittest.TestCase):
    def test_in_their_order(self):
        sources = [Source("rebate", Decimal(100)), Source("deposit", Decimal(50)), Source("prepayment", Decimal(500))]
        drawing = draw(Decimal(180), sources)
        self.assertEqual(
            drawing.parts, (("rebate", Decimal(100)), ("deposit", Decimal(50)), ("prepayment", Decimal(30)))
        )
        self.assertEqual(drawing.waiting, 0)

    def test_what_no_source_holds_waits(self):
        drawing = draw(Decimal("180.00"), [Source("deposit", Decimal("179.99"))])
        self.assertEqual((drawing.parts, drawing.waiting), ((("deposit", Decimal("179.99")),), Decimal("0.01")))
        self.assertEqual(draw(Decimal(180), []).waiting, 180)

    def test_an_open_debt_is_last_and_agreed(self):
        self.assertEqual(draw(Decimal(9), [Source("open", None)]).parts, (("open", Decimal(9)),))
        with self.assertRaises(ValueError):
            draw(Decimal(9), [Source("open", None), Source("deposit", Decimal(9))])
        with self.assertRaises(ValueError):
            draw(Decimal(-1), [])
        with self.assertRaises(ValueError):
            draw(Decimal(1), [Source("pocket", Decimal(9))])

    @given(CENTS, SOURCES, st.booleans())
    def test_nothing_is_lost_and_no_source_is_overdrawn(self, amount, sources, agreed):
        drawing = draw(amount, [*sources, *([Source("open", None)] if agreed else [])])
        self.assertEqual(sum((part for _kind, part in drawing.parts), Decimal(0)) + drawing.waiting, amount)
        held = iter(sources)
        for kind, part in drawing.parts:
            if kind != "open":
                self.assertLessEqual(part, next(source for source in held if source.kind == kind and source.held).held)
        self.assertTrue(not agreed or drawing.waiting == 0)

    def test_an_order_carries_so_much_a_case(self):
        """40 cases at 2.50 carry 100.00 of 180.00; 100 cases carry no more than the 180.00."""
        self.assertEqual(per_case_part(Decimal(40), Decimal("2.50"), Decimal(180)), Decimal("100.00"))
        self.assertEqual(per_case_part(Decimal(100), Decimal("2.50"), Decimal(180)), Decimal("180.00"))
        self.assertEqual(per_case_part(Decimal(40), Decimal("2.50"), Decimal(-5)), Decimal("0.00"))

    def test_forecast_is_mean_and_highest_within_the_cap(self):
        past = [Month(Decimal(1000), Decimal(300)), Month(Decimal(400), Decimal(120)), Month(Decimal(0), Decimal(0))]
        self.assertEqual(forecast(past), (Decimal("140.00"), Decimal("300.00")))
        self.assertEqual(forecast(past, Decimal(130)), (Decimal("130.00"), Decimal("130.00")))
