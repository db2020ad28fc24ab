"""How an amount is made, product by product and tier by tier: the lines per agreement x product x tier of a settlement.

What a period owes is one amount for all products together (owed.py); a product has no tier of its own. So each tier's
amount is split over the products by what rates were applied to, and a line that books a difference is what is owed now
less what was booked, part by part. Every split is by largest remainder in whole cents: the parts sum to the line.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple


class Rung(NamedTuple):
    """A tier as the trace of a line names it: texts, so that the same tier is the same key for good."""

    low: str
    high: str | None
    rate: str


#: cents by tier (None where it has none) and product id (0 where it cannot be told)
Parts = dict[Rung | None, dict[int, int]]


def share_out(cents: int, weights: Sequence[int]) -> list[int]:
    """Split whole cents by largest remainder; on a tie the earlier weight takes the cent.

    Weights may be negative (goods brought back), their sum may not.

    >>> share_out(100, [1, 1, 1]), share_out(-100, [1, 1, 1]), share_out(10, [3, -1])
    ([34, 33, 33], [-34, -33, -33], [15, -5])

    :raises ValueError: the weights sum to nothing or less
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("the sum of the weights must be positive")
    sign = -1 if cents < 0 else 1
    exact = [sign * cents * weight for weight in weights]
    parts = [part // whole for part in exact]
    left = sign * cents - sum(parts)
    if left:
        by_remainder = sorted(range(len(parts)), key=lambda place: -(exact[place] % whole))
        for place in by_remainder[:left]:
            parts[place] += 1
    return parts if sign > 0 else [-part for part in parts]


def breakdown(
    amount: Decimal,
    rungs: Sequence[tuple[Rung, Decimal]],
    products: Sequence[tuple[int, Decimal]],
    digits: int = 2,
) -> Parts:
    """Cents of ``amount`` by tier and product.

    :param rungs: (tier, what it gave before uplift, rounding and cap)
    :param products: (product id, what the rate was applied to)

    >>> low, high = Rung("0", "100", "1"), Rung("100", None, "2")
    >>> parts = breakdown(Decimal("6.01"), [(low, Decimal(1)), (high, Decimal(5))], [(7, Decimal(2)), (8, Decimal(1))])
    >>> parts == {low: {7: 67, 8: 33}, high: {7: 334, 8: 167}}
    True
    """
    cents = int(amount.scaleb(digits))
    if not cents:
        return {}
    gave = [_whole(value) for _rung, value in rungs]
    if sum(gave) <= 0:
        return {None: {0: cents}}
    weights, keys = [_whole(value) for _product, value in products], [product for product, _value in products]
    if sum(weights) <= 0:
        weights, keys = [1], [0]
    shares = zip(rungs, share_out(cents, gave), strict=True)
    return {rung: dict(zip(keys, share_out(part, weights), strict=True)) for (rung, _value), part in shares if part}


def cut(parts: Parts, booked: Decimal, digits: int = 2) -> Parts:
    """Parts of what was owed when the last line was booked, as parts of what is booked now.

    Both are the same unless lines were taken back since; then each part goes down in proportion.

    >>> tier = Rung("0", None, "2")
    >>> cut({tier: {7: 100, 8: 50}}, Decimal("1.50")) == {tier: {7: 100, 8: 50}}
    True
    >>> cut({tier: {7: 100, 8: 50}}, Decimal("0.75")), cut({}, Decimal("0.10"))
    ({Rung(low='0', high=None, rate='2'): {7: 50, 8: 25}}, {None: {0: 10}})
    """
    cents, cells = int(booked.scaleb(digits)), list(_cells(parts))
    if sum(share for *_cell, share in cells) == cents:
        return parts
    if sum(share for *_cell, share in cells) <= 0:
        return {None: {0: cents}} if cents else {}
    found: Parts = {}
    for (rung, product, _share), part in zip(cells, share_out(cents, [cell[-1] for cell in cells]), strict=True):
        found.setdefault(rung, {})[product] = part
    return found


def difference(now: Parts, before: Parts) -> list[tuple[Rung | None, int, int]]:
    """Parts of the line that books what is owed now less what was booked: (tier or None, product id or 0, cents).

    >>> tier = Rung("0", None, "2")
    >>> [line[1:] for line in difference({tier: {7: 120, 8: 30}}, {tier: {7: 120, 9: 10}})]
    [(8, 30), (9, -10)]
    """
    sums = {(rung, product): cents for rung, product, cents in _cells(now)}
    for rung, product, cents in _cells(before):
        sums[rung, product] = sums.get((rung, product), 0) - cents
    return [(*cell, cents) for cell, cents in sums.items() if cents]


def to_trace(parts: Parts) -> list:
    """Parts as JSON values: [[low, high, rate, [product, …], [cents, …]], …].

    >>> to_trace({Rung("0", None, "2"): {7: 20, 8: 5}, None: {0: -5}})
    [['0', None, '2', [7, 8], [20, 5]], [None, None, None, [0], [-5]]]
    """
    return [[*(rung or (None, None, None)), list(row), list(row.values())] for rung, row in parts.items()]


def from_trace(values: Iterable[Sequence]) -> Parts:
    """The same back.

    >>> from_trace([['0', None, '2', [7, 8], [20, 5]], [None, None, None, [0], [-5]]])
    {Rung(low='0', high=None, rate='2'): {7: 20, 8: 5}, None: {0: -5}}
    """
    return {
        None if low is None else Rung(low, high, rate): dict(zip(products, cents, strict=True))
        for low, high, rate, products, cents in values
    }


def _cells(parts: Parts) -> Iterator[tuple[Rung | None, int, int]]:
    return ((rung, product, cents) for rung, row in parts.items() for product, cents in row.items())


def _whole(value: Decimal) -> int:
    """A weight in whole ten-thousandths."""
    return int(value.scaleb(4))
