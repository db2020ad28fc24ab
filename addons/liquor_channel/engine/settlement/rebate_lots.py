"""Lots of a rebate account: what was credited when, until when it can be used, and what of it is left (trade.md R2).

A lot is one credit. What is used takes the oldest lots first (FIFO by the order of the ledger). What an order gives
back returns to the lots it came from. Amounts are Decimals in the account's currency; days are business days of the
company. ``expires_on`` is the last day on which a lot can be used; None = it never expires.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of the account, positive = credited.

    ``lot`` names the lot that a negative movement is about (an expiry, a reversed settlement): it is taken first.
    ``group`` is the order that uses money and may give it back (``gives_back``); then ``expires_on`` is the day until
    which money that comes back late can be used at least.
    """

    key: int
    amount: Decimal
    day: date
    expires_on: date | None = None
    lot: int | None = None
    group: str = ""
    gives_back: bool = False


@dataclass(slots=True)
class Lot:
    """One credit and what is left of it."""

    key: int
    day: date
    credited: Decimal
    open: Decimal
    expires_on: date | None = None

    def is_over(self, day: date) -> bool:
        """Tell whether its last day lies before ``day``."""
        return self.expires_on is not None and self.expires_on < day


def last_day(credited: date, months: int) -> date | None:
    """Return the last day on which money credited on a day can be used; None where it never expires.

    >>> last_day(date(2026, 3, 31), 6), last_day(date(2026, 8, 31), 6), last_day(date(2026, 3, 31), 0)
    (datetime.date(2026, 9, 30), datetime.date(2027, 2, 28), None)

    :raises ValueError: for negative months
    """
    if months < 0:
        raise ValueError("months to expiry are not negative")
    if not months:
        return None
    year, month = divmod(credited.year * 12 + credited.month - 1 + months, 12)
    return date(year, month + 1, min(credited.day, monthrange(year, month + 1)[1]))


def replay(movements: Iterable[Movement]) -> list[Lot]:
    """Return all lots, the oldest first, after movements in the order of the ledger.

    100.00 of March and 50.00 of April; 120.00 are used, so that 30.00 of April are left:

    >>> march = Movement(1, Decimal(100), date(2026, 3, 1), date(2026, 9, 1))
    >>> april = Movement(2, Decimal(50), date(2026, 4, 1), date(2026, 10, 1))
    >>> used = Movement(3, Decimal(-120), date(2026, 4, 2), group="order/7")
    >>> [(lot.key, str(lot.open)) for lot in replay([march, april, used])]
    [(1, '0'), (2, '30')]

    The order is cancelled: each lot has its money again.

    >>> back = Movement(4, Decimal(120), date(2026, 4, 9), group="order/7", gives_back=True)
    >>> [(lot.key, str(lot.open)) for lot in replay([march, april, used, back])]
    [(1, '100'), (2, '50')]

    :raises ValueError: a movement takes more than there is
    """
    lots: dict[int, Lot] = {}
    taken: dict[str, list[list]] = {}  # group -> [[lot, amount not given back], …] in the order it was taken
    for movement in movements:
        if movement.amount < 0:
            parts = _take(lots, movement)
            taken.setdefault(movement.group, []).extend(parts if movement.group else ())
        elif movement.gives_back:
            _give_back(lots, movement, taken.get(movement.group, []))
        else:
            _credit(lots, movement, movement.amount)
    return list(lots.values())


def _credit(lots, movement, amount):
    lots[movement.key] = Lot(movement.key, movement.day, amount, amount, movement.expires_on)


def _take(lots, movement):
    """Take from the named lot first, then from the oldest; return [[lot, amount], …]."""
    wanted, parts = -movement.amount, []
    named = [lots[movement.lot]] if movement.lot in lots else []
    for lot in [*named, *lots.values()]:
        part = min(wanted, lot.open)
        if part > 0:
            lot.open -= part
            wanted -= part
            parts.append([lot, part])
    if wanted > 0:
        raise ValueError(f"movement {movement.key} takes {wanted} more than there is")
    return parts


def _give_back(lots, movement, parts):
    """Return money to the lots it came from, what was taken last first; what came from nowhere is a new lot."""
    left = movement.amount
    for part in reversed(parts):
        lot, amount = part
        back = min(left, amount)
        if back > 0:
            lot.open += back
            part[1] -= back
            left -= back
            if lot.expires_on and movement.expires_on:
                lot.expires_on = max(lot.expires_on, movement.expires_on)
    if left > 0:
        _credit(lots, movement, left)


def over(lots: Iterable[Lot], day: date) -> list[Lot]:
    """Return the lots with something left whose last day lies before ``day``."""
    return [lot for lot in lots if lot.open > 0 and lot.is_over(day)]


def soon_over(lots: Iterable[Lot], day: date, notice_days: int) -> list[Lot]:
    """Return the lots with something left whose last day is ``day`` or one of the ``notice_days`` after it.

    >>> lot = Lot(1, date(2026, 3, 1), Decimal(100), Decimal(40), date(2026, 9, 1))
    >>> len(soon_over([lot], date(2026, 8, 1), 30)), len(soon_over([lot], date(2026, 8, 2), 30))
    (0, 1)
    """
    latest = day + timedelta(days=notice_days)
    return [lot for lot in lots if lot.open > 0 and lot.expires_on and day <= lot.expires_on <= latest]
