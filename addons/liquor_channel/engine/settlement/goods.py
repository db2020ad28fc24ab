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


@dataclass(frozen=True, slots=True)
class EarnedGoods:
    """Goods that were earned as goods: whole ``bottles`` at ``price`` are ``value``; the ``rest`` is no bottle."""

    bottles: int
    price: Decimal
    value: Decimal
    rest: Decimal


def earned_goods(bottles: Decimal, worth: Decimal, digits: int = 2) -> EarnedGoods:
    """Return what of goods that were earned can be delivered, at what they were worth when they were earned.

    Two blocks of ten bottles and half a one, worth 1,025.00: 20 bottles at 50.00, and 25.00 in money.

    >>> earned_goods(Decimal("20.5"), Decimal(1025))
    EarnedGoods(bottles=20, price=Decimal('50.00'), value=Decimal('1000.00'), rest=Decimal('25.00'))

    Three bottles worth 100.00 are delivered at 33.33, quantity and equal discount; the cent is money. More was taken
    back than was earned: nothing is delivered, its worth is money.

    >>> earned_goods(Decimal(3), Decimal(100)).rest, earned_goods(Decimal(-6), Decimal(-300)).rest
    (Decimal('0.01'), Decimal('-300'))
    """
    whole = int(bottles.to_integral_value(rounding=ROUND_FLOOR)) if bottles > ZERO and worth > ZERO else 0
    if not whole:
        return EarnedGoods(0, ZERO, ZERO, worth)
    price = (worth / bottles).quantize(Decimal(1).scaleb(-digits), ROUND_FLOOR)
    return EarnedGoods(whole, price, whole * price, worth - whole * price)
