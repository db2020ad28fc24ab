"""Which cartons of a line upload can be believed."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from .units import Unit


class Carton(NamedTuple):
    """One package as the line saw it: codes as text."""

    parent: str
    children: tuple[str, ...]
    method: str = "line"


def check_cartons(
    cartons: Iterable[Carton],
    units: Mapping[str, Unit],
    products: Mapping[Unit, int],
    void: Collection[Unit],
    packed: Collection[Unit],
    away: Collection[Unit] = (),
    stopped: Collection[Unit] = (),
) -> tuple[list[tuple[Unit, list[Unit], str]], list[tuple[str, str, str]]]:
    """Split cartons into those to store and those refused, with the reason and the code it is about.

    A carton must be full: its children hold as many bottles as it is made for. A unit lies in one package only,
    also within the upload: the second one to name it is refused.

    :param units: text -> unit; a text that is missing is no code of ours
    :param packed: units that lie in a package already
    :param away: units that are not with the maker, or no longer closed
    :param stopped: units of rolls whose sample did not match
    :return: ([(parent, children, method)], [(parent text, reason, code text)])

    >>> bottles = {str(n): Unit(1, 1, n) for n in range(6)}
    >>> case = {"C": Unit(2, 6, 0)}
    >>> both = {**bottles, **case}
    >>> good, refused = check_cartons([Carton("C", tuple("012345"))], both, dict.fromkeys(both.values(), 9), (), ())
    >>> len(good), refused
    (1, [])
    >>> check_cartons([Carton("C", tuple("01234"))], both, dict.fromkeys(both.values(), 9), (), ())[1]
    [('C', 'wrong_count', 'C')]
    """
    taken = set(packed)
    parents: set[Unit] = set()
    good, refused = [], []
    for carton in cartons:
        reason, code = _fault(carton, units, products, void, taken, parents, away, stopped)
        if reason:
            refused.append((carton.parent, reason, code))
            continue
        parent, children = units[carton.parent], [units[child] for child in carton.children]
        taken.update(children)
        parents.add(parent)
        good.append((parent, children, carton.method))
    return good, refused


def _fault(carton, units, products, void, taken, parents, away, stopped) -> tuple[str, str]:
    parent = units.get(carton.parent)
    if parent is None:
        return "unknown_code", carton.parent
    if parent in parents:
        return "already_packed", carton.parent
    seen: set[Unit] = set()
    for code in (carton.parent, *carton.children):
        unit = units.get(code)
        if unit is None:
            return "unknown_code", code
        if unit in void:
            return "void_code", code
        if unit in away:
            return "not_here", code
        if unit in stopped:
            return "roll_stopped", code
        if unit == parent and code != carton.parent:
            return "wrong_package", code
        if code != carton.parent and (unit in taken or unit in seen):
            return "already_packed", code
        if unit.level > parent.level or products[unit] != products[parent]:
            return "wrong_package", code
        seen.add(unit)
    children = [units[code] for code in carton.children]
    if any(child.level >= parent.level for child in children):
        return "wrong_package", carton.parent
    return ("", "") if sum(child.level for child in children) == parent.level else ("wrong_count", carton.parent)
