"""Rows of a flow report: every bad row has its reason, good rows are not lost."""

import doctest
from datetime import date

import pytest

from ...engine.flow_reports import parsing
from ...engine.flow_reports.parsing import Lookup, Product, guess_mapping, parse_rows

HEADER = ["日期", "商品编码", "数量", "单位", "客户", "类型", "单号"]
LOOKUP = Lookup({"jc10": Product(11, 6), "06901234500017": Product(12)}, {"福来": 5}, date(2026, 3, 31), 7)


def parse(*rows):
    return parse_rows(list(rows), guess_mapping(HEADER), LOOKUP)


def test_worked_examples():
    result = doctest.testmod(parsing)
    assert result.attempted and not result.failed


def test_cases_become_bottles_and_leading_zeros_stay():
    good, bad = parse(
        ["2026/3/5", "JC10", "2", "箱", "福来", "", "CK1"],
        ["20260306", "06901234500017", "3", "", "", "退货", ""],
    )
    assert not bad
    assert [(move.product_id, move.bottles, move.buyer_id, move.kind) for move in good] == [
        (11, 12, 5, "reported"),
        (12, 3, None, "returned"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["", "JC10", "1", "", "", "", ""], "no_value"),
        (["05-03-2026", "JC10", "1", "", "", "", ""], "not_a_day"),
        (["2026-04-01", "JC10", "1", "", "", "", ""], "future_day"),
        (["2026-03-01", "JC99", "1", "", "", "", ""], "unknown_product"),
        (["2026-03-01", "6.90123E+12", "1", "", "", "", ""], "lost_digits"),
        (["2026-03-01", "JC10", "1.5", "", "", "", ""], "not_a_quantity"),
        (["2026-03-01", "JC10", "NaN", "", "", "", ""], "not_a_quantity"),
        (["2026-03-01", "JC10", "-2", "", "", "", ""], "not_a_quantity"),
        (["2026-03-01", "JC10", "2", "吨", "", "", ""], "unknown_unit"),
        (["2026-03-01", "06901234500017", "2", "箱", "", "", ""], "no_case_size"),
        (["2026-03-01", "JC10", "2", "", "nobody", "", ""], "unknown_buyer"),
        (["2026-03-01", "JC10", "2", "", "", "gift", ""], "unknown_kind"),
    ],
)
def test_bad_rows(row, reason):
    good, bad = parse(row, ["2026-03-01", "JC10", "1", "", "", "", ""])
    assert [item.reason for item in bad] == [reason] and len(good) == 1
    assert bad[0].line == 2 and bad[0].cells == tuple(row)


@pytest.mark.parametrize("text", ["-1", "1.005", "NaN", "Infinity", "1e12", "abc"])
def test_bad_amounts(text):
    mapping = {"day": 0, "product": 1, "quantity": 2, "amount": 3}
    good, bad = parse_rows([["2026-03-01", "JC10", "1", text]], mapping, LOOKUP)
    assert not good and (bad[0].field, bad[0].reason) == ("amount", "not_an_amount")


def test_amount_is_kept_to_the_cent_and_may_be_absent():
    mapping = {"day": 0, "product": 1, "quantity": 2, "amount": 3}
    good, bad = parse_rows([["2026-03-01", "JC10", "1", "1,078.60"], ["2026-03-01", "JC10", "2", ""]], mapping, LOOKUP)
    assert not bad
    assert [str(move.amount) for move in good] == ["1078.60", "None"]


def test_same_row_twice():
    numbered = ["2026-03-01", "JC10", "1", "", "福来", "", "CK1"]
    good, bad = parse(numbered, numbered)
    assert len(good) == 1 and bad[0].reason == "twice_in_file"
    # without a document number two equal sales are two sales, and loading the file again gives the same two keys
    plain = ["2026-03-01", "JC10", "1", "", "福来", "", ""]
    first, _bad = parse(plain, plain)
    second, _bad = parse(plain, plain)
    assert len({move.row_key for move in first}) == 2
    assert [move.row_key for move in first] == [move.row_key for move in second]


def test_empty_rows_are_skipped():
    assert parse(["", "", "", "", "", "", ""], []) == ([], [])
