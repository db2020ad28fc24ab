"""Tiered policies: what a cumulative base is worth.

A tier is half-open, ``[lower, upper)``: a base exactly on a threshold belongs to the higher tier. Two methods:

- ``retrospective``: the attained tier's rate counts for the whole base (SAP, 3 % / 4 % from 500,000);
- ``progressive``: each tier's rate counts for the part of the base that lies in it.

What a rate means: ``percent`` of the base amount, ``per_unit`` of the base quantity, ``fixed`` a lump for reaching
the tier, ``goods`` units of goods (owed.py counts full blocks). The result of the whole cumulative base is what was
ever owed; what is booked now is the difference (``delta``), so returns, late data and a drop of the tier are just
another computation (spec Acc-1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from ..common.money import ZERO, quantize

HUNDRED = Decimal(100)
METHODS = ("progressive", "retrospective")
RATES = ("percent", "per_unit", "fixed", "goods")


@dataclass(frozen=True, slots=True)
class Tier:
    """One rung: from ``lower`` (included) to ``upper`` (excluded, None = no end) at ``rate``."""

    lower: Decimal
    upper: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """What one tier gave: the part of the base it covers and its unrounded amount."""

    tier: Tier
    part: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Result:
    """Rounded value of a base, the tiers that gave it and whether the cap cut it."""

    amount: Decimal
    steps: tuple[Step, ...]
    capped: bool = False


class TierError(ValueError):
    """A tier table that cannot be computed; ``code`` names the fault, ``row`` the 1-based tier it is found at."""

    def __init__(self, code: str, row: int, **values: Decimal) -> None:
        super().__init__(f"{code} at tier {row}")
        self.code, self.row, self.values = code, row, values


def check(tiers: Sequence[Tier]) -> None:
    """Refuse a table with a gap, an overlap, a wrong order or a closed end.

    Raises TierError with one of the codes ``empty``, ``negative``, ``order``, ``gap``, ``overlap``, ``closed``.

    >>> check([Tier(Decimal(0), Decimal(100), Decimal(1)), Tier(Decimal(101), None, Decimal(2))])
    Traceback (most recent call last):
    ...
    odoo.addons.liquor_channel.engine.policies.tiers.TierError: gap at tier 2
    """
    if not tiers:
        raise TierError("empty", 0)
    if tiers[0].lower < 0:
        raise TierError("negative", 1)
    for row, tier in enumerate(tiers, 1):
        _check_bounds(tier, row, last=row == len(tiers))
    for row, (before, after) in enumerate(pairwise(tiers), 2):
        _check_seam(before, after, row)


def _check_bounds(tier: Tier, row: int, last: bool) -> None:
    if tier.rate < 0:
        raise TierError("negative", row)
    if tier.upper is not None and tier.upper <= tier.lower:
        raise TierError("order", row)
    if last and tier.upper is not None:
        raise TierError("closed", row, upper=tier.upper)


def _check_seam(before: Tier, after: Tier, row: int) -> None:
    if before.upper is None or after.lower < before.upper:
        raise TierError("overlap", row, lower=after.lower, upper=before.upper or before.lower)
    if after.lower > before.upper:
        raise TierError("gap", row, lower=after.lower, upper=before.upper)


def attained(tiers: Sequence[Tier], measure: Decimal) -> Tier | None:
    """The tier that contains ``measure``; None below the first one.

    >>> table = [Tier(Decimal(5000), Decimal(20000), Decimal(2)), Tier(Decimal(20000), None, Decimal(4))]
    >>> attained(table, Decimal("4999.99")) is None, attained(table, Decimal(20000)).rate
    (True, Decimal('4'))
    """
    for tier in tiers:
        if tier.lower <= measure and (tier.upper is None or measure < tier.upper):
            return tier
    return None


def missing_to_next(tiers: Sequence[Tier], measure: Decimal) -> tuple[Decimal, Tier] | None:
    """How much base is missing to the next tier, and that tier; None in the last one.

    >>> table = [Tier(Decimal(0), Decimal(500), Decimal(3)), Tier(Decimal(500), None, Decimal(4))]
    >>> missing_to_next(table, Decimal(380))[0]
    Decimal('120')
    """
    higher = [tier for tier in tiers if tier.lower > measure]
    return (higher[0].lower - measure, higher[0]) if higher else None


def evaluate(
    tiers: Sequence[Tier],
    method: str,
    rate_kind: str,
    measure: Decimal,
    paid_on: Decimal | None = None,
    cap: Decimal | None = None,
    digits: int = 2,
) -> Result:
    """Value of a cumulative base.

    :param measure: what the tiers are read with (bottles, cases or an amount)
    :param paid_on: what the rate is applied to where it differs from the measure, e.g. tiers in cases that pay a
        percentage of the amount; retrospective only, because an amount has no place between two case thresholds
    :param cap: most that the whole base may give; None = none
    :return: rounded once, for the whole base: one line and 100,000 lines of the same total give the same

    >>> table = [Tier(Decimal(0), Decimal(100), Decimal(10)), Tier(Decimal(100), Decimal(300), Decimal(20)),
    ...          Tier(Decimal(300), None, Decimal(30))]
    >>> evaluate(table, "progressive", "percent", Decimal(3800)).amount  # 10 + 40 + 1,050
    Decimal('1100.00')
    >>> evaluate(table, "retrospective", "percent", Decimal(3800)).amount  # 30 % of 3,800
    Decimal('1140.00')
    """
    if method == "progressive" and paid_on is not None and paid_on != measure:
        raise ValueError("a progressive table pays on what it is measured in")
    found = steps(tiers, method, rate_kind, measure, measure if paid_on is None else paid_on)
    amount = quantize(sum((step.amount for step in found), ZERO), digits)
    if cap is not None and amount > cap:
        return Result(quantize(cap, digits), found, capped=True)
    return Result(amount, found)


def steps(tiers: Sequence[Tier], method: str, rate_kind: str, measure: Decimal, paid_on: Decimal) -> tuple[Step, ...]:
    """Which tiers give what, unrounded; a progressive table pays on the measure and does not look at ``paid_on``."""
    if method == "progressive":
        return _progressive(tiers, rate_kind, measure)
    return _retrospective(tiers, rate_kind, measure, paid_on)


def _progressive(tiers: Sequence[Tier], rate_kind: str, measure: Decimal) -> tuple[Step, ...]:
    steps = []
    for tier in tiers:
        if measure < tier.lower or measure <= 0:
            break
        upper = measure if tier.upper is None else min(measure, tier.upper)
        part = upper - tier.lower
        steps.append(Step(tier, part, _value(rate_kind, tier.rate, part)))
    return tuple(steps)


def _retrospective(tiers: Sequence[Tier], rate_kind: str, measure: Decimal, paid_on: Decimal) -> tuple[Step, ...]:
    tier = attained(tiers, measure)
    if tier is None or measure <= 0:
        return ()
    return (Step(tier, paid_on, _value(rate_kind, tier.rate, max(paid_on, ZERO))),)


def _value(rate_kind: str, rate: Decimal, part: Decimal) -> Decimal:
    if rate_kind == "percent":
        return part * rate / HUNDRED
    return part * rate if rate_kind == "per_unit" else rate


def delta(owed: Decimal, booked: Decimal) -> Decimal:
    """What is still to be booked so that the ledger says what is owed; negative after a return.

    >>> delta(Decimal("1080.00"), Decimal("140.00"))  # published by SAP: final 27,000 at 4 %, 140 paid before
    Decimal('940.00')
    """
    return owed - booked
