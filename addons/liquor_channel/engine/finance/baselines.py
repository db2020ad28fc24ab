"""What a programme's sell-out is compared with (C9): the days it worked, and the days or shops of its baseline."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

#: what may be compared with
BASELINES = ("control", "before_programme", "year_before", "before_period")
#: what people choose; automatic is the first that is known of: as many days before, the same days of the year before
CHOICES = ("automatic", "year_before", "before_period")
DAY = timedelta(days=1)


class Window(NamedTuple):
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days; never below one.

        >>> Window(date(2026, 3, 1), date(2026, 3, 31)).days
        31
        """
        return (self.last - self.first).days + 1

    def common(self, other: "Window") -> "Window | None":
        """Return the days that both have; None where there are none."""
        both = Window(max(self.first, other.first), min(self.last, other.last))
        return both if both.first <= both.last else None

    def before(self, day: date) -> "Window":
        """Return as many days that end on the eve of ``day``.

        >>> Window(date(2026, 4, 1), date(2026, 4, 10)).before(date(2026, 3, 1))
        Window(first=datetime.date(2026, 2, 19), last=datetime.date(2026, 2, 28))
        """
        return Window(day - self.days * DAY, day - DAY)

    def year_before(self) -> "Window":
        """Return the same days of the year before; the 29th of February becomes the 28th."""
        return Window(_year_before(self.first), _year_before(self.last))


def _year_before(day: date) -> date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


class Course(NamedTuple):
    """What is compared with what: the days measured, those of the baseline, and the shops that show what came anyway.

    ``control``: shops of the control group of a pilot (C22); their mean change is what would have come anyway.
    """

    kind: str
    window: Window
    baseline: Window
    control: frozenset[int] = frozenset()


def courses(choice: str, period: Window, begin: date | None, end: date | None) -> tuple[Window | None, tuple]:
    """Say on which days of the period a programme worked, and what these days may be compared with.

    ``automatic``: as many days before the programme began; where nothing is known of them, the same days of the year
    before. ``before_period``: as many days before the measured ones, for a programme that has been running for long.

    :param begin: first day of the programme; None where no programme stands behind the money
    :return: (days or None, courses, the best first)

    A programme of 11 March, looked at from January to 20 March, is compared with the ten days before it:

    >>> window, found = courses("automatic", Window(date(2026, 1, 1), date(2026, 3, 20)), date(2026, 3, 11), None)
    >>> window.days, found[0].kind, found[0].baseline.first.isoformat(), found[1].kind
    (10, 'before_programme', '2026-03-01', 'year_before')
    """
    window = period.common(Window(begin or period.first, end or period.last))
    if window is None:
        return None, ()
    found = {
        "before_programme": begin and window.before(begin),
        "year_before": window.year_before(),
        "before_period": window.before(window.first),
    }
    kinds = ("before_programme", "year_before") if choice == "automatic" else (choice,)
    return window, tuple(Course(kind, window, found[kind]) for kind in kinds if found[kind])


def pilot_course(period: Window, pilot: Window, control: Iterable[int]) -> Course | None:
    """Return the comparison of a pilot's shop with the control group (C22): days of the pilot, as many before it."""
    window = period.common(pilot)
    return window and Course("control", window, window.before(pilot.first), frozenset(control))


def segments(windows: Sequence[Window]) -> list[Window]:
    """Cut windows at each other's borders, so that each part lies in every window wholly or not at all.

    >>> days = [Window(date(2026, 3, 1), date(2026, 3, 31)), Window(date(2026, 3, 11), date(2026, 3, 20))]
    >>> [(part.first.day, part.last.day) for part in segments(days)]
    [(1, 10), (11, 20), (21, 31)]
    """
    borders = sorted({*(one.first for one in windows), *(one.last + DAY for one in windows)})
    parts = [Window(first, following - DAY) for first, following in itertools.pairwise(borders)]
    return [part for part in parts if any(one.first <= part.first and part.last <= one.last for one in windows)]
