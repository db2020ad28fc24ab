"""What an order keeps of the rebate account while it is invoiced and credited."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.liquor_channel.engine.settlement.order_rebate import OrderRebate

CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
STEPS = st.lists(st.tuples(st.sampled_from(["invoice", "credit"]), st.integers(0, 100)), max_size=12)


def test_from_confirmation_to_a_second_invoice():
    """2,000.00: kept when confirmed and invoiced; 500.00 credited comes back; credited whole, all; anew, taken anew."""
    two, four = Decimal(2000), Decimal(4000)
    held = [
        OrderRebate(two).held(confirmed=True),
        OrderRebate(two, two).held(confirmed=True),
        OrderRebate(two, two, Decimal(500)).held(confirmed=True),
        OrderRebate(two, two, two).held(confirmed=True),
        OrderRebate(two, four, two).held(confirmed=True),
        OrderRebate(two, two, two).held(confirmed=False),
    ]
    assert held == [two, two, 1500, 0, two, 0]


def test_more_than_decided_and_more_than_given():
    assert OrderRebate(Decimal(10), Decimal(10), Decimal(10)).is_in_bounds
    assert not OrderRebate(Decimal(10), Decimal("10.01")).is_in_bounds
    assert not OrderRebate(Decimal(10), Decimal(4), Decimal(5)).is_in_bounds


@given(CENTS, STEPS)
def test_nothing_is_lost_or_given_twice(decided, steps):
    """Whatever is invoiced and credited, in any order: what is kept covers what stands, and never exceeds the order."""
    invoiced = refunded = Decimal(0)
    for kind, percent in steps:
        standing = invoiced - refunded
        if kind == "invoice":
            invoiced += ((decided - standing) * percent / 100).quantize(Decimal("0.01"), "ROUND_DOWN")
        else:
            refunded += (standing * percent / 100).quantize(Decimal("0.01"), "ROUND_DOWN")
        order = OrderRebate(decided, invoiced, refunded)
        assert order.is_in_bounds
        assert order.standing <= order.held(confirmed=True) <= decided
        assert order.held(confirmed=False) == order.standing
    if invoiced == refunded:
        assert OrderRebate(decided, invoiced, refunded).held(confirmed=False) == 0
