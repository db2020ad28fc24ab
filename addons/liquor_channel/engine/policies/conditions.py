"""Conditions that must hold before anything of a period is owed (mix and multi-condition policies)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ..common.money import ZERO

HUNDRED = Decimal(100)
KINDS = ("minimum", "first_order", "each_part", "list_share", "target_rate", "check")


@dataclass(frozen=True, slots=True)
class Base:
    """What one party has done in a period so far.

    ``measure`` is what tiers are read with, ``paid_on`` what rates are applied to (None: the same). ``baseline`` is
    the measure to grow over and ``baseline_paid_on`` what was paid on then; ``target`` is the agreement's, in the
    measure. ``first`` is the first order's measure, ``parts`` the measure of each part of the period (quarters of a
    year), ``lists`` the measure inside the product list of a condition by its key, ``checks`` the names of checks
    that people passed. ``ended`` tells whether the period is over.
    """

    measure: Decimal
    paid_on: Decimal | None = None
    baseline: Decimal | None = None
    baseline_paid_on: Decimal | None = None
    target: Decimal | None = None
    first: Decimal | None = None
    parts: Sequence[Decimal] = ()
    lists: Mapping[int, Decimal] = field(default_factory=dict)
    checks: frozenset[str] = frozenset()
    ended: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; ``value`` is a measure or a percentage by its kind.

    ``minimum`` the whole period, ``first_order`` its first order, ``each_part`` every part in percent of the whole
    (or of the target), ``list_share`` a product list in percent of the whole, ``target_rate`` percent of the target
    that is reached, ``check`` a named check that people passed.
    """

    key: int
    kind: str
    value: Decimal = ZERO
    of_target: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """How a condition stands: ``found`` against ``condition.value``; None when it cannot be judged yet."""

    condition: Condition
    found: Decimal | None
    holds: bool


def judge(condition: Condition, base: Base) -> Finding:
    """Judge one condition. Parts of a period are judged at its end only.

    >>> quarters = (Decimal(300), Decimal(250), Decimal(190), Decimal(260))
    >>> judge(Condition(1, "each_part", Decimal(20)), Base(Decimal(1000), parts=quarters))
    Finding(condition=Condition(key=1, kind='each_part', value=Decimal('20'), of_target=False, name=''), \
found=Decimal('19'), holds=False)
    >>> judge(Condition(1, "minimum", Decimal(500)), Base(Decimal(500))).holds
    True
    """
    if condition.kind == "check":
        return Finding(condition, None, condition.name in base.checks)
    found = _FOUND[condition.kind](condition, base)
    return Finding(condition, found, found is not None and found >= condition.value)


def judge_all(conditions: Sequence[Condition], base: Base) -> tuple[Finding, ...]:
    """All conditions in their order; nothing is owed unless each holds."""
    return tuple(judge(condition, base) for condition in conditions)


def _each_part(condition: Condition, base: Base) -> Decimal | None:
    whole = base.target if condition.of_target else base.measure
    if not base.ended or not base.parts or not whole or whole <= 0:
        return None
    return min(base.parts) * HUNDRED / whole


def _list_share(condition: Condition, base: Base) -> Decimal | None:
    if base.measure <= 0:
        return None
    return base.lists.get(condition.key, ZERO) * HUNDRED / base.measure


def _target_rate(_condition: Condition, base: Base) -> Decimal | None:
    return base.measure * HUNDRED / base.target if base.target and base.target > 0 else None


_FOUND = {
    "minimum": lambda _condition, base: base.measure,
    "first_order": lambda _condition, base: base.first,
    "each_part": _each_part,
    "list_share": _list_share,
    "target_rate": _target_rate,
}
