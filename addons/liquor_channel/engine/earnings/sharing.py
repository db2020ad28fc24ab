"""What a distributor carries of a reward or a benefit (channel.md C52): so many per cent, or so much a unit."""

from decimal import Decimal

from ..common.money import ZERO, quantize, split


def carried(
    amount: Decimal, percent: Decimal, per_unit: Decimal = ZERO, units: Decimal = ZERO, digits: int = 2
) -> Decimal:
    """Return his part of an amount that was paid for so many units (bottles, or one benefit).

    A share per unit, where there is one, counts instead of the per cent; nobody carries more than was paid. What is
    taken back is the mirror of what was given.

    >>> carried(Decimal("600"), Decimal(30))
    Decimal('180.00')
    >>> carried(Decimal("15"), ZERO, Decimal("1.20"), Decimal(6))
    Decimal('7.20')
    >>> carried(Decimal("5"), ZERO, Decimal("1.20"), Decimal(6))
    Decimal('5.00')
    >>> carried(Decimal("-5"), ZERO, Decimal("0.50"), Decimal(6))
    Decimal('-3.00')
    """
    if not per_unit:
        return split(amount, [100 - percent, percent], digits)[1]
    part = min(quantize(per_unit * abs(units), digits), quantize(abs(amount), digits))
    return part if amount >= 0 else -part
