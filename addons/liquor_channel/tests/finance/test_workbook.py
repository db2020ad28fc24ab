"""Workbooks: totals are formulas of ours and compute to what the rows say; what comes from data is never a formula."""

import io
import re
from decimal import Decimal

import openpyxl

from ...tools.workbook import Formula, Sheet, write_workbook


def read(content, values=False):
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def recompute(paper, cell):
    """Compute a total of ours from the cells that it names."""
    column, first, last = re.fullmatch(r"=SUBTOTAL\(109,([A-Z]+)(\d+):\1(\d+)\)", cell.value).groups()
    cells = [paper[f"{column}{row}"].value for row in range(int(first), int(last) + 1)]
    return sum(Decimal(str(value)) for value in cells if isinstance(value, int | float))


def test_totals_compute():
    rows = [("a", Decimal("0.10"), 3), ("b", Decimal("0.20"), 4), ("c", None, 5)]
    content = write_workbook([Sheet("S", ("Name", "Amount", "Count"), rows, totals=(1, 2), total="Total")])
    paper, shown = read(content).active, read(content, values=True).active
    assert recompute(paper, paper["B5"]) == Decimal("0.3")
    assert recompute(paper, paper["C5"]) == 12
    assert (shown["A5"].value, shown["B5"].value, shown["C5"].value) == ("Total", 0.3, 12)
    assert paper.auto_filter.ref == "A1:C4"


def test_text_stays_text():
    evil = ("=1+1", "+1", "-cmd|' /C calc'!A0", "@x", "01234567890123456789", "http://example.com")
    cells = read(write_workbook([Sheet("S", ("T",), [(text,) for text in evil])])).active["A"][1:]
    assert [cell.value for cell in cells] == list(evil)
    assert {cell.data_type for cell in cells} == {"s"}


def test_formula_of_a_row():
    rows = [(10, 4, Formula("=A{row}-B{row}", 6))]
    content = write_workbook([Sheet("S", ("In", "Out", "Left"), rows)])
    assert read(content).active["C2"].value == "=A2-B2"
    assert read(content, values=True).active["C2"].value == 6


def test_names_of_sheets_are_taken_once():
    sheets = [Sheet("a/b[1]:*?", ("x",), []), Sheet("ab1", ("x",), []), Sheet("x" * 40, ("x",), [])]
    assert read(write_workbook(sheets)).sheetnames == ["ab1", "ab1 2", "x" * 31]
