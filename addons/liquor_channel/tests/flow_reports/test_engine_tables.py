"""Hostile workbooks: a small file never becomes a large one, and nothing of it is fetched or run."""

import io
import zipfile

import pytest
import xlsxwriter

from ...tools import tables


def workbook(changes=()):
    """Return a workbook with three texts, its parts changed by ``(name, old, new)``."""
    buffer, changed = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("a")
        for line in range(3):
            sheet.write_string(line, 0, f"text {line}")
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            for name, before, after in changes:
                if part.filename == name:
                    assert before in data
                    data = data.replace(before, after, 1)
            new.writestr(part.filename, data)
    return changed.getvalue()


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
# ten entities, each ten times the one before: 10 x 10^9 bytes
LAUGHS = b"<!DOCTYPE l [<!ENTITY a 'xxxxxxxxxx'>%s]>" % b"".join(
    b"<!ENTITY %c '%s'>" % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("k"))
)
EXTERNAL = b"<!DOCTYPE l [<!ENTITY j SYSTEM 'file:///etc/hostname'>]>"


def test_the_workbook_itself_is_read():
    assert tables.read_table(workbook(), "a.xlsx") == [["text 0"], ["text 1"], ["text 2"]]


@pytest.mark.parametrize(
    "changes",
    [
        [(STRINGS, b"?>", b"?>" + LAUGHS), (STRINGS, b"text 0", b"&j;")],
        [(SHEET, b"?>", b"?>" + LAUGHS), (SHEET, b"<v>0</v>", b"<v>&j;</v>")],
        [(STRINGS, b"?>", b"?>" + EXTERNAL), (STRINGS, b"text 0", b"&j;")],
        [(SHEET, b"?>", b"?>" + EXTERNAL), (SHEET, b"<v>0</v>", b"<v>&j;</v>")],
        [(SHEET, b'<row r="3"', b'<row r="1048576"'), (SHEET, b'r="A3"', b'r="A1048576"')],
        [(SHEET, b'r="A3"', b'r="XFD3"')],
        [(STRINGS, b"</sst>", b"<si><t>x</t></si>" * 3_000_000 + b"</sst>")],
    ],
    ids=["entities", "entities in the sheet", "external", "external in the sheet", "rows", "columns", "unpacked"],
)
def test_hostile_workbooks_are_refused(changes):
    with pytest.raises(tables.TableError):
        tables.read_table(workbook(changes), "a.xlsx")


def test_declared_dimensions_cost_nothing():
    data = workbook([(SHEET, b"A1:A3", b"A1:XFD1048576")])
    assert len(tables.read_table(data, "a.xlsx")) == 3
