"""From amounts by place and programme to the percentages of an analytic distribution."""

from collections.abc import Mapping
from decimal import Decimal

from ..common.money import split
from .grouping import ZERO

WHOLE = Decimal(100)
NOWHERE = (0, 0)


def percentages(weights: Mapping[tuple[int, int], Decimal], digits: int = 2) -> dict[tuple[int, int], Decimal]:
    """Return what part of a line belongs to each (territory, policy); the parts sum to 100 exactly.

    Only what is positive counts, so that a part taken back never makes another one more than the whole.

    >>> found = percentages({(1, 5): Decimal(400), (2, 5): Decimal(200)})
    >>> {place: str(part) for place, part in found.items()}
    {(1, 5): '66.67', (2, 5): '33.33'}
    >>> percentages({})
    {(0, 0): Decimal('100')}
    """
    kept = {place: weight for place, weight in sorted(weights.items()) if weight > ZERO}
    if not kept:
        return {next(iter(sorted(weights)), NOWHERE): WHOLE}
    parts = split(WHOLE, list(kept.values()), digits)
    return {place: part for place, part in zip(kept, parts, strict=True) if part}
