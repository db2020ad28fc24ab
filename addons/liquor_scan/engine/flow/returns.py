"""What goes back of a reward when a part of the goods comes back (trade.md R9 c, spec/codes.md row 2).

Parts are rounded cumulatively: after the last bottle exactly what was earned is taken back, whatever the
currency rounds a single bottle to.
"""

from decimal import ROUND_HALF_UP, Decimal


def part_back(earned: Decimal, received: int, back: int, taken: Decimal, unit: Decimal) -> Decimal:
    """What is taken back now, rounded to `unit`, so that all parts together are the share of what came back.

    :param earned: what the receipt earned
    :param received: bottles of the receipt
    :param back: bottles that came back, with those that come back now
    :param taken: what was taken back for those before

    0.03 for six bottles: one is half a cent, rounded up; the second makes it one cent in all, so nothing more.

    >>> cent = Decimal("0.01")
    >>> part_back(Decimal("0.03"), 6, 1, Decimal(0), cent)
    Decimal('0.01')
    >>> part_back(Decimal("0.03"), 6, 2, Decimal("0.01"), cent)
    Decimal('0.00')
    """
    share = min(back, received)
    owed = (earned * share / received if received else earned).quantize(unit, ROUND_HALF_UP)
    return owed - taken
