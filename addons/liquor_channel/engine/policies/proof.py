"""Goods of a shop that changed between scanning and reports: scanned and reported, they pay it once (trade.md R10).

What proves a shop's purchases is its kind, day by day. A shop that registers anew as the other kind may scan goods
that its distributor reported before, or the other way round. No code says which bottles those were, so quantities
decide: **what a proof tells is of the goods that the other proof told last and that are not met yet**. Goods that met
belong to the kind of the day on which they were first told; the proof of that kind counts them, the other does not.

Going by the last ones first keeps ordinary trade paid: a receipt meets the report of its own week, and only what was
received beyond the reports since the change meets what was told before it. Only the earlier of two facts decides for
the later, so what was counted on a day never changes by what happens afterwards.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from ..common.money import ZERO
from ..partners.roles import NEVER_ENDS, ONE_DAY, RoleSpan

#: how long before a change goods may have been told of and still lie in the shop unseen by the other proof: a month, as
#: distributors report by months at the longest; more would leave a shop that sells well unpaid for what it scans anew
STOCK_DAYS = timedelta(days=31)
OTHER = {"received": "reported", "reported": "received"}


class Purchase(NamedTuple):
    """One proven movement of a shop; ``bottles`` are signed, what went back is negative."""

    key: str
    basis: str  # received | reported
    day: date
    product: int | None
    bottles: Decimal


class Proof(NamedTuple):
    """How much of a fact counts, and what it met: (key of the other fact, bottles), the last told first."""

    part: Fraction
    met: tuple[tuple[str, Decimal], ...] = ()


class Stretch(NamedTuple):
    """From this day on, until the next stretch, one proof holds."""

    first: date
    must_scan: bool


def has_to_scan(spans: Iterable[RoleSpan], day: date) -> bool | None:
    """Tell whether the shop's scans prove its purchases of a day, or reports do; None where it is not in force.

    :param spans: in the order of registration: a day that a role has is not taken by one registered later

    >>> told = RoleSpan("terminal", date(2026, 1, 1), date(2026, 3, 31), must_scan=False)
    >>> scans = RoleSpan("terminal", date(2026, 3, 31), date.max, must_scan=True)
    >>> [has_to_scan([told, scans], date(*day)) for day in ((2025, 12, 31), (2026, 3, 31), (2026, 4, 1))]
    [None, False, True]
    """
    return next((span.must_scan for span in spans if span.kind == "terminal" and span.holds(day)), None)


def stretches(spans: Sequence[RoleSpan]) -> list[Stretch]:
    """Since when which proof holds; one stretch for a shop that never changed. Days without a role end none.

    >>> told = RoleSpan("terminal", date(2026, 1, 1), date(2026, 3, 31), must_scan=False)
    >>> scans = RoleSpan("terminal", date(2026, 4, 5), date.max, must_scan=True)
    >>> [(one.first.isoformat(), one.must_scan) for one in stretches([told, scans])]
    [('2026-01-01', False), ('2026-04-05', True)]
    """
    edges = set()
    for span in spans:
        for first, last in ((span.first, span.last), *span.pauses):
            edges.add(first)
            if last < NEVER_ENDS:
                edges.add(last + ONE_DAY)
    found: list[Stretch] = []
    for day in sorted(edges):
        must_scan = has_to_scan(spans, day)
        if must_scan is not None and (not found or found[-1].must_scan != must_scan):
            found.append(Stretch(day, must_scan))
    return found


def looked_at_since(runs: Sequence[Stretch]) -> date:
    """First day whose facts may meet others: some time before the first change."""
    return runs[1].first - STOCK_DAYS if len(runs) > 1 else NEVER_ENDS


def prove(spans: Sequence[RoleSpan], purchases: Iterable[Purchase]) -> dict[str, Proof]:
    """How much of each fact of one shop counts: {key: Proof}, whatever the order of ``purchases``.

    Reported and paid in March, changed on 1 April: of 8 bottles scanned then, 6 are those of the report.

    >>> told = RoleSpan("terminal", date(2026, 1, 1), date(2026, 3, 31), must_scan=False)
    >>> scans = RoleSpan("terminal", date(2026, 4, 1), date.max, must_scan=True)
    >>> found = prove([told, scans], [
    ...     Purchase("scan", "received", date(2026, 4, 2), 7, Decimal(8)),
    ...     Purchase("row", "reported", date(2026, 3, 30), 7, Decimal(6)),
    ... ])
    >>> found["row"].part, found["scan"].part, found["scan"].met
    (Fraction(1, 1), Fraction(1, 4), (('row', Decimal('6')),))
    """
    runs = stretches(spans)
    since = looked_at_since(runs)
    told = [_Told(one, has_to_scan(spans, one.day), _place(runs, one.day), abs(one.bottles)) for one in purchases]
    shelves: dict[int | None, _Shelf] = {}
    # reports come before receipts of the same day, and goods before what goes back
    for fact in sorted(told, key=lambda one: (one.day, one.back, one.basis == "received", one.key)):
        if fact.day >= since and fact.left:
            shelves.setdefault(fact.product, _Shelf(runs)).put(fact)
    return {fact.key: fact.proof() for fact in told}


def prove_without(spans: Sequence[RoleSpan], purchases: Iterable[Purchase], keys: Collection[str]) -> dict[str, Proof]:
    """The same as if the facts of ``keys`` had not been told."""
    return prove(spans, (one for one in purchases if one.key not in keys))


def _place(runs: Sequence[Stretch], day: date) -> int:
    """Number of the stretch that a day lies in; days before the first one belong to it."""
    return max(0, sum(run.first <= day for run in runs) - 1)


@dataclass(slots=True, eq=False)
class _Told:
    """A fact on its way through the days: ``left`` is what has met nothing yet."""

    fact: Purchase
    must_scan: bool | None
    stretch: int
    left: Decimal
    counted: Decimal = ZERO
    met: list = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.fact.key

    @property
    def basis(self) -> str:
        return self.fact.basis

    @property
    def day(self) -> date:
        return self.fact.day

    @property
    def product(self) -> int | None:
        return self.fact.product

    @property
    def back(self) -> bool:
        return self.fact.bottles < 0

    def counts_by(self, must_scan: bool | None) -> bool:
        """Tell whether goods of this kind of day are counted by this fact; never on a day without a role."""
        return self.must_scan is not None and must_scan == (self.basis == "received")

    def proof(self) -> Proof:
        whole = Fraction(abs(self.fact.bottles))
        alone = self.counts_by(self.must_scan)
        if not whole:
            return Proof(Fraction(alone))
        lonely = whole - sum((Fraction(bottles) for _key, bottles in self.met), Fraction())
        return Proof((Fraction(self.counted) + (lonely if alone else 0)) / whole, tuple(self.met))


class _Shelf:
    """What was told of one product and has not met the other proof yet, by proof and direction, by day."""

    def __init__(self, runs: Sequence[Stretch]) -> None:
        self.runs = runs
        self.waiting: dict[tuple[str, bool], list[_Told]] = {(basis, back): [] for basis in OTHER for back in (0, 1)}
        self.both = dict.fromkeys(OTHER, ZERO)  # bottles that both proofs told of and that are still there

    def put(self, fact: _Told) -> None:
        bottles = fact.left
        self._meet(fact)
        if fact.back:
            self._take_off(fact.basis, bottles)
        if fact.left:
            self.waiting[fact.basis, fact.back].append(fact)

    def _meet(self, fact: _Told) -> None:
        others = self.waiting[OTHER[fact.basis], fact.back]
        while fact.left and others:
            first = others[-1]
            if self._is_gone(first, fact):
                # whatever lies below was told even before
                others.clear()
                return
            bottles = min(fact.left, first.left)
            self._pair(first, fact, bottles)
            if not first.left:
                others.pop()

    def _pair(self, first: _Told, second: _Told, bottles: Decimal) -> None:
        for one, other in ((first, second), (second, first)):
            one.left -= bottles
            one.met.append((other.key, bottles))
            if not one.back:
                self.both[one.basis] += bottles
        kind = second.must_scan if first.must_scan is None else first.must_scan
        for one in (first, second):
            if one.counts_by(kind):
                one.counted += bottles

    def _is_gone(self, first: _Told, second: _Told) -> bool:
        """Tell whether goods were told of too long before the change to be those that are told of now."""
        if first.stretch == second.stretch:
            return False
        return first.day < self.runs[first.stretch + 1].first - STOCK_DAYS

    def _take_off(self, basis: str, bottles: Decimal) -> None:
        """Goods went back: those that both proofs know first, then the last ones of this proof; none meet any more."""
        known = min(bottles, self.both[basis])
        self.both[basis] -= known
        bottles -= known
        waiting = self.waiting[basis, False]
        while bottles and waiting:
            away = min(bottles, waiting[-1].left)
            waiting[-1].left -= away
            bottles -= away
            if not waiting[-1].left:
                waiting.pop()


def part_of(value: Decimal, part: Fraction) -> Decimal:
    """The counted part of an amount or quantity.

    >>> part_of(Decimal("600.00"), Fraction(1, 3)), part_of(Decimal("5"), Fraction(1))
    (Decimal('200.00'), Decimal('5'))
    """
    return value if part == 1 else value * part.numerator / part.denominator


class Booked(NamedTuple):
    """What rows of a ledger say: worth in money or points, what a distributor carries of it, bottles."""

    worth: Decimal = ZERO
    carried: Decimal = ZERO
    bottles: Decimal = ZERO

    def plus(self, other: "Booked") -> "Booked":
        """Add two of them up."""
        return Booked(*(one + more for one, more in zip(self, other, strict=True)))


def follow(origin: Booked, before: Booked, back: Booked, parts: tuple[Fraction, Fraction], step: Decimal) -> Booked:
    """What is still to be booked where another part of a fact counts than was paid for, or some of it went back.

    Goods that went back are those that count, so what stays is the counted part of the whole less what went back of
    the whole, and nothing below that: the same whichever of scan, return and report was processed first.

    :param before: differences booked before
    :param back: what was taken back because goods were returned, negative
    :param parts: (part that was paid for, part that counts now)
    :param step: smallest amount

    Of 12.00 for six bottles, a third counts; two bottles had gone back with 4.00, so nothing more does.

    >>> paid, third = Booked(Decimal(12), Decimal(3), Decimal(6)), (Fraction(1), Fraction(1, 3))
    >>> [str(one) for one in follow(paid, Booked(), Booked(), third, Decimal("0.01"))]
    ['-8.00', '-2.00', '-4']
    >>> two = Booked(Decimal("-4.00"), Decimal("-1.00"), Decimal(-2))
    >>> [str(one) for one in follow(paid, Booked(), two, (Fraction(1), Fraction(0)), Decimal("0.01"))]
    ['-8.00', '-2.00', '-4']

    A third was paid with 4.00 and two bottles went back, a third of those 4.00 with them: all of it is gone. When
    everything counts after all, 12.00 less 4.00 stay:

    >>> paid, two = Booked(Decimal(4), Decimal(1), Decimal(2)), Booked(Decimal("-1.33"), Decimal("-0.33"), Decimal(-2))
    >>> [str(one) for one in follow(paid, Booked(), two, (Fraction(1, 3), Fraction(1, 3)), Decimal("0.01"))]
    ['-2.67', '-0.67', '0']
    >>> [str(one) for one in follow(paid, Booked(), two, (Fraction(1, 3), Fraction(1)), Decimal("0.01"))]
    ['5.33', '1.33', '4']
    """
    bottles = Fraction(origin.bottles) / parts[0]
    gone = min(Fraction(1), Fraction(-back.bottles) / bottles) if bottles > 0 and origin.worth > 0 else Fraction()
    worth, carried = (
        _left(Fraction(amount) / parts[0], parts[1], gone, step) - amount - earlier - taken
        for amount, earlier, taken in zip(origin[:2], before[:2], back[:2], strict=True)
    )
    if not worth or (carried < 0) != (worth < 0):
        carried = ZERO
    carried = max(min(carried, abs(worth)), -abs(worth))
    kept = part_of(origin.bottles, (max(Fraction(), parts[1] - gone) if gone else parts[1]) / parts[0])
    return Booked(worth, carried, kept - origin.bottles - before.bottles - back.bottles)


def _left(whole: Fraction, part: Fraction, gone: Fraction, step: Decimal) -> Decimal:
    """What stays of a whole of which a part counts and some went back."""
    counted = _stepped(_exact(whole * part), step)
    return max(ZERO, counted - _stepped(_exact(whole * gone), step)) if gone else counted


def _exact(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def _stepped(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
