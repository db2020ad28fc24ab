"""Found against known: what always holds of a match."""

import doctest
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.finance import variances
from ...engine.finance.variances import CLASSES, Changes, Finding, Known, compare

AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2)
FINDINGS = st.lists(
    st.builds(Finding, st.sampled_from(sorted(CLASSES)), st.sampled_from("abcdef"), AMOUNTS),
    unique_by=lambda f: f.cause,
)
STATES = st.sampled_from(("open", "carried", "resolved", "closed"))


def test_worked_examples():
    result = doctest.testmod(variances)
    assert result.attempted and not result.failed


def test_sixteen_classes():
    assert list(CLASSES) == [f"v{number:02d}" for number in range(1, 17)]


def applied(known, changes):
    """The rows after the changes were written."""
    rows = dict(known)
    by_id = {row.id: cause for cause, row in known.items()}
    for number, finding in changes.changed:
        rows[by_id[number]] = replace(rows[by_id[number]], amount=finding.amount, quantity=finding.quantity)
    for number in changes.reopened:
        rows[by_id[number]] = replace(rows[by_id[number]], state="open")
    for number in changes.resolved:
        rows[by_id[number]] = replace(rows[by_id[number]], state="resolved")
    for finding in changes.new:
        rows[finding.cause] = Known(f"new/{finding.cause}", "open", finding.amount, finding.quantity)
    return rows


@given(FINDINGS, FINDINGS, st.lists(STATES, min_size=200, max_size=200))
def test_second_time_changes_nothing(before, found, states):
    known = {
        finding.cause: Known(place, state, finding.amount)
        for place, (finding, state) in enumerate(zip(before, states, strict=False))
    }
    after = applied(known, compare(known, found))
    assert compare(after, found) == Changes()
    causes = {finding.cause for finding in found}
    for cause, row in after.items():
        assert (row.state in ("open", "carried", "closed")) if cause in causes else row.state in ("resolved", "closed")


def test_closed_stays_closed_unless_it_grew():
    found = Finding("v12", "7", Decimal("100"))
    cause = found.cause
    assert compare({cause: Known(1, "closed", Decimal("100"))}, [found]) == Changes()
    assert compare({cause: Known(1, "closed", Decimal("150"))}, [found]) == Changes()
    grown = compare({cause: Known(1, "closed", Decimal("99.99"))}, [found])
    assert grown.reopened == [1] and grown.changed == [(1, found)]


def test_refuses_what_is_no_cause():
    twice = Finding("v01", "1", Decimal("1"))
    with pytest.raises(ValueError, match="found twice"):
        compare({}, [twice, twice])
    with pytest.raises(ValueError, match="no variance class"):
        compare({}, [Finding("v99", "1", Decimal("1"))])
