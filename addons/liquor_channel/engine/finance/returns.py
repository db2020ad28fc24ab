"""Return on spend (投入产出比, C9): what was sold out more than a stated baseline, what it earned, and what it cost.

Money stands at a shop: its own, its guides', and an equal part of what its distributor got. A bottle counts once. Of
several programmes at one shop nobody can say which of them sold it, so each takes of the shop's bottles what it gave
of the money on those days; a programme that pays nothing takes nothing. Where no return can be stated the result says
why, and its money stays out of the sums that returns are computed from. Sums of returns are ratios of sums.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ..common.money import ZERO, quantize, split
from .baselines import Course, Window, segments

#: proofs of what a shop sold out; of each shop one counts, which is the first of these where two prove as much
PROOFS = ("opened", "sold", "reported")
REASONS = ("no_spend", "no_shop", "no_days", "days_outside", "no_baseline", "no_margin")
#: digits of bottles
DIGITS = 2
NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Grant:
    """Money of one programme at one shop over the period.

    :ivar shop: None where it stands at no shop
    :ivar amount: what the brand bears, in the company's currency; negative where more was taken back
    :ivar window: days on which it works; None where none of its days is in the period
    :ivar courses: what it may be compared with, the best first; empty where ``reason`` says why
    """

    key: Hashable
    shop: int | None
    amount: Decimal
    window: Window | None
    courses: tuple[Course, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """What came of a grant. Bottles by product; without ``reason`` the return is stated.

    ``missing``: products whose margin nobody knows.
    """

    key: Hashable
    amount: Decimal
    course: Course | None = None
    proof: str = ""
    sold: Mapping[int, Decimal] = field(default_factory=dict)
    baseline: Mapping[int, Decimal] = field(default_factory=dict)
    margin: Decimal = ZERO
    opened: Decimal = ZERO
    received_cases: Decimal = ZERO
    reason: str = ""
    missing: tuple[int, ...] = ()

    @property
    def measured(self) -> Decimal:
        """The money whose return is stated."""
        return ZERO if self.reason else self.amount

    @property
    def increment(self) -> Decimal:
        """Bottles more than the baseline."""
        return sum(self.sold.values(), ZERO) - sum(self.baseline.values(), ZERO)


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of returns, and the ratios of these sums; None where nothing can be stated."""

    amount: Decimal
    measured: Decimal
    increment: Decimal
    margin: Decimal
    opened: Decimal
    received_cases: Decimal

    @property
    def rate(self) -> Decimal | None:
        """(Incremental margin - spend) / spend of what was measured."""
        return rate_of(self.margin, self.measured)

    @property
    def per_opened(self) -> Decimal | None:
        """费效比 (R15): money per opened bottle, of all money."""
        return ratio(self.amount, self.opened)

    @property
    def per_case(self) -> Decimal | None:
        """Money per received case (codes.md 17), of all money."""
        return ratio(self.amount, self.received_cases)


def ratio(amount: Decimal, quantity: Decimal) -> Decimal | None:
    """Divide, to four digits; None where there is nothing to divide by.

    >>> ratio(Decimal(300), Decimal(40)), ratio(Decimal(300), Decimal(0))
    (Decimal('7.5000'), None)
    """
    return quantize(amount / quantity, 4) if quantity > 0 else None


def rate_of(margin: Decimal, spend: Decimal) -> Decimal | None:
    """Return (margin - spend) / spend to six digits; None without spend (C9).

    >>> rate_of(Decimal(900), Decimal(600)), rate_of(Decimal(-60), Decimal(600)), rate_of(Decimal(9), Decimal(0))
    (Decimal('0.500000'), Decimal('-1.100000'), None)
    """
    return quantize((margin - spend) / spend, 6) if spend > 0 else None


def margin_of(price: Decimal, cost: Decimal, typed: Decimal | None, digits: int = 2) -> tuple[str, Decimal]:
    """Return where the margin of one bottle comes from and what it is: price less cost, else what people typed.

    :param price: to the distributor, without tax; 0 where there is none, as of the cost
    :param typed: for the product family; None where nobody did
    :return: ("cost" | "family" | "none", margin in the company's currency, rounded to its ``digits``)

    >>> margin_of(Decimal("100.005"), Decimal(60), Decimal(25)), margin_of(Decimal(100), Decimal(0), Decimal(25))
    (('cost', Decimal('40.01')), ('family', Decimal('25.00')))
    >>> margin_of(Decimal(50), Decimal(60), None), margin_of(Decimal(0), Decimal(60), None)
    (('cost', Decimal('-10.00')), ('none', Decimal('0')))
    """
    if price and cost:
        return "cost", quantize(price - cost, digits)
    return ("none", ZERO) if typed is None else ("family", quantize(typed, digits))


def parts_of(grants: Iterable[Grant]) -> list[Window]:
    """Return the days of the period, cut at the borders of programmes."""
    return segments([grant.window for grant in grants if grant.window])


