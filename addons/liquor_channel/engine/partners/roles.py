"""From when to when a role earns."""

from dataclasses import dataclass
from datetime import date, timedelta

NEVER_ENDS = date.max


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """Days on which a role is in force, both included."""

    kind: str
    first: date
    last: date
    terminal_kind: int | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the role is in force on ``day``."""
        return self.first <= day <= self.last


def last_day(state: str, end: date | None, suspended_on: date | None) -> date | None:
    """The last day on which a role in ``state`` is in force; None when it never was.

    A suspension counts from its own day on; a candidate, and an ended role without an end, were never in force.

    >>> last_day("formal", None, None) == NEVER_ENDS, last_day("candidate", None, None)
    (True, None)
    >>> last_day("suspended", date(2026, 12, 31), date(2026, 3, 10))
    datetime.date(2026, 3, 9)
    """
    if state in ("trial", "formal"):
        return end or NEVER_ENDS
    if state == "suspended" and suspended_on:
        return min(end or NEVER_ENDS, suspended_on - timedelta(days=1))
    return end if state == "ended" else None
