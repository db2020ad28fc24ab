"""Pre-association by arithmetic, for the two schemes that ship and any other."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.codes import packing
from ...engine.codes.packing import BOTTLE_BOX, CAP_CASE, Level, PackingError, relatives


def test_docstrings():
    assert doctest.testmod(packing, optionflags=doctest.IGNORE_EXCEPTION_DETAIL | doctest.ELLIPSIS).failed == 0


@pytest.mark.parametrize(
    "kind_index", [("cap_inner", 725), ("cap_outer", 725), ("case_inner", 120), ("case_outer", 120), ("pallet", 2)]
)
def test_from_each_of_the_five_codes_the_other_four(kind_index):
    """Bottle 725: case 725 div 6 = 120 (bottles 720-725), pallet 725 div 360 = 2 (bottles 720-1079)."""
    kind, index = kind_index
    family = relatives(CAP_CASE, kind, index, 10_000)
    assert list(family) == ["cap_inner", "cap_outer", "case_inner", "case_outer", "pallet"]
    assert 725 in family["cap_inner"]
    assert family["cap_inner"] == family["cap_outer"]
    assert 120 in family["case_inner"]
    assert family["case_inner"] == family["case_outer"]
    assert family["pallet"] == range(2, 3)


def test_the_box_scheme():
    family = relatives(BOTTLE_BOX, "box", 13, 100)
    assert family == {
        "cap_inner": range(13, 14),
        "bottle": range(13, 14),
        "box": range(13, 14),
        "case_outer": range(2, 3),
        "pallet": range(0, 1),
    }


def test_the_last_case_may_be_short():
    """1,000 bottles are 166 full cases and one of four."""
    assert relatives(CAP_CASE, "case_outer", 166, 1000)["cap_inner"] == range(996, 1000)
    with pytest.raises(PackingError):
        relatives(CAP_CASE, "case_outer", 167, 1000)
    with pytest.raises(PackingError):
        relatives(CAP_CASE, "cap_inner", -1, 1000)


@given(st.sampled_from([CAP_CASE, BOTTLE_BOX]), st.integers(1, 5000), st.data())
def test_every_bottle_is_in_exactly_one_unit_of_each_level(levels, bottles, data):
    level = data.draw(st.sampled_from(levels))
    units = packing.unit_count(bottles, level.bottles)
    seen = [bottle for unit in range(units) for bottle in relatives(levels, level.kind, unit, bottles)["cap_inner"]]
    assert seen == list(range(bottles))


@given(st.integers(0, 10**6), st.sampled_from([(1, 6), (6, 360), (1, 360)]))
def test_parent_index_agrees_with_the_family(index, sizes):
    per_unit, per_parent = sizes
    assert packing.parent_index(index, per_unit, per_parent) == index * per_unit // per_parent


@pytest.mark.parametrize(
    "levels",
    [
        [],
        [Level("box", 2)],
        [Level("cap_inner", 1), Level("cap_inner", 6)],
        [Level("cap_inner", 1), Level("box", 4), Level("pallet", 6)],
    ],
)
def test_impossible_schemes_are_refused(levels):
    with pytest.raises(PackingError):
        packing.check_levels(levels)


def test_over_issue_rounds_up_to_whole_units():
    assert packing.with_spare(1_000_000, 4, 360) == 1_040_040  # 1,040,000 / 360 = 2,888.9 -> 2,889
    assert packing.with_spare(6, 0, 6) == 6
    assert packing.with_spare(1, 0.5, 1) == 2  # 1.005 bottles are two
