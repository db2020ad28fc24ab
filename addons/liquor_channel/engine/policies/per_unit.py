"""Policies that pay at once for each fact."""

from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal

from ..common.money import ZERO
from .conditions import HUNDRED
from .eligibility import Movement, Rule, amount_of, measured
from .owed import round_to
from .proof import part_of


def pay(rule: Rule, move: Movement, digits: int = 2, uplift: Decimal = ZERO) -> Decimal:
    """What one fact gives under one rule, before caps; ``uplift`` is percent on top.

    >>> from datetime import date
    >>> case = Movement("received", date(2026, 1, 1), 7, Decimal(6), Decimal(0))
    >>> rule = Rule(1, 1, "received", "terminal", date(2026, 1, 1), None, rate=Decimal(15))
    >>> pay(rule, case), pay(rule, case, uplift=Decimal(20))
    (Decimal('15.00'), Decimal('18.00'))
    """
    plain = _plain(rule, move) * (HUNDRED + uplift) / HUNDRED
    return round_to(plain, rule.step, rule.step_down, digits)


def _plain(rule: Rule, move: Movement) -> Decimal:
    if rule.rate_kind == "fixed":
        return part_of(rule.rate, move.part)
    if rule.rate_kind == "percent":
        return amount_of(rule, move) * rule.rate / HUNDRED
    return measured(rule, move) * rule.rate


def within_caps(wanted: Iterable[tuple[Sequence[Hashable], Decimal]], left: dict[Hashable, Decimal]) -> list[Decimal]:
    """Cut amounts to what is left under all their caps, in the given order.

    :param wanted: (keys of the caps, amount); a key that ``left`` does not name has no cap
    :param left: what each cap still allows; it is not changed

    >>> within_caps([(["a"], Decimal(60)), (["a", "b"], Decimal(60)), (["c"], Decimal(60))],
    ...             {"a": Decimal(100), "b": Decimal(30)})
    [Decimal('60'), Decimal('30'), Decimal('60')]
    """
    rest, granted = dict(left), []
    for keys, amount in wanted:
        capped = [key for key in keys if key in rest]
        amount = min([amount, *(max(rest[key], ZERO) for key in capped)])
        for key in capped:
            rest[key] -= amount
        granted.append(amount)
    return granted
