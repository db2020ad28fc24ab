"""Statements and their frozen text."""

import doctest
import json
from datetime import date
from decimal import Decimal

import pytest

from ...engine.common import file_kind
from ...engine.policies import bases
from ...engine.settlement import payout_file, statement, statement_search, withdrawal
from ...engine.settlement.statement import Movement, build_sections


@pytest.mark.parametrize("module", [payout_file, statement, statement_search, withdrawal, file_kind, bases])
def test_worked_examples(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_four_accounts_close():
    # goods: 1,000 + 226,000 - 200,000 = 27,000; rebate: 0 + 20,000 - 4,000 = 16,000; nothing on the other two
    sections = build_sections(
        {"goods": Decimal("1000"), "deposit": Decimal("50000")},
        [
            Movement("rebate", date(2026, 3, 31), Decimal("20000"), "S1"),
            Movement("goods", date(2026, 3, 9), Decimal("-200000"), "PAY"),
            Movement("goods", date(2026, 3, 2), Decimal("226000"), "INV"),
            Movement("rebate", date(2026, 3, 31), Decimal("-4000"), "SO1"),
        ],
    )
    assert [str(section.closing) for section in sections] == ["27000", "16000", "0", "50000"]
    assert [move.reference for move in sections[0].movements] == ["INV", "PAY"]


def test_unknown_account_is_refused():
    with pytest.raises(ValueError, match="no account"):
        build_sections({}, [Movement("gold", date(2026, 3, 1), Decimal(1))])


def test_snapshot_is_stable_and_tampering_shows():
    section = build_sections({"goods": Decimal("0.1")}, [Movement("goods", date(2026, 3, 2), Decimal("0.2"))])[0]
    values = {"accounts": [statement.section_values(section)], "名": "云泉"}
    text = statement.canonical_json(values)
    assert text == statement.canonical_json(dict(reversed(list(values.items()))))
    assert json.loads(text)["accounts"][0]["closing"] == "0.30"
    digest = statement.snapshot_hash(text)
    assert statement.check_snapshot(text, digest)
    assert not statement.check_snapshot(text.replace("0.30", "0.31"), digest)
    forged = text.replace('"closing":"0.30"', '"closing":"9.99"')
    assert not statement.check_snapshot(forged, statement.snapshot_hash(forged))


def test_floats_have_no_stable_text():
    with pytest.raises(TypeError):
        statement.canonical_json({"amount": 0.1})


@pytest.mark.parametrize(
    ("available", "base", "expected"),
    [
        ("20000", "100000", "20000.00"),  # 20 % of the order is exactly what there is
        ("20000", "99999.99", "19999.99"),  # 19,999.998 rounds down, else the cap breaks by a cent
        ("0.01", "100", "0.01"),
        ("-5", "100", "0.00"),
        ("5", "-100", "0.00"),
    ],
)
def test_order_discount(available, base, expected):
    assert str(statement.order_discount(Decimal(available), Decimal(base), Decimal(20))) == expected


def test_withdrawal_nets_debts_and_never_exceeds():
    rows = [withdrawal.Available(1, Decimal("100")), withdrawal.Available(2, Decimal("80"))]
    assert withdrawal.plan(rows, Decimal("90")).ids == [2]
    assert withdrawal.plan(rows, Decimal("500")).amount == Decimal("180")
    assert not withdrawal.plan([withdrawal.Available(1, Decimal("-5"))], Decimal("500")).ids
