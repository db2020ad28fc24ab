"""The bill of who does a service for members, such as a driver home: row by row against what was used (C71)."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..common.money import ZERO
from ..settlement.payout_file import parse_amount

HEADER_WORDS = {
    "use": "number", "use number": "number", "使用编号": "number", "服务单号": "number", "核销编号": "number",
    "amount": "amount", "金额": "amount", "服务费": "amount", "应付金额": "amount",
    "day": "day", "date": "day", "日期": "day", "服务日期": "day", "使用日期": "day",
}  # fmt: skip
#: why less is paid than billed, in the order in which it is asked
UNKNOWN, TWICE, PRICE, UNREADABLE = "unknown", "twice", "price", "unreadable"
MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a service: ``id`` of its record, ``cost`` agreed for one."""

    id: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class BillRow:
    """One row of a bill: ``amount`` is None where it cannot be read."""

    line: int
    number: str
    amount: Decimal | None
    day: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is paid of a row, and why less (or nothing)."""

    row: BillRow
    allowed: Decimal
    use: int | None = None
    reason: str = ""

    @property
    def difference(self) -> Decimal:
        """What was billed and is not paid."""
        return (self.row.amount or ZERO) - self.allowed


def use_number(key: int) -> str:
    """Return the number of a use, as the maker tells it to the provider.

    >>> use_number(123)
    'S0000123'
    """
    return f"S{key:07d}"


def use_key(number: str) -> int | None:
    """Return the record behind a number; None where it is none of ours.

    >>> use_key(" s0000123 "), use_key("0000123"), use_key("S12x"), use_key("S" + "9" * 40)
    (123, None, None, None)
    """
    found = re.fullmatch(rf"[Ss](\d{{1,{MOST_DIGITS}}})", number.strip(), re.ASCII)
    return int(found.group(1)) if found else None


def read_bill(table: Iterable[Sequence[str]]) -> list[BillRow]:
    """Return the rows of a bill; lines above the header are passed over, empty ones left out.

    >>> read_bill([["7 月账单"], ["服务单号", "日期", "金额"], ["S0000123", "2026-07-03", "¥80.00"], ["", "", ""]])
    [BillRow(line=3, number='S0000123', amount=Decimal('80.00'), day='2026-07-03')]

    :raises ValueError: no header with a number and an amount
    """
    header: dict[str, int] = {}
    rows: list[BillRow] = []
    for line, cells in enumerate(table, start=1):
        if not header:
            found = _header(cells)
            header = found if {"number", "amount"} <= found.keys() else {}
            continue
        values = {name: _cell(cells, place) for name, place in header.items()}
        if any(values.values()):
            rows.append(BillRow(line, values["number"][:40], _amount(values["amount"]), values.get("day", "")[:40]))
    if not header:
        raise ValueError("no header")
    return rows


def _header(cells: Sequence[str]) -> dict[str, int]:
    words = [HEADER_WORDS.get(str(cell or "").strip().lower().lstrip("\ufeff")) for cell in cells]
    return {name: words.index(name) for name in words if name}


def _cell(cells: Sequence[str], place: int) -> str:
    value = cells[place] if place < len(cells) else ""
    return "" if value is None else str(value).strip().lstrip("'`")


def _amount(text: str) -> Decimal | None:
    try:
        amount = parse_amount(text)
    except ValueError:
        return None
    return amount.quantize(Decimal("0.01")) if amount > 0 else None


def check(rows: Iterable[BillRow], uses: Mapping[int, Use], billed: Container[int]) -> list[Verdict]:
    """Hold a bill against what was used: what agrees is paid as billed, never more than agreed, and each use once.

    :param uses: uses of this provider by id; what is missing was not used
    :param billed: ids of uses that a bill before was paid for

    Two trips at 80.00, the second billed at 95.00 and then again, a third by nobody we know:

    >>> uses = {1: Use(1, Decimal(80)), 2: Use(2, Decimal(80))}
    >>> rows = [BillRow(2, "S1", Decimal(80)), BillRow(3, "S2", Decimal(95)), BillRow(4, "S2", Decimal(80)),
    ...         BillRow(5, "S9", Decimal(60))]
    >>> [(str(one.allowed), one.use, one.reason, str(one.difference)) for one in check(rows, uses, ())]
    [('80', 1, '', '0'), ('80', 2, 'price', '15'), ('0', None, 'twice', '80'), ('0', None, 'unknown', '60')]
    """
    seen: set[int] = set()
    verdicts = []
    for row in rows:
        use = uses.get(use_key(row.number) or 0)
        if row.amount is None:
            verdicts.append(Verdict(row, ZERO, reason=UNREADABLE))
        elif not use:
            verdicts.append(Verdict(row, ZERO, reason=UNKNOWN))
        elif use.id in seen or use.id in billed:
            verdicts.append(Verdict(row, ZERO, reason=TWICE))
        else:
            seen.add(use.id)
            allowed = min(row.amount, use.cost)
            verdicts.append(Verdict(row, allowed, use.id, PRICE if row.amount != use.cost else ""))
    return verdicts
