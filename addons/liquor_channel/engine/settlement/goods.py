"""Rebates paid in goods (trade.md R4): owed in bottles and in money, at the price of the day it was decided."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from ..common.money import ZERO, quantize


@dataclass(frozen=True, slots=True)
class GoodsDebt:
    """Whole ``bottles`` worth ``value``, and the ``rest`` that is no bottle."""

    bottles: int
    value: Decimal
    rest: Decimal


def goods_debt(amount: Decimal, price: Decimal, digits: int = 2) -> GoodsDebt:
    """Return what an amount is worth in bottles of ``price``.

    20,000 at 299.00 a bottle: 66 bottles are 19,734.00, and 266.00 are left for the rebate account.

    >>> goods_debt(Decimal(20000), Decimal(299))
    GoodsDebt(bottles=66, value=Decimal('19734.00'), rest=Decimal('266.00'))

    :raises ValueError: no price, or nothing owed
    """
    if price <= ZERO or amount <= ZERO:
        raise ValueError("goods need a price and an amount above zero")
    bottles = int((amount / price).to_integral_value(rounding=ROUND_FLOOR))
    value = quantize(bottles * price, digits)
    return GoodsDebt(bottles, value, quantize(amount, digits) - value)


def price_variance(bottles: Decimal, decided: Decimal, delivered: Decimal, digits: int = 2) -> Decimal:
    """Return what the goods are worth more (or less) on the day of delivery than when they were decided.

    >>> str(price_variance(Decimal(66), Decimal(299), Decimal(319)))
    '1320.00'
    """
    return quantize(bottles * (delivered - decided), digits)
