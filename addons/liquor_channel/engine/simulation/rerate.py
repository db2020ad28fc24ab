"""Re-rating of what is paid fact by fact: the difference between what new terms give and what is booked."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..common.money import ZERO, split


@dataclass(frozen=True, slots=True)
class Paid:
    """What is booked for one fact and party; ``carried`` is the part that somebody else bears."""

    amount: Decimal = ZERO
    carried: Decimal = ZERO


def differences(paid: Mapping[Hashable, Paid], wanted: Mapping[Hashable, Decimal]) -> dict[Hashable, Decimal]:
    """Return new − booked for each (fact, party), without those that stay as they are.

    Twelve bottles were paid at 2.00 and are worth 2.50 now; another fact is not paid any more, a third stays:

    >>> paid = {"a": Paid(Decimal(24)), "b": Paid(Decimal(10)), "c": Paid(Decimal(5))}
    >>> {key: str(change) for key, change in differences(paid, {"a": Decimal(30), "c": Decimal(5)}).items()}
    {'a': '6', 'b': '-10'}
    """
    keys = dict.fromkeys([*wanted, *paid])
    changes = {key: wanted.get(key, ZERO) - paid.get(key, Paid()).amount for key in keys}
    return {key: change for key, change in changes.items() if change}


def carried_back(change: Decimal, paid: Paid) -> Decimal:
    """Return the part of a negative difference that goes back to whoever carried it: as what was booked was shared.

    600.00 of which 180.00 were carried; 150.00 go back, 45.00 of them to the distributor (channel.md Acc-2 #9):

    >>> str(carried_back(Decimal("-150.00"), Paid(Decimal("600.00"), Decimal("180.00"))))
    '-45.00'
    """
    if change >= 0 or not paid.carried or paid.amount <= 0:
        return ZERO
    share = min(paid.carried / paid.amount * 100, Decimal(100))
    return split(change, [100 - share, share])[1]
