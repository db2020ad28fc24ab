"""Percentages on top: good performance, a region under attack, a new market, star products (C14-C16, C62)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..common.money import ZERO
from .eligibility import NOTHING

KINDS = ("performance", "under_attack", "new_market", "star_product")


@dataclass(frozen=True, slots=True)
class Uplift:
    """One percentage and when it holds.

    ``performance``: the frozen figure of the period before is at least ``value``. ``under_attack``: the place has
    that status on the day. ``new_market``: the party started less than ``months`` months ago, or it is one of its
    first ``orders`` orders. ``star_product``: the product is on the list. ``first`` and ``last`` bound it by days.
    """

    key: int
    kind: str
    percent: Decimal
    value: Decimal = ZERO
    months: int = 0
    orders: int = 0
    first: date | None = None
    last: date | None = None
    products: frozenset[int] = NOTHING
    categories: frozenset[int] = NOTHING
    territories: frozenset[int] = NOTHING


@dataclass(frozen=True, slots=True)
class Situation:
    """What uplifts look at: a fact, or a party at the end of a period (then without product)."""

    day: date
    product: int | None = None
    categories: frozenset[int] = NOTHING
    territories: frozenset[int] = NOTHING
    attacked: bool = False
    started: date | None = None
    nth_order: int | None = None
    performance: Decimal | None = None


def holding(uplifts: Iterable[Uplift], situation: Situation) -> tuple[Uplift, ...]:
    """Those that hold, by key. Their percentages are added, then applied once: no order matters.

    >>> star = Uplift(1, "star_product", Decimal(50), products=frozenset({7}))
    >>> new = Uplift(2, "new_market", Decimal(20), months=3)
    >>> at = Situation(date(2026, 3, 10), product=7, started=date(2026, 1, 1))
    >>> [(one.key, one.percent) for one in holding([new, star], at)]
    [(1, Decimal('50')), (2, Decimal('20'))]
    """
    return tuple(sorted((one for one in uplifts if _holds(one, situation)), key=lambda one: one.key))


def percent_of(uplifts: Iterable[Uplift]) -> Decimal:
    """Sum of percentages."""
    return sum((uplift.percent for uplift in uplifts), ZERO)


def _holds(uplift: Uplift, at: Situation) -> bool:
    if (uplift.first and at.day < uplift.first) or (uplift.last and at.day > uplift.last):
        return False
    if uplift.territories and uplift.territories.isdisjoint(at.territories):
        return False
    return _KINDS[uplift.kind](uplift, at)


def _performs(uplift: Uplift, at: Situation) -> bool:
    return at.performance is not None and at.performance >= uplift.value


def _is_new(uplift: Uplift, at: Situation) -> bool:
    in_time = bool(uplift.months and at.started and at.day < add_months(at.started, uplift.months))
    return in_time or bool(uplift.orders and at.nth_order and at.nth_order <= uplift.orders)


def _is_star(uplift: Uplift, at: Situation) -> bool:
    return at.product in uplift.products or not uplift.categories.isdisjoint(at.categories)


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last day of a shorter month.

    >>> add_months(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(day)


_KINDS = {
    "performance": _performs,
    "under_attack": lambda _uplift, at: at.attacked,
    "new_market": _is_new,
    "star_product": _is_star,
}