def windows_of(grants: Iterable[Grant]) -> list[Window]:
    """Return the days whose movements ``measure`` asks for: parts of the period, and baselines."""
    grants = list(grants)
    return sorted({*parts_of(grants), *(course.baseline for grant in grants for course in grant.courses)})


class Moved:
    """Bottles by shop, kind of movement, days and product, and since when each kind is known of a shop.

    :param rows: (shop, kind, first day, last day, product, bottles)
    :param known: (shop, kind) -> first day from which movements of the kind would be known
    """

    def __init__(self, rows: Iterable[tuple], known: Mapping[tuple[int, str], date]) -> None:
        self._bottles: dict[tuple, dict[int, Decimal]] = defaultdict(dict)
        whole: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for shop, kind, first, last, product, bottles in rows:
            found = self._bottles[shop, kind, Window(first, last)]
            found[product] = found.get(product, ZERO) + bottles
            whole[shop][kind] += bottles
        self._known = known
        self._proof = {shop: max(PROOFS, key=lambda kind: sums[kind]) for shop, sums in whole.items()}

    @property
    def products(self) -> set[int]:
        """Whatever moved."""
        return {product for bottles in self._bottles.values() for product in bottles}

    def proof(self, shop: int) -> str:
        """The one proof that counts for a shop, in every window: that of most bottles, so that none counts twice."""
        return self._proof.get(shop, PROOFS[0])

    def is_known(self, shop: int, window: Window) -> bool:
        """Whether sell-out of the shop would be known on all these days."""
        first = self._known.get((shop, self.proof(shop)))
        return first is not None and first <= window.first

    def bottles(self, shop: int, kind: str, window: Window) -> Mapping[int, Decimal]:
        """Bottles by product."""
        return self._bottles.get((shop, kind, window), {})

    def sold(self, shop: int, window: Window) -> Mapping[int, Decimal]:
        """What the shop sold out, by its proof."""
        return self.bottles(shop, self.proof(shop), window)


class Goods(NamedTuple):
    """What is known of products.

    :ivar margins: (shop, product) -> margin of one bottle; what nobody knows is missing
    :ivar cases: product -> bottles of a case
    """

    margins: Mapping[tuple[int, int], Decimal]
    cases: Mapping[int, int]


class Board(NamedTuple):
    """What all grants are measured by; ``parts`` are the days of the period, cut at the borders of programmes."""

    parts: Sequence[Window]
    moved: Moved
    goods: Goods

    def during(self, shop: int, window: Window) -> list[Mapping[int, Decimal]]:
        """What a shop sold out in a window, part by part."""
        return [self.moved.sold(shop, part) for part in self.parts if window.common(part)]


def measure(grants: Iterable[Grant], moved: Moved, goods: Goods, parts: Sequence[Window] | None = None) -> list[Return]:
    """Return what came of each grant, in the order given.

    Some shops alone give the same as all together, where ``parts`` and the windows of ``moved`` are those of all.

    :param parts: ``parts_of`` all grants, where these are those of some shops; a shop's stay together

    One shop, one programme of 1 March that gave 300.00: 70 bottles opened in March, 40 in February (28 days, so 44.29
    in 31). 25.71 bottles more at 40.00 are 1,028.40, less 300.00, divided by 300.00: 2.428.

    >>> march, february = Window(date(2026, 3, 1), date(2026, 3, 31)), Window(date(2026, 2, 1), date(2026, 2, 28))
    >>> grant = Grant("spring", 7, Decimal(300), march, (Course("year_before", march, february),))
    >>> moved = Moved([(7, "opened", *march, 1, Decimal(70)), (7, "opened", *february, 1, Decimal(40))],
    ...               {(7, "opened"): date(2026, 1, 1)})
    >>> [found] = measure([grant], moved, Goods({(7, 1): Decimal(40)}, {1: 6}))
    >>> found.increment, found.margin, total([found]).rate
    (Decimal('25.71'), Decimal('1028.40'), Decimal('2.428000'))
    """
    grants = list(grants)
    board = Board(parts_of(grants) if parts is None else parts, moved, goods)
    at_shop = defaultdict(list)
    for place, grant in enumerate(grants):
        if grant.shop is not None:
            at_shop[grant.shop].append(place)
    found = [Return(grant.key, grant.amount, reason=_why_not(grant)) for grant in grants]
    for shop, places in at_shop.items():
        own = [grants[place] for place in places]
        for place, one in zip(places, _at_one_shop(shop, own, board), strict=True):
            found[place] = one
    return found


def _at_one_shop(shop: int, own: Sequence[Grant], board: Board) -> list[Return]:
    weights = [
        {part: grant.amount for part in board.parts if grant.amount > 0 and grant.window and grant.window.common(part)}
        for grant in own
    ]
    kinds = {board.moved.proof(shop), "opened", "received"}
    bottles = {kind: _divide(weights, board.moved, shop, kind) for kind in kinds}
    days = _days(weights)
    return [
        _result(grant, days[place], {kind: pieces[place] for kind, pieces in bottles.items()}, board)
        for place, grant in enumerate(own)
    ]


