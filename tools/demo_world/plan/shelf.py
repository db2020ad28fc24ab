"""Goods that no order takes: what packing, sample checks, labels, counts and a closed recall are shown with.

One lot of whole pallets that stays in the warehouse; each room has pallets of its own.
"""

from datetime import timedelta

from .calendar import Calendar
from .catalog import REGIONAL
from .flow import CASES_PER_PALLET, Lot

ITEM = REGIONAL[3]
LOT = "2611P"
PACKED, PASSED, RELEASED, STOPPED, TO_CHECK, RELABELLED, COUNTED, PROPOSED, COUNTING, RECALLED = range(10)
PALLETS = 10


def lot(calendar: Calendar) -> Lot:
    """Return the lot; none of it is left for orders."""
    return Lot(ITEM, LOT, calendar.first - timedelta(days=10), PALLETS, next_case=PALLETS * CASES_PER_PALLET)


def cases(pallet: int) -> range:
    """Return the numbers of the cases that stand on a pallet.

    >>> cases(RELEASED)
    range(120, 180)
    """
    return range(pallet * CASES_PER_PALLET, (pallet + 1) * CASES_PER_PALLET)


def bottles(case: int) -> range:
    """Return the numbers of the bottles of a case.

    >>> bottles(2)
    range(12, 18)
    """
    return range(case * ITEM.case, (case + 1) * ITEM.case)
