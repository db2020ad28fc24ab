"""Who holds a unit: folded from movements, now and at any past time.

The rule is one sentence: **the holder is the one named by the last movement, by
event time, of the unit or of what it was packed in at that time.** So an upload
that comes late adds to the history and does not take the goods back, and the
rows kept by each scan equal the rows rebuilt from all events in any order.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from .units import Packed, Unit

HELD, IN_TRANSIT, OPENED, GONE = "held", "in_transit", "opened", "gone"
"""With the holder / sent to him, not confirmed / package opened / sold or drunk."""


class Movement(NamedTuple):
    """One accepted event that changes custody. `seq` is its order of posting (row id)."""

    seq: int
    at: datetime
    unit: Unit
    kind: str
    holder: int
    holder_kind: str
    state: str
    giver: int = 0
    giver_kind: str = ""


class Row(NamedTuple):
    """The present custody of one scanned unit, as `liquor.custody` stores it."""

    holder: int
    holder_kind: str
    state: str
    since: datetime
    seq: int
    giver: int = 0
    giver_kind: str = ""

    @property
    def order(self) -> tuple[datetime, int]:
        return self.since, self.seq


def row_of(movement: Movement) -> Row:
    return Row(
        movement.holder,
        movement.holder_kind,
        movement.state,
        movement.at,
        movement.seq,
        movement.giver,
        movement.giver_kind,
    )


def advance(row: Row | None, movement: Movement) -> Row:
    """The row after one more movement; an older movement changes nothing.

    >>> day = datetime(2026, 11, 21)
    >>> unit = Unit(1, 6, 0)
    >>> shipped = Movement(7, day, unit, "ship", 20, "distributor", HELD)
    >>> received = Movement(8, day.replace(hour=9), unit, "receive", 30, "terminal", HELD)
    >>> advance(advance(None, received), shipped).holder  # the upload came late
    30
    """
    candidate = row_of(movement)
    return candidate if row is None or candidate.order > row.order else row


def rebuild(movements: Iterable[Movement], voided: frozenset[int] = frozenset()) -> dict[Unit, Row]:
    """One row per scanned unit, from all its movements but the voided ones."""
    rows: dict[Unit, Row] = {}
    for movement in movements:
        if movement.seq not in voided:
            rows[movement.unit] = advance(rows.get(movement.unit), movement)
    return rows


def containers(unit: Unit, packed: Iterable[Packed]) -> list[tuple[Unit, datetime | None, datetime | None]]:
    """The unit and all it ever lay in, each with the time window in which that is true for the unit.

    >>> box, case = Unit(1, 1, 0), Unit(2, 6, 9)
    >>> containers(box, [Packed(box, case, datetime(2026, 3, 1), datetime(2026, 4, 1), "line")])[1][0]
    Unit(batch=2, level=6, index=9)
    """
    by_child: dict[Unit, list[Packed]] = {}
    for hop in packed:
        by_child.setdefault(hop.child, []).append(hop)
    found: list[tuple[Unit, datetime | None, datetime | None]] = []
    walk: list[tuple[Unit, datetime | None, datetime | None]] = [(unit, None, None)]
    while walk and len(found) < 64:  # a ring of wrong links ends here
        current, start, end = walk.pop()
        found.append((current, start, end))
        for hop in by_child.get(current, ()):
            window = _later(start, hop.start), _earlier(end, hop.end)
            if window[0] is None or window[1] is None or window[0] < window[1]:
                walk.append((hop.parent, *window))
    return found


def _later(one: datetime | None, two: datetime | None) -> datetime | None:
    return max(filter(None, (one, two)), default=None)


def _earlier(one: datetime | None, two: datetime | None) -> datetime | None:
    return min(filter(None, (one, two)), default=None)


def history(
    unit: Unit, movements: Iterable[Movement], packed: Iterable[Packed] = (), at: datetime | None = None
) -> list[Movement]:
    """Movements that carried the unit until `at` (None = all), oldest first.

    Opening a package is a movement of the package alone: what lay in it stays where it was.
    """
    windows: dict[Unit, list[tuple[datetime | None, datetime | None]]] = {}
    for where, start, end in containers(unit, packed):
        windows.setdefault(where, []).append((start, end))
    carried = [
        movement
        for movement in movements
        if (at is None or movement.at <= at)
        and (movement.unit == unit or movement.state != OPENED)
        and any(
            (start is None or start <= movement.at) and (end is None or movement.at < end)
            for start, end in windows.get(movement.unit, ())
        )
    ]
    return sorted(carried, key=lambda movement: (movement.at, movement.seq))


def holder_at(
    unit: Unit, movements: Iterable[Movement], packed: Iterable[Packed] = (), at: datetime | None = None
) -> Row | None:
    """Who held the unit at that moment, since when, by which movement; None = nobody scanned it yet."""
    carried = history(unit, movements, packed, at)
    return row_of(carried[-1]) if carried else None


def rests_on_inferred(unit: Unit, movement: Movement, packed: Iterable[Packed]) -> bool:
    """Whether only an inferred link says that this movement carried the unit: a hint, never a proof by itself.

    >>> bottle, case, day = Unit(1, 1, 0), Unit(2, 6, 9), datetime(2026, 3, 2)
    >>> sold = Movement(1, day, case, "ship", 20, "distributor", HELD)
    >>> link = Packed(bottle, case, datetime(2026, 3, 1), None, "inferred")
    >>> rests_on_inferred(bottle, sold, [link]), rests_on_inferred(bottle, sold, [link._replace(method="line")])
    (True, False)
    """
    sure = [hop for hop in packed if hop.method != "inferred"]
    return not history(unit, [movement], sure)


class Hop(NamedTuple):
    """One station of a chain. `movement` is its proof, None where the hop is missing."""

    holder: int
    holder_kind: str
    since: datetime | None
    until: datetime | None
    movement: Movement | None

    @property
    def missing(self) -> bool:
        return self.movement is None


def chain(carried: Iterable[Movement], maker: int) -> list[Hop]:
    """The stations of one unit from the maker on; a station nobody scanned is shown as missing.

    >>> day = datetime(2026, 11, 21)
    >>> opened = Movement(9, day, Unit(1, 1, 0), "open", 0, "consumer", GONE, 20, "distributor")
    >>> [(hop.holder_kind, hop.missing) for hop in chain([opened], 10)]
    [('maker', True), ('distributor', True), ('terminal', True), ('consumer', False)]
    """
    hops: list[Hop] = []
    current: tuple[int, str] = (0, "")
    for movement in carried:
        for station in _stations_without_proof(current, movement, maker):
            hops.append(Hop(station[0], station[1], None, movement.at, None))
        if hops and not hops[-1].missing:
            hops[-1] = hops[-1]._replace(until=movement.at)
        hops.append(Hop(movement.holder, movement.holder_kind, movement.at, None, movement))
        current = (movement.holder, movement.holder_kind)
    return hops


def _stations_without_proof(current: tuple[int, str], movement: Movement, maker: int) -> list[tuple[int, str]]:
    stations = []
    if not current[1] and movement.holder_kind != "maker":
        stations.append((maker, "maker"))
        current = (maker, "maker")
    if movement.giver_kind and movement.giver != current[0]:
        stations.append((movement.giver, movement.giver_kind))
        current = (movement.giver, movement.giver_kind)
    if movement.holder_kind == "terminal" and current[1] == "maker":
        stations.append((0, "distributor"))
        current = (0, "distributor")
    if movement.holder_kind == "consumer" and current[1] != "terminal":
        stations.append((0, "terminal"))
    return stations
