"""What the 15-minute script of README plays with: one new product, its goods on their way, and what they must pay.

The figures follow from the policies named here and not from the day the world is built; README states them and
``tests/browser/test_readme_script.py`` walks them.
"""

from datetime import date, timedelta
from decimal import Decimal

from .calendar import Calendar
from .catalog import Item
from .flow import CASES_PER_PALLET, Lot, Run

ITEM = Item("YQ-XN", "云泉·新酿", 52, "浓香", 500, 6, 200, 248, 288, 358, 240, 1)
LOT = "2611N"
DISTRIBUTOR_CITY, FOREIGN_CITY = "4101", "4103"

# Policies that pay for the new product: per case received, per bottle opened, per bottle to the member.
RECEIPT_PER_CASE, OPENING_PER_BOTTLE, CASH_BACK = Decimal("8.00"), Decimal("3.00"), Decimal("18.88")
DELIVERY_PER_CASE = Decimal("20.00")
DISTRIBUTOR_SHARE = Decimal("0.30")

SHIPPED, FOREIGN, FIRST_DUE, DUE = 0, 1, 2, 4
PALLETS = FIRST_DUE + DUE
# Of the first pallet: what the shop that logs in has, what another shop has, what is on its way to the first.
RECEIVED, NEIGHBOUR, ON_THE_WAY = Run(0, 0, 6), Run(0, 6, 4), Run(0, 10, 30)


def lot(calendar: Calendar) -> Lot:
    """Return the lot of the new product; none of it is left for anybody else."""
    bottled = calendar.first - timedelta(days=20)
    return Lot(ITEM, LOT, bottled, PALLETS, next_case=PALLETS * CASES_PER_PALLET)


def pallet(position: int, number: int) -> Run:
    """Return a whole pallet of the lot that stands at ``position`` in the plan.

    >>> pallet(12, 1)
    Run(lot=12, first=60, count=60)
    """
    return Run(position, number * CASES_PER_PALLET, CASES_PER_PALLET)


def day_of_receipt(calendar: Calendar) -> date:
    """Return yesterday, or the day before where yesterday began a month: its rebates are booked that morning.

    >>> from datetime import datetime
    >>> day_of_receipt(Calendar.ending(datetime(2026, 11, 22, 6, 0))).isoformat()
    '2026-11-21'
    >>> day_of_receipt(Calendar.ending(datetime(2026, 12, 2, 6, 0))).isoformat()
    '2026-11-30'
    """
    day = calendar.today - timedelta(days=1)
    return day - timedelta(days=1) if day.day == 1 else day
