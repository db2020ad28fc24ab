"""What each party has done under each tiered version: sums of facts, put to the versions that count them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..common.money import ZERO
from .eligibility import NOTHING, Movement, Rule, in_measure, scope_refusal, wanted_amount

OWN_BASES = ("ordered", "shipped", "invoiced", "paid_in")


class FactSum(NamedTuple):
    """Facts of one party, product, place and purpose; the sums are Decimals or their texts, signed.

    ``untaxed`` is None where the facts do not say their amount without tax. ``day`` is set in sums by day only.
    """

    partner: int | None
    counterparty: int | None
    product: int | None
    territory: int | None
    purpose: str | None
    currency: int | None
    bottles: Decimal | str
    amount: Decimal | str
    facts: int
    untaxed: Decimal | str | None = None
    day: date | None = None


class ProductList(NamedTuple):
    """Products and categories whose share a condition asks for."""

    key: int
    products: frozenset[int]
    categories: frozenset[int]


class Term(NamedTuple):
    """A version's rule; ``currency`` is that of its money, None where it counts bottles or cases."""

    rule: Rule
    currency: int | None
    lists: tuple[ProductList, ...] = ()


class Surroundings(NamedTuple):
    """What rules ask about the parties and things of the facts."""

    products: Mapping[int, tuple[int, frozenset[int]]]  # product -> (bottles per case, categories up to the root)
    territories: Mapping[int, frozenset[int]]  # territory -> itself up to the province
    live: Mapping[tuple[str, int], int | None]  # (kind of role, partner) in force -> kind of terminal


@dataclass(slots=True)
class Base:
    """What one partner has done so far under one version."""

    measure: Decimal = ZERO
    paid_on: Decimal = ZERO
    facts: int = 0
    products: dict = field(default_factory=dict)  # product -> [bottles, amount]
    suppliers: dict = field(default_factory=dict)  # counterparty -> measure
    territory: int | None = None
    lists: dict = field(default_factory=dict)  # key of a product list -> measure inside it
    days: dict = field(default_factory=dict)  # business day -> measure, of sums by day

    def add(self, rule: Rule, row: FactSum, beneficiary: int, per_case: int, bottles: Decimal, amount: Decimal) -> None:
        """Count a sum of facts that the rule admits."""
        worth = wanted_amount(rule, amount, None if row.untaxed is None else Decimal(row.untaxed))
        quantity = in_measure(rule, bottles, worth, per_case)
        self.measure += quantity
        self.paid_on += worth if rule.rate_kind == "percent" else quantity
        self.facts += row.facts
        sums = self.products.get(row.product)
        if sums is None:
            self.products[row.product] = [bottles, amount]
        else:
            sums[0] += bottles
            sums[1] += amount
        self.territory = self.territory or row.territory
        if row.counterparty and row.counterparty != beneficiary:
            self.suppliers[row.counterparty] = self.suppliers.get(row.counterparty, ZERO) + quantity
        if row.day:
            self.days[row.day] = self.days.get(row.day, ZERO) + quantity

    def add_to_lists(self, term: "Term", row: FactSum, around: "Surroundings", quantity: Decimal) -> None:
        """Count what lies in the product lists of the term's conditions."""
        categories = around.products.get(row.product, (1, NOTHING))[1]
        for one in term.lists:
            if row.product in one.products or not one.categories.isdisjoint(categories):
                self.lists[one.key] = self.lists.get(one.key, ZERO) + quantity

    def first(self) -> Decimal | None:
        """Measure of the first day on which something was counted: the first order."""
        done = [day for day in sorted(self.days) if self.days[day] > 0]
        return self.days[done[0]] if done else None


