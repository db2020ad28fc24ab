"""Cut and allowed amount of a claim: claimed less cut, at most what was approved (trade.md R1)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.bulk.cells import CellError
from ...engine.bulk.cuts import settle_cut

CENTS = st.decimals(min_value=0, max_value=10**7, places=2)


def claim(asked="8000", approved="10000", cut="0", reason=None):
    asked, approved, cut = Decimal(asked), Decimal(approved), Decimal(cut)
    return {"asked": asked, "approved": approved, "cut": cut, "allowed": min(asked - cut, approved), "reason": reason}


@pytest.mark.parametrize(
    ("stands", "changes", "cut", "allowed"),
    [
        (claim(), {"cut": Decimal(500), "reason": 3}, 500, 7500),
        (claim(), {"allowed": Decimal(7500), "reason": 3}, 500, 7500),
        (claim(), {"allowed": Decimal(7500), "cut": Decimal(500), "reason": 3}, 500, 7500),
        (claim(cut="500", reason=3), {"allowed": Decimal(8000)}, 0, 8000),
        (claim(cut="500", reason=3), {"reason": 4}, 500, 7500),
        # 12,000 claimed of 10,000 approved: 1,000 cut leaves 11,000, of which 10,000 is allowed
        (claim(asked="12000"), {"cut": Decimal(1000), "reason": 3}, 1000, 10000),
        (claim(asked="12000"), {"allowed": Decimal(9000), "reason": 3}, 3000, 9000),
        (claim(), {"allowed": Decimal(0), "reason": 3}, 8000, 0),
    ],
)
def test_either_may_be_typed(stands, changes, cut, allowed):
    found = settle_cut(stands, changes)
    assert (found["cut"], found["allowed"]) == (cut, allowed)
    assert bool(cut) or found["reason"] is None


@pytest.mark.parametrize(
    ("stands", "changes", "reason"),
    [
        (claim(), {"cut": Decimal(500)}, "no_reason"),
        (claim(), {"cut": Decimal(8001), "reason": 3}, "above_asked"),
        (claim(), {"cut": Decimal(-1), "reason": 3}, "above_asked"),
        (claim(), {"allowed": Decimal(9000), "reason": 3}, "above_asked"),
        (claim(), {"allowed": Decimal(-5), "reason": 3}, "above_asked"),
        (claim(asked="12000"), {"allowed": Decimal(11000), "reason": 3}, "above_approved"),
        (claim(), {"allowed": Decimal(7500), "cut": Decimal(400), "reason": 3}, "cut_not_allowed"),
    ],
)
def test_refused(stands, changes, reason):
    with pytest.raises(CellError) as error:
        settle_cut(stands, changes)
    assert error.value.reason == reason


def test_other_columns_are_left_alone():
    assert settle_cut({}, {"claim": Decimal(5)}) == {"claim": Decimal(5)}


@given(CENTS, CENTS, CENTS)
def test_what_is_allowed_is_never_more(asked, approved, cut):
    stands = claim(asked, approved)
    if cut > asked:
        with pytest.raises(CellError):
            settle_cut(stands, {"cut": cut, "reason": 3})
        return
    found = settle_cut(stands, {"cut": cut, "reason": 3})
    assert 0 <= found["allowed"] <= approved
    assert found["allowed"] + found["cut"] <= max(asked, approved)
