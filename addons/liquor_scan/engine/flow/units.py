"""A unit of goods: what a code stands for, without the code.

The level of a unit is the number of bottles it is made for (1, 6, 360 …), so
that the inner and outer code of a bottle are one unit, as are both codes of a
case, and the packing of a printed set follows from the numbers alone.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple


class Unit(NamedTuple):
    """Code batch (database id), bottles in a full unit, number of the unit in its batch."""

    batch: int
    level: int
    index: int

    @property
    def first(self) -> int:
        """Number of its first bottle.

        >>> Unit(1, 6, 2).first
        12
        """
        return self.index * self.level


class Packed(NamedTuple):
    """`child` lies in `parent` from `start` (None = always) until `end` (None = still).

    `method` says how that is known: `arithmetic`, `line`, `manual` or `inferred`.
    """

    child: Unit
    parent: Unit
    start: datetime | None = None
    end: datetime | None = None
    method: str = "arithmetic"

    def holds_at(self, at: datetime) -> bool:
        """Whether the child lay in the parent at that moment (the end is not part of it)."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


def arithmetic_parents(unit: Unit, levels: Iterable[int]) -> list[Unit]:
    """The larger units of a printed set that hold the unit, smallest first.

    >>> arithmetic_parents(Unit(1, 1, 725), [1, 1, 6, 6, 360])
    [Unit(batch=1, level=6, index=120), Unit(batch=1, level=360, index=2)]
    """
    larger = sorted({level for level in levels if level > unit.level})
    return [Unit(unit.batch, level, unit.first // level) for level in larger]


SLOTS = 64
"""A package of more bottles has this many turns: the 60 cases of a pallet meet nobody but themselves."""


class Turn(NamedTuple):
    """One of the turns at a package: who moves the package needs all of them, who moves a part of it one."""

    unit: Unit
    slot: int


def turns(unit: Unit, around: Iterable[Unit]) -> set[Turn]:
    """What a transaction has to take before it moves the unit that lies in the packages ``around`` it.

    Two of them share a turn whenever one unit is the other or lies in it, and parts side by side share none as
    long as their numbers differ by less than the slots of what holds them.

    >>> sorted(turn.slot for turn in turns(Unit(1, 6, 120), [Unit(1, 360, 2)]) if turn.unit.level == 360)
    [56]
    >>> len(turns(Unit(1, 6, 120), [Unit(1, 360, 2)])), len(turns(Unit(1, 360, 2), []))
    (7, 64)
    >>> turns(Unit(1, 1, 725), [])
    {Turn(unit=Unit(batch=1, level=1, index=725), slot=0)}
    """
    own = {Turn(unit, slot) for slot in range(min(unit.level, SLOTS))}
    return own | {Turn(package, unit.index % min(package.level, SLOTS)) for package in around}


def child_ranges(unit: Unit, levels: Iterable[int]) -> list[tuple[int, int, int]]:
    """(level, first index, last index) of the smaller units a printed set puts into the unit.

    >>> child_ranges(Unit(1, 360, 1), [1, 6, 360])
    [(1, 360, 719), (6, 60, 119)]
    """
    smaller = sorted({level for level in levels if level < unit.level})
    last = unit.first + unit.level - 1
    return [(level, unit.first // level, last // level) for level in smaller]


def spans(units: Iterable[Unit], levels_of: Mapping[int, Iterable[int]]) -> list[list[int]]:
    """The units and what a printed set puts into them, as columns for a query: batches, levels, first, last index.

    >>> spans([Unit(1, 6, 2)], {1: (1, 6)})
    [[1, 1], [1, 6], [12, 2], [17, 2]]
    >>> spans([], {})
    [[], [], [], []]
    """
    ranges = set()
    for unit in units:
        ranges.add((unit.batch, unit.level, unit.index, unit.index))
        ranges.update((unit.batch, *span) for span in child_ranges(unit, levels_of.get(unit.batch, ())))
    return [[one[column] for one in sorted(ranges)] for column in range(4)]