def sum_bases(
    rows: Iterable[FactSum], terms: Iterable[Term], around: Surroundings, only: Collection[int] | None = None
) -> dict[tuple[int, int], Base]:
    """Return the cumulative base of each (version, beneficiary).

    Orders, deliveries and invoices count for the party itself, all else for either side of the fact.

    :param only: beneficiaries that are wanted; None = all

    >>> rule = Rule(1, 1, "invoiced", "distributor", date(2026, 1, 1), None, measure="amount", rate_kind="percent")
    >>> around = Surroundings({7: (6, NOTHING)}, {}, {("distributor", 5): None})
    >>> bought = FactSum(5, None, 7, None, None, 1, "12", "1200.00", 2)
    >>> brought_back = FactSum(5, None, 7, 3, None, 1, "-2", "-200", 1)
    >>> base = sum_bases([bought, brought_back], [Term(rule, 1)], around)[1, 5]
    >>> str(base.measure), base.facts, base.territory
    ('1000.00', 3, 3)
    """
    everybody, by_partner = _by_partner(terms)
    admits = _Admission(around)
    bases: dict[tuple[int, int], Base] = {}
    for row in rows:
        bottles, amount = Decimal(row.bottles), Decimal(row.amount)
        per_case = around.products.get(row.product, (1, NOTHING))[0]
        scene = (row.product, row.territory, row.purpose, around.live.get(("terminal", row.partner)))
        for beneficiary in _sides(row, only):
            for term in (*everybody, *by_partner.get(beneficiary, ())):
                rule = term.rule
                if not _concerns(term, row, beneficiary, around.live) or not admits(rule, scene):
                    continue
                base = bases.get((rule.version, beneficiary))
                if base is None:
                    base = bases[rule.version, beneficiary] = Base()
                before = base.measure
                base.add(rule, row, beneficiary, per_case, bottles, amount)
                if term.lists:
                    base.add_to_lists(term, row, around, base.measure - before)
    return bases


def counted(rows: Iterable[FactSum], term: Term, around: Surroundings, beneficiary: int) -> list[bool]:
    """Tell which facts, or sums of facts, a version counts for a beneficiary: those that :func:`sum_bases` adds up.

    >>> rule = Rule(1, 1, "received", "terminal", date(2026, 1, 1), None, products=frozenset({7}))
    >>> around = Surroundings({7: (6, NOTHING)}, {}, {("terminal", 5): None})
    >>> own, other = FactSum(5, 9, 7, None, None, 1, "6", "600", 1), FactSum(5, 9, 8, None, None, 1, "6", "600", 1)
    >>> counted([own, other], Term(rule, None), around, 5)
    [True, False]
    """
    admits, found = _Admission(around), []
    for row in rows:
        scene = (row.product, row.territory, row.purpose, around.live.get(("terminal", row.partner)))
        mine = beneficiary in (row.partner, row.counterparty) and _concerns(term, row, beneficiary, around.live)
        found.append(mine and admits(term.rule, scene))
    return found


def _by_partner(terms: Iterable[Term]) -> tuple[list[Term], dict[int, list[Term]]]:
    """Split terms into those for everybody and those of the partners that they name."""
    everybody, by_partner = [], {}
    for term in terms:
        for partner in term.rule.partners:
            by_partner.setdefault(partner, []).append(term)
        if not term.rule.partners:
            everybody.append(term)
    return everybody, by_partner


def _sides(row: FactSum, only: Collection[int] | None) -> list[int]:
    sides = [row.partner] if row.partner else []
    if row.counterparty and row.counterparty != row.partner:
        sides.append(row.counterparty)
    return sides if only is None else [side for side in sides if side in only]


def _concerns(term: Term, row: FactSum, beneficiary: int, live: Mapping) -> bool:
    if term.currency and row.currency and row.currency != term.currency:
        return False
    rule = term.rule
    return (rule.beneficiary, beneficiary) in live and (beneficiary == row.partner or rule.basis not in OWN_BASES)


class _Admission:
    """Judges a scene (product, territory, purpose, kind of terminal) once for all rules of the same scope."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.scopes: dict[tuple, dict] = {}  # scope of a rule -> {scene: admitted}
        self.by_version: dict[int, dict] = {}
        self.moves: dict[tuple, Movement] = {}

    def __call__(self, rule: Rule, scene: tuple) -> bool:
        verdicts = self.by_version.get(rule.version)
        if verdicts is None:
            scope = (
                rule.products, rule.categories, rule.territories, rule.terminal_kinds, rule.rebate_goods, rule.samples
            )  # fmt: skip
            verdicts = self.by_version[rule.version] = self.scopes.setdefault(scope, {})
        verdict = verdicts.get(scene)
        if verdict is None:
            verdict = verdicts[scene] = scope_refusal(rule, self._movement(scene)) is None
        return verdict

    def _movement(self, scene: tuple) -> Movement:
        if scene not in self.moves:
            product, territory, purpose, terminal_kind = scene
            self.moves[scene] = Movement(
                kind="",
                day=date.min,
                product=product,
                bottles=ZERO,
                amount=ZERO,
                purpose=purpose,
                terminal_kind=terminal_kind,
                categories=self.around.products.get(product, (1, NOTHING))[1],
                territories=self.around.territories.get(territory, NOTHING),
            )
        return self.moves[scene]
