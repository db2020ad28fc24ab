"""XLSX files out: text stays text (security.md 0.8)."""

import io

import xlsxwriter

OPTIONS = {
    "constant_memory": True,
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def write_xlsx(header, rows, title="1") -> bytes:
    """Return a workbook with one sheet.

    Strings are written as strings, so that a 20-digit code keeps its digits and ``=1+1`` is no formula; dates
    and datetimes get their formats; whatever else is written as text.

    :param header: titles of the columns, translated
    :param rows: an iterable of sequences
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    for column, text in enumerate(header):
        sheet.write_string(0, column, str(text), bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def _write(sheet, number, column, value):
    if value is None or value is False or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(number, column, value)
    elif sheet.write(number, column, value) != 0:
        sheet.write_string(number, column, str(value))
