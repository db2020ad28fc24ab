"""Where a distributor's share comes from: sources in the order of his agreement (trade.md R5).

Amounts are Decimal in the company's currency.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
#: with an order, rebate account, prefunded deposit, prepayment for goods, and last: an open debt
KINDS = ("order", "rebate", "deposit", "prepayment", "open")


@dataclass(frozen=True, slots=True)
class Source:
    """A source and what it holds now; ``None`` holds anything (an open debt that was agreed to)."""

    kind: str
    held: Decimal | None = ZERO


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the sources give, in their order, and what waits because none of them holds it."""

    parts: tuple[tuple[str, Decimal], ...]
    waiting: Decimal


def draw(amount: Decimal, sources: Iterable[Source]) -> Drawing:
    """Take a share from the sources in their order; what none of them holds waits and is nobody's debt.

    A share of 180.00 from 50.00 in the rebate account and 100.00 in the deposit; no open debt was agreed to:

    >>> drawing = draw(Decimal(180), [Source("rebate", Decimal(50)), Source("deposit", Decimal(100))])
    >>> [(kind, int(part)) for kind, part in drawing.parts], int(drawing.waiting)
    ([('rebate', 50), ('deposit', 100)], 30)

    Agreed to as the last source, the rest becomes an open debt:

    >>> draw(Decimal(180), [Source("deposit", Decimal(100)), Source("open", None)]).waiting
    Decimal('0')

    :raises ValueError: an unknown kind, a negative amount or an open debt before another source
    """
    sources = list(sources)
    _check(amount, sources)
    parts, left = [], amount
    for source in sources:
        part = left if source.held is None else min(max(source.held, ZERO), left)
        left -= part
        if part:
            parts.append((source.kind, part))
    return Drawing(tuple(parts), left)


def _check(amount: Decimal, sources: Sequence[Source]) -> None:
    if amount < 0:
        raise ValueError(f"a share to be drawn is not negative: {amount}")
    if unknown := {source.kind for source in sources} - set(KINDS):
        raise ValueError(f"unknown sources: {sorted(unknown)}")
    if any(source.kind == "open" for source in sources[:-1]):
        raise ValueError("an open debt is the last source")


def per_case_part(cases: Decimal, per_case: Decimal, due: Decimal, digits: int = 2) -> Decimal:
    """Return what an order carries of a share that is due: so much a case, never more than is due (随单计提).

    >>> per_case_part(Decimal(40), Decimal("2.50"), Decimal(180))
    Decimal('100.00')
    >>> per_case_part(Decimal(400), Decimal("2.50"), Decimal(180))
    Decimal('180.00')
    """
    cent = Decimal(1).scaleb(-digits)
    return max(ZERO, min((cases * per_case).quantize(cent), due)).quantize(cent)


@dataclass(frozen=True, slots=True)
class Month:
    """What his shops earned in one past month under what the agreement covers, and what it would have charged."""

    earned: Decimal
    share: Decimal


def forecast(months: Sequence[Month], cap: Decimal | None = None, digits: int = 2) -> tuple[Decimal, Decimal]:
    """Return (mean, highest) share of the past months, within the cap: what he must expect of the next one.

    >>> past = [Month(Decimal(600), Decimal(180)), Month(Decimal(300), Decimal(90)), Month(Decimal(0), Decimal(0))]
    >>> forecast(past)
    (Decimal('90.00'), Decimal('180.00'))
    >>> forecast(past, cap=Decimal(100))
    (Decimal('90.00'), Decimal('100.00'))
    >>> forecast([])
    (Decimal('0.00'), Decimal('0.00'))
    """
    cent = Decimal(1).scaleb(-digits)
    shares = [month.share for month in months] or [ZERO]
    found = (sum(shares, ZERO) / len(shares), max(shares))
    limited = found if cap is None else tuple(min(value, cap) for value in found)
    return tuple(value.quantize(cent) for value in limited)
