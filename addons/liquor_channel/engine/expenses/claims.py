"""Expense claims (费用核销): what is allowed, until when, how old, and what was executed and is not claimed (R1).

Amounts are Decimal in the company's currency; days are business days of the company.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

ZERO = Decimal(0)


class ClaimError(ValueError):
    """The figures of a claim do not fit; ``code`` is negative | cut_above_asked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Checked:
    """What is allowed of a claim, and what is cut because more was asked than approved."""

    allowed: Decimal
    above_approved: Decimal


def check(asked: Decimal, approved: Decimal, cuts: Iterable[Decimal]) -> Checked:
    """Return what is allowed: asked less the cuts, never more than was approved (申报额 - 核减额 = 核定额).

    12,000.00 asked of 10,000.00 approved, 500.00 cut for missing photos:

    >>> check(Decimal(12000), Decimal(10000), [Decimal(500)])
    Checked(allowed=Decimal('10000'), above_approved=Decimal('1500'))
    >>> check(Decimal(8000), Decimal(10000), [Decimal(500)])
    Checked(allowed=Decimal('7500'), above_approved=Decimal('0'))

    :raises ClaimError: a negative figure, or more cut than asked
    """
    cuts = list(cuts)
    if min(asked, approved, *cuts) < 0:
        raise ClaimError("negative")
    left = asked - sum(cuts, ZERO)
    if left < 0:
        raise ClaimError("cut_above_asked")
    return Checked(min(left, approved), max(left - approved, ZERO))


def deadline(end: date, days: int) -> date:
    """Return the last day on which what ended on ``end`` may be claimed.

    >>> deadline(date(2026, 3, 31), 45)
    datetime.date(2026, 5, 15)
    """
    return end + timedelta(days=days)


def ages(waiting: Sequence[int]) -> tuple[float, int]:
    """Return median and oldest of ages in days; (0, 0) where nothing waits.

    >>> ages([3, 40, 11, 700])
    (25.5, 700)
    """
    return (float(median(waiting)), max(waiting)) if waiting else (0.0, 0)


@dataclass(frozen=True, slots=True)
class Execution:
    """An approved expense: when it ended, how many proofs stand (not rejected), whether it is still unchecked."""

    id: int
    end: date
    approved: Decimal
    proofs: int
    open: bool
    booked: Decimal = ZERO


def unclaimed(execution: Execution, closed: date) -> Decimal:
    """Return what stands accrued for one expense after the month that ends on ``closed``.

    What is executed (ended, and proven by at least one photo that was not rejected) and not checked is owed by
    estimate: the approved amount. Anything else is not.

    >>> march = Execution(1, date(2026, 3, 20), Decimal(5000), proofs=2, open=True)
    >>> unclaimed(march, date(2026, 3, 31)), unclaimed(march, date(2026, 2, 28))
    (Decimal('5000'), Decimal('0'))
    """
    executed = execution.open and execution.proofs > 0 and execution.end <= closed
    return execution.approved if executed else ZERO


def deltas(executions: Iterable[Execution], closed: date) -> dict[int, Decimal]:
    """Return what is to be booked for each expense so that its accrual is right: {id: signed amount}, no zeros.

    >>> checked = Execution(2, date(2026, 3, 20), Decimal(5000), proofs=2, open=False, booked=Decimal(5000))
    >>> deltas([checked], date(2026, 4, 30))
    {2: Decimal('-5000')}
    """
    found = {one.id: unclaimed(one, closed) - one.booked for one in executions}
    return {key: amount for key, amount in found.items() if amount}


@dataclass(frozen=True, slots=True)
class GoodsOwed:
    """Bottles at a price, and what is left because no whole bottle fits (it goes into the rebate account)."""

    bottles: int
    value: Decimal
    rest: Decimal


def in_goods(amount: Decimal, price: Decimal) -> GoodsOwed:
    """Return how many bottles an amount is at the price of the decision day (货补, trade.md R4).

    >>> in_goods(Decimal("1000.00"), Decimal("299.00"))
    GoodsOwed(bottles=3, value=Decimal('897.00'), rest=Decimal('103.00'))

    :raises ClaimError: no price, or a negative amount
    """
    if price <= 0 or amount < 0:
        raise ClaimError("negative")
    bottles = int(amount // price)
    return GoodsOwed(bottles, bottles * price, amount - bottles * price)
