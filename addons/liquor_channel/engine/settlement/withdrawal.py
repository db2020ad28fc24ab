"""Which earnings a withdrawal takes: the oldest first, whole ones only, never more than was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Available:
    """One earning that may be paid; a negative one was taken back and is netted first (channel.md Acc-2 #11)."""

    id: int
    amount: Decimal


@dataclass(slots=True)
class Plan:
    """What a withdrawal takes: earnings and their sum."""

    ids: list[int] = field(default_factory=list)
    amount: Decimal = ZERO


def plan(available: Sequence[Available], asked: Decimal) -> Plan:
    """Return the earnings for a withdrawal of at most ``asked``; ``available`` comes oldest first.

    What was taken back is always netted. An earning is paid whole, so the sum may stay below what was asked for.

    >>> rows = [Available(1, Decimal(200)), Available(2, Decimal(-150)), Available(3, Decimal(15))]
    >>> chosen = plan(rows, Decimal(60))
    >>> chosen.ids, str(chosen.amount)
    ([2, 1], '50')
    """
    debts = [row for row in available if row.amount < 0]
    chosen = Plan([row.id for row in debts], sum((row.amount for row in debts), ZERO))
    for row in available:
        if row.amount > 0 and chosen.amount + row.amount <= asked:
            chosen.ids.append(row.id)
            chosen.amount += row.amount
    if chosen.amount <= 0:
        return Plan()
    return chosen


def weekly(available: Sequence[Available], minimum: Decimal, left: Decimal) -> tuple[Plan, str]:
    """Return what the weekly withdrawal takes, and what to say: asked | too_little | day_cap (trade.md R8).

    Everything that can be had, at most what is ``left`` of the day's cap, nothing below the ``minimum``.

    >>> rows = [Available(1, Decimal(30)), Available(2, Decimal(20))]
    >>> [(plan.ids, word) for plan, word in (
    ...     weekly(rows, Decimal(10), Decimal(5000)), weekly(rows, Decimal(60), Decimal(5000)),
    ...     weekly(rows, Decimal(10), Decimal(25)), weekly(rows, Decimal(10), Decimal(5)))]
    [([1, 2], 'asked'), ([], 'too_little'), ([2], 'asked'), ([], 'day_cap')]
    """
    everything = plan(available, sum((row.amount for row in available), ZERO))
    if everything.amount <= 0 or everything.amount < minimum:
        return Plan(), "too_little"
    chosen = plan(available, left)
    if chosen.amount <= 0 or chosen.amount < minimum:
        return Plan(), "day_cap"
    return chosen, "asked"
