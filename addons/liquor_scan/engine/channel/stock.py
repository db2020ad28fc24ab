"""What a party holds by its codes: rows of custody, each unit counted once (spec/codes.md row 3, trade.md R10)."""

from collections.abc import Mapping, Sequence

from ..flow.custody import GONE, IN_TRANSIT, OPENED, Row
from ..flow.units import Unit


def held_bottles(
    rows: Mapping[Unit, Row], parents: Mapping[Unit, Sequence[Unit]], bottles: Mapping[Unit, int]
) -> dict[int, dict[Unit, int]]:
    """{holder: {unit: bottles of it that he has}}: a package has all it is made for, less what was scanned out of it.

    A part that was scanned before its package moved travels with the package. What is on its way to somebody who
    has not confirmed it belongs to nobody here.

    >>> from datetime import datetime
    >>> def row(holder, hour, state=HELD):
    ...     return Row(holder, "", state, datetime(2026, 11, 21, hour), hour)
    >>> case, bottle = Unit(1, 6, 0), Unit(1, 1, 3)
    >>> rows = {case: row(30, 9), bottle: row(0, 10, GONE)}
    >>> held_bottles(rows, {bottle: [case]}, {case: 6, bottle: 1})
    {30: {Unit(batch=1, level=6, index=0): 5}}
    """
    found: dict[int, dict[Unit, int]] = {}
    for unit, row in rows.items():
        around = [(rows[parent].order, parent) for parent in parents.get(unit, ()) if parent in rows]
        last = max(around, default=None)
        if last is not None and row.state != GONE:
            opened = rows[last[1]].state == OPENED
            if last[0] > row.order and not (opened and row.holder != rows[last[1]].holder):
                continue
        if row.state not in (GONE, IN_TRANSIT):
            own = found.setdefault(row.holder, {})
            own[unit] = own.get(unit, 0) + bottles[unit]
        if last is not None and rows[last[1]].state != IN_TRANSIT:
            giver = found.setdefault(rows[last[1]].holder, {})
            giver[last[1]] = giver.get(last[1], 0) - bottles[unit]
    return {
        holder: kept
        for holder, units in found.items()
        if (kept := {unit: count for unit, count in units.items() if count})
    }


def outermost(units: Sequence[Unit], parents: Mapping[Unit, Sequence[Unit]]) -> list[Unit]:
    """Units of a count that lie in no other one of it: a pallet and a case in it are one pallet.

    >>> case, bottle = Unit(1, 6, 0), Unit(1, 1, 3)
    >>> outermost([case, bottle], {bottle: [case]})
    [Unit(batch=1, level=6, index=0)]
    """
    known = set(units)
    return [unit for unit in dict.fromkeys(units) if not known.intersection(parents.get(unit, ()))]
