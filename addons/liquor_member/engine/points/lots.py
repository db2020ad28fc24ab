"""Points as lots: the earliest expiry is spent first, a cancelled spending returns to its lots, debt is a balance.

An entry's *open* part is ``points + allocations made by it - allocations made on it``: a lot's open part is what is
left of it (never below 0), a spending's open part is what no lot has paid yet, the debt (never above 0).
Shape of odoo/odoo PR 206048; spec M40, M41; design 5.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

MAX_POINTS = 1_000_000_000  # an int4 holds twice as much: a balance of two largest entries still fits


@dataclass(frozen=True)
class Allocation:
    """``points`` of ``lot`` go to the entry ``entry``; negative points go back to the lot."""

    entry: int
    lot: int
    points: int


@dataclass
class Lot:
    """Open part of an earning: usable from ``available_on`` to ``expires_on``, both days included."""

    entry: int
    left: int
    available_on: date
    expires_on: date | None = None

    @property
    def urgency(self) -> tuple[date, int]:
        """What is spent first: the earliest expiry, then the oldest."""
        return (self.expires_on or date.max, self.entry)

    def usable(self, day: date) -> bool:
        """Neither on hold nor expired on that day."""
        return self.left > 0 and self.available_on <= day and not self.expired(day)

    def expired(self, day: date) -> bool:
        """The last day of validity lies before that day."""
        return self.expires_on is not None and self.expires_on < day


class NotEnough(ValueError):
    """More points asked for than there are; ``missing`` says how many."""

    def __init__(self, missing: int):
        super().__init__(f"{missing} points missing")
        self.missing = missing


@dataclass
class Wallet:
    """The points of one member on one day, and what each movement does to them.

    >>> wallet = Wallet(date(2026, 3, 1))
    >>> wallet.earn(1, 100, date(2026, 3, 1), date(2026, 12, 31))
    []
    >>> wallet.earn(2, 50, date(2026, 3, 1), date(2026, 6, 30))
    []
    >>> wallet.spend(3, 80)     # 50 that expire in June, then 30 that expire in December
    [Allocation(entry=3, lot=2, points=50), Allocation(entry=3, lot=1, points=30)]
    >>> wallet.give_back(4, 40, {2: 50, 1: 30}, [3])     # as if only 40 had been spent
    [Allocation(entry=4, lot=1, points=-30), Allocation(entry=4, lot=2, points=-10)]
    >>> wallet.spendable, wallet.pending, wallet.debt
    (110, 0, 0)
    """

    day: date
    lots: dict[int, Lot] = field(default_factory=dict)
    debts: dict[int, int] = field(default_factory=dict)

    @property
    def available(self) -> int:
        """Points that could be spent today if there were no debt."""
        return sum(lot.left for lot in self.lots.values() if lot.usable(self.day))

    @property
    def pending(self) -> int:
        """Points on hold (待生效)."""
        return sum(lot.left for lot in self.lots.values() if lot.available_on > self.day)

    @property
    def debt(self) -> int:
        """Points taken back that had been spent already."""
        return sum(self.debts.values())

    @property
    def spendable(self) -> int:
        """What the card shows: available lots less debt, never below zero."""
        return max(0, self.available - self.debt)

    def earn(self, entry: int, points: int, available_on: date, expires_on: date | None) -> list[Allocation]:
        """A new lot; what is usable at once pays open debt first."""
        if points <= 0:
            raise ValueError("an earning has to be positive")
        self.lots[entry] = Lot(entry, points, available_on, expires_on)
        return self.settle_debt()

    def spend(self, entry: int, points: int) -> list[Allocation]:
        """Take usable lots, earliest expiry first; raises ``NotEnough`` and changes nothing when they do not reach."""
        if points <= 0:
            raise ValueError("a spending has to be positive")
        if points > self.spendable:
            raise NotEnough(points - self.spendable)
        return self._take(entry, points, self._usable())

    def give_back(self, entry: int, points: int, taken: dict[int, int], spendings: Iterable[int]) -> list[Allocation]:
        """Return points to the lots they came from, the last taken first; a debt of the same cause is lifted before.

        ``taken`` is what the cause still holds of each lot (all of them in ``lots``, also when nothing is left of
        them), ``spendings`` are the entries of the cause. Lots keep their
        expiry: what has expired meanwhile expires again at the next run. Raises ``NotEnough`` beyond what was taken.
        """
        open_debt = sum(self.debts.get(spending, 0) for spending in spendings)
        if points <= 0 or points > open_debt + sum(taken.values()):
            raise NotEnough(points - open_debt - sum(taken.values()))
        made = self._lift_debt(entry, points, spendings)
        left = points - sum(allocation.points for allocation in made)
        for lot in sorted(taken, key=lambda key: self.lots[key].urgency, reverse=True):
            part = min(left, taken[lot])
            if part:
                self.lots[lot].left += part
                left -= part
                made.append(Allocation(entry, lot, -part))
        return made + self.settle_debt()

    def claw_back(self, entry: int, points: int, own: int) -> list[Allocation]:
        """Take back what lot ``own`` had given: from itself, then from the others, what is missing becomes debt."""
        if points <= 0:
            raise ValueError("a claw-back has to be positive")
        first = [self.lots[own]] if own in self.lots else []
        made = self._take(entry, points, first + [lot for lot in self._usable() if lot.entry != own])
        missing = points - sum(allocation.points for allocation in made)
        if missing:
            self.debts[entry] = missing
        return made

    def expire(self, entry: int, lot: int) -> list[Allocation]:
        """Close an expired lot with an entry of the size of what is left."""
        return self._take(entry, self.lots[lot].left, [self.lots[lot]])

    def expired(self) -> list[Lot]:
        """Lots with something left whose last day has passed."""
        return [lot for lot in self.lots.values() if lot.left > 0 and lot.expired(self.day)]

    def settle_debt(self) -> list[Allocation]:
        """Pay open debts, the oldest first, from usable lots."""
        made: list[Allocation] = []
        for entry in sorted(self.debts):
            paid = self._take(entry, self.debts[entry], self._usable())
            self.debts[entry] -= sum(allocation.points for allocation in paid)
            made += paid
        self.debts = {entry: debt for entry, debt in self.debts.items() if debt}
        return made

    def _lift_debt(self, entry: int, points: int, spendings: Iterable[int]) -> list[Allocation]:
        made = []
        left = points
        for spending in sorted(spendings):
            part = min(left, self.debts.get(spending, 0))
            if part:
                self.debts[spending] -= part
                left -= part
                made.append(Allocation(spending, entry, part))
        self.debts = {key: debt for key, debt in self.debts.items() if debt}
        return made

    def _usable(self) -> list[Lot]:
        return sorted((lot for lot in self.lots.values() if lot.usable(self.day)), key=lambda lot: lot.urgency)

    @staticmethod
    def _take(entry: int, points: int, lots: Iterable[Lot]) -> list[Allocation]:
        made = []
        for lot in lots:
            part = min(points, lot.left)
            if part > 0:
                lot.left -= part
                points -= part
                made.append(Allocation(entry, lot.entry, part))
        return made


def expiry_day(earned: date, months: int) -> date | None:
    """Last day of validity: the end of the month ``months`` after the earning (Q8); None: points do not expire.

    >>> expiry_day(date(2026, 1, 31), 1), expiry_day(date(2026, 11, 3), 24), expiry_day(date(2026, 1, 1), 0)
    (datetime.date(2026, 2, 28), datetime.date(2028, 11, 30), None)
    """
    if not months:
        return None
    years, month = divmod(earned.month - 1 + months, 12)
    year = earned.year + years
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def next_expiry(lots: Iterable[Lot], day: date) -> tuple[date, int] | None:
    """The next day on which points expire and how many, for "x 分将于 … 到期".

    >>> next_expiry([Lot(1, 5, date(2026, 1, 1), date(2026, 6, 30)), Lot(2, 7, date(2026, 1, 1))], date(2026, 3, 1))
    (datetime.date(2026, 6, 30), 5)
    """
    ending = [lot for lot in lots if lot.usable(day) and lot.expires_on]
    if not ending:
        return None
    first = min(lot.expires_on for lot in ending)
    return first, sum(lot.left for lot in ending if lot.expires_on == first)
