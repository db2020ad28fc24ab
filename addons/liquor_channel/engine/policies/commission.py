"""Commission for those above a sub-distributor: one paid level, a second only in goods trade and only by permission.

Pay over more levels than these, or for bringing in people instead of selling goods, is what the rules against pyramid
selling forbid (security.md; channel.md C60): so neither can be written down here.
"""

from collections.abc import Mapping
from typing import NamedTuple

MOST_LEVELS = 2
TRADE = ("distributor", "sub_distributor")
#: movements of goods; members who join, bottles that are opened and money that comes in are none
GOODS_TRADE = frozenset({"ordered", "shipped", "invoiced", "received", "sold", "reported"})


class Above(NamedTuple):
    """One step up the tree: ``parent`` is directly above whoever did the trade."""

    level: int
    partner: int
    parent: int


def refusal(levels: int, kind: str, beneficiary: str, basis: str) -> str | None:
    """Name what forbids such terms; None where they may be written.

    >>> refusal(2, "per_unit", "distributor", "reported") is None, refusal(3, "per_unit", "distributor", "reported")
    (True, 'levels')
    >>> refusal(1, "per_unit", "guide", "sold"), refusal(1, "per_unit", "distributor", "joined")
    ('beneficiary', 'trade')
    """
    if not levels:
        return None
    if not 0 < levels <= MOST_LEVELS:
        return "levels"
    if beneficiary not in TRADE:
        return "beneficiary"
    if basis not in GOODS_TRADE:
        return "trade"
    return None if kind == "per_unit" else "kind"


def paid_above(tree: Mapping[int, int], party: int, levels: int) -> list[Above]:
    """Return who is above ``party``, the nearest first, never more than :data:`MOST_LEVELS`.

    :param tree: {sub-distributor: who supplies it}
    :param levels: how many levels the terms pay and the company may pay

    >>> paid_above({4: 3, 3: 2, 2: 1}, 4, 2)
    [Above(level=1, partner=3, parent=3), Above(level=2, partner=2, parent=3)]
    >>> paid_above({4: 3}, 3, 1)
    []
    """
    found: list[Above] = []
    parent = tree.get(party)
    partner = parent
    while partner and partner != party and len(found) < min(levels, MOST_LEVELS):
        found.append(Above(len(found) + 1, partner, parent))
        partner = tree.get(partner)
    return found
