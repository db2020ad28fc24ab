"""Tables in and out of files: CSV and XLSX, with limits, codes kept as texts, and no formula ever made from data."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import openpyxl
import xlsxwriter

MAX_ROWS = 200_000
MAX_COLUMNS = 60
MAX_BYTES = 30 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
#: texts and styles are read whole before the first row, sheets row by row
MAX_PART = 40 * 1024 * 1024
#: what a spreadsheet would take for a formula
FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SHEET_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))
XLSX_OPTIONS = {"in_memory": False, "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


class TableError(ValueError):
    """The file cannot be read; ``code`` is too_large | too_many_rows | too_many_columns | unreadable."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(detail or code)
        self.code = code


def read_table(data: bytes, filename: str, most: int | None = None) -> list[list[str]]:
    """Return the rows of a CSV or XLSX file as texts.

    :param most: stop behind so many rows that are not empty; None = all
    :raises TableError: it is too large or no such file
    """
    if len(data) > MAX_BYTES:
        raise TableError("too_large")
    is_workbook = data[:4] == b"PK\x03\x04"
    if filename.lower().endswith((".xlsx", ".xlsm")) and not is_workbook:
        raise TableError("unreadable")
    return _read_xlsx(data, most) if is_workbook else _read_csv(data, most)


def _read_csv(data: bytes, most: int | None = None) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TableError("unreadable")
    if "\x00" in text:
        raise TableError("unreadable")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return _limited(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), most)
    except csv.Error as error:
        raise TableError("unreadable", str(error)) from None


def _read_xlsx(data: bytes, most: int | None = None) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_unpacked(package.infolist())
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = _limited(([cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True)), most)
        book.close()
    except TableError:
        raise
    except Exception as error:  # a damaged workbook raises nearly anything
        raise TableError("unreadable", type(error).__name__) from None
    return rows


def _check_unpacked(parts: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse a small file that unpacks to a large one, before anything is unpacked."""
    parts = list(parts)
    whole = [part.file_size for part in parts if not part.filename.startswith("xl/worksheets/")]
    if sum(part.file_size for part in parts) > MAX_UNPACKED or max(whole, default=0) > MAX_PART:
        raise TableError("too_large")


def _limited(rows: Iterable[Sequence[str]], most: int | None = None) -> list[list[str]]:
    table, filled = [], 0
    for row in rows:
        if len(table) > MAX_ROWS:
            raise TableError("too_many_rows")
        width = len(row)
        while width and not row[width - 1]:
            width -= 1
        if width > MAX_COLUMNS:
            raise TableError("too_many_columns")
        table.append(list(row[:width]))
        filled += bool(width)
        if filled == most:
            break
    while table and not table[-1]:
        table.pop()
    return table


def cell_text(value) -> str:
    """Return a cell as text. A number that already lost digits stays visibly broken: nobody takes it for a code.

    >>> cell_text(12.0), cell_text(69012345000171234567.0), cell_text(date(2026, 3, 5)), cell_text(None)
    ('12', '6.901234500017123e+19', '2026-03-05', '')
    """
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float | int):
        if abs(value) >= 10**15:
            return repr(float(value))
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV with a byte order mark, so that Chinese opens well; nothing in it becomes a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([safe_text(cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def safe_text(cell) -> str:
    """Return a cell a spreadsheet will not run.

    >>> safe_text("=1+1"), safe_text("-5.00"), safe_text("福来")
    ("'=1+1", '-5.00', '福来')
    """
    text = "" if cell is None else str(cell)
    if text.startswith(FORMULA_START) and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    return text[1:].replace(".", "", 1).isdigit()


def write_xlsx(sheets: dict[str, Iterable[Sequence]], widths: Sequence[int] = ()) -> bytes:
    """Return a workbook: numbers stay numbers, texts stay texts, the first row of a sheet is its header."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, XLSX_OPTIONS) as book:
        header = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name.translate(SHEET_FORBIDDEN)[:31])
            sheet.freeze_panes(1, 0)
            for column, width in enumerate(widths or (16,) * 12):
                sheet.set_column(column, column, width)
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, float | int) and not isinstance(value, bool):
                        sheet.write_number(line, column, value, money if isinstance(value, float) else None)
                    else:
                        sheet.write_string(
                            line, column, "" if value is None else str(value), header if not line else None
                        )
    return buffer.getvalue()
