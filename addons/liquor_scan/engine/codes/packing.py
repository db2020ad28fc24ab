"""Pre-associated packing: which codes belong together, by arithmetic.

A batch numbers its bottles 0, 1, 2, …; a unit of a level that holds n bottles
has the number of its first bottle div n. So from any code of a unit the other
levels follow without a stored row, as long as the printed sets stay in step
(what line uploads say overrides this; that is kept elsewhere).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One code kind of a scheme and how many bottles its unit holds."""

    kind: str
    bottles: int


class PackingError(ValueError):
    """The levels contradict each other."""


# the two schemes that ship: 盖内-盖外-箱内-箱外-垛 and 盖内-瓶-盒-箱-垛
CAP_CASE = (
    Level("cap_inner", 1),
    Level("cap_outer", 1),
    Level("case_inner", 6),
    Level("case_outer", 6),
    Level("pallet", 360),
)
BOTTLE_BOX = (
    Level("cap_inner", 1),
    Level("bottle", 1),
    Level("box", 1),
    Level("case_outer", 6),
    Level("pallet", 360),
)


def check_levels(levels: Sequence[Level]) -> None:
    """Refuse what arithmetic cannot carry: every size divides the next one.

    >>> check_levels(CAP_CASE)
    >>> check_levels([Level("cap_inner", 1), Level("box", 4), Level("pallet", 6)])
    Traceback (most recent call last):
    ...
    addons.liquor_scan.engine.codes.packing.PackingError: ...
    """
    if not levels or min(level.bottles for level in levels) != 1:
        raise PackingError("the smallest level must hold one bottle")
    if len({level.kind for level in levels}) != len(levels):
        raise PackingError("a kind appears twice")
    sizes = sorted(level.bottles for level in levels)
    for small, large in itertools.pairwise(sizes):
        if large % small:
            raise PackingError(f"{large} bottles cannot be made of units of {small}")


def bottles_of(levels: Sequence[Level], kind: str) -> int:
    """Bottles in a unit of this kind; KeyError where the scheme lacks it."""
    for level in levels:
        if level.kind == kind:
            return level.bottles
    raise KeyError(kind)


def unit_count(bottles: int, per_unit: int) -> int:
    """Units needed for so many bottles; a part unit counts.

    >>> unit_count(13, 6)
    3
    """
    return -(-bottles // per_unit)


def with_spare(bottles: int, percent: int | float, per_unit: int) -> int:
    """Ordered bottles plus over-issue, rounded up to whole largest units.

    >>> with_spare(1000, 5, 6)  # 1,050 is 175 cases
    1050
    >>> with_spare(1000, 3, 360)  # 1,030 -> 3 pallets
    1080
    """
    spare = -(-round(bottles * percent * 100) // 10_000)
    return unit_count(bottles + spare, per_unit) * per_unit


def relatives(levels: Sequence[Level], kind: str, index: int, bottles: int) -> dict[str, range]:
    """All codes of the unit's family: parents, twins and children.

    :param index: number of the unit within its kind
    :param bottles: bottles issued in the batch; the last unit may be short
    :return: kind -> range of numbers; a parent is a range of one

    >>> family = relatives(CAP_CASE, "case_outer", 1, 1000)
    >>> family["cap_inner"], family["case_inner"], family["pallet"]
    (range(6, 12), range(1, 2), range(0, 1))
    """
    size = bottles_of(levels, kind)
    first = index * size
    if not 0 <= first < bottles:
        raise PackingError("the unit is outside the batch")
    last = min(first + size, bottles) - 1
    return {level.kind: range(first // level.bottles, last // level.bottles + 1) for level in levels}


def parent_index(index: int, per_unit: int, per_parent: int) -> int:
    """Number of the parent that holds the unit.

    >>> parent_index(719, 6, 360)  # the last case of the twelfth pallet
    11
    """
    return index * per_unit // per_parent
