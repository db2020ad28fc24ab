"""Pilot and control (C22): the draw is stratified and repeatable, the effect is a difference in differences."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.simulation.pilot import Change, Group, Shop, compare, contrast, draw_control, student

SHOPS = st.lists(st.sampled_from([("A", "x"), ("A", "y"), ("B", "x")]), min_size=1, max_size=80).map(
    lambda strata: [Shop(number + 1, stratum) for number, stratum in enumerate(strata)]
)


@given(SHOPS, st.integers(1, 99), st.integers(0, 2**31), st.randoms(use_true_random=False))
def test_each_stratum_gives_its_share(shops, percent, seed, order: random.Random):
    control = draw_control(order.sample(shops, len(shops)), percent, seed)
    assert control == draw_control(shops, percent, seed)
    assert abs(len(control) - len(shops) * percent / 100) < 1
    drawn = Counter(shop.stratum for shop in shops if shop.partner in control)
    for stratum, count in Counter(shop.stratum for shop in shops).items():
        assert abs(drawn[stratum] - count * percent / 100) <= 1


def test_another_seed_draws_others():
    shops = [Shop(number, ("A",)) for number in range(200)]
    draws = [frozenset(draw_control(shops, 50, seed)) for seed in range(20)]
    assert len(set(draws)) == 20 and {len(draw) for draw in draws} == {100}
    # every shop has its chance: drawn by 20 seeds, none by all and none by no one but by a chance of 1 in 10^4
    times = Counter(shop for draw in draws for shop in draw)
    assert min(times[number] for number in range(200)) > 0 and max(times.values()) < 20


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(3, 3.182), (4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (60, 2.000), (120, 1.980)]
)
def test_students_table(freedom, quantile):
    """The published table of t at 97.5 %."""
    assert student(freedom) == pytest.approx(quantile, abs=0.008 if freedom < 4 else 0.0015)


def test_published_difference_in_differences():
    """Card and Krueger (1994), table 3: New Jersey +0.59 (0.54), Pennsylvania -2.16 (1.25): 2.76 (1.36)."""
    found = contrast(Group(319, 0.59, 0.54), Group(77, -2.16, 1.25))
    assert found.effect == pytest.approx(2.76, abs=0.011)
    assert found.error == pytest.approx(1.36, abs=0.005)
    # 1.36 x t of some 106 degrees (1.98) are 2.70 on either side
    assert found.low == pytest.approx(0.05, abs=0.02) and found.verdict == "more"


def test_by_hand():
    pilot = [Change(10, 14), Change(10, 16), Change(10, 18)]
    control = [Change(9, 9), Change(9, 11)]
    found = compare(pilot, control)
    assert (found.pilot.mean, found.control.mean, found.effect) == (6, 1, 5)
    # 4/3 + 1 = 2.3333; degrees (2.3333)^2 / ((4/3)^2/2 + 1/1) = 2.88, so the table's 4.303 of 2
    assert found.error == pytest.approx(1.5275, abs=1e-4)
    assert found.low == pytest.approx(5 - 4.303 * 1.5275, abs=1e-3)
    assert found.verdict == "unclear"
    assert compare(pilot, []) is None and compare(pilot, control[:1]).verdict == "unknown"


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=20),
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=20),
    st.integers(-50, 50),
)
def test_what_happens_to_all_is_no_effect(pilot, control, season):
    first, second = ([Change(*one) for one in rows] for rows in (pilot, control))
    plain = compare(first, second)
    shifted = compare(*([Change(a, b + season) for a, b in rows] for rows in (first, second)))
    assert shifted.effect == pytest.approx(plain.effect) and shifted.low == pytest.approx(plain.low)
    turned = compare(second, first)
    assert turned.effect == pytest.approx(-plain.effect) and turned.high == pytest.approx(-plain.low)
