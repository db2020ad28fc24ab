"""Which of several policies pay when they exclude each other.

Policies add up unless they are in one exclusive group. Of a group one pays: the first by its order, or the one that
gives most. Both are decided on the whole set, so the order in which facts and policies are processed does not matter.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal

CHOICES = ("first", "best")


@dataclass(frozen=True, slots=True)
class Offer:
    """What one policy would give for one subject (a fact or a period, and a party).

    ``order`` is the policy's place, smaller first, and unique: (sequence, id).
    """

    key: Hashable
    subject: Hashable
    order: tuple[int, int]
    amount: Decimal
    group: int | None = None
    choice: str = "first"


def kept(offers: Iterable[Offer]) -> set[Hashable]:
    """Keys of the offers that pay. An offer of nothing never displaces another.

    >>> ten = Offer("ten", "fact", (10, 1), Decimal(10), group=1, choice="best")
    >>> twelve = Offer("twelve", "fact", (20, 2), Decimal(12), group=1, choice="best")
    >>> kept([ten, twelve, Offer("free", "fact", (30, 3), Decimal(1))]) == {"twelve", "free"}
    True
    """
    winners: dict[tuple[Hashable, int], Offer] = {}
    keys = set()
    for offer in offers:
        if not offer.amount:
            continue
        if offer.group is None:
            keys.add(offer.key)
            continue
        place = (offer.subject, offer.group)
        best = winners.get(place)
        if best is None or _rank(offer) < _rank(best):
            winners[place] = offer
    return keys | {offer.key for offer in winners.values()}


def _rank(offer: Offer) -> tuple:
    return (-offer.amount, offer.order) if offer.choice == "best" else offer.order
