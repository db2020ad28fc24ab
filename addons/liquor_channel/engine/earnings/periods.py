"""Periods of cumulative policies."""

from dataclasses import dataclass
from datetime import date, timedelta

LENGTH_IN_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A closed interval of business days with the label that keys it."""

    start: date
    end: date
    label: str


def period_of(day: date, kind: str, first: date | None = None, last: date | None = None) -> Period:
    """The period that contains ``day``, cut to a version's ``first`` and ``last`` day.

    ``whole`` means the life of the version. The label does not depend on the cut: it keys booked lines.

    >>> period_of(date(2026, 11, 21), "quarter").label, period_of(date(2026, 11, 21), "quarter").end
    ('2026-Q4', datetime.date(2026, 12, 31))
    >>> period_of(date(2024, 2, 29), "month", first=date(2024, 2, 10)).start
    datetime.date(2024, 2, 10)
    """
    if kind == "whole":
        return Period(first or date.min, last or date.max, "whole")
    length = LENGTH_IN_MONTHS[kind]
    index = (day.month - 1) // length
    start = date(day.year, index * length + 1, 1)
    end = _first_of_next(start, length) - timedelta(days=1)
    label = {"month": f"{day.year}-{day.month:02d}", "quarter": f"{day.year}-Q{index + 1}", "year": f"{day.year}"}[kind]
    return Period(max(start, first or start), min(end, last or end), label)


def period_after(period: Period, kind: str) -> Period:
    """The period of the same kind behind ``period``.

    >>> period_after(period_of(date(2026, 11, 21), "quarter"), "quarter").label
    '2027-Q1'
    """
    return period_of(period.end + timedelta(days=1), kind)


def _first_of_next(start: date, months: int) -> date:
    year, month = divmod(start.month - 1 + months, 12)
    return date(start.year + year, month + 1, 1)
