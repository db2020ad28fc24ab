"""The account statement: four accounts, each opening + in - out = closing, and the frozen text that proves it.

A statement is plain data: texts, Decimal amounts, dates. Its canonical JSON is what the distributor confirms; the page,
the PDF and the XLSX are drawn from that text alone, so all of them say the same (trade.md R3, channel.md d1).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

ZERO = Decimal(0)
#: 货款, 返利, 费用, 保证金: in the order the distributor reads them
ACCOUNTS = ("goods", "rebate", "expense", "deposit")


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of an account: positive amount = in, negative = out, in the sense of that account."""

    account: str
    day: date
    amount: Decimal
    reference: str = ""
    label: str = ""
    #: what the line opens, as ``kind/id``: invoice, settlement, order or entry
    origin: str = ""


@dataclass(slots=True)
class AccountSection:
    """One account of a period."""

    account: str
    opening: Decimal = ZERO
    incoming: Decimal = ZERO
    outgoing: Decimal = ZERO
    movements: list[Movement] = field(default_factory=list)

    @property
    def closing(self) -> Decimal:
        """Opening + in - out."""
        return self.opening + self.incoming - self.outgoing


def build_sections(
    openings: Mapping[str, Decimal], movements: Iterable[Movement], accounts: Sequence[str] = ACCOUNTS
) -> list[AccountSection]:
    """Return one section per account, movements by day and reference.

    >>> sale = Movement("goods", date(2026, 3, 2), Decimal("226000"))
    >>> goods = [sale, Movement("goods", date(2026, 3, 9), Decimal("-200000"))]
    >>> section = build_sections({"goods": Decimal("1000")}, goods)[0]
    >>> str(section.opening), str(section.incoming), str(section.outgoing), str(section.closing)
    ('1000', '226000', '200000', '27000')

    :raises ValueError: for a movement on an account the statement does not have
    """
    sections = {account: AccountSection(account, openings.get(account, ZERO)) for account in accounts}
    for movement in sorted(movements, key=lambda item: (item.day, item.reference, item.label)):
        if movement.account not in sections:
            raise ValueError(f"the statement has no account {movement.account!r}")
        section = sections[movement.account]
        section.movements.append(movement)
        if movement.amount >= 0:
            section.incoming += movement.amount
        else:
            section.outgoing -= movement.amount
    return list(sections.values())


def money(amount: Decimal | float | int, digits: int = 2) -> str:
    """Return an amount as the text a snapshot holds.

    >>> money(Decimal("6200")), money(-0.1 - 0.2), money(Decimal("-0.001"))
    ('6200.00', '-0.30', '0.00')
    """
    value = Decimal(str(amount)).quantize(Decimal(1).scaleb(-digits))
    return f"{value + 0 if value else abs(value):.{digits}f}"


def section_values(section: AccountSection, digits: int = 2) -> dict:
    """Return a section as the plain values of a snapshot."""
    return {
        "account": section.account,
        "opening": money(section.opening, digits),
        "in": money(section.incoming, digits),
        "out": money(section.outgoing, digits),
        "closing": money(section.closing, digits),
        "movements": [_movement_values(movement, digits) for movement in section.movements],
    }


def _movement_values(movement: Movement, digits: int) -> dict:
    values = {
        "day": movement.day.isoformat(),
        "reference": movement.reference,
        "label": movement.label,
        "amount": money(movement.amount, digits),
    }
    return {**values, "origin": movement.origin} if movement.origin else values


def canonical_json(values: Mapping) -> str:
    """Return the one text of ``values``: keys sorted, no blanks, amounts and days as texts.

    >>> canonical_json({"b": Decimal("1.50"), "a": date(2026, 3, 1)})
    '{"a":"2026-03-01","b":"1.50"}'

    :raises TypeError: for a value with no defined text; a float is one, because its text is not stable
    """
    return json.dumps(_plain(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain(value):
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no stable text")


def snapshot_hash(text: str) -> str:
    """Return the SHA-256 of a snapshot's text, in hexadecimal.

    >>> snapshot_hash("abc")
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def open_snapshot(text: str, expected_hash: str) -> dict | None:
    """Return the values of a stored text that is still the one that was confirmed and adds up; else None.

    >>> text = canonical_json({"accounts": [], "name": "S1"})
    >>> open_snapshot(text, snapshot_hash(text))["name"], open_snapshot(text + " ", snapshot_hash(text))
    ('S1', None)
    """
    if snapshot_hash(text) != expected_hash:
        return None
    data = json.loads(text)
    for section in data.get("accounts", []):
        figures = {key: Decimal(section[key]) for key in ("opening", "in", "out", "closing")}
        if figures["opening"] + figures["in"] - figures["out"] != figures["closing"]:
            return None
    return data


def check_snapshot(text: str, expected_hash: str) -> bool:
    """Tell whether a stored text is still the one that was confirmed, and its accounts still add up."""
    return open_snapshot(text, expected_hash) is not None


def order_discount(available: Decimal, base: Decimal, percent: Decimal, digits: int = 2) -> Decimal:
    """Return how much rebate one order may use: never more than there is, nor than ``percent`` of the order.

    Rounded down, so that the cap holds to the cent.

    >>> str(order_discount(Decimal("20000"), Decimal("50000.03"), Decimal("20")))
    '10000.00'
    >>> str(order_discount(Decimal("800"), Decimal("50000"), Decimal("20")))
    '800.00'
    """
    unit = Decimal(1).scaleb(-digits)
    cap = max(ZERO, base) * percent / 100
    usable = min(max(ZERO, available), cap)
    return usable.quantize(unit, rounding="ROUND_DOWN")
