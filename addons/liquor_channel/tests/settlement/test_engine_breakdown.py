"""How a line's amount is made by product and tier: whatever happens, the cells sum to the line."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.liquor_channel.engine.policies.breakdown import (
    Rung,
    breakdown,
    cut,
    difference,
    from_trace,
    share_out,
    to_trace,
)

cents = st.decimals(-(10**9), 10**9, places=2)
amounts = st.decimals(0, 10**9, places=4)
rungs = st.lists(amounts, min_size=1, max_size=4).map(
    lambda gave: [(Rung(str(place), None, "1"), value) for place, value in enumerate(gave)]
)
products = st.lists(st.decimals(-(10**6), 10**9, places=3), min_size=0, max_size=6).map(
    lambda weights: list(enumerate(weights, 1))
)
worlds = st.tuples(cents, rungs, products)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(-(10**6), 10**9), min_size=1, max_size=20))
def test_parts_sum_and_none_is_a_cent_off(whole, weights):
    if sum(weights) <= 0:
        return
    parts = share_out(whole, weights)
    assert sum(parts) == whole
    assert all(
        abs(part * sum(weights) - whole * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


def total(lines):
    return sum(cents for *_cell, cents in lines)


@given(worlds)
def test_parts_sum_to_the_amount(world):
    amount, tiers, goods = world
    assert total(difference(breakdown(amount, tiers, goods), {})) == int(amount * 100)


@given(worlds)
def test_stored_and_read_again_is_the_same(world):
    parts = breakdown(*world)
    assert from_trace(json.loads(json.dumps(to_trace(parts)))) == parts


@given(worlds, worlds, cents)
def test_a_difference_sums_to_the_line(now, before, booked):
    lines = difference(breakdown(*now), cut(breakdown(*before), booked))
    assert total(lines) == int((now[0] - booked) * 100)


@given(st.lists(worlds, min_size=1, max_size=5))
def test_lines_of_a_period_add_up_to_what_is_owed_at_the_end(worlds_):
    """Telescoping: the parts of all lines of a period are those of the last computation."""
    summed, before, booked = {}, {}, Decimal(0)
    for world in worlds_:
        now = breakdown(*world)
        for rung, product, share in difference(now, cut(before, booked)):
            summed[rung, product] = summed.get((rung, product), 0) + share
        before, booked = now, world[0]
    last = {(rung, product): share for rung, product, share in difference(before, {})}
    assert {cell: share for cell, share in summed.items() if share} == last


def test_sap_example_by_product():
    # channel.md: 500,000 and more at 4 %; 380,000 of one series and 120,000 of the other give 15,200 and 4,800
    tier = Rung("500000", None, "4")
    parts = breakdown(Decimal(20000), [(tier, Decimal(20000))], [(1, Decimal(380000)), (2, Decimal(120000))])
    assert parts == {tier: {1: 1_520_000, 2: 480_000}}


def test_a_tier_that_is_reached_takes_the_place_of_the_one_before():
    # 10,000 at 3 % = 300.00 was booked; 20,000 at 4 % = 800.00 is owed: -300.00 of the old tier, +800.00 of the new
    low, high = Rung("0", "15000", "3"), Rung("15000", None, "4")
    before = breakdown(Decimal(300), [(low, Decimal(300))], [(1, Decimal(10000))])
    now = breakdown(Decimal(800), [(high, Decimal(800))], [(1, Decimal(15000)), (2, Decimal(5000))])
    lines = difference(now, cut(before, Decimal(300)))
    assert lines == [(high, 1, 60_000), (high, 2, 20_000), (low, 1, -30_000)]
