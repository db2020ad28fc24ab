"""Workbooks with working totals: formulas are ours alone, whatever comes from data stays text or number."""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

OPTIONS = {
    "in_memory": True,
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")
#: a column is as wide as its longest cell, in characters of which a Chinese one takes two
NARROWEST, WIDEST = 8, 60
#: Excel keeps this name for itself
RESERVED = "history"
MONEY, COUNT = "#,##0.00", "#,##0"


@dataclass(frozen=True)
class Formula:
    """A formula of ours and its value, for programs that show without computing. ``{row}`` is its own row."""

    text: str
    value: Decimal | float | int


@dataclass
class Sheet:
    """One sheet: header, rows, and the columns (from 0) that are totalled below them.

    The total is SUBTOTAL(109, …): it follows the filter of the header. ``total`` is the word before it.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence]
    totals: Sequence[int] = ()
    total: str = ""


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return an XLSX that Excel and WPS compute; texts are never formulas, not even ``=1+1``."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_calc_mode("auto")
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1}),
            "money": book.add_format({"num_format": MONEY}),
            "total": book.add_format({"bold": True, "num_format": MONEY, "top": 1}),
            "count": book.add_format({"bold": True, "num_format": COUNT, "top": 1}),
        }
        used = {RESERVED}
        for sheet in sheets:
            _write_sheet(book.add_worksheet(_sheet_name(sheet.name, used)), sheet, formats)
    return buffer.getvalue()


def _sheet_name(name: str, used: set[str]) -> str:
    """Return a name that a workbook takes, once."""
    short = name.translate(FORBIDDEN)[:31] or "1"
    number = 2
    while short.lower() in used:
        short = f"{short[:28]} {number}"
        number += 1
    used.add(short.lower())
    return short


def _write_sheet(paper, sheet: Sheet, formats: dict) -> None:
    widths = [_width(text) for text in sheet.header]
    for column, text in enumerate(sheet.header):
        paper.write_string(0, column, str(text), formats["head"])
    paper.freeze_panes(1, 0)
    sums, whole, last = dict.fromkeys(sheet.totals, Decimal(0)), set(sheet.totals), 0
    for last, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write_cell(paper, last, column, value, formats["money"])
            if column < len(widths):
                widths[column] = max(widths[column], _width(value))
            if column in sums:
                sums[column] += _number(value)
                if not isinstance(value, int | None):
                    whole.discard(column)
    if last and sheet.header:
        paper.autofilter(0, 0, last, len(sheet.header) - 1)
    if last and sums:
        _write_totals(paper, last, sums, sheet.total, {column: formats["count"] for column in whole}, formats["total"])
        widths = [max(width, _width(sums.get(column))) for column, width in enumerate(widths)]
    for column, width in enumerate(widths):
        paper.set_column(column, column, min(max(width, NARROWEST), WIDEST) + 2)


def _write_totals(paper, last: int, sums: dict, word: str, counts: dict, money) -> None:
    if 0 not in sums:
        paper.write_string(last + 1, 0, word, money)
    for column, value in sorted(sums.items()):
        name = xl_col_to_name(column)
        formula = f"=SUBTOTAL(109,{name}2:{name}{last + 1})"
        paper.write_formula(last + 1, column, formula, counts.get(column, money), float(value))


def _width(value) -> int:
    """Return how many characters a cell shows; a Chinese character and what is as wide as one count twice.

    >>> _width("费用 A"), _width(Decimal("-1234.5")), _width(None)
    (6, 9, 0)
    """
    value = value.value if isinstance(value, Formula) else value
    match value:
        case None | "" | False:
            return 0
        case float() | Decimal():
            return len(f"{value:,.2f}")
        case _:
            return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in str(value)[: WIDEST + 1])


def day_cell(text: str):
    """Return the day that a frozen statement says as ISO text, so that a sheet can sort it; other text as it is.

    >>> day_cell("2026-03-05"), day_cell("")
    (datetime.date(2026, 3, 5), '')
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _number(value) -> Decimal:
    value = value.value if isinstance(value, Formula) else value
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else Decimal(0)


def _write_cell(paper, row: int, column: int, value, money) -> None:
    match value:
        case None | "" | False:
            return
        case Formula():
            paper.write_formula(row, column, value.text.format(row=row + 1), money, float(value.value))
        case bool():
            paper.write_string(row, column, "✓")
        case int():
            paper.write_number(row, column, value)
        case float() | Decimal():
            paper.write_number(row, column, float(value), money)
        case date():
            paper.write_datetime(row, column, value)
        case _:
            paper.write_string(row, column, str(value)[:32767])
