"""Workbooks with working totals: formulas are ours alone, whatever comes from data stays text or number."""

import io
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
            "money": book.add_format({"num_format": "#,##0.00"}),
            "total": book.add_format({"bold": True, "num_format": "#,##0.00", "top": 1}),
        }
        used = set()
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
    for column, text in enumerate(sheet.header):
        paper.set_column(column, column, 18)
        paper.write_string(0, column, str(text), formats["head"])
    paper.freeze_panes(1, 0)
    sums = dict.fromkeys(sheet.totals, Decimal(0))
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write_cell(paper, last, column, value, formats["money"])
            if column in sums:
                sums[column] += _number(value)
    if last and sheet.header:
        paper.autofilter(0, 0, last, len(sheet.header) - 1)
    if last and sums:
        _write_totals(paper, last, sums, sheet.total, formats["total"])


def _write_totals(paper, last: int, sums: dict, word: str, total_format) -> None:
    if 0 not in sums:
        paper.write_string(last + 1, 0, word, total_format)
    for column, value in sorted(sums.items()):
        name = xl_col_to_name(column)
        paper.write_formula(last + 1, column, f"=SUBTOTAL(109,{name}2:{name}{last + 1})", total_format, float(value))


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
