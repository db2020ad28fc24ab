"""Windows of bottles: what a recall or a sample check is about, and what lies in a unit at a moment."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from .units import Packed, Unit


class Window(NamedTuple):
    """Bottles `first` to `last` of a code batch (database id), both included."""

    batch: int
    first: int
    last: int

    @property
    def bottles(self) -> int:
        return self.last - self.first + 1


def window_of(unit: Unit) -> Window:
    """The bottles that a unit holds by its number.

    >>> window_of(Unit(1, 6, 2))
    Window(batch=1, first=12, last=17)
    """
    return Window(unit.batch, unit.first, unit.first + unit.level - 1)


def merge(windows: Iterable[Window]) -> list[Window]:
    """The same bottles in as few windows as possible, in order.

    >>> merge([Window(1, 6, 11), Window(1, 0, 5), Window(1, 3, 7), Window(2, 0, 0)])
    [Window(batch=1, first=0, last=11), Window(batch=2, first=0, last=0)]
    """
    merged: list[Window] = []
    for window in sorted(windows):
        before = merged[-1] if merged else None
        if before and before.batch == window.batch and window.first <= before.last + 1:
            merged[-1] = before._replace(last=max(before.last, window.last))
        else:
            merged.append(window)
    return merged


def overlap(some: Iterable[Window], others: Iterable[Window]) -> bool:
    """Whether a bottle is in both.

    >>> overlap([Window(1, 0, 5)], [Window(1, 5, 9)]), overlap([Window(1, 0, 5)], [Window(1, 6, 9), Window(2, 0, 5)])
    (True, False)
    """
    others = list(others)
    return any(one.batch == two.batch and one.first <= two.last and two.first <= one.last
               for one in some for two in others)  # fmt: skip


class Contents:
    """What lies in a unit: by its number, unless links say that a part lies elsewhere or that something came in.

    >>> case, other = Unit(1, 6, 0), Unit(2, 6, 5)
    >>> contents = Contents([Packed(Unit(1, 1, 2), other, datetime(2026, 3, 1), None, "manual")])
    >>> contents.at(case, datetime(2026, 2, 1))
    [Window(batch=1, first=0, last=5)]
    >>> contents.at(case, datetime(2026, 3, 2))
    [Window(batch=1, first=0, last=1), Window(batch=1, first=3, last=5)]
    >>> contents.at(other, datetime(2026, 3, 2))
    [Window(batch=2, first=30, last=35), Window(batch=1, first=2, last=2)]
    """

    def __init__(self, links: Iterable[Packed]) -> None:
        self._hops: dict[Unit, list[Packed]] = {}
        first: dict[Unit, datetime] = {}
        for hop in set(links):
            self._hops.setdefault(hop.parent, []).append(hop)
            first[hop.child] = min(first.get(hop.child, hop.start), hop.start)
        self._left: dict[int, list[tuple[int, int, datetime]]] = {}
        for child, start in first.items():
            self._left.setdefault(child.batch, []).append((child.first, child.level, start))
        self._packages: dict[int, list[tuple[int, int]]] = {}
        for parent in self._hops:
            self._packages.setdefault(parent.batch, []).append((parent.first, parent.level))
        for rows in (*self._left.values(), *self._packages.values()):
            rows.sort()

    def at(self, unit: Unit, moment: datetime) -> list[Window]:
        """Windows of the bottles that lie in the unit at that moment."""
        gone = [(first, level) for first, level, start in self._within(self._left, unit) if level < unit.level
                and start <= moment]  # fmt: skip
        found = _without(window_of(unit), gone)
        for package in self._linked_packages(unit, set(gone)):
            for hop in self._hops[package]:
                if hop.holds_at(moment):
                    found += self.at(hop.child, moment)
        return found

    def _within(self, table, unit: Unit):
        rows = table.get(unit.batch, [])
        return rows[bisect_left(rows, (unit.first,)) : bisect_left(rows, (unit.first + unit.level,))]

    def _linked_packages(self, unit: Unit, gone: set[tuple[int, int]]):
        """Packages with links that are the unit or still lie in it by their number."""
        levels = {level for _first, level in gone}
        for first, level in self._within(self._packages, unit):
            away = any(size >= level and (first // size * size, size) in gone for size in levels)
            if level <= unit.level and not away:
                yield Unit(unit.batch, level, first // level)


def _without(window: Window, gone: Iterable[tuple[int, int]]) -> list[Window]:
    """The window less parts (first bottle, bottles), which are in order."""
    left, reached = [], window.first
    for first, size in gone:
        if first > reached:
            left.append(Window(window.batch, reached, first - 1))
        reached = max(reached, first + size)
    if reached <= window.last:
        left.append(Window(window.batch, reached, window.last))
    return left
