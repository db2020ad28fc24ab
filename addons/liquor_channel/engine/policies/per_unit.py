"""Policies that pay at once for each fact."""

from collections.abc import Hashable, Iterable
from decimal import Decimal

from ..common.money import ZERO, quantize
from .eligibility import Movement, Rule, measured


def pay(rule: Rule, move: Movement, digits: int = 2) -> Decimal:
    """What one fact gives under one rule, before caps.

    >>> from datetime import date
    >>> case = Movement("received", date(2026, 1, 1), 7, Decimal(6), Decimal(0))
    >>> pay(Rule(1, 1, "received", "terminal", date(2026, 1, 1), None, rate=Decimal(15)), case)
    Decimal('15.00')
    """
    if rule.rate_kind == "fixed":
        return quantize(rule.rate, digits)
    if rule.rate_kind == "percent":
        return quantize(move.amount * rule.rate / 100, digits)
    return quantize(measured(rule.measure, move) * rule.rate, digits)


def within_caps(wanted: Iterable[tuple[Hashable, Decimal]], left: dict[Hashable, Decimal]) -> list[Decimal]:
    """Cut amounts to what is left under their caps, in the given order.

    :param wanted: (cap key, amount); a key that ``left`` does not name has no cap
    :param left: what each cap still allows; it is not changed

    >>> within_caps([("a", Decimal(60)), ("a", Decimal(60)), ("b", Decimal(60))], {"a": Decimal(100)})
    [Decimal('60'), Decimal('40'), Decimal('60')]
    """
    rest, granted = dict(left), []
    for key, amount in wanted:
        if key in rest:
            amount = min(amount, max(rest[key], ZERO))
            rest[key] -= amount
        granted.append(amount)
    return granted
