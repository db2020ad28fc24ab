"""Exact money: decimals in, cents that sum out."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def decimal(value: object) -> Decimal:
    """The exact decimal that a stored number shows; floats come from numeric columns, so their repr is exact.

    >>> decimal(0.1) + decimal("0.2")
    Decimal('0.3')
    >>> decimal(None)
    Decimal('0')
    """
    if isinstance(value, Decimal):
        return value
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value or 0))


def quantize(amount: Decimal, digits: int = 2) -> Decimal:
    """Round half away from zero to the currency's ``digits``.

    >>> quantize(Decimal("2.345")), quantize(Decimal("-2.345"))
    (Decimal('2.35'), Decimal('-2.35'))
    """
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def split(amount: Decimal, weights: Sequence[Decimal], digits: int = 2) -> list[Decimal]:
    """Split ``amount`` over ``weights`` by largest remainder; on a tie the earlier payee takes the cent.

    The parts sum to the rounded amount exactly. A negative amount is split as the mirror of the positive one.
    Put the brand first: it then takes the cent on a tie (spec C52).

    >>> split(Decimal("100"), [Decimal(1)] * 3)
    [Decimal('33.34'), Decimal('33.33'), Decimal('33.33')]
    >>> split(Decimal("0.01"), [Decimal(1), Decimal(1)])
    [Decimal('0.01'), Decimal('0.00')]
    >>> split(Decimal("600"), [Decimal(70), Decimal(30)])
    [Decimal('420.00'), Decimal('180.00')]
    """
    total_weight = sum(weights, ZERO)
    if total_weight <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative and their sum must be positive")
    cent = Decimal(1).scaleb(-digits)
    total = quantize(abs(amount), digits)
    exact = [total * weight / total_weight for weight in weights]
    parts = [part.quantize(cent, rounding=ROUND_FLOOR) for part in exact]
    left = int((total - sum(parts, ZERO)) / cent)
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[:left]:
        parts[index] += cent
    return parts if amount >= 0 else [-part for part in parts]
