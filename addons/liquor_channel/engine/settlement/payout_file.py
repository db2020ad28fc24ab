"""The payout file that goes to the bank or WeChat, and the result file that comes back.

Both are tables of texts: how they are wrapped (CSV, XLSX) is not decided here. A row is known by its payout reference,
which never changes once it was sent (channel.md Acc-4: a retry never double-pays).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MOST = Decimal(10) ** 12
PAYOUT_COLUMNS = ("reference", "payee", "channel", "account", "bank", "amount", "currency", "note")
RESULT_COLUMNS = ("reference", "status", "amount", "message")
#: what banks, WeChat and people write -> what it means to us
STATUS_WORDS = {
    "ok": "ok", "success": "ok", "paid": "ok", "成功": "ok", "已到账": "ok", "支付成功": "ok", "转账成功": "ok",
    "failed": "failed", "fail": "failed", "失败": "failed", "支付失败": "failed", "转账失败": "failed",
    "returned": "returned", "退回": "returned", "退票": "returned", "已退款": "returned",
}  # fmt: skip
HEADER_WORDS = {
    "reference": "reference", "payout reference": "reference",
    "打款单号": "reference", "商户单号": "reference", "单号": "reference",
    "status": "status", "result": "status", "状态": "status", "结果": "status",
    "amount": "amount", "金额": "amount",
    "message": "message", "reason": "message", "原因": "message", "备注": "message", "失败原因": "message",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One payment to make."""

    reference: str
    payee: str
    channel: str
    account: str
    bank: str
    amount: Decimal
    currency: str
    note: str = ""

    def cells(self) -> list[str]:
        """Return the row's cells, every one a text."""
        return [self.reference, self.payee, self.channel, self.account, self.bank,
                f"{self.amount:.2f}", self.currency, self.note]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One answer: ``line`` is the row's number in the file (the header is 1)."""

    line: int
    reference: str
    status: str
    amount: Decimal | None
    message: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row nothing was done with; ``reason`` is one of the codes below, ``detail`` what stood there."""

    line: int
    reference: str
    reason: str
    detail: str = ""


NO_REFERENCE, UNKNOWN_STATUS, NOT_A_NUMBER = "no_reference", "unknown_status", "not_a_number"
UNKNOWN_REFERENCE, OTHER_AMOUNT, TWICE_IN_FILE, CONTRADICTS = (
    "unknown_reference",
    "other_amount",
    "twice",
    "contradicts",
)


def parse_amount(text: str) -> Decimal:
    """Return the amount a person or a bank wrote.

    >>> str(parse_amount(" ¥1,200.50 "))
    '1200.50'

    :raises ValueError: for anything that is no number, or an absurd one
    """
    cleaned = str(text).strip().lstrip("¥￥").replace(",", "").replace(" ", "")
    try:
        amount = Decimal(cleaned)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount") from None
    if not amount.is_finite() or abs(amount) > MOST:
        raise ValueError(f"{text!r} is no amount")
    return amount


def read_header(cells: Sequence[str]) -> dict[str, int]:
    """Return column -> position, by the words of ``HEADER_WORDS``.

    >>> read_header(["商户单号", "状态", "金额"])
    {'reference': 0, 'status': 1, 'amount': 2}

    :raises ValueError: when the reference or the status is not there
    """
    found: dict[str, int] = {}
    for position, cell in enumerate(cells):
        name = HEADER_WORDS.get(str(cell).strip().lower().lstrip("\ufeff"))
        if name and name not in found:
            found[name] = position
    missing = [name for name in ("reference", "status") if name not in found]
    if missing:
        raise ValueError(", ".join(missing))
    return found


def parse_results(rows: Iterable[Sequence[str]]) -> tuple[list[ResultRow], list[BadRow]]:
    """Return the answers of a result file and the rows that say nothing usable; the first row is the header.

    >>> rows = [["reference", "status", "amount"], ["P1", "成功", "600.00"], ["P2", "maybe", "1"]]
    >>> good, bad = parse_results(rows)
    >>> good[0].status, bad[0].reason
    ('ok', 'unknown_status')

    :raises ValueError: when there is no header
    """
    rows = iter(rows)
    header = read_header(next(rows, []))
    good: list[ResultRow] = []
    bad: list[BadRow] = []
    for line, cells in enumerate(rows, start=2):
        values = {name: _cell(cells, position) for name, position in header.items()}
        if any(values.values()):
            answer = _parse_row(line, values)
            (good if isinstance(answer, ResultRow) else bad).append(answer)
    return good, bad


def _cell(cells: Sequence[str], position: int) -> str:
    value = cells[position] if position < len(cells) else ""
    return "" if value is None else str(value).strip().lstrip("'")


def _parse_row(line: int, values: Mapping[str, str]) -> ResultRow | BadRow:
    reference = values["reference"]
    if not reference:
        return BadRow(line, "", NO_REFERENCE)
    status = STATUS_WORDS.get(values["status"].lower())
    if not status:
        return BadRow(line, reference, UNKNOWN_STATUS, values["status"])
    amount = None
    if values.get("amount"):
        try:
            amount = parse_amount(values["amount"])
        except ValueError:
            return BadRow(line, reference, NOT_A_NUMBER, values["amount"])
    return ResultRow(line, reference, status, amount, values.get("message", ""))


@dataclass(frozen=True, slots=True)
class SentPayment:
    """What we know of a payment: its state is sent | ok | failed | returned."""

    reference: str
    amount: Decimal
    state: str


@dataclass(slots=True)
class Matched:
    """What a result file changes: new states by reference, how many rows repeat what is known, and bad rows."""

    changes: dict[str, ResultRow]
    repeated: int
    bad: list[BadRow]


def match_results(payments: Mapping[str, SentPayment], rows: Sequence[ResultRow]) -> Matched:
    """Decide which answers change something.

    A payment that was sent may turn ok or failed; one that was ok may still come back (returned). Everything else is
    either a repetition, which changes nothing, or contradicts what is known and is reported.

    >>> sent = {"P1": SentPayment("P1", Decimal(600), "sent")}
    >>> row = ResultRow(2, "P1", "ok", Decimal(600))
    >>> sorted(match_results(sent, [row]).changes)
    ['P1']
    >>> match_results({"P1": SentPayment("P1", Decimal(600), "ok")}, [row]).repeated
    1
    """
    matched = Matched({}, 0, [])
    torn: set[str] = set()
    for row in rows:
        payment = payments.get(row.reference)
        if row.reference in torn:
            matched.bad.append(BadRow(row.line, row.reference, TWICE_IN_FILE))
        elif payment is None:
            matched.bad.append(BadRow(row.line, row.reference, UNKNOWN_REFERENCE))
        elif row.amount is not None and row.amount != payment.amount:
            matched.bad.append(BadRow(row.line, row.reference, OTHER_AMOUNT, str(row.amount)))
        elif row.reference in matched.changes:
            _match_second(matched, row, torn)
        elif row.status == payment.state:
            matched.repeated += 1
        elif _may_change(payment.state, row.status):
            matched.changes[row.reference] = row
        else:
            matched.bad.append(BadRow(row.line, row.reference, CONTRADICTS, payment.state))
    return matched


def _match_second(matched: Matched, row: ResultRow, torn: set[str]) -> None:
    if matched.changes[row.reference].status == row.status:
        matched.repeated += 1
    else:
        del matched.changes[row.reference]
        torn.add(row.reference)
        matched.bad.append(BadRow(row.line, row.reference, TWICE_IN_FILE))


def _may_change(state: str, status: str) -> bool:
    return state == "sent" or (state == "ok" and status == "returned")
