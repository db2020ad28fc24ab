"""Days and periods of a company, in the company's own time zone (design.md 3.8).

Moments are naive datetimes in UTC, as the ORM gives them. The time zone is the one of the company's
partner, Asia/Shanghai where none is set; the caller's time zone never matters.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import fields

DEFAULT_ZONE = "Asia/Shanghai"


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(DEFAULT_ZONE)


def company_zone(company) -> ZoneInfo:
    """Return the time zone of one ``res.company``."""
    return _zone(company.sudo().partner_id.tz or DEFAULT_ZONE)


def zone_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day of a naive UTC ``moment`` in ``zone``.

    >>> zone_day(datetime(2026, 1, 31, 16, 0), ZoneInfo("Asia/Shanghai"))
    datetime.date(2026, 2, 1)
    >>> zone_day(datetime(2026, 1, 31, 15, 59, 59), ZoneInfo("Asia/Shanghai"))
    datetime.date(2026, 1, 31)
    """
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def business_day(company, moment: datetime) -> date:
    """Return the company's day of ``moment`` (naive UTC)."""
    return zone_day(moment, company_zone(company))


def today(company) -> date:
    """Return the company's day now."""
    return business_day(company, fields.Datetime.now())


def day_start(company, day: date) -> datetime:
    """Return the first moment (naive UTC) of the company's ``day``."""
    start = datetime.combine(day, time.min, tzinfo=company_zone(company))
    return start.astimezone(UTC).replace(tzinfo=None)


def day_bounds(company, first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """Return ``(from, to)`` in naive UTC for the days ``first`` to ``last``; ``to`` is exclusive."""
    return day_start(company, first), day_start(company, (last or first) + timedelta(days=1))


def period_of(day: date) -> str:
    """Return the accounting month of a day.

    >>> period_of(date(2026, 2, 28))
    '2026-02'
    """
    return f"{day:%Y-%m}"
