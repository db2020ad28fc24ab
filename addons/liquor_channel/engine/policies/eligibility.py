"""Which rule holds for which fact, and why not."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..common.money import ZERO

REBATE_GOODS = frozenset({"goods_rebate"})
SAMPLES = frozenset({"tasting", "gift"})
NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """Terms of one policy version, as numbers; an empty filter lets everything through.

    ``cap`` holds for a party, ``cap_total`` for all parties of the programme, ``cap_supplier`` for all shops of a
    distributor, each for a period. ``without_tax`` is None where amounts include taxes, else the tax rate in percent
    for facts that do not say their amount without tax. ``order`` is (sequence, policy), ``group`` the exclusive one.
    With ``levels`` those above the party are paid, see :mod:`.commission`.
    """

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
    cap_total: Decimal | None = None
    cap_supplier: Decimal | None = None
    step: Decimal | None = None
    step_down: bool = False
    without_tax: Decimal | None = None
    order: tuple[int, int] = (0, 0)
    group: int | None = None
    choice: str = "first"
    levels: int = 0
    second_rate: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Movement:
    """What a rule looks at in a fact. ``categories`` and ``territories`` hold the ids up to the root.

    ``part`` of the fact is what the other figures tell of: less than one where another proof counts the rest.
    """

    kind: str
    day: date
    product: int
    bottles: Decimal
    amount: Decimal
    untaxed: Decimal | None = None
    per_case: int = 6
    purpose: str | None = None
    terminal_kind: int | None = None
    categories: frozenset[int] = NOTHING
    territories: frozenset[int] = NOTHING
    part: Fraction = Fraction(1)


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


def measured(rule: Rule, move: Movement) -> Decimal:
    """Quantity or amount of a fact in the rule's measure; cases may be broken.

    >>> rule = Rule(1, 1, "received", "terminal", date(2026, 1, 1), None, measure="cases")
    >>> measured(rule, Movement("received", date(2026, 1, 1), 7, Decimal(9), ZERO))
    Decimal('1.5')
    """
    return in_measure(rule, move.bottles, amount_of(rule, move), move.per_case)


def in_measure(rule: Rule, bottles: Decimal, amount: Decimal, per_case: int) -> Decimal:
    """The same of plain sums; ``amount`` is already with or without tax as the rule wants it."""
    if rule.measure == "amount":
        return amount
    return bottles / per_case if rule.measure == "cases" else bottles


def amount_of(rule: Rule, move: Movement) -> Decimal:
    """Amount of a fact with or without tax, as the rule wants it (trade.md R2).

    >>> paid = Movement("paid_in", date(2026, 1, 1), 0, ZERO, Decimal(113))
    >>> amount_of(Rule(1, 1, "paid_in", "distributor", date(2026, 1, 1), None, without_tax=Decimal(13)), paid)
    Decimal('100')
    """
    return wanted_amount(rule, move.amount, move.untaxed)


def wanted_amount(rule: Rule, amount: Decimal, untaxed: Decimal | None = None) -> Decimal:
    """The same of plain sums; ``untaxed`` is None where the facts do not say it."""
    if rule.without_tax is None:
        return amount
    if untaxed is not None:
        return untaxed
    return amount * 100 / (100 + rule.without_tax)
