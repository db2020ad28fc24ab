"""What a scan is judged by and what comes out: who scans, what the code says, where goods are, who supplies whom."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from .custody import HELD, OPENED, Row
from .units import Unit

ACCEPTED, HELD_BACK, REJECTED = "accepted", "held", "rejected"


class Actor(NamedTuple):
    """Who scans: his party (partner id; of a guide or waiter the shop) and the roles live on that day.

    `barred` is why what he receives is held: `suspended`, or `registration` of a shop not yet accepted.
    """

    party: int
    kinds: frozenset[str]
    barred: str = ""


class Scanned(NamedTuple):
    """What the code says. `state`: active, inactive, void, unknown. `larger`: it holds smaller units."""

    unit: Unit
    kind: str
    state: str
    product: int = 0
    larger: bool = False


class Target(NamedTuple):
    """The party named in `to`, with its live role."""

    party: int
    kind: str


class Verdict(NamedTuple):
    """The decision. `row` is the custody after it (None = unchanged), `waits_for` a shop asking for the unit.

    `since` is when the thing that stands in the way happened, for the message.
    """

    status: str
    reason: str = ""
    row: Row | None = None
    giver: int = 0
    giver_kind: str = ""
    fact: str = ""
    waits_for: int = 0
    since: datetime | None = None


class Board:
    """Where every unit of a call is, kept up to date while its events are judged one by one."""

    def __init__(self, maker: int = 0) -> None:
        self.maker = maker
        self.rows: dict[Unit, Row] = {}
        self.parents: dict[Unit, list[Unit]] = {}
        self.waiting: dict[Unit, int] = {}
        self._below: dict[Unit, set[Unit]] = {}

    def place(self, unit: Unit, row: Row) -> None:
        """Remember a row; its packages learn that a part of them was scanned by itself."""
        self.rows[unit] = row
        for parent in self.parents.get(unit, ()):
            self._below.setdefault(parent, set()).add(unit)

    def remove(self, unit: Unit) -> None:
        self.rows.pop(unit, None)
        for parent in self.parents.get(unit, ()):
            self._below.get(parent, set()).discard(unit)

    def position(self, unit: Unit) -> Row | None:
        """Present custody: the latest row of the unit or of a package around it.

        An opened package keeps what lay in it at its holder; a package that is gone took nothing along
        that was not scanned away before.
        """
        rows = [self.rows[unit]] if unit in self.rows else []
        for parent in self.parents.get(unit, ()):
            row = self.rows.get(parent)
            if row is not None:
                rows.append(row._replace(state=HELD) if row.state == OPENED else row)
        return max(rows, key=lambda row: row.order, default=None)

    def opened(self, unit: Unit) -> bool:
        row = self.rows.get(unit)
        return row is not None and row.state == OPENED

    def below(self, unit: Unit) -> Iterable[Unit]:
        """Smaller units in it that were scanned by themselves."""
        return sorted(self._below.get(unit, ()))

    def parts(self, unit: Unit) -> Iterable[Row]:
        """Rows of smaller units that moved on by themselves, later than the package."""
        own = self.position(unit)
        for part in self._below.get(unit, ()):
            row = self.rows[part]
            if own is None or row.order > own.order:
                yield row


class Supply(NamedTuple):
    """Who supplies whom: {(shop, product): distributor}; `outbound` are those who scan everything out to a shop."""

    assigned: dict[tuple[int, int], int]
    outbound: frozenset[int] = frozenset()

    def of(self, shop: int, product: int) -> int:
        return self.assigned.get((shop, product), 0)


def reject(reason: str, since: datetime | None = None) -> Verdict:
    return Verdict(REJECTED, reason, since=since)


def hold(reason: str, **more) -> Verdict:
    return Verdict(HELD_BACK, reason, **more)
