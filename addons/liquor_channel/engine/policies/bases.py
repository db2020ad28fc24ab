"""What each party has done under each tiered version: sums of facts, put to the versions that count them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from operator import add
from types import MappingProxyType
from typing import NamedTuple

from ..common.money import ZERO
from ..partners.roles import PURCHASES, RoleSpan, proven_by
from .eligibility import NOTHING, Movement, Rule, scope_refusal, wanted_amount

#: a report is the sale of who reports; what it is for the buyer is said in ``_concerns``
OWN_BASES = ("ordered", "shipped", "invoiced", "paid_in", "reported")


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


class PartySum(NamedTuple):
    """Facts of one party, place and purpose: a column each for products and their signed sums, of the same length.

    ``untaxed`` holds None where the facts do not say their amount without tax. ``day`` is set in sums by day only.
    """

    partner: int | None
    counterparty: int | None
    territory: int | None
    purpose: str | None
    currency: int | None
    day: date | None
    products: Sequence[int | None]
    bottles: Sequence[Decimal]
    amounts: Sequence[Decimal]
    untaxed: Sequence[Decimal | None]
    facts: Sequence[int]

    @classmethod
    def of_texts(
        cls, partner, counterparty, territory, purpose, currency, day, products, bottles, amounts, untaxed, facts
    ) -> "PartySum":
        """Read columns that come as texts with commas, so that nothing is lost on the way; an empty place is None.

        >>> row = PartySum.of_texts(5, None, 32, None, 1, None, "7,8", "12,6", "1200.50,99", "1100,", "2,1")
        >>> row.products, row.amounts[0], row.untaxed, row.facts
        ((7, 8), Decimal('1200.50'), [Decimal('1100'), None], (2, 1))
        """
        return cls(
            partner,
            counterparty,
            territory,
            purpose,
            currency,
            day,
            _whole_numbers(products),
            list(map(Decimal, bottles.split(","))),
            list(map(Decimal, amounts.split(","))),
            _untaxed_column(untaxed),
            _whole_numbers(facts),
        )


@lru_cache(maxsize=4096)
def _whole_numbers(text: str) -> tuple[int | None, ...]:
    """Read a column of ids or counts; parties that buy the same goods share one."""
    return tuple(int(one) if one else None for one in text.split(","))


def _untaxed_column(text: str) -> list[Decimal | None]:
    return [Decimal(one) if one else None for one in text.split(",")]


class ProvenRow(NamedTuple):
    """The counted part of one purchase of a shop that changed: what sums of several days cannot tell apart."""

    row: PartySum
    shop_kind: int | None  # of the fact's own day
    left_out: Decimal = ZERO  # bottles that the other proof counts


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
    shops: Mapping[int, Sequence[RoleSpan]] = MappingProxyType({})  # shop -> when it was of which kind
    # shop that changed between scans and reports -> what of its purchases counts, a row a fact (see .proof)
    changed: Mapping[int, Sequence["ProvenRow"]] = MappingProxyType({})


@dataclass(slots=True)
class Base:
    """What one partner has done so far under one version."""

    measure: Decimal = ZERO
    paid_on: Decimal = ZERO
    facts: int = 0
    counted: list = field(default_factory=list)  # columns of what was counted: (products, bottles, amounts, weights)
    suppliers: dict = field(default_factory=dict)  # counterparty -> measure
    territory: int | None = None
    lists: dict = field(default_factory=dict)  # key of a product list -> measure inside it
    days: dict = field(default_factory=dict)  # business day -> measure, of sums by day
    left_out: Decimal = ZERO  # bottles that a shop's other proof has counted

    def add(self, term: "Term", row: PartySum, chosen: Sequence[int], beneficiary: int, around: "Surroundings") -> None:
        """Count the products of a row that the term admits.

        :param chosen: places of these products in the row
        """
        rule = term.rule
        products, bottles, amounts, untaxed, facts = _places(row, chosen)
        worths = amounts if rule.without_tax is None else list(map(partial(wanted_amount, rule), amounts, untaxed))
        quantities = _quantities(rule, products, bottles, worths, around)
        quantity = sum(quantities, ZERO)
        weights = worths if rule.rate_kind == "percent" else quantities
        self.measure += quantity
        self.paid_on += quantity if weights is quantities else sum(weights, ZERO)
        self.facts += sum(facts)
        self.counted.append((products, bottles, amounts, weights))
        self.territory = self.territory or row.territory
        other = row.partner if _is_purchase(rule, row, beneficiary) else row.counterparty
        if other and other != beneficiary:
            self.suppliers[other] = self.suppliers.get(other, ZERO) + quantity
        if row.day:
            self.days[row.day] = self.days.get(row.day, ZERO) + quantity
        for one in term.lists:
            self.lists[one.key] = self.lists.get(one.key, ZERO) + _inside(one, products, quantities, around)

    def by_product(self) -> list[tuple[int, Decimal, Decimal, Decimal]]:
        """(product id or 0, bottles, amount, what rates are applied to) in order of the products."""
        if len(self.counted) == 1 and None not in self.counted[0][0]:
            lines = sorted(zip(*self.counted[0], strict=True))
            if len(set(self.counted[0][0])) == len(lines):
                return lines
        sums: dict[int, tuple[Decimal, ...]] = {}
        for columns in self.counted:
            for product, *figures in zip(*columns, strict=True):
                before = sums.get(product or 0)
                sums[product or 0] = tuple(map(add, before, figures)) if before else tuple(figures)
        return [(product, *sums[product]) for product in sorted(sums)]

    def first(self) -> Decimal | None:
        """Measure of the first day on which something was counted: the first order."""
        done = [day for day in sorted(self.days) if self.days[day] > 0]
        return self.days[done[0]] if done else None


def sum_bases(
    rows: Iterable[PartySum], terms: Iterable[Term], around: Surroundings, only: Collection[int] | None = None
) -> dict[tuple[int, int], Base]:
    """Return the cumulative base of each (version, beneficiary).

    Orders, deliveries and invoices count for the party itself. What a distributor reports is his sale and, for a shop
    whose figures come from such reports, its purchase; a shop that has to scan is paid by its own scans, and only such
    a shop is (:func:`~..partners.roles.proven_by`). All else counts for either side of the fact.

    :param only: beneficiaries that are wanted; None = all

    >>> rule = Rule(1, 1, "invoiced", "distributor", date(2026, 1, 1), None, measure="amount", rate_kind="percent")
    >>> around = Surroundings({7: (6, NOTHING)}, {}, {("distributor", 5): None})
    >>> bought = PartySum.of_texts(5, None, None, None, 1, None, "7,8", "12,6", "1200.00,300", ",", "2,1")
    >>> brought_back = PartySum.of_texts(5, None, 3, None, 1, None, "7", "-2", "-200", "", "1")
    >>> base = sum_bases([bought, brought_back], [Term(rule, 1)], around)[1, 5]
    >>> str(base.measure), base.facts, base.territory
    ('1300.00', 4, 3)
    >>> [tuple(map(str, line[:3])) for line in base.by_product()]
    [('7', '10', '1000.00'), ('8', '6', '300')]
    >>> rule = Rule(2, 2, "reported", "terminal", date(2026, 1, 1), None, terminal_kinds=frozenset({4}))
    >>> around = Surroundings({7: (6, NOTHING)}, {}, {("terminal", 8): 4, ("distributor", 5): None})
    >>> told = PartySum.of_texts(5, 8, None, None, 1, None, "7", "60", "6000", "", "3")
    >>> [(key, base.measure, base.suppliers) for key, base in sum_bases([told], [Term(rule, None)], around).items()]
    [((2, 8), Decimal('10'), {5: Decimal('10')})]
    """
    everybody, by_partner = _by_partner(terms)
    admits = _Admission(around)
    bases: dict[tuple[int, int], Base] = {}
    for row in rows:
        scene = (row.products, row.territory, row.purpose, _shop_kind(row, around))
        for beneficiary in _sides(row, only):
            for term in (*everybody, *by_partner.get(beneficiary, ())):
                if not _concerns(term, row, beneficiary, around):
                    continue
                chosen = admits(term.rule, scene)
                if chosen:
                    base = bases.get((term.rule.version, beneficiary))
                    if base is None:
                        base = bases[term.rule.version, beneficiary] = Base()
                    base.add(term, row, chosen, beneficiary, around)
    for shop in around.changed if only is None else around.changed.keys() & only:
        _add_proven(bases, shop, (*everybody, *by_partner.get(shop, ())), admits)
    return bases


def _add_proven(bases: dict, shop: int, terms: Sequence[Term], admits: "_Admission") -> None:
    """Count the purchases of a shop that changed between scans and reports, each as far as its proof counts it."""
    left_out: dict[tuple[int, int], Decimal] = {}
    for one in admits.around.changed[shop]:
        row = one.row
        scene = (row.products, row.territory, row.purpose, one.shop_kind)
        for term in terms:
            if not _is_paid_by_change(term.rule, shop, admits.around) or not _is_party(term, row, shop, admits.around):
                continue
            chosen, key = admits(term.rule, scene), (term.rule.version, shop)
            if chosen and one.left_out:
                left_out[key] = left_out.get(key, ZERO) + one.left_out
            if chosen and row.facts[0]:
                bases.setdefault(key, Base()).add(term, row, chosen, shop, admits.around)
    for key in bases.keys() & left_out.keys():
        bases[key].left_out = left_out[key]


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
        scene = ((row.product,), row.territory, row.purpose, _shop_kind(row, around))
        mine = beneficiary in (row.partner, row.counterparty) and _concerns(term, row, beneficiary, around)
        found.append(mine and bool(admits(term.rule, scene)))
    return found


def counted_of_changed(term: Term, around: Surroundings, shop: int) -> list[bool]:
    """The same for the purchases of a shop that changed between scans and reports."""
    if not _is_paid_by_change(term.rule, shop, around):
        return [False] * len(around.changed.get(shop, ()))
    admits = _Admission(around)
    return [
        bool(one.row.facts[0])
        and _is_party(term, one.row, shop, around)
        and bool(admits(term.rule, (one.row.products, one.row.territory, one.row.purpose, one.shop_kind)))
        for one in around.changed[shop]
    ]


def _places(row: PartySum, chosen: Sequence[int]) -> tuple[Sequence, ...]:
    """Columns products, bottles, amounts, untaxed and facts at the places ``chosen``."""
    columns = (row.products, row.bottles, row.amounts, row.untaxed, row.facts)
    if len(chosen) == len(row.products):
        return columns
    return tuple([column[place] for place in chosen] for column in columns)


def _quantities(
    rule: Rule, products: Sequence, bottles: Sequence[Decimal], worths: Sequence[Decimal], around: Surroundings
) -> Sequence[Decimal]:
    if rule.measure == "amount":
        return worths
    if rule.measure != "cases":
        return bottles
    known = around.products
    return [count / known.get(product, (1, NOTHING))[0] for product, count in zip(products, bottles, strict=True)]


def _inside(one: ProductList, products: Sequence, quantities: Sequence[Decimal], around: Surroundings) -> Decimal:
    """Measure of those products that lie in a product list."""
    return sum(
        (
            quantity
            for product, quantity in zip(products, quantities, strict=True)
            if product in one.products or not one.categories.isdisjoint(around.products.get(product, (1, NOTHING))[1])
        ),
        ZERO,
    )


def _by_partner(terms: Iterable[Term]) -> tuple[list[Term], dict[int, list[Term]]]:
    """Split terms into those for everybody and those of the partners that they name."""
    everybody, by_partner = [], {}
    for term in terms:
        for partner in term.rule.partners:
            by_partner.setdefault(partner, []).append(term)
        if not term.rule.partners:
            everybody.append(term)
    return everybody, by_partner


def _sides(row: PartySum, only: Collection[int] | None) -> list[int]:
    sides = [row.partner] if row.partner else []
    if row.counterparty and row.counterparty != row.partner:
        sides.append(row.counterparty)
    return sides if only is None else [side for side in sides if side in only]


def _shop_kind(row: PartySum | FactSum, around: Surroundings) -> int | None:
    """Kind of the shop on either side of a fact; the party itself comes first."""
    kind = around.live.get(("terminal", row.partner))
    return around.live.get(("terminal", row.counterparty)) if kind is None else kind


def _concerns(term: Term, row: PartySum | FactSum, beneficiary: int, around: Surroundings) -> bool:
    rule = term.rule
    if not _is_party(term, row, beneficiary, around):
        return False
    if rule.beneficiary == "terminal" and not _is_proven(rule, beneficiary, around):
        return False
    if rule.basis == "reported" and rule.beneficiary == "terminal":
        return _is_purchase(rule, row, beneficiary)
    return beneficiary == row.partner or rule.basis not in OWN_BASES


def _is_party(term: Term, row: PartySum | FactSum, beneficiary: int, around: Surroundings) -> bool:
    if term.currency and row.currency and row.currency != term.currency:
        return False
    return (term.rule.beneficiary, beneficiary) in around.live


def _is_proven(rule: Rule, beneficiary: int, around: Surroundings) -> bool:
    """Tell whether this basis proves what the shop bought; of one that changed every fact is judged by itself."""
    if _is_paid_by_change(rule, beneficiary, around):
        return False
    return proven_by(around.shops.get(beneficiary, ()), rule.basis)


def _is_paid_by_change(rule: Rule, beneficiary: int, around: Surroundings) -> bool:
    return rule.beneficiary == "terminal" and rule.basis in PURCHASES and beneficiary in around.changed


def _is_purchase(rule: Rule, row: PartySum | FactSum, beneficiary: int) -> bool:
    """Tell whether a row is what somebody else reports to have sold to the beneficiary."""
    return rule.basis == "reported" and beneficiary == row.counterparty != row.partner


class _Admission:
    """Judges a scene (products, territory, purpose, kind of terminal) once for all rules of the same scope."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.scopes: dict[tuple, dict] = {}  # scope of a rule -> {scene: places of the admitted products}
        self.by_version: dict[int, dict] = {}

    def __call__(self, rule: Rule, scene: tuple) -> Sequence[int]:
        chosen = self.by_version.get(rule.version)
        if chosen is None:
            scope = (
                rule.products, rule.categories, rule.territories, rule.terminal_kinds, rule.rebate_goods, rule.samples
            )  # fmt: skip
            chosen = self.by_version[rule.version] = self.scopes.setdefault(scope, {})
        places = chosen.get(scene)
        if places is None:
            moves = enumerate(self._movements(*scene))
            places = chosen[scene] = [place for place, move in moves if scope_refusal(rule, move) is None]
        return places

    def _movements(self, products: Sequence, territory: int | None, purpose: str | None, terminal_kind: int | None):
        for product in products:
            yield Movement(
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
