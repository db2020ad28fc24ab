"""A provider's bill (C71): each use is paid once, never above what was agreed, whatever the order of the rows."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.funds.provider_bill import BillRow, Use, check, read_bill, use_key, use_number

USES = {key: Use(key, Decimal(80)) for key in range(1, 6)}
ROWS = st.lists(
    st.tuples(st.integers(0, 8), st.one_of(st.none(), st.decimals(1, 200, places=2))), max_size=20
).map(
    lambda rows: [BillRow(line, use_number(key), amount) for line, (key, amount) in enumerate(rows, start=2)]
)  # fmt: skip


@given(ROWS, st.sets(st.integers(1, 5)))
def test_each_use_once_and_never_more_than_agreed(rows, billed):
    verdicts = check(rows, USES, billed)
    assert [one.row for one in verdicts] == rows
    paid = [one.use for one in verdicts if one.use]
    assert len(paid) == len(set(paid)) and not billed & set(paid)
    for one in verdicts:
        assert 0 <= one.allowed <= min(one.row.amount or 0, 80)
        assert one.allowed + one.difference == (one.row.amount or 0)
        assert bool(one.reason) == (one.row.amount is None or one.allowed != one.row.amount or one.allowed != 80)


@given(ROWS, st.randoms(use_true_random=False))
def test_which_uses_are_paid_does_not_depend_on_the_order(rows, order: random.Random):
    paid = {one.use for one in check(rows, USES, ())} - {None}
    assert {one.use for one in check(order.sample(rows, len(rows)), USES, ())} - {None} == paid


@given(st.integers(0, 10**11))
def test_numbers_come_back(key):
    assert use_key(use_number(key)) == key


def test_a_file_without_header():
    with pytest.raises(ValueError, match="no header"):
        read_bill([["服务单号", "备注"], ["S0000001", "80"]])
    assert read_bill([["使用编号", "金额"], ["S0000001", "-80"], ["S0000002", "NaN"], ["S0000003", "80,00x"]]) == [
        BillRow(2, "S0000001", None), BillRow(3, "S0000002", None), BillRow(4, "S0000003", None)
    ]  # fmt: skip
