"""Cells of a sheet that comes back: what they mean, and what is refused."""

import doctest
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.bulk import cells, compare, cuts
from ...engine.bulk.cells import AMBIGUOUS, CellError, Column, from_json, parse_cell, to_json, version_of

NAMES = {"s001": 5, "福来": AMBIGUOUS, "平安": 6, "发货": "shipped"}
GOAL, DAY, PARTY = Column("goal", "number"), Column("day", "day"), Column("party", "relation")
PRODUCTS = Column("products", "relations")


def test_worked_examples():
    for module in (cells, compare, cuts):
        result = doctest.testmod(module)
        assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (GOAL, "1,200.5", Decimal("1200.50")),
        (GOAL, "¥1200", Decimal("1200.00")),
        (GOAL, "0.30000000000000004", Decimal("0.30")),
        (GOAL, "-3", Decimal("-3.00")),
        (GOAL, "", Decimal("0.00")),
        (DAY, "2026年3月5日", date(2026, 3, 5)),
        (PARTY, "S001 · 福来", 5),
        (PARTY, "平安", 6),
        (PRODUCTS, "平安；S001", (5, 6)),
        (PRODUCTS, "", ()),
        (Column("reason"), "门头 -1", "门头 -1"),
    ],
)
def test_read(column, text, value):
    assert parse_cell(column, text, NAMES) == value


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        (Column("goal", "number", required=True), " ", "no_value"),
        (GOAL, "a lot", "not_a_number"),
        (GOAL, "nan", "not_a_number"),
        (GOAL, "6.9e+19", "not_a_number"),
        (GOAL, "1000000000000.01", "not_a_number"),
        (GOAL, "1.005", "too_fine"),
        (DAY, "05-03-2026", "not_a_day"),
        (Column("basis", "choice"), "收货", "unknown_choice"),
        (PARTY, "福来", "ambiguous_record"),
        (PARTY, "S002", "unknown_record"),
        (PRODUCTS, "平安;S002", "unknown_record"),
        (Column("reason"), "=1+1", "formula"),
        (Column("reason"), "+cmd|' /C calc'!A0", "formula"),
        (Column("reason"), "-1+1", "formula"),
        (Column("reason"), "@SUM(1)", "formula"),
        (Column("reason"), "＝1", "formula"),
        (Column("reason"), "长" * 501, "too_long"),
    ],
)
def test_refused(column, text, reason):
    with pytest.raises(CellError) as error:
        parse_cell(column, text, NAMES)
    assert (error.value.reason, error.value.column) == (reason, column.name)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_a_number_survives_the_sheet(number):
    """Decimal -> float of the sheet -> text -> Decimal is the same number, to the cent."""
    assert parse_cell(GOAL, repr(float(number)), {}) == number


@given(
    st.one_of(
        st.tuples(st.just(GOAL), st.none() | st.decimals(-(10**9), 10**9, places=2)),
        st.tuples(st.just(DAY), st.none() | st.dates()),
        st.tuples(st.just(PRODUCTS), st.lists(st.integers(1, 99), unique=True).map(sorted).map(tuple)),
        st.tuples(st.just(Column("reason")), st.none() | st.text(min_size=1)),
    )
)
def test_json_keeps_every_value(pair):
    column, value = pair
    assert from_json(column, to_json(value)) == value


def test_version_follows_what_is_held_and_not_what_is_shown():
    columns = [GOAL, Column("done", "number", informative=True)]
    first = version_of(columns, {"goal": Decimal("1.00"), "done": Decimal("5.00")}, "draft")
    assert first == version_of(columns, {"goal": Decimal("1.00"), "done": Decimal("9.00")}, "draft")
    assert first != version_of(columns, {"goal": Decimal("1.01"), "done": Decimal("5.00")}, "draft")
    assert first != version_of(columns, {"goal": Decimal("1.00"), "done": Decimal("5.00")}, "sent")
