"""The days of the demo world: from three months ago until this morning, in Shanghai's time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = time(9, 0)
WEEKS = 13


@dataclass(frozen=True, slots=True)
class Calendar:
    """``first`` and ``today`` are business days; ``until`` is the last moment anything happens (UTC, naive)."""

    first: date
    today: date
    until: datetime

    @classmethod
    def ending(cls, now: datetime) -> "Calendar":
        """Return the three months that end this morning, or just now where it is earlier than nine.

        :param now: the real moment, UTC and naive

        >>> calendar = Calendar.ending(datetime(2026, 11, 22, 6, 0))
        >>> calendar.first, calendar.today, calendar.until
        (datetime.date(2026, 8, 24), datetime.date(2026, 11, 22), datetime.datetime(2026, 11, 22, 1, 0))
        """
        today = now.replace(tzinfo=UTC).astimezone(ZONE).date()
        until = min(now - timedelta(minutes=5), moment(today, MORNING))
        monday = today - timedelta(days=today.weekday())
        return cls(monday - timedelta(weeks=WEEKS - 1), today, until)

    def days(self) -> list[date]:
        """Return every day, the first and today included."""
        return [self.first + timedelta(days=step) for step in range((self.today - self.first).days + 1)]

    def months(self) -> list[date]:
        """Return the first day of every calendar month that is touched, oldest first; the last one is open."""
        found = {day.replace(day=1) for day in self.days()}
        return sorted(found)


def moment(day: date, at: time) -> datetime:
    """Return the UTC moment (naive, as Odoo stores it) of a Shanghai wall clock.

    >>> moment(date(2026, 11, 22), time(9, 0))
    datetime.datetime(2026, 11, 22, 1, 0)
    """
    return datetime.combine(day, at, ZONE).astimezone(UTC).replace(tzinfo=None)


def iso(at: datetime) -> str:
    """Return a naive UTC moment as the scan service reads it.

    >>> iso(datetime(2026, 11, 22, 1, 0))
    '2026-11-22T01:00:00Z'
    """
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
