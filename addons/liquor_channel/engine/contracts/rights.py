"""Who may order what: rights of contracts over products and territories."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Right:
    """One right of a contract. ``territory`` or ``category`` None means all; ``path`` is the territory and those above.

    ``category_path`` likewise is the category and those above it.
    """

    key: int
    party: int
    territory: int | None
    category: int | None
    exclusive: bool
    first: date
    last: date
    path: frozenset[int] = frozenset()
    category_path: frozenset[int] = frozenset()


def covering(rights: Iterable[Right], categories: frozenset[int], territories: frozenset[int]) -> list[Right]:
    """Rights that cover a product in a territory, the narrowest first.

    :param categories: the product's category and those above
    :param territories: the territory of the order and those above

    >>> wide = Right(1, 7, None, None, False, date.min, date.max)
    >>> narrow = Right(2, 7, 41, 5, False, date.min, date.max)
    >>> [right.key for right in covering([wide, narrow], frozenset({5, 4}), frozenset({41, 32}))]
    [2, 1]
    >>> covering([narrow], frozenset({5}), frozenset({32}))
    []
    """
    found = [
        right
        for right in rights
        if (right.category is None or right.category in categories)
        and (right.territory is None or right.territory in territories)
    ]
    return sorted(found, key=lambda right: (right.category is None, right.territory is None, right.key))


def clash(one: Right, other: Right) -> bool:
    """Tell whether two parties may not both have these rights: they overlap and one of them is exclusive.

    >>> city = Right(1, 7, 41, None, True, date(2026, 1, 1), date(2026, 12, 31), frozenset({41, 32}))
    >>> county = Right(2, 8, 4101, None, False, date(2026, 6, 1), date(2027, 5, 31), frozenset({4101, 41, 32}))
    >>> clash(city, county), clash(county, city)
    (True, True)
    """
    if one.party == other.party or not (one.exclusive or other.exclusive):
        return False
    if one.last < other.first or other.last < one.first:
        return False
    return _overlap(one.territory, one.path, other.territory, other.path) and _overlap(
        one.category, one.category_path, other.category, other.category_path
    )


def _overlap(one: int | None, path: frozenset[int], other: int | None, other_path: frozenset[int]) -> bool:
    """Two branches of a tree overlap where one lies on the way to the other; None is the whole tree."""
    return one is None or other is None or one in other_path or other in path
