"""What a party is owed for a period under the terms of one policy version: the one function behind booking,
worked examples, simulation and re-rating."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from ..common.money import ZERO, quantize, split
from . import tiers
from .conditions import HUNDRED, Base, Condition, Finding, judge_all
from .tiers import Step, Tier

KINDS = ("tiered", "growth", "target", "fixed")


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a version for one party, its overlays and uplifts already put in.

    Tiers of ``growth`` are percent of growth over the baseline, those of ``target`` percent of the target. A
    ``fixed`` policy pays ``rate`` once a period. With ``rate_kind`` ``goods`` the result counts units of goods:
    ``rate`` units for each full ``block`` of the measure. ``uplift`` is percent on top; ``step`` the multiple that
    amounts are rounded to; what is below ``minimum`` is not paid; ``cap`` is the most that a period may give.
    """

    kind: str = "tiered"
    method: str = "retrospective"
    rate_kind: str = "percent"
    tiers: Sequence[Tier] = ()
    rate: Decimal = ZERO
    block: Decimal = Decimal(1)
    whole: bool = False
    conditions: Sequence[Condition] = ()
    uplift: Decimal = ZERO
    step: Decimal | None = None
    step_down: bool = False
    minimum: Decimal = ZERO
    cap: Decimal | None = None
    at_end: bool = False
    digits: int = 2

    def lifted(self, percent: Decimal) -> "Terms":
        """The same with percent more on top."""
        return replace(self, uplift=self.uplift + percent) if percent else self

    def without_conditions(self) -> "Terms":
        """The same as if every condition held and the period were over: for examples."""
        return replace(self, conditions=(), at_end=False)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a period is worth.

    ``why_nothing`` is None, ``nothing_done``, ``not_ended``, ``conditions``, ``no_baseline``, ``no_target`` or
    ``below_minimum``; ``reached`` is the growth or the completion in percent.
    """

    amount: Decimal
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    why_nothing: str | None = None
    capped: bool = False
    reached: Decimal | None = None
    before_uplift: Decimal = ZERO


def owed(terms: Terms, base: Base) -> Owed:
    """Value of what a party has done so far; what is booked already is not its business.

    >>> table = (Tier(Decimal(90), Decimal(100), Decimal(1)), Tier(Decimal(100), None, Decimal(2)))
    >>> terms = Terms("target", tiers=table)
    >>> owed(terms, Base(Decimal(1050000), target=Decimal(1000000))).amount  # 105 % of the target: 2 % of all
    Decimal('21000.00')
    >>> owed(terms, Base(Decimal(950000), target=Decimal(1000000))).amount  # 95 %: 1 %
    Decimal('9500.00')
    >>> growth = Terms("growth", tiers=(Tier(Decimal(10), None, Decimal(3)),))
    >>> owed(growth, Base(Decimal(600000), baseline=Decimal(500000))).amount  # 20 % growth: 3 % of 100,000
    Decimal('3000.00')
    """
    findings = judge_all(terms.conditions, base)
    zero, reached = quantize(ZERO, terms.digits), _reached(terms, base)
    refusal = _why_nothing(terms, base, findings)
    if refusal:
        return Owed(zero, findings=findings, why_nothing=refusal, reached=reached)
    steps = _steps(terms, base)
    plain = sum((step.amount for step in steps), ZERO)
    amount = round_to(plain * (HUNDRED + terms.uplift) / HUNDRED, terms.step, terms.step_down, terms.digits)
    if amount < terms.minimum:
        return Owed(zero, steps, findings, "below_minimum", reached=reached, before_uplift=plain)
    capped = terms.cap is not None and amount > terms.cap
    return Owed(quantize(terms.cap, terms.digits) if capped else amount, steps, findings, None, capped, reached, plain)


def round_to(amount: Decimal, step: Decimal | None, down: bool = False, digits: int = 2) -> Decimal:
    """Round to a multiple of ``step`` (half away from zero, or towards zero), else to the currency's digits.

    >>> round_to(Decimal("1234.50"), Decimal(1)), round_to(Decimal("1239.99"), Decimal(10), down=True)
    (Decimal('1235.00'), Decimal('1230.00'))
    """
    if not step:
        return quantize(amount, digits)
    steps = (abs(amount) / step).to_integral_value(rounding=ROUND_FLOOR if down else ROUND_HALF_UP)
    return quantize((steps if amount >= 0 else -steps) * step, digits)


def shared_cap(wanted: Mapping[Hashable, Decimal], cap: Decimal | None, digits: int = 2) -> dict[Hashable, Decimal]:
    """Cut what several parties are owed to a common cap, in proportion: nobody's turn decides.

    The parts sum to the cap; on a tie the smaller key takes the cent, so the order of ``wanted`` does not matter.

    >>> shared_cap({"a": Decimal(600), "b": Decimal(300)}, Decimal(600))
    {'a': Decimal('400.00'), 'b': Decimal('200.00')}
    """
    keys = sorted(wanted)
    if cap is None or sum(wanted.values(), ZERO) <= cap:
        return {key: wanted[key] for key in keys}
    return dict(zip(keys, split(cap, [wanted[key] for key in keys], digits), strict=True))


def _why_nothing(terms: Terms, base: Base, findings: Sequence[Finding]) -> str | None:
    if base.measure <= 0:
        return "nothing_done"
    if terms.at_end and not base.ended:
        return "not_ended"
    if terms.kind == "growth" and not (base.baseline and base.baseline > 0):
        return "no_baseline"
    if terms.kind == "target" and not (base.target and base.target > 0):
        return "no_target"
    return None if all(finding.holds for finding in findings) else "conditions"


def _reached(terms: Terms, base: Base) -> Decimal | None:
    if terms.kind == "growth" and base.baseline and base.baseline > 0:
        return (base.measure - base.baseline) * HUNDRED / base.baseline
    if terms.kind == "target" and base.target and base.target > 0:
        return base.measure * HUNDRED / base.target
    return None


def _steps(terms: Terms, base: Base) -> tuple[Step, ...]:
    if terms.kind == "fixed":
        tier = Tier(ZERO, None, terms.rate)
        return (Step(tier, base.measure, terms.rate),)
    table = table_of(terms, base)
    paid_on = base.measure if base.paid_on is None else base.paid_on
    if terms.kind == "growth" and not terms.whole:
        paid_on -= (base.baseline if base.baseline_paid_on is None else base.baseline_paid_on) or ZERO
    steps = tiers.steps(table, terms.method, terms.rate_kind, base.measure, paid_on)
    return tuple(_in_goods(step, terms.block) for step in steps) if terms.rate_kind == "goods" else steps


def table_of(terms: Terms, base: Base) -> tuple[Tier, ...]:
    """The tiers in the measure itself: percentages of growth or completion become values of the base.

    >>> terms = Terms("growth", tiers=(Tier(Decimal(10), None, Decimal(3)),))
    >>> table_of(terms, Base(Decimal(0), baseline=Decimal(500)))[0].lower
    Decimal('550')
    """
    if terms.kind == "target":
        return tuple(_scaled(tier, base.target or ZERO, ZERO) for tier in terms.tiers)
    if terms.kind == "growth":
        return tuple(_scaled(tier, base.baseline or ZERO, HUNDRED) for tier in terms.tiers)
    return tuple(terms.tiers)


def _scaled(tier: Tier, whole: Decimal, offset: Decimal) -> Tier:
    upper = None if tier.upper is None else (tier.upper + offset) * whole / HUNDRED
    return replace(tier, lower=(tier.lower + offset) * whole / HUNDRED, upper=upper)


def _in_goods(step: Step, block: Decimal) -> Step:
    """Goods for full blocks only: 10 + 1 gives 3 for 38."""
    return replace(step, amount=(step.part / block).to_integral_value(rounding=ROUND_FLOOR) * step.tier.rate)
