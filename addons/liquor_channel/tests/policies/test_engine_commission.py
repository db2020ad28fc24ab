"""Commission per level (channel.md C60, security.md): whom it may pay, and whom never."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.policies import commission
from ...engine.policies.commission import GOODS_TRADE, paid_above, refusal


def test_worked_examples():
    result = doctest.testmod(commission)
    assert result.attempted and not result.failed


@pytest.mark.parametrize("basis", ["opened", "joined", "paid_in"])
@pytest.mark.parametrize("levels", [1, 2])
def test_only_goods_trade_is_paid_above(basis, levels):
    assert refusal(levels, "per_unit", "distributor", basis) == "trade"
    assert refusal(0, "per_unit", "terminal", basis) is None


@pytest.mark.parametrize("beneficiary", ["terminal", "guide", "waiter"])
def test_only_distributors_are_paid_above(beneficiary):
    assert refusal(1, "per_unit", beneficiary, "reported") == "beneficiary"


def test_a_period_has_no_level():
    assert refusal(1, "tiered", "distributor", "reported") == "kind"


@pytest.mark.parametrize("levels", [-1, 3, 9])
def test_never_more_than_two_levels(levels):
    assert refusal(levels, "per_unit", "distributor", "reported") == "levels"


@given(st.dictionaries(st.integers(1, 9), st.integers(1, 9)), st.integers(1, 9), st.integers(0, 9))
def test_whatever_the_tree_says(tree, party, levels):
    found = paid_above(tree, party, levels)
    assert len(found) <= min(levels, 2)
    assert [one.level for one in found] == list(range(1, len(found) + 1))
    # nobody is paid for his own trade, nor without having been asked for
    assert party not in [one.partner for one in found]
    assert {one.parent for one in found} <= {tree.get(party)}
    if found:
        assert found[0].partner == tree[party]


@given(st.sampled_from(sorted(GOODS_TRADE)), st.sampled_from(["distributor", "sub_distributor"]), st.integers(1, 2))
def test_what_may_be_written(basis, beneficiary, levels):
    assert refusal(levels, "per_unit", beneficiary, basis) is None
