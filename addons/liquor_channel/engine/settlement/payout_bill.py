"""Bills of WeChat and banks: what really left, what came back, what it cost (trade.md R8)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..common.money import ZERO
from .payout_file import BadRow, SentPayment, parse_amount

HEADER_WORDS = {
    "serial": "serial", "交易单号": "serial", "微信支付单号": "serial", "微信明细单号": "serial", "流水号": "serial",
    "交易流水号": "serial", "业务流水号": "serial",
    "reference": "reference", "payout reference": "reference", "商户单号": "reference", "商家单号": "reference",
    "商家明细单号": "reference", "商户订单号": "reference", "打款单号": "reference",
    "text": "text", "用途": "text", "摘要": "text", "附言": "text", "备注": "text",
    "type": "type", "交易类型": "type", "业务类型": "type", "交易状态": "type", "类型": "type", "状态": "type",
    "amount": "amount", "金额": "amount", "交易金额": "amount", "转账金额": "amount", "付款金额": "amount",
    "借方发生额": "amount", "支出金额": "amount",
    "credit": "credit", "贷方发生额": "credit", "收入金额": "credit", "退款金额": "credit",
    "fee": "fee", "手续费": "fee", "服务费": "fee",
    "day": "day", "交易时间": "day", "交易日期": "day", "时间": "day", "日期": "day",
}  # fmt: skip
REFUND_WORDS = ("退", "refund", "return")
FEE_WORDS = ("手续费", "服务费", "fee")
TOKEN = re.compile(r"[A-Za-z]{1,6}[0-9]{6,40}")
PAYMENT, REFUND, FEE = "payment", "refund", "fee"


@dataclass(frozen=True, slots=True)
class BillRow:
    """One row of a bill: ``kind`` payment | refund | fee, ``amount`` above zero, ``fee`` charged with it."""

    line: int
    serial: str
    reference: str
    kind: str
    amount: Decimal
    fee: Decimal = ZERO
    day: str = ""


def read_bill(rows: Iterable[Sequence[str]]) -> tuple[list[BillRow], list[BadRow]]:
    """Return the rows of a bill and those that say nothing usable; lines above the header are passed over.

    >>> good, bad = read_bill([["微信支付账单"], ["交易单号", "商户单号", "金额", "手续费"],
    ...                        ["4200001", "TX2026032000000001", "¥480.00", "0.48"]])
    >>> good[0].reference, good[0].kind, str(good[0].amount), str(good[0].fee), bad
    ('TX2026032000000001', 'payment', '480.00', '0.48', [])

    :raises ValueError: no header with an amount and a reference or text
    """
    header: dict[str, int] = {}
    good: list[BillRow] = []
    bad: list[BadRow] = []
    for line, cells in enumerate(rows, start=1):
        if not header:
            header = _usable(_header(cells))
            continue
        values = {name: _cell(cells, place) for name, place in header.items()}
        if any(values.values()):
            _read_row(line, values, good, bad)
    if not header:
        raise ValueError("no header")
    return good, bad


def _usable(header: dict[str, int]) -> dict[str, int]:
    return header if "amount" in header and ("reference" in header or "text" in header) else {}


def _header(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = HEADER_WORDS.get(str(cell or "").strip().lower().lstrip("\ufeff`").split("(")[0].split("（")[0])
        if name:
            found.setdefault(name, place)
    return found


def _cell(cells: Sequence[str], place: int) -> str:
    value = cells[place] if place < len(cells) else ""
    return "" if value is None else str(value).strip().lstrip("'`")


def _read_row(line: int, values: Mapping[str, str], good: list[BillRow], bad: list[BadRow]) -> None:
    text = values.get("text", "")
    reference = values.get("reference") or next(iter(TOKEN.findall(text)), "")
    try:
        amount, credit, fee = (parse_amount(values.get(name) or "0") for name in ("amount", "credit", "fee"))
    except ValueError:
        bad.append(BadRow(line, reference, "not_a_number", values.get("amount", "")))
        return
    word = f"{values.get('type', '')} {text}".lower()
    kind = PAYMENT
    if any(known in word for known in REFUND_WORDS) or amount < 0 or (not amount and credit > 0):
        kind = REFUND
    elif not reference and any(known in word for known in FEE_WORDS):
        kind = FEE
    money = abs(amount) or credit
    if not money and not fee:
        bad.append(BadRow(line, reference, "not_a_number", values.get("amount", "")))
        return
    serial = values.get("serial") or f"{values.get('day', '')}/{reference or text}/{money}/{kind}"
    good.append(BillRow(line, serial, reference, kind, money, abs(fee), values.get("day", "")))


@dataclass(frozen=True, slots=True)
class BillMatch:
    """What a row means: ``change`` of the payment (ok | returned | ""), or a ``reason`` why it was left over."""

    row: BillRow
    change: str = ""
    reason: str = ""

    @property
    def matched(self) -> bool:
        """Tell whether the row belongs to a payment of ours."""
        return not self.reason and self.row.kind != FEE


def match_bill(
    payments: Mapping[str, SentPayment], billed: set[tuple[str, str]], rows: Sequence[BillRow]
) -> list[BillMatch]:
    """Match rows to payments by reference, each payment once paid and once refunded.

    :param billed: (reference, kind) that bills before this one matched

    >>> sent = {"TX1": SentPayment("TX1", Decimal(480), "sent")}
    >>> row = BillRow(2, "a", "TX1", "payment", Decimal(480))
    >>> twice = BillRow(3, "b", "TX1", "payment", Decimal(480))
    >>> [(one.change, one.reason) for one in match_bill(sent, set(), [row, twice])]
    [('ok', ''), ('', 'twice')]
    """
    seen = set(billed)
    states = {reference: payment.state for reference, payment in payments.items()}
    found = []
    for row in rows:
        found.append(_match(payments.get(row.reference), states, seen, row))
        if found[-1].matched:
            seen.add((row.reference, row.kind))
            states[row.reference] = found[-1].change or states[row.reference]
    return found


def _match(payment: SentPayment | None, states: dict[str, str], seen: set, row: BillRow) -> BillMatch:
    if row.kind == FEE:
        return BillMatch(row)
    if payment is None:
        return BillMatch(row, reason="unknown_reference")
    if (row.reference, row.kind) in seen:
        return BillMatch(row, reason="twice")
    if row.amount != payment.amount:
        return BillMatch(row, reason="other_amount")
    state = states[row.reference]
    if row.kind == PAYMENT:
        return {
            "sent": BillMatch(row, change="ok"),
            "ok": BillMatch(row),
        }.get(state, BillMatch(row, reason="contradicts"))
    return {
        "sent": BillMatch(row, change="returned"),
        "ok": BillMatch(row, change="returned"),
        "returned": BillMatch(row),
        "failed": BillMatch(row),
    }.get(state, BillMatch(row, reason="contradicts"))
