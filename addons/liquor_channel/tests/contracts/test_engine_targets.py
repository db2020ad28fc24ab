"""Targets, volumes and rights of contracts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.liquor_channel.engine.contracts.rights import Right, clash, covering
from odoo.addons.liquor_channel.engine.contracts.targets import (
    Done,
    Target,
    done_for,
    label_after,
    period_from_label,
    progress,
    volume_pay,
)


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_periods(label, first, last):
    period = period_from_label(label)
    assert (period.start, period.end, period.label) == (first, last, label)


@pytest.mark.parametrize("label", ["", "2026-Q5", "2026-13", "26-Q1", "2026-Q1 ", "2026-1", None, "1999"])
def test_what_is_no_period(label):
    with pytest.raises(ValueError, match="not a period"):
        period_from_label(label)


@pytest.mark.parametrize(
    ("label", "after"), [("2026-Q3", "2026-Q4"), ("2026-Q4", "2027-Q1"), ("2026-12", "2027-01"), ("2026", "2026-Q1")]
)
def test_what_is_written_next(label, after):
    assert label_after(label) == after


def test_done_counts_kinds_products_and_money():
    rows = [
        Done(1, 10, "normal", Decimal(60), Decimal(6000), 7),
        Done(1, 11, "banquet", Decimal(12), Decimal(1500), 7),
        Done(1, 10, "goods_rebate", Decimal(600), Decimal(60000), 7),
        Done(1, 10, "tasting", Decimal(6), Decimal(600), 7),
        Done(1, 10, "internal", Decimal(6), Decimal(300), 7),
        Done(1, 10, None, Decimal(-6), Decimal(-600), 7),
        Done(1, 10, "normal", Decimal(6), Decimal(80), 8),
        Done(2, 10, "normal", Decimal(6), Decimal(600), 7),
    ]
    products = {10: (6, frozenset({1, 2})), 11: (4, frozenset({1, 3}))}
    # 60/6 + 12/4 - 6/6 + 6/6
    assert done_for(Target(0, 1, "cases", Decimal(1)), rows, products) == 13
    assert done_for(Target(0, 1, "bottles", Decimal(1), category=2), rows, products) == 60
    assert done_for(Target(0, 1, "amount", Decimal(1), currency=7), rows, products) == 6900


@given(st.integers(1, 10**9), st.integers(-(10**9), 10**9))
def test_gap_and_rate_agree(goal, done):
    state = progress(Decimal(goal), Decimal(done))
    assert state.gap == max(Decimal(goal - done), 0)
    assert (state.gap == 0) == (done >= goal)
    assert abs(state.rate - Decimal(done) * 100 / goal) <= Decimal("0.005")


@given(st.integers(1, 1000), st.integers(0, 2000), st.integers(1, 10**6), st.integers(0, 100))
def test_volume_never_pays_more_than_agreed_and_never_less_for_more(goal, done, cents, floor):
    amount = Decimal(cents) / 100
    paid = volume_pay(Decimal(goal), Decimal(done), amount, Decimal(floor))
    assert 0 <= paid <= amount
    assert paid <= volume_pay(Decimal(goal), Decimal(done + 1), amount, Decimal(floor))
    if done >= goal:
        assert paid == amount


FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def right(key, party, territory=None, category=None, exclusive=True, path=(), **days):
    return Right(
        key, party, territory, category, exclusive, days.get("first", FIRST), days.get("last", LAST), frozenset(path)
    )


def test_exclusive_rights_clash_where_they_overlap():
    city = right(1, 7, 41, path=(41, 32))
    county = right(2, 8, 4101, path=(4101, 41, 32), exclusive=False)
    assert clash(city, county)
    assert clash(right(3, 9), city)  # everywhere
    assert not clash(city, right(4, 8, 42, path=(42, 32)))
    assert not clash(city, right(5, 7, 4101, path=(4101, 41, 32)))  # his own
    assert not clash(right(6, 7, 41, path=(41, 32), exclusive=False), county)
    assert not clash(city, right(7, 8, 41, path=(41, 32), first=date(2027, 1, 1), last=date(2027, 12, 31)))
    assert not clash(right(8, 7, 41, category=1, path=(41,)), right(9, 8, 41, category=2, path=(41,)))


def test_the_narrowest_right_comes_first():
    rights = [right(1, 7), right(2, 7, 41), right(3, 7, 41, 5), right(4, 7, None, 5), right(5, 7, 99, 5)]
    found = covering(rights, frozenset({5, 6}), frozenset({41, 32}))
    assert [one.key for one in found] == [3, 4, 2, 1]
