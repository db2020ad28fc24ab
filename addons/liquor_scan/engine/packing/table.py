"""Files of what a line packed: a row a unit, `package,unit[,method]`; and the file of what is wrong with them."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..flow.association import Carton

METHODS = frozenset({"line", "manual", "inferred"})
MAX_ROWS = 50_000
MAX_CELL = 200
HEADS = frozenset({"package", "parent", "包装", "包装码", "外层码", "箱码"})
BAD_HEAD = ("package", "unit", "method", "reason", "message")


class TableError(ValueError):
    """The file is no table of packages; `args[0]` says why: empty, too_long, not_text."""


class Row(NamedTuple):
    """A line of the file, trimmed."""

    package: str
    unit: str
    method: str = "line"


def decode(content: bytes) -> str:
    """The file as text: UTF-8 with or without mark, else GB 18030, as Excel in China writes.

    >>> decode("\\ufeff箱码".encode()), decode("箱码".encode("gb18030"))
    ('箱码', '箱码')
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError("not_text")


def read_rows(text: str) -> tuple[list[Row], list[Row]]:
    """(usable rows, rows that lack a package or a unit), in order; a heading is left out.

    Cells are separated by comma, semicolon or tab. What stands behind the third cell is ignored, so that a file of
    what is wrong can be corrected and loaded again.

    >>> read_rows("package,unit\\nC1, B1\\nC1,\\nC1,B2,inferred,x")
    ([Row(package='C1', unit='B1', method='line'), Row(package='C1', unit='B2', method='inferred')], \
[Row(package='C1', unit='', method='line')])
    """
    if "\x00" in text:
        raise TableError("not_text")
    first = text.lstrip().split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    good, bad = [], []
    for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=separator)):
        if number > MAX_ROWS:
            raise TableError("too_long")
        cells = [cell.strip()[:MAX_CELL] for cell in cells]
        if not any(cells) or (number == 0 and cells[0].lower() in HEADS):
            continue
        package, unit, method = (*cells, "", "", "")[:3]
        row = Row(package, unit, method if method in METHODS else "line")
        (good if package and unit else bad).append(row)
    if not good and not bad:
        raise TableError("empty")
    return good, bad


def cartons_of(rows: Iterable[Row]) -> list[Carton]:
    """Rows put together to packages, in the order in which they appear; a package is as sure as its weakest row.

    >>> cartons_of([Row("C", "1"), Row("D", "3"), Row("C", "2", "inferred")])[0]
    Carton(parent='C', children=('1', '2'), method='inferred')
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.package, []).append(row)
    return [
        Carton(
            package,
            tuple(row.unit for row in mine),
            "inferred" if any(row.method == "inferred" for row in mine) else mine[0].method,
        )
        for package, mine in found.items()
    ]


def bad_table(
    cartons: Iterable[Carton], refused: Iterable[tuple[str, str, str]], half: Iterable[Row], words: Mapping[str, str]
) -> str:
    """The file of what is wrong: all rows of the refused packages, the reason beside the code that it is about.

    :param refused: (package, reason, code)
    :param half: rows without package or unit
    :param words: reason -> sentence
    """
    by_package = {carton.parent: carton for carton in cartons}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(BAD_HEAD)
    for row in half:
        writer.writerow((safe(row.package), safe(row.unit), row.method, "bad_row", words.get("bad_row", "")))
    for package, reason, code in refused:
        carton = by_package[package]
        for unit in carton.children:
            meant = code in (unit, package)
            writer.writerow((
                safe(package),
                safe(unit),
                carton.method,
                *((reason, words.get(reason, "")) if meant else ("", "")),
            ))
    return out.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("1ABC")
    ("'=1+1", '1ABC')
    """
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell
