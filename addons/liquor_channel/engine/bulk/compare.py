"""What an edited sheet changes: each row against what stands now.

Rows without key are new, rows with key change what stands; what is not in the sheet stays. Nothing is decided about
rights here: the models do that when it is written.
"""

import hmac
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ..flow_reports.parsing import normalise
from .cells import CellError, Column, Value, parse_cell

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
FORGED, TWICE, MISSING, STALE, FIXED, CLOSED, NO_NEW, EXISTS = (
    "forged", "twice", "missing", "stale", "fixed", "closed", "no_new", "exists",
)  # fmt: skip
KEY = "key"
KEY_FORM = re.compile(r"^(\d{1,10})-([0-9a-f]{16})-([0-9a-f]{16})$")
ZERO = Decimal(0)

#: (id, version) -> signature of 16 hexadecimal digits
Sign = Callable[[int, str], str]
#: what stands (empty for a new row) and what changes -> what changes in the end
Settle = Callable[[Mapping[str, Value], dict[str, Value]], dict[str, Value]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the sheet: its number, its key and the cells of the columns that the sheet has."""

    line: int
    key: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it is now: values, the texts that a sheet shows for them, and the columns that may change now."""

    id: int
    version: str
    values: Mapping[str, Value]
    texts: Mapping[str, str]
    open: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one row does; ``before`` and ``after`` hold the columns that differ (of a new row, ``after`` all it has)."""

    line: int
    outcome: str
    id: int | None = None
    before: Mapping[str, Value] = field(default_factory=dict)
    after: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything that rows are compared by."""

    columns: Sequence[Column]
    standing: Mapping[int, Standing]
    names: Mapping[str, Mapping[str, int | str]]
    sign: Sign
    takes_new: bool = True
    settle: Settle = lambda _standing, changes: changes
    natural: tuple[str, ...] = ()
    existing: frozenset[tuple] = frozenset()


def find_columns(header: Sequence[str], labels: Mapping[str, str]) -> dict[str, int]:
    """Return column name -> position; titles that nobody knows are left out.

    >>> find_columns(["Key", "任务量", "备注"], {"key": "key", "任务量": "goal"})
    {'key': 0, 'goal': 1}
    """
    found: dict[str, int] = {}
    for position, title in enumerate(header):
        name = labels.get(normalise(title))
        if name:
            found.setdefault(name, position)
    return found


def read_rows(table: Sequence[Sequence[str]], positions: Mapping[str, int]) -> list[Row]:
    """Return the rows below the header (the first has number 2); empty ones are left out."""
    rows = []
    for line, cells in enumerate(table[1:], start=2):
        texts = {name: cells[at].strip() if at < len(cells) else "" for name, at in positions.items()}
        if any(texts.values()):
            key = texts.pop(KEY, "")
            rows.append(Row(line, key, texts))
    return rows


def make_key(number: int, version: str, sign: Sign) -> str:
    """Return the key of a row: which record, as it was, signed by the server.

    >>> make_key(7, "0" * 16, lambda number, version: "f" * 16)
    '7-0000000000000000-ffffffffffffffff'
    """
    return f"{number}-{version}-{sign(number, version)}"


def read_key(text: str, sign: Sign) -> tuple[int, str]:
    """Return id and version of a key.

    :raises CellError: somebody else made it
    """
    found = KEY_FORM.match(text)
    if not found:
        raise CellError(FORGED, KEY)
    number, version = int(found[1]), found[2]
    if not hmac.compare_digest(found[3], sign(number, version)):
        raise CellError(FORGED, KEY)
    return number, version


def compare(rows: Sequence[Row], frame: Frame) -> list[Difference]:
    """Return what each row does, in their order.

    A row that somebody changed since it was exported is refused as stale, unless it says what stands now anyway. A key
    that comes twice is refused each time: nobody knows which row is meant.

    >>> goal = Column("goal", "number")
    >>> standing = {7: Standing(7, "0" * 16, {"goal": Decimal("1.00")}, {"goal": "1"}, frozenset({"goal"}))}
    >>> frame = Frame([goal], standing, {}, lambda number, version: "f" * 16)
    >>> [found] = compare([Row(2, make_key(7, "0" * 16, frame.sign), {"goal": "2"})], frame)
    >>> found.outcome, found.before, found.after
    ('changed', {'goal': Decimal('1.00')}, {'goal': Decimal('2.00')})
    """
    times = Counter(row.key.split("-")[0] for row in rows if row.key)
    seen = set(frame.existing)
    found = []
    for row in rows:
        try:
            found.append(_changed(row, frame, times) if row.key else _new(row, frame, seen))
        except CellError as error:
            found.append(Difference(row.line, REFUSED, reason=error.reason, column=error.column))
    return found


def _new(row: Row, frame: Frame, seen: set[tuple]) -> Difference:
    if not frame.takes_new:
        raise CellError(NO_NEW, KEY)
    values = {
        column.name: parse_cell(column, row.cells.get(column.name, ""), frame.names.get(column.name, {}))
        for column in frame.columns
        if column.on_new and not column.informative
    }
    values = frame.settle({}, values)
    identity = tuple(values.get(name) for name in frame.natural)
    if identity and identity in seen:
        raise CellError(EXISTS)
    seen.add(identity)
    return Difference(row.line, NEW, after={name: value for name, value in values.items() if value not in (None, ())})


def _changed(row: Row, frame: Frame, times: Mapping[str, int]) -> Difference:
    number, version = read_key(row.key, frame.sign)
    if times[str(number)] > 1:
        raise CellError(TWICE, KEY)
    standing = frame.standing.get(number)
    if not standing:
        raise CellError(MISSING, KEY)
    stale = version != standing.version
    try:
        changes = _changes(row, frame, standing)
    except CellError as error:
        return _refused(row, standing, CellError(STALE, KEY) if stale else error)
    if not changes:
        return Difference(row.line, UNCHANGED, number)
    if stale:
        return _refused(row, standing, CellError(STALE, KEY))
    before = {name: standing.values.get(name) for name in changes}
    return Difference(row.line, CHANGED, number, before, changes)


def _refused(row: Row, standing: Standing, error: CellError) -> Difference:
    return Difference(row.line, REFUSED, standing.id, reason=error.reason, column=error.column)


def _changes(row: Row, frame: Frame, standing: Standing) -> dict[str, Value]:
    changes = {}
    for column in frame.columns:
        text = row.cells.get(column.name)
        if text is None or column.informative or text == standing.texts.get(column.name):
            continue
        value = _read(column, text, frame)
        if value == standing.values.get(column.name):
            continue
        if column.name not in standing.open:
            raise CellError(CLOSED if column.on_change else FIXED, column.name)
        changes[column.name] = value
    settled = frame.settle(standing.values, changes) if changes else {}
    return {name: value for name, value in settled.items() if value != standing.values.get(name)}


def _read(column: Column, text: str, frame: Frame) -> Value:
    try:
        return parse_cell(column, text, frame.names.get(column.name, {}))
    except CellError:
        if column.on_change:
            raise
        raise CellError(FIXED, column.name) from None


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over the rows that are new or change, before and after."""

    before: Decimal
    after: Decimal

    @property
    def moved(self) -> Decimal:
        """What it is more, or less."""
        return self.after - self.before


def totals(
    differences: Iterable[Difference],
    standing: Mapping[int, Standing],
    amounts: Callable[[Mapping[str, Value]], Mapping[str, Decimal]],
) -> dict[str, Total]:
    """Return {group: total} of what changes.

    :param amounts: values of one row -> {group: amount}, amounts of different groups are never added
    """
    sums: dict[str, Total] = {}
    for one in differences:
        for group, (before, after) in moved(one, standing, amounts).items():
            old = sums.get(group, Total(ZERO, ZERO))
            sums[group] = Total(old.before + before, old.after + after)
    return sums


def moved(
    difference: Difference,
    standing: Mapping[int, Standing],
    amounts: Callable[[Mapping[str, Value]], Mapping[str, Decimal]],
) -> dict[str, tuple[Decimal, Decimal]]:
    """Return {group: (before, after)} of one row; nothing for what is refused or stays."""
    if difference.outcome not in (NEW, CHANGED):
        return {}
    values = standing[difference.id].values if difference.id in standing else {}
    before = amounts(values) if values else {}
    after = amounts({**values, **difference.after})
    return {group: (before.get(group, ZERO), after.get(group, ZERO)) for group in {**before, **after}}
