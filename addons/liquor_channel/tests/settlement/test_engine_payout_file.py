"""Result files: what changes, what repeats, what is reported."""

from decimal import Decimal

import pytest

from ...engine.settlement.payout_file import (
    PAYOUT_COLUMNS,
    PayoutRow,
    ResultRow,
    SentPayment,
    match_results,
    parse_amount,
    parse_results,
)


def sent(state="sent"):
    return {"P1": SentPayment("P1", Decimal("600"), state), "P2": SentPayment("P2", Decimal("50"), "sent")}


def row(reference, status, amount=None, line=2):
    return ResultRow(line, reference, status, None if amount is None else Decimal(amount))


def test_payout_row_is_all_text():
    cells = PayoutRow("P1", "福来烟酒", "bank", "6222020000001234567", "ICBC", Decimal("600"), "CNY").cells()
    assert len(cells) == len(PAYOUT_COLUMNS)
    assert cells[3] == "6222020000001234567" and cells[5] == "600.00"


def test_bank_file_is_read():
    good, bad = parse_results([
        ["\ufeff商户单号", "状态", "金额", "失败原因"],
        ["P1", "支付成功", "¥600.00", ""],
        ["'P2", "失败", "50", "账号不存在"],
        ["", "成功", "1", ""],
        ["P3", "处理中", "1", ""],
        ["P4", "成功", "NaN", ""],
        ["", "", "", ""],
    ])
    assert [(item.reference, item.status, item.message) for item in good] == [
        ("P1", "ok", ""),
        ("P2", "failed", "账号不存在"),
    ]
    assert [(item.line, item.reason) for item in bad] == [
        (4, "no_reference"),
        (5, "unknown_status"),
        (6, "not_a_number"),
    ]


def test_file_without_header_is_refused():
    with pytest.raises(ValueError, match="reference"):
        parse_results([["a", "b"], ["P1", "ok"]])


def test_first_answer_changes_and_second_repeats():
    rows = [row("P1", "ok", "600"), row("P2", "failed")]
    first = match_results(sent(), rows)
    assert set(first.changes) == {"P1", "P2"} and not first.bad
    again = match_results(
        {"P1": SentPayment("P1", Decimal("600"), "ok"), "P2": SentPayment("P2", Decimal("50"), "failed")}, rows
    )
    assert not again.changes and again.repeated == 2 and not again.bad


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([row("P9", "ok")], "unknown_reference"),
        ([row("P1", "ok", "600.01")], "other_amount"),
        ([row("P1", "ok"), row("P1", "failed")], "twice"),
    ],
)
def test_bad_answers_change_nothing(rows, reason):
    matched = match_results(sent(), rows)
    assert not matched.changes and [item.reason for item in matched.bad] == [reason]


def test_money_that_came_back_and_contradictions():
    assert set(match_results(sent("ok"), [row("P1", "returned")]).changes) == {"P1"}
    assert match_results(sent("ok"), [row("P1", "failed")]).bad[0].reason == "contradicts"
    assert match_results(sent("failed"), [row("P1", "ok")]).bad[0].reason == "contradicts"


@pytest.mark.parametrize("text", ["", "NaN", "Infinity", "1e", "1e400", "x"])
def test_no_amount(text):
    with pytest.raises(ValueError):
        parse_amount(text)


def test_a_payment_of_which_two_things_are_said_stays_as_it_is():
    # ok, failed, ok: the third row does not decide it
    sent = {"P1": SentPayment("P1", Decimal("600"), "sent")}
    matched = match_results(sent, [row("P1", "ok"), row("P1", "failed"), row("P1", "ok")])
    assert not matched.changes
    assert [bad.reason for bad in matched.bad] == ["twice", "twice"]
