"""On which day an entry is booked: asked for, or the first day that is open (design.md 3.8)."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class ClosedRange:
    """Days nothing may be booked on: from ``start`` (None = since ever) to ``end``, both included."""

    end: date
    start: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether ``day`` is closed."""
        return day <= self.end and (self.start is None or self.start <= day)


def first_open_day(day: date, closed: Iterable[ClosedRange]) -> date:
    """Return ``day`` if it is open, else the first open day after it.

    >>> march = ClosedRange(date(2026, 3, 31), date(2026, 3, 1))
    >>> first_open_day(date(2026, 3, 15), [ClosedRange(date(2026, 2, 28)), march])
    datetime.date(2026, 4, 1)
    """
    for closed_range in sorted(closed, key=lambda item: item.end):
        if closed_range.covers(day):
            day = closed_range.end + timedelta(days=1)
    return day


def month_end(day: date) -> date:
    """Return the last day of ``day``'s month.

    >>> month_end(date(2028, 2, 3))
    datetime.date(2028, 2, 29)
    """
    return day.replace(day=monthrange(day.year, day.month)[1])
