"""What the scan service knows while it judges one call: read once, then kept up to date in memory."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ...engine.flow.board import Actor, Board, Scanned, Supply, Target, Verdict
from ...engine.flow.request import ScanItem
from ...engine.flow.units import Unit


class Ref(NamedTuple):
    """A code, read: the unit it stands for and what its batch says. `scanned.state` tells whether it counts."""

    scanned: Scanned
    company: int = 0
    bottles: int = 0


class Station(NamedTuple):
    """The role of a party on a day, as an event stores it."""

    kind: str
    territory: int = 0
    grade: str = ""


class Judged(NamedTuple):
    """One code of one event, decided."""

    item: ScanItem
    ref: Ref
    actor: Actor
    target: Target | None
    verdict: Verdict
    day: date | None


class Outcome(NamedTuple):
    """What became of one event of the call."""

    item: ScanItem
    status: str
    reason: str
    since: object = None
    judged: tuple[Judged, ...] = ()
    code: str = ""


class Returned(NamedTuple):
    """Goods that came back: the unit, it and the packages around it, what was scanned out of it, its bottles."""

    unit: Unit
    around: tuple[Unit, ...]
    inside: tuple[Unit, ...]
    bottles: int


@dataclass
class Scene:
    """Everything one call needs, read in a constant number of queries."""

    refs: dict[str, Ref] = field(default_factory=dict)
    boards: dict[int, Board] = field(default_factory=dict)
    purposes: dict[Unit, str] = field(default_factory=dict)
    actors: dict[tuple[int, date], Actor] = field(default_factory=dict)
    stations: dict[tuple[int, int, date], list[Station]] = field(default_factory=dict)
    targets: dict[tuple[int, str, date], Target] = field(default_factory=dict)
    supplies: dict[tuple[int, date], Supply] = field(default_factory=dict)
    places: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    days: dict[tuple[int, object], date] = field(default_factory=dict)
    prices: dict[tuple, tuple] = field(default_factory=dict)
    person: int = 0
    types: set[str] = field(default_factory=set)
    recalled: set[Unit] = field(default_factory=set)
    stopped: set[Unit] = field(default_factory=set)
    seq: int = 10**12

    def station(self, company: int, party: int, kind: str, day: date) -> Station:
        """The party's role of that kind on that day; without territory and grade where it has none."""
        for station in self.stations.get((company, party, day), ()):
            if station.kind == kind:
                return station
        return Station(kind)

    def purpose(self, unit: Unit, company: int) -> str:
        """Order kind under which the unit left the maker."""
        board = self.boards[company]
        for place in (unit, *board.parents.get(unit, ())):
            if self.purposes.get(place):
                return self.purposes[place]
        return ""
