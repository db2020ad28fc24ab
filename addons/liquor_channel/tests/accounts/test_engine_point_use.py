"""Points of which a part is never used: the published example of IFRS 15, and what must hold for any estimate."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.accounts.point_use import Cohort, never_used, owed

#: IFRS 15, example 52: 10,000 points of 1.00 beside goods of 100,000.00, 9,500 expected to be used
WORTH = Decimal(10000) * Decimal(100000) / Decimal(109500)


@pytest.mark.parametrize(
    ("points_used", "expected", "liability"), [(0, 95, 8676), (4500, 95, 4566), (8500, 97, 1073), (9700, 97, 0)]
)
def test_published_example(points_used, expected, liability):
    """8,676 are allocated to the points; 4,566 are owed after the first year, 1,073 after the second."""
    cohort = Cohort(WORTH, WORTH * points_used / 10000, Decimal(0), Decimal(95))
    assert round(owed(cohort, Decimal(expected))) == liability


CENTS = st.integers(0, 10**6).map(lambda number: Decimal(number) / 100)
PERCENT = st.integers(1, 100).map(Decimal)


@st.composite
def cohorts(draw):
    given_ = draw(CENTS)
    used = (given_ * draw(st.integers(0, 100)) / 100).quantize(Decimal("0.01"))
    expired = ((given_ - used) * draw(st.integers(0, 100)) / 100).quantize(Decimal("0.01"))
    return Cohort(given_, used, min(expired, given_ - used), draw(PERCENT))


@given(st.lists(cohorts(), max_size=6), PERCENT)
def test_between_nothing_and_the_full_worth(drawn, expected):
    full, unused = never_used(drawn, expected)
    assert Decimal(0) <= unused <= full
    assert full == sum((one.open for one in drawn), Decimal(0))
    gone = [Cohort(one.given, one.used, one.given - one.used, one.first) for one in drawn]
    assert never_used(gone, expected) == (0, 0)


@given(cohorts(), PERCENT)
def test_all_will_be_used(cohort, first):
    whole = Cohort(cohort.given, cohort.used, Decimal(0), Decimal(100))
    assert abs(owed(whole, Decimal(100)) - whole.open) < Decimal("1e-9")
