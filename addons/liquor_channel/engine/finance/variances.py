"""Three-way match (channel.md d2): what was found against what is known, one row per cause.

A cause has a class (V1 to V16) and a key that names it for good. Found again it is the same row; gone it is resolved;
back again it is open again; what somebody closed with a reason stays closed unless it grew.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

#: code -> who has to look at it as a rule: ``clerk`` or ``finance``
CLASSES = {
    "v01": "clerk",
    "v02": "clerk",
    "v03": "clerk",
    "v04": "clerk",
    "v05": "finance",
    "v06": "finance",
    "v07": "clerk",
    "v08": "finance",
    "v09": "finance",
    "v10": "finance",
    "v11": "finance",
    "v12": "finance",
    "v13": "finance",
    "v14": "finance",
    "v15": "clerk",
    "v16": "clerk",
}
LIVE = ("open", "carried")


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause as a check found it; ``amount`` (company currency) is what is at stake, never negative."""

    variance_class: str
    key: str
    amount: Decimal
    quantity: Decimal = Decimal(0)
    day: date | None = None
    partner_id: int | None = None
    product_id: int | None = None
    origin_model: str | None = None
    origin_id: int | None = None
    note: str = ""

    @property
    def cause(self) -> tuple[str, str]:
        """What names the cause."""
        return self.variance_class, self.key


@dataclass(frozen=True, slots=True)
class Known:
    """A row that stands: its id, state (open, carried, resolved, closed), amount and quantity."""

    id: Hashable
    state: str
    amount: Decimal
    quantity: Decimal = Decimal(0)


@dataclass(slots=True)
class Changes:
    """What a match run has to write: new findings, (row, finding) whose figures moved, rows by next state."""

    new: list[Finding] = field(default_factory=list)
    changed: list[tuple[Hashable, Finding]] = field(default_factory=list)
    reopened: list[Hashable] = field(default_factory=list)
    resolved: list[Hashable] = field(default_factory=list)


def compare(known: Mapping[tuple[str, str], Known], found: Iterable[Finding]) -> Changes:
    """Return what changes; the same findings a second time change nothing.

    >>> lost = Finding("v02", "7/3", Decimal("600"))
    >>> compare({}, [lost]).new == [lost]
    True
    >>> stands = {("v02", "7/3"): Known(1, "open", Decimal("600"))}
    >>> compare(stands, [lost]) == Changes()
    True
    >>> compare(stands, []).resolved
    [1]
    >>> compare({("v02", "7/3"): Known(1, "closed", Decimal("100"))}, [lost]).reopened
    [1]

    :raises ValueError: a check gave the same cause twice, or a class that is not defined
    """
    changes, seen = Changes(), set()
    for finding in found:
        if finding.variance_class not in CLASSES:
            raise ValueError(f"there is no variance class {finding.variance_class!r}")
        if finding.cause in seen:
            raise ValueError(f"the cause {finding.cause!r} was found twice")
        seen.add(finding.cause)
        row = known.get(finding.cause)
        if row is None:
            changes.new.append(finding)
        else:
            _compare_one(changes, row, finding)
    changes.resolved = [row.id for cause, row in known.items() if row.state in LIVE and cause not in seen]
    return changes


def _compare_one(changes: Changes, row: Known, finding: Finding) -> None:
    grown = finding.amount > row.amount or finding.quantity > row.quantity
    if row.state == "resolved" or (row.state == "closed" and grown):
        changes.reopened.append(row.id)
    moved = (finding.amount, finding.quantity) != (row.amount, row.quantity)
    if moved and (row.state != "closed" or grown):
        changes.changed.append((row.id, finding))
