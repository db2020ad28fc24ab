"""A count of a place: how a difference is spread over what the books hold there."""

from collections.abc import Sequence


def adjust(change: int, held: Sequence[int]) -> list[int]:
    """Bottles to add to (or take from, below zero) each heap of one lot.

    More than expected goes onto the first heap; less is taken from the first heaps on, from none more than it
    holds, so that no heap ends below zero. A heap that the books already have below zero is filled up by nothing.

    >>> adjust(6, [354, 360]), adjust(-360, [354, 360]), adjust(0, [6])
    ([6, 0], [-354, -6], [0])
    """
    if change >= 0:
        return [change, *[0] * (len(held) - 1)] if held else []
    parts = []
    for heap in held:
        taken = min(max(heap, 0), -change)
        parts.append(-taken)
        change += taken
    return parts
