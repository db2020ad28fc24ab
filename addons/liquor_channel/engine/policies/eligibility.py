"""Which rule holds for which fact, and why not."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..common.money import ZERO

REBATE_GOODS = frozenset({"goods_rebate"})
SAMPLES = frozenset({"tasting", "gift"})
NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """Terms of one policy version, as numbers; an empty filter lets everything through."""

    version: int
    policy: int
    basis: str
    beneficiary: str
    first: date
    last: date | None
    measure: str = "cases"
    rate_kind: str = "per_unit"
    rate: Decimal = ZERO
    partners: frozenset[int] = NOTHING
    products: frozenset[int] = NOTHING
    categories: frozenset[int] = NOTHING
    territories: frozenset[int] = NOTHING
    terminal_kinds: frozenset[int] = NOTHING
    rebate_goods: bool = True
    samples: bool = True
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """What a rule looks at in a fact. ``categories`` and ``territories`` hold the ids up to the root."""

    kind: str
    day: date
    product: int
    bottles: Decimal
    amount: Decimal
    per_case: int = 6
    purpose: str | None = None
    terminal_kind: int | None = None
    categories: frozenset[int] = NOTHING
    territories: frozenset[int] = NOTHING


def refusal(rule: Rule, move: Movement) -> str | None:
    """Name what keeps ``move`` out of ``rule``; None when it counts.

    >>> rule = Rule(1, 1, "received", "terminal", date(2026, 1, 1), None, territories=frozenset({32}))
    >>> move = Movement("received", date(2026, 2, 1), 7, Decimal(6), ZERO, territories=frozenset({32, 3201}))
    >>> refusal(rule, move) is None, refusal(rule, Movement("opened", date(2026, 2, 1), 7, Decimal(1), ZERO))
    (True, 'kind')
    """
    if move.kind != rule.basis:
        return "kind"
    if move.day < rule.first or (rule.last and move.day > rule.last):
        return "date"
    return scope_refusal(rule, move)


def scope_refusal(rule: Rule, move: Movement) -> str | None:
    """The same without kind and date, for bases that were summed over a period."""
    if (rule.products or rule.categories) and not (
        move.product in rule.products or not rule.categories.isdisjoint(move.categories)
    ):
        return "product"
    if rule.territories and rule.territories.isdisjoint(move.territories):
        return "territory"
    if rule.terminal_kinds and move.terminal_kind not in rule.terminal_kinds:
        return "terminal_kind"
    if move.purpose in REBATE_GOODS and not rule.rebate_goods:
        return "purpose"
    if move.purpose in SAMPLES and not rule.samples:
        return "purpose"
    return None


def measured(rule_measure: str, move: Movement) -> Decimal:
    """Quantity or amount of a fact in the rule's measure; cases may be broken.

    >>> measured("cases", Movement("received", date(2026, 1, 1), 7, Decimal(9), ZERO))
    Decimal('1.5')
    """
    if rule_measure == "amount":
        return move.amount
    return move.bottles / move.per_case if rule_measure == "cases" else move.bottles
