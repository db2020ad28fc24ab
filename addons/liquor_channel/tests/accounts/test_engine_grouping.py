"""Earnings become balanced entries; expected figures are those of channel.md Acc-2."""

import doctest
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.accounts import analytic, booking, expectation, grouping, payouts, withholding
from ...engine.accounts.grouping import EarningInput, group_earnings
from ...engine.accounts.payouts import PayoutPart

SHOP, DISTRIBUTOR = 7, 9
MARCH = date(2026, 3, 9)


def figures(entry):
    return {(line.role, line.partner_id, line.storno): str(line.balance) for line in entry.lines}


@pytest.mark.parametrize("module", [analytic, booking, expectation, grouping, payouts, withholding])
def test_worked_examples(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_rebate_of_a_month():
    # Acc-2 #2: 3 % of 200,000
    [entry] = group_earnings([EarningInput(1, DISTRIBUTOR, "distributor", Decimal("6000"), MARCH)])
    assert figures(entry) == {
        ("rebate_contra", None, False): "6000",
        ("rebate_accrued", DISTRIBUTOR, False): "-6000",
    }


def test_second_month_with_rerate():
    # Acc-2 #3: 12,000 earned and 2,000 re-rated go into one line of 14,000
    [entry] = group_earnings([
        EarningInput(2, DISTRIBUTOR, "distributor", Decimal("12000"), MARCH),
        EarningInput(3, DISTRIBUTOR, "distributor", Decimal("2000"), MARCH),
    ])
    assert figures(entry)[("rebate_accrued", DISTRIBUTOR, False)] == "-14000"
    assert entry.owed_line[2] == entry.owed_line[3]
    assert entry.lines[entry.owed_line[2]].role == "rebate_accrued"


def test_clawback_before_settlement_is_red():
    # Acc-2 #9: ten cases of 15, 30 % borne by the distributor
    [entry] = group_earnings([
        EarningInput(4, SHOP, "terminal", Decimal("-150"), MARCH, DISTRIBUTOR, Decimal("-45")),
    ])
    assert figures(entry) == {
        ("reward_contra", None, True): "-105",
        ("cofunding_due", DISTRIBUTOR, True): "-45",
        ("reward_accrued", SHOP, True): "150",
    }


def test_clawback_after_payout_is_a_claim():
    # Acc-2 #10: the shop owes 150; our cost and the distributor's share go back
    [entry] = group_earnings([
        EarningInput(5, SHOP, "terminal", Decimal("-150"), MARCH, DISTRIBUTOR, Decimal("-45"), paid_out=True),
    ])
    assert figures(entry) == {
        ("reward_contra", None, True): "-105",
        ("cofunding_due", DISTRIBUTOR, True): "-45",
        ("clawback_due", SHOP, False): "150",
    }


def test_one_entry_per_kind_and_month():
    entries = group_earnings([
        EarningInput(1, SHOP, "terminal", Decimal("15"), date(2026, 3, 31)),
        EarningInput(2, SHOP, "guide", Decimal("2"), date(2026, 4, 1)),
        EarningInput(3, DISTRIBUTOR, "distributor", Decimal("1"), date(2026, 4, 30)),
    ])
    assert [(entry.kind, entry.month.month, str(entry.total)) for entry in entries] == [
        ("rebate", 4, "1"),
        ("reward", 3, "15"),
        ("reward", 4, "2"),
    ]


def test_share_without_funder_is_refused():
    with pytest.raises(ValueError, match="nobody who bears it"):
        group_earnings([EarningInput(1, SHOP, "terminal", Decimal("15"), MARCH, None, Decimal("5"))])
    with pytest.raises(ValueError, match="beneficiary kind"):
        group_earnings([EarningInput(1, SHOP, "somebody", Decimal("15"), MARCH)])


def test_payout_with_what_was_clawed_back():
    # Acc-2 #11: 200 due, 150 owed back, 50 leaves the bank
    part = PayoutPart(SHOP, Decimal("200"), Decimal("150"))
    lines = {line.role: str(line.balance) for line in payouts.payment_lines([part])}
    assert lines == {"reward_payable": "200", "clawback_due": "-150", "bank": "-50"}
    assert sum(line.balance for line in payouts.approval_lines([part])) == 0


cents = st.integers(-(10**8), 10**8).map(lambda value: Decimal(value) / 100)


@given(st.lists(st.tuples(st.integers(1, 4), cents, st.booleans()), max_size=60))
def test_entries_always_balance_and_add_up(rows):
    earnings = [
        EarningInput(
            number, partner, "terminal", amount, MARCH, DISTRIBUTOR, (amount * 30 / 100).quantize(Decimal("0.01")), back
        )
        for number, (partner, amount, back) in enumerate(rows)
    ]
    entries = group_earnings(earnings)
    for entry in entries:
        assert sum(line.balance for line in entry.lines) == 0
    assert sum((entry.total for entry in entries), Decimal(0)) == sum((e.amount for e in earnings), Decimal(0))


def test_first_open_day_skips_what_is_closed():
    february = booking.ClosedRange(date(2026, 2, 28))
    march = booking.ClosedRange(date(2026, 3, 31), date(2026, 3, 1))
    assert booking.first_open_day(date(2026, 1, 5), [march, february]) == date(2026, 4, 1)
    assert booking.first_open_day(date(2026, 4, 5), [march, february]) == date(2026, 4, 5)
    assert booking.first_open_day(date(2026, 1, 5), [march]) == date(2026, 1, 5)
    # the first and the last day of a closed range are closed, their neighbours are not
    for day, expected in (
        (date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 4, 1)),
        (date(2026, 3, 31), date(2026, 4, 1)),
        (date(2026, 4, 1), date(2026, 4, 1)),
    ):
        assert booking.first_open_day(day, [march]) == expected
