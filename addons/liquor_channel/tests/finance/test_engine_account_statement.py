"""Five accounts of a month: figures by hand, and what always holds."""

import doctest
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.finance import account_statement
from ...engine.finance.account_statement import FIVE_ACCOUNTS, account_values, unchanged_accounts
from ...engine.settlement.statement import Movement

CENTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
MOVEMENTS = st.lists(
    st.builds(
        Movement, st.sampled_from(FIVE_ACCOUNTS), st.dates(date(2026, 3, 1), date(2026, 3, 31)), CENTS, st.just("X")
    ),
    max_size=30,
)


def test_worked_examples():
    result = doctest.testmod(account_statement)
    assert result.attempted and not result.failed


@given(st.dictionaries(st.sampled_from(FIVE_ACCOUNTS), CENTS), MOVEMENTS)
def test_every_account_adds_up_and_goes_on(openings, movements):
    march = account_values(openings, movements)
    for section in march:
        opening, incoming, outgoing, closing = (Decimal(section[key]) for key in ("opening", "in", "out", "closing"))
        assert opening + incoming - outgoing == closing
        assert sum(Decimal(row["amount"]) for row in section["movements"]) == closing - opening
    closings = {section["account"]: Decimal(section["closing"]) for section in march}
    april = account_values(closings, [], closings)
    assert all(Decimal(section["gap"]) == 0 for section in april)


def test_what_was_booked_late_is_the_gap():
    # March closed with 27,000; 113 more were booked into March afterwards, so April opens with 27,113
    section = account_values({"goods": Decimal("27113")}, [], {"goods": Decimal("27000")})[0]
    assert (section["opening"], section["gap"]) == ("27113.00", "113.00")
    # a first statement continues nothing
    assert account_values({"goods": Decimal("27113")}, [])[0]["gap"] == "0.00"


def test_one_movement_more_changes_its_account_only():
    sale = Movement("goods", date(2026, 3, 2), Decimal("226000"), "INV")
    before, after = account_values({}, []), account_values({}, [sale])
    assert unchanged_accounts({"accounts": before}, {"accounts": after}) == set(FIVE_ACCOUNTS) - {"goods"}
