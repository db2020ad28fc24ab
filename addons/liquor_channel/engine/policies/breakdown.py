"""How an amount is made, product by product and tier by tier: the lines per agreement x product x tier of a settlement.

What a period owes is one amount for all products together (owed.py); a product has no tier of its own. So each tier's
amount is split over the products by what rates were applied to, and a line that books a difference is what is owed now
less what was booked, cell by cell. Every split is by largest remainder in whole cents: the cells sum to the line.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from ..common.money import quantize


class Rung(NamedTuple):
    """A tier as the trace of a line names it: texts, so that the same tier is the same key for good."""

    low: str
    high: str | None
    rate: str


Cell = tuple[Rung | None, int]  # (tier or None, product id or 0)


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
) -> dict[Cell, int]:
    """Cents of ``amount`` by tier and product; what cannot be told apart stands under tier None or product 0.

    :param rungs: (tier, what it gave before uplift, rounding and cap)
    :param products: (product id, what the rate was applied to)

    >>> low, high = Rung("0", "100", "1"), Rung("100", None, "2")
    >>> cells = breakdown(Decimal("6.01"), [(low, Decimal(1)), (high, Decimal(5))], [(7, Decimal(2)), (8, Decimal(1))])
    >>> cells[low, 7], cells[low, 8], cells[high, 7], cells[high, 8], sum(cells.values())
    (67, 33, 334, 167, 601)
    """
    cents = int(amount.scaleb(digits).to_integral_value())
    if not cents:
        return {}
    gave = _whole([value for _rung, value in rungs])
    if sum(gave) <= 0:
        return {(None, 0): cents}
    weights, cells = _whole([value for _product, value in products]), {}
    if sum(weights) <= 0:
        products, weights = [(0, None)], [1]
    for (rung, _value), part in zip(rungs, share_out(cents, gave), strict=True):
        for (product, _weight), share in zip(products, share_out(part, weights), strict=True):
            if share:
                cells[rung, product] = share
    return cells


def difference(
    amount: Decimal, now: Mapping[Cell, int], before: Mapping[Cell, int], booked: Decimal, digits: int = 2
) -> dict[Cell, int]:
    """Cells of a line that books ``amount``: what is owed now less what was booked.

    :param now: cells of what is owed in all
    :param before: cells of what was owed when the last line was booked; they are cut to ``booked`` where lines were
        taken back since
    :return: cells that sum to ``amount``; what neither explains stands under (None, 0)

    >>> tier = Rung("0", None, "2")
    >>> cells = difference(Decimal("0.50"), {(tier, 7): 120, (tier, 8): 30}, {(tier, 7): 100}, Decimal("1.00"))
    >>> cells == {(tier, 7): 20, (tier, 8): 30}
    True
    """
    cells = dict(now)
    for cell, cents in _cut(before, quantize(booked, digits), digits).items():
        cells[cell] = cells.get(cell, 0) - cents
    rest = int(quantize(amount, digits).scaleb(digits)) - sum(cells.values())
    if rest:
        cells[None, 0] = cells.get((None, 0), 0) + rest
    return {cell: cents for cell, cents in cells.items() if cents}


def _cut(cells: Mapping[Cell, int], booked: Decimal, digits: int) -> dict[Cell, int]:
    cents = int(booked.scaleb(digits))
    if sum(cells.values()) == cents:
        return dict(cells)
    if sum(cells.values()) <= 0:
        return {(None, 0): cents}
    return dict(zip(cells, share_out(cents, list(cells.values())), strict=True))


def _whole(values: Sequence[Decimal]) -> list[int]:
    """Decimals as whole numbers of the same scale."""
    places = -min((value.as_tuple().exponent for value in values), default=0)
    return [int(value.scaleb(max(places, 0))) for value in values]


def to_trace(cells: Mapping[Cell, int]) -> list:
    """Cells as JSON values: [[low, high, rate, [[product, cents], …]], …], tiers and products in their order.

    >>> to_trace({(Rung("0", None, "2"), 7): 20, (None, 0): -5})
    [['0', None, '2', [[7, 20]]], [None, None, None, [[0, -5]]]]
    """
    grouped: dict[Rung | None, list] = {}
    for (rung, product), cents in cells.items():
        grouped.setdefault(rung, []).append([product, cents])
    return [[*(rung or (None, None, None)), lines] for rung, lines in grouped.items()]
