"""What can be done with a real price list's bar codes, and which rows somebody has to look at.

Nothing is dropped: every product is loaded; a code that is empty, wrong or used twice is reported row by row.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .sources import Product

COLUMNS = ("row", "item", "name", "field", "code", "finding", "repaired", "shared_with")
NO_CODE, WRONG_DIGIT = "no code", "wrong check digit"
SHORT, SHARED = "short: padded with zeros", "used by several products"


@dataclass(frozen=True, slots=True)
class Finding:
    """One row to look at: ``row`` is its number in the file (the header is 1)."""

    row: int
    item: str
    name: str
    field: str
    code: str
    finding: str
    repaired: str = ""
    shared_with: str = ""

    def cells(self) -> list[str]:
        """Return the row's texts, as the report's columns."""
        return [str(getattr(self, column)) for column in COLUMNS]


@dataclass(slots=True)
class Judged:
    """Codes to use by item number (each code once), and what was found."""

    bottles: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def count(self, name: str, finding: str) -> int:
        """Return how many rows have this finding."""
        return sum(row.field == name and row.finding == finding for row in self.findings)


def has_check_digit(code: str) -> bool:
    """Tell whether the last digit of 14 is right (GS1, modulo 10).

    >>> has_check_digit("00088004022723"), has_check_digit("00088004022724")
    (True, False)
    """
    total = sum(int(digit) * (1 if index % 2 else 3) for index, digit in enumerate(code[:-1]))
    return len(code) == 14 and -total % 10 == int(code[-1])


def judge(products: Iterable[Product]) -> Judged:
    """Check every bottle and case code; the first product of the file that names a code gets it."""
    items = list(products)
    judged = Judged()
    _judge_field(items, "upc", judged.bottles, judged.findings)
    _judge_field(items, "scc", judged.cases, judged.findings)
    judged.findings.sort(key=lambda finding: (finding.row, finding.field))
    return judged


def _judge_field(items: list[Product], name: str, usable: dict[str, str], findings: list[Finding]) -> None:
    users: dict[str, list[str]] = {}
    for item in items:
        users.setdefault(getattr(item, name).zfill(14), []).append(item.number)
    taken: set[str] = set()
    for row, item in enumerate(items, start=2):
        text = getattr(item, name)
        code = text.zfill(14)
        others = [number for number in users[code] if number != item.number]
        for finding, repaired in _faults(name, text, code, bool(others)):
            shared = " ".join(others) if finding == SHARED else ""
            findings.append(Finding(row, item.number, item.name, name, text, finding, repaired, shared))
        if has_check_digit(code) and int(code) and code not in taken:
            taken.add(code)
            usable[item.number] = code


def _faults(name: str, text: str, code: str, shared: bool) -> list[tuple[str, str]]:
    """Return the findings of one code; a UPC has no fixed length in the file, a case code has 14 digits."""
    if not text or not int(code):
        return [(NO_CODE, "")]
    faults = []
    right = has_check_digit(code)
    if not right:
        faults.append((WRONG_DIGIT, ""))
    elif name == "scc" and len(text) < 14:
        faults.append((SHORT, code))
    if shared:
        faults.append((SHARED, ""))
    return faults


def shared_codes(products: Iterable[Product]) -> int:
    """Return how many bottle codes stand at more than one product."""
    counts = Counter(item.upc.zfill(14) for item in products if item.upc)
    return sum(count > 1 for count in counts.values())


def write(path: Path, findings: Iterable[Finding]) -> None:
    """Write the report as CSV that spreadsheet programs open in UTF-8, codes as texts."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for finding in findings:
            writer.writerow([f"'{cell}" if cell.isdigit() and len(cell) > 10 else cell for cell in finding.cells()])
