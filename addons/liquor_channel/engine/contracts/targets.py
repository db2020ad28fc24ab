"""Targets of contracts: what was done, the rate of completion, the gap and what closing it is worth (R19)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..common.money import ZERO, quantize
from ..earnings.periods import LENGTH_IN_MONTHS, Period, period_after, period_of

#: order kinds that count for targets and quotas; goods rebates, tasting wine, gifts and internal buying do not (R2, R4)
COUNTING_KINDS = ("normal", "banquet", "online")
MEASURES = ("cases", "bottles", "amount")
LAST_YEAR = 2100
LABEL = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


def as_written(label: str) -> str:
    """The label as it is stored: of a Chinese keyboard's full-width signs the plain ones, so that one period is one.

    >>> as_written("２０２６－ｑ１"), as_written("2026-03")
    ('2026-Q1', '2026-03')
    """
    return unicodedata.normalize("NFKC", label or "").upper()


def with_plain_label(values: dict) -> dict:
    """Values of a record with the label as it is stored.

    >>> with_plain_label({"label": "２０２６"}), with_plain_label({"goal": 1})
    ({'label': '2026'}, {'goal': 1})
    """
    return {**values, "label": as_written(values["label"])} if values.get("label") else values


def period_from_label(label: str) -> Period:
    """The year, quarter or month of a label.

    Raises ValueError for anything else.

    >>> period_from_label("2026-Q2").start, period_from_label("2026-02").end, period_from_label("2026").label
    (datetime.date(2026, 4, 1), datetime.date(2026, 2, 28), '2026')
    """
    kind, first = _kind_and_first(label)
    return period_of(first, kind)


def label_after(label: str) -> str:
    """The label that is written next: the first quarter of a year behind the year, else one period on.

    A yearly contract says the year and its quarters (任务量 by quarter). Raises ValueError for what is no label.

    >>> label_after("2026"), label_after("2026-Q4"), label_after("2026-11")
    ('2026-Q1', '2027-Q1', '2026-12')
    """
    kind, first = _kind_and_first(label)
    if kind == "year":
        return period_of(first, "quarter").label
    return period_after(period_of(first, kind), kind).label


def labels_until(label: str, last: date) -> list[str]:
    """Labels of the whole periods behind ``label``, of its kind, that end by ``last``; ValueError for no label.

    >>> labels_until("2026-Q2", date(2026, 12, 31)), labels_until("2026-Q2", date(2026, 12, 30))
    (['2026-Q3', '2026-Q4'], ['2026-Q3'])
    """
    kind, first = _kind_and_first(label)
    period, labels = period_after(period_of(first, kind), kind), []
    while period.end <= last and period.end.year < LAST_YEAR:
        labels.append(period.label)
        period = period_after(period, kind)
    return labels


def _kind_and_first(label: str) -> tuple[str, date]:
    found = LABEL.fullmatch(as_written(label))
    if not found or not 2000 <= int(found[1]) < LAST_YEAR:
        raise ValueError(f"not a period: {label}")
    kind = "quarter" if found[2] else "month" if found[3] else "year"
    month = (int(found[2]) - 1) * 3 + 1 if found[2] else int(found[3] or 1)
    assert kind in LENGTH_IN_MONTHS
    return kind, date(int(found[1]), month, 1)


@dataclass(frozen=True, slots=True)
class Done:
    """One sum of facts of a party: a product's bottles and amount under an order kind."""

    party: int
    product: int | None
    kind: str | None
    bottles: Decimal
    amount: Decimal
    currency: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What a party has to reach; ``category`` None counts every product, ``measure`` is one of MEASURES."""

    key: int
    party: int
    measure: str
    goal: Decimal
    category: int | None = None
    currency: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a target is: ``rate`` in percent of the goal (two digits), ``gap`` never below nothing."""

    done: Decimal
    rate: Decimal
    gap: Decimal


def counts(kind: str | None) -> bool:
    """Tell whether facts of an order kind count for targets; money that came in has no order kind.

    >>> counts("normal"), counts("goods_rebate"), counts(None)
    (True, False, True)
    """
    return kind is None or kind in COUNTING_KINDS


def done_for(target: Target, rows: Iterable[Done], products: dict[int, tuple[int, frozenset[int]]]) -> Decimal:
    """What ``target``'s party has done in the target's measure.

    :param products: {product: (bottles per case, ids of its category and those above)}

    >>> rows = [Done(1, 5, "normal", Decimal(60), Decimal(6000)), Done(1, 5, "gift", Decimal(6), Decimal(0)),
    ...         Done(2, 5, "normal", Decimal(600), Decimal(60000))]
    >>> done_for(Target(9, 1, "cases", Decimal(40)), rows, {5: (6, frozenset())})
    Decimal('10')
    """
    total = ZERO
    for row in rows:
        per_case, categories = products.get(row.product, (1, frozenset()))
        if row.party != target.party or not counts(row.kind):
            continue
        if target.category is not None and target.category not in categories:
            continue
        if target.measure == "amount":
            same = row.currency is None or target.currency is None or row.currency == target.currency
            total += row.amount if same else ZERO
        else:
            total += row.bottles / per_case if target.measure == "cases" else row.bottles
    return total


def progress(goal: Decimal, done: Decimal) -> Progress:
    """Rate of completion and gap.

    >>> progress(Decimal(500), Decimal(380))
    Progress(done=Decimal('380.00'), rate=Decimal('76.00'), gap=Decimal('120.00'))
    >>> progress(Decimal(500), Decimal(560)).gap, progress(Decimal(500), Decimal(-3)).rate
    (Decimal('0.00'), Decimal('-0.60'))
    """
    rate = done * 100 / goal if goal else ZERO
    return Progress(quantize(done), quantize(rate), quantize(max(goal - done, ZERO)))


def volume_pay(goal: Decimal, done: Decimal, amount: Decimal, floor_percent: Decimal, digits: int = 2) -> Decimal:
    """What a signed shop is paid for its volume: all of it at the goal, in proportion from the floor on, else nothing.

    >>> [volume_pay(Decimal(40), Decimal(done), Decimal(1200), Decimal(80)) for done in (40, 36, 32, 31, 50)]
    [Decimal('1200.00'), Decimal('1080.00'), Decimal('960.00'), Decimal('0.00'), Decimal('1200.00')]
    """
    if goal <= 0 or done * 100 < goal * floor_percent or done <= 0:
        return quantize(ZERO, digits)
    return quantize(amount * min(done / goal, Decimal(1)), digits)
