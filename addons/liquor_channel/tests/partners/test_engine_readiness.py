"""Readiness of a region (channel.md C23): what is not known is no zero, and no yes."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.partners import readiness
from ...engine.partners.readiness import judge, percent, verdict

TEN = Decimal(10)


def test_worked_examples():
    result = doctest.testmod(readiness)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((10, 10, 10), "ready"),
        ((10, 10, None), "unknown"),
        ((None, None, None), "unknown"),
        ((10, "9.99", None), "not_ready"),
        ((0, 10, 10), "not_ready"),
        ((), "unknown"),
    ],
)
def test_verdicts(values, expected):
    figures = [(str(place), None if one is None else Decimal(one), TEN) for place, one in enumerate(values)]
    assert verdict(judge(figures)) == expected


@given(st.lists(st.one_of(st.none(), st.decimals(0, 20, places=2)), min_size=1))
def test_ready_means_that_everything_is_known_and_holds(values):
    found = verdict(judge([("x", one, TEN) for one in values]))
    assert (found == "ready") == all(one is not None and one >= TEN for one in values)
    assert (found == "not_ready") == any(one is not None and one < TEN for one in values)


def test_a_share_of_nothing_is_not_known():
    assert percent(Decimal(0), Decimal(0)) is None and percent(Decimal(0), Decimal(8)) == 0
