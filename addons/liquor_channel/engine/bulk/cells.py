"""Columns of a sheet that is edited in Excel and comes back, and what their cells mean.

Amounts and numbers are Decimal, days are ``date``, a relation is the id of a record and several are a sorted tuple of
ids. Codes are texts and stay texts.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from ..flow_reports.parsing import SCIENTIFIC, normalise, parse_day

Value = str | Decimal | date | int | tuple[int, ...] | None

TEXT, NUMBER, DAY, CHOICE, RELATION, RELATIONS = "text", "number", "day", "choice", "relation", "relations"
#: two records have this text
AMBIGUOUS = -1
MOST = Decimal(10) ** 12
LONGEST = 500
#: what a spreadsheet would run
FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
SEPARATORS = re.compile(r"[;；\n]")

(NO_VALUE, NOT_A_NUMBER, TOO_FINE, NOT_A_DAY, UNKNOWN_CHOICE, UNKNOWN_RECORD, AMBIGUOUS_RECORD, FORMULA, TOO_LONG) = (
    "no_value", "not_a_number", "too_fine", "not_a_day", "unknown_choice", "unknown_record", "ambiguous_record",
    "formula", "too_long",
)  # fmt: skip


class CellError(ValueError):
    """A cell cannot be taken; ``reason`` is one of the words above, ``column`` its column where that is known."""

    def __init__(self, reason: str, column: str = ""):
        super().__init__(reason)
        self.reason, self.column = reason, column


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, and when it is read back.

    ``on_new``: taken from rows without key; ``on_change``: may differ from what stands; ``informative``: shown only,
    neither compared nor part of a row's version (figures that the server keeps up to date).
    """

    name: str
    kind: str = TEXT
    on_new: bool = True
    on_change: bool = True
    required: bool = False
    informative: bool = False
    digits: int = 2


def parse_cell(column: Column, text: str, names: Mapping[str, int | str]) -> Value:
    """Return what a cell means.

    >>> parse_cell(Column("goal", NUMBER), "1,200.50", {})
    Decimal('1200.50')
    >>> parse_cell(Column("basis", CHOICE), "发货", {"发货": "shipped"})
    'shipped'
    >>> parse_cell(Column("party", RELATION), "S001 · 福来", {"s001": 5})
    5

    :param names: normalised text to value, of choices and relations; ``AMBIGUOUS`` where it says nothing
    :raises CellError: it means nothing
    """
    text = text.strip()
    if not text:
        if column.required:
            raise CellError(NO_VALUE, column.name)
        return empty(column)
    try:
        return PARSERS[column.kind](column, text, names)
    except CellError as error:
        raise CellError(error.reason, column.name) from None


def empty(column: Column) -> Value:
    """Return what an empty cell means: no number is 0, no records are none.

    >>> empty(Column("cut", NUMBER)), empty(Column("products", RELATIONS)), empty(Column("note"))
    (Decimal('0.00'), (), None)
    """
    if column.kind == NUMBER:
        return quantized(Decimal(0), column.digits)
    return () if column.kind == RELATIONS else None


def _text(_column: Column, text: str, _names: Mapping) -> str:
    if text.startswith(FORMULA_START):
        raise CellError(FORMULA)
    if len(text) > LONGEST:
        raise CellError(TOO_LONG)
    return text


def _number(column: Column, text: str, _names: Mapping) -> Decimal:
    if SCIENTIFIC.match(text) and "+" in text:
        raise CellError(NOT_A_NUMBER)
    try:
        number = Decimal(text.lstrip("¥￥").replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise CellError(NOT_A_NUMBER) from None
    if not number.is_finite() or abs(number) > MOST:
        raise CellError(NOT_A_NUMBER)
    exact = quantized(number, column.digits)
    # a spreadsheet computes in binary: 0.1 + 0.2 is 0.30000000000000004, which is 0.30
    if abs(exact - number) > Decimal("0.000000001"):
        raise CellError(TOO_FINE)
    return exact


def _day(_column: Column, text: str, _names: Mapping) -> date:
    try:
        return parse_day(text)
    except ValueError:
        raise CellError(NOT_A_DAY) from None


def _choice(_column: Column, text: str, names: Mapping) -> str:
    found = names.get(normalise(text))
    if found is None:
        raise CellError(UNKNOWN_CHOICE)
    return str(found)


def _relation(_column: Column, text: str, names: Mapping) -> int:
    for candidate in texts_of_relation(text):
        found = names.get(normalise(candidate))
        if found == AMBIGUOUS:
            raise CellError(AMBIGUOUS_RECORD)
        if found is not None:
            return int(found)
    raise CellError(UNKNOWN_RECORD)


def _relations(column: Column, text: str, names: Mapping) -> tuple[int, ...]:
    parts = [part for part in SEPARATORS.split(text) if part.strip()]
    return tuple(sorted({_relation(column, part, names) for part in parts}))


PARSERS = {
    TEXT: _text,
    NUMBER: _number,
    DAY: _day,
    CHOICE: _choice,
    RELATION: _relation,
    RELATIONS: _relations,
}


def texts_of_relation(text: str) -> tuple[str, ...]:
    """Return what a record may be found by: the whole text, or the code in front of its name.

    >>> texts_of_relation("S001 · 福来")
    ('S001 · 福来', 'S001')
    """
    whole = text.strip()
    head = whole.split(" · ", 1)[0].strip()
    return (whole,) if head == whole else (whole, head)


def relation_texts(column: Column, texts: Iterable[str]) -> set[str]:
    """Return every text that the cells of a column may name a record by."""
    parts = (part for text in texts for part in (SEPARATORS.split(text) if column.kind == RELATIONS else (text,)))
    return {name for part in parts if part.strip() for name in texts_of_relation(part)}


def quantized(number: Decimal, digits: int) -> Decimal:
    """Return a number with so many digits behind the point.

    >>> quantized(Decimal("0.1"), 2)
    Decimal('0.10')
    """
    return number.quantize(Decimal(1).scaleb(-digits))


def to_json(value: Value) -> object:
    """Return a value as JSON keeps it.

    >>> to_json(Decimal("1.50")), to_json(date(2026, 3, 1)), to_json((3, 5))
    ('1.50', '2026-03-01', [3, 5])
    """
    match value:
        case Decimal() | date():
            return str(value)
        case tuple():
            return list(value)
        case _:
            return value


def from_json(column: Column, stored: object) -> Value:
    """Return a value that was kept as JSON.

    >>> from_json(Column("day", DAY), "2026-03-01")
    datetime.date(2026, 3, 1)
    """
    if stored is None:
        return () if column.kind == RELATIONS else None
    match column.kind:
        case "number":
            return Decimal(str(stored))
        case "day":
            return date.fromisoformat(str(stored))
        case "relations":
            return tuple(stored)  # type: ignore[arg-type]
        case _:
            return stored  # type: ignore[return-value]


def version_of(columns: Iterable[Column], values: Mapping[str, Value], state: str = "") -> str:
    """Return a fingerprint of what a row holds, without what is only shown.

    >>> goal = Column("goal", NUMBER)
    >>> version_of([goal], {"goal": Decimal("1.00")}) == version_of([goal], {"goal": Decimal("2.00")})
    False
    """
    held = [to_json(values.get(column.name)) for column in columns if not column.informative]
    return hashlib.sha256(json.dumps([state, held], ensure_ascii=False).encode()).hexdigest()[:16]
