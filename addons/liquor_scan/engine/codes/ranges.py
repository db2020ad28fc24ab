"""Which codes of a batch are switched on: spans of bottles, with voids on top.

A span counts bottles of the batch from `first` to `last`, both included. With a
kind it is about the codes of that kind alone (a roll of caps, a stack of case
labels), without one about every code of those bottles.
"""

from collections.abc import Iterable
from typing import NamedTuple

ACTIVE, INACTIVE, VOID = "active", "inactive", "void"


class Span(NamedTuple):
    """One activated or voided span."""

    state: str
    first: int
    last: int
    kind: str | None = None

    def concerns(self, kind: str) -> bool:
        """Whether codes of this kind are meant."""
        return self.kind is None or self.kind == kind


def unit_state(spans: Iterable[Span], kind: str, first: int, last: int) -> str:
    """State of the unit that holds the bottles first to last.

    Void as soon as one of its bottles is; active only if all of them are.

    >>> spans = [Span("active", 0, 99), Span("active", 100, 199), Span("void", 150, 150)]
    >>> [unit_state(spans, "case_outer", first, first + 5) for first in (96, 150, 198)]
    ['active', 'void', 'inactive']
    """
    active = []
    for span in spans:
        if not span.concerns(kind) or span.last < first or span.first > last:
            continue
        if span.state == VOID:
            return VOID
        active.append((max(span.first, first), min(span.last, last)))
    return ACTIVE if length(active) == last - first + 1 else INACTIVE


def length(pairs: Iterable[tuple[int, int]]) -> int:
    """Bottles in the union of closed intervals.

    >>> length([(0, 9), (5, 14), (20, 20)])
    16
    """
    total, reached = 0, -1
    for first, last in sorted(pairs):
        if last > reached:
            total += last - max(first, reached + 1) + 1
            reached = last
    return total


def active_bottles(spans: Iterable[Span], kind: str) -> int:
    """Bottles whose code of this kind is active and not void.

    >>> active_bottles([Span("active", 0, 99), Span("void", 90, 120)], "cap_inner")
    90
    """
    mine = [span for span in spans if span.concerns(kind)]
    active = [(span.first, span.last) for span in mine if span.state == ACTIVE]
    voids = [(span.first, span.last) for span in mine if span.state == VOID]
    # |A without V| = |A or V| - |V|
    return length(active + voids) - length(voids)


def overlap(spans: Iterable[Span], new: Span) -> Span | None:
    """A span of the same state that shares bottles and codes with the new one.

    >>> overlap([Span("active", 0, 99)], Span("active", 99, 120, "box"))
    Span(state='active', first=0, last=99, kind=None)
    """
    for span in spans:
        same = span.kind is None or new.kind is None or span.kind == new.kind
        if span.state == new.state and same and span.first <= new.last and new.first <= span.last:
            return span
    return None
