"""Sample checks of a roll: whether what lies in a case is what the numbers say it is."""

from collections.abc import Collection, Sequence

from ..flow.units import Unit


def planned(cases: int, every: int) -> int:
    """Cases to scan fully: one of every so many, a part counts.

    >>> planned(120, 50), planned(50, 50), planned(1, 50)
    (3, 1, 1)
    """
    return -(-cases // every)


def compare(expected: Collection[Unit], found: Sequence[Unit | None]) -> str:
    """Why a case does not hold what it should, or an empty text.

    >>> case = [Unit(1, 1, n) for n in range(6)]
    >>> compare(case, case), compare(case, case[:5]), compare(case, [*case[:5], Unit(1, 1, 6)])
    ('', 'wrong_count', 'wrong_unit')
    >>> compare(case, [*case[:5], None]), compare(case, [*case[:5], case[0]])
    ('unknown_code', 'same_twice')
    """
    if None in found:
        return "unknown_code"
    if len(set(found)) != len(found):
        return "same_twice"
    if set(found) - set(expected):
        return "wrong_unit"
    return "" if len(found) == len(expected) else "wrong_count"