def _why_not(grant: Grant) -> str:
    if grant.amount <= 0:
        return "no_spend"
    if grant.shop is None:
        return "no_shop"
    return grant.reason or ("" if grant.window else "no_days")


def _divide(weights: Sequence[Mapping[Window, Decimal]], moved: Moved, shop: int, kind: str) -> list[dict]:
    """Divide a shop's bottles among its grants by their money, to two digits: the parts sum to the bottles exactly."""
    parts: list[dict[int, Decimal]] = [{} for _grant in weights]
    for segment in sorted({segment for weight in weights for segment in weight}):
        takers = [place for place, weight in enumerate(weights) if segment in weight]
        for product, bottles in sorted(moved.bottles(shop, kind, segment).items()):
            pieces = split(bottles, [weights[place][segment] for place in takers], DIGITS)
            for place, piece in zip(takers, pieces, strict=True):
                parts[place][product] = parts[place].get(product, ZERO) + piece
    return parts


def _days(weights: Sequence[Mapping[Window, Decimal]]) -> list[Fraction]:
    """Days of each grant: of a day that it shares with others, the part that its money is of theirs."""
    whole: dict[Window, Decimal] = defaultdict(Decimal)
    for weight in weights:
        for segment, amount in weight.items():
            whole[segment] += amount
    return [
        sum((segment.days * Fraction(amount) / Fraction(whole[segment]) for segment, amount in weight.items()), NONE)
        for weight in weights
    ]


def _result(grant: Grant, days: Fraction, bottles, board: Board) -> Return:
    _parts, moved, goods = board
    cases = sum((amount / goods.cases.get(product, 1) for product, amount in bottles["received"].items()), ZERO)
    facts = {
        "opened": sum(bottles["opened"].values(), ZERO),
        "received_cases": quantize(cases, DIGITS),
        "proof": moved.proof(grant.shop),
    }
    reason = _why_not(grant)
    course = None if reason else next((one for one in grant.courses if _is_known(one, grant.shop, moved)), None)
    if not course:
        return Return(grant.key, grant.amount, reason=reason or "no_baseline", **facts)
    sold, baseline = bottles[moved.proof(grant.shop)], _baseline(grant.shop, course, days, board)
    wanted = sorted(product for product in {*sold, *baseline} if sold.get(product) or baseline.get(product))
    missing = tuple(product for product in wanted if (grant.shop, product) not in goods.margins)
    if missing:
        return Return(grant.key, grant.amount, course, reason="no_margin", missing=missing, **facts)
    margin = sum(
        ((sold.get(one, ZERO) - baseline.get(one, ZERO)) * goods.margins[grant.shop, one] for one in wanted), ZERO
    )
    return Return(grant.key, grant.amount, course, sold=sold, baseline=baseline, margin=quantize(margin), **facts)


def _is_known(course: Course, shop: int, moved: Moved) -> bool:
    """Whether the baseline's sell-out is known of the shop, and of one shop of the control group at least."""
    return moved.is_known(shop, course.baseline) and (course.kind != "control" or bool(_controls(course, moved)))


def _controls(course: Course, moved: Moved) -> list[int]:
    return sorted(shop for shop in course.control if moved.is_known(shop, course.baseline))


def _baseline(shop: int, course: Course, days: Fraction, board: Board) -> dict[int, Decimal]:
    """What would have been sold out anyway on ``days`` days, by product: below nothing where controls fell further."""
    found = {product: Fraction(bottles) for product, bottles in board.moved.sold(shop, course.baseline).items()}
    for product, change in _change_of_controls(course, board).items():
        found[product] = found.get(product, NONE) + change
    return {product: _rounded(bottles * days / course.baseline.days) for product, bottles in found.items()}


def _change_of_controls(course: Course, board: Board) -> dict[int, Fraction]:
    """Mean change a shop of the control group by product, so that what is left is the difference in differences."""
    shops = _controls(course, board.moved) if course.kind == "control" else []
    changes: dict[int, Fraction] = defaultdict(Fraction)
    for shop in shops:
        since = [(1, bottles) for bottles in board.during(shop, course.window)]
        for sign, bottles in (*since, (-1, board.moved.sold(shop, course.baseline))):
            for product, amount in bottles.items():
                changes[product] += sign * Fraction(amount) / len(shops)
    return changes


def _rounded(number: Fraction) -> Decimal:
    return quantize(Decimal(number.numerator) / Decimal(number.denominator), DIGITS)


def total(returns: Iterable[Return]) -> Total:
    """Add returns up. What is not measured has spend, opened bottles and cases, and neither increment nor margin."""
    sums = [ZERO] * 6
    for one in returns:
        margin = ZERO if one.reason else one.margin
        for place, figure in enumerate((
            one.amount,
            one.measured,
            one.increment,
            margin,
            one.opened,
            one.received_cases,
        )):
            sums[place] += figure
    return Total(*sums)
