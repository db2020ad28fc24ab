"""The recall under way: the first pallet of a lot, since yesterday night."""

from datetime import datetime, time, timedelta

from .calendar import Calendar, moment
from .flow import CASES_PER_PALLET, Lot

ITEM, LOT_NUMBER = "YQ-QC", 0


def begins(calendar: Calendar) -> datetime:
    """Return when it begins (UTC, naive): behind the last opening of yesterday, as nobody opens recalled bottles.

    >>> begins(Calendar.ending(datetime(2027, 1, 2, 4, 0)))
    datetime.datetime(2027, 1, 1, 13, 45)
    """
    return moment(calendar.today - timedelta(days=1), time(21, 45))


def position(lots: list[Lot]) -> int:
    """Return the place of the recalled lot in the plan."""
    return [number for number, lot in enumerate(lots) if lot.item.code == ITEM][LOT_NUMBER]


def bottles(lots: list[Lot]) -> range:
    """Return the recalled bottles of the lot, numbered from 0."""
    return range(CASES_PER_PALLET * lots[position(lots)].item.case)
