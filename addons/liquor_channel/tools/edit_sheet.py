"""A workbook that is edited in Excel and comes back: key, titles, drop-downs, and a sheet that explains."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from .tables import SHEET_FORBIDDEN

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: rows below the last one that take drop-downs and formats, for new rows
MORE = 500


@dataclass(frozen=True)
class SheetColumn:
    """One column: its title, what it holds (text | number | day), whether it may be edited, and its drop-down."""

    title: str
    kind: str = "text"
    editable: bool = False
    choices: Sequence[str] = ()
    digits: int = 2
    width: int = 16


@dataclass(frozen=True)
class SheetNames:
    """Names of the three sheets."""

    rows: str
    help: str
    lists: str


def write_edit_sheet(
    names: SheetNames, columns: Sequence[SheetColumn], rows: Iterable[Sequence], notes: Sequence[Sequence[str]]
) -> bytes:
    """Return the workbook: rows first, then what explains them, then the lists of the drop-downs.

    Texts stay texts (a code keeps its digits, ``=1+1`` is no formula), amounts are numbers, days are days.

    :param rows: cells in the order of the columns; Decimal, date or text
    :param notes: lines of the sheet that explains
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        paper = book.add_worksheet(names.rows.translate(SHEET_FORBIDDEN)[:31])
        last = _write_rows(book, paper, columns, rows)
        _write_notes(book, book.add_worksheet(names.help.translate(SHEET_FORBIDDEN)[:31]), notes)
        _write_lists(book, paper, names.lists.translate(SHEET_FORBIDDEN)[:31], columns, last)
    return buffer.getvalue()


def _formats(book, columns: Sequence[SheetColumn]) -> list:
    found = []
    for column in columns:
        pattern = {"number": "#,##0." + "0" * min(column.digits, 2) + "#" * (column.digits - 2), "day": "yyyy-mm-dd"}
        colour = {} if column.editable else {"font_color": "#777777"}
        found.append(book.add_format({"num_format": pattern.get(column.kind, "@"), **colour}))
    return found


def _write_rows(book, paper, columns: Sequence[SheetColumn], rows: Iterable[Sequence]) -> int:
    formats = _formats(book, columns)
    heads = {
        True: book.add_format({"bold": True, "bg_color": "#FFF2CC", "border": 1, "text_wrap": True}),
        False: book.add_format({"bold": True, "bg_color": "#E7E6E6", "border": 1, "text_wrap": True}),
    }
    for place, column in enumerate(columns):
        paper.set_column(place, place, column.width, formats[place])
        paper.write_string(0, place, column.title, heads[column.editable])
    paper.freeze_panes(1, 1)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write_cell(paper, last, place, value, formats[place])
    paper.autofilter(0, 0, max(last, 1), len(columns) - 1)
    return last


def _write_cell(paper, row: int, place: int, value, look) -> None:
    match value:
        case None | "" | False:
            return
        case Decimal() | int() | float():
            paper.write_number(row, place, float(value), look)
        case date():
            paper.write_datetime(row, place, value, look)
        case _:
            paper.write_string(row, place, str(value)[:32767], look)


def _write_notes(book, paper, notes: Sequence[Sequence[str]]) -> None:
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate((26, 70)):
        paper.set_column(place, place, width, wrap)
    for line, cells in enumerate(notes):
        for place, text in enumerate(cells):
            paper.write_string(line, place, text, wrap)


def _write_lists(book, paper, name: str, columns: Sequence[SheetColumn], last: int) -> None:
    chosen = [(place, column) for place, column in enumerate(columns) if column.choices and column.editable]
    if not chosen:
        return
    lists = book.add_worksheet(name)
    for at, (place, column) in enumerate(chosen):
        letter = xl_col_to_name(at)
        for line, text in enumerate((column.title, *column.choices)):
            lists.write_string(line, at, text)
        source = f"='{name}'!${letter}$2:${letter}${len(column.choices) + 1}"
        paper.data_validation(1, place, last + MORE, place, {"validate": "list", "source": source})
