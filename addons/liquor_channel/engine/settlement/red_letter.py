"""Which blue invoices a credit note is written against (红字发票; trade.md R6, channel.md Acc-5.1).

A rebate's red-letter invoice goes against invoices that were issued: of the same buyer and tax rate, never above
what is left of them. An invoice the buyer has used for deduction (用途确认) takes a part, by a form he confirms within
72 hours; one he has not used can only be taken back whole, so it takes no part of a rebate.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from ..common.money import ZERO

CONFIRM_HOURS = 72
NUMBER = re.compile(r"[0-9]{20}")


@dataclass(frozen=True, slots=True)
class BlueInvoice:
    """An invoice that was issued: net amount ``left`` at ``rate`` per cent; ``used`` by the buyer or not."""

    id: int
    rate: Decimal
    total: Decimal
    left: Decimal
    used: bool


@dataclass(slots=True)
class Allocation:
    """What is taken from which invoice, and the ``missing`` amount that no invoice can carry."""

    parts: list[tuple[int, Decimal]] = field(default_factory=list)
    missing: Decimal = ZERO


def allocate(amount: Decimal, rate: Decimal, invoices: Iterable[BlueInvoice]) -> Allocation:
    """Spread a net amount over invoices in the order given (oldest first).

    20,000 at 13 %: the first invoice has 12,000 left, the second is not used by the buyer, the third has another rate:

    >>> rows = [BlueInvoice(1, Decimal(13), Decimal(50000), Decimal(12000), True),
    ...         BlueInvoice(2, Decimal(13), Decimal(30000), Decimal(30000), False),
    ...         BlueInvoice(3, Decimal(9), Decimal(30000), Decimal(30000), True),
    ...         BlueInvoice(4, Decimal(13), Decimal(6000), Decimal(6000), True)]
    >>> found = allocate(Decimal(20000), Decimal(13), rows)
    >>> [(number, str(part)) for number, part in found.parts], str(found.missing)
    ([(1, '12000'), (4, '6000')], '2000')
    """
    found = Allocation(missing=max(ZERO, amount))
    for invoice in invoices:
        part = min(invoice.left, found.missing)
        whole = part == invoice.total == invoice.left
        if part > ZERO and invoice.rate == rate and (invoice.used or whole):
            found.parts.append((invoice.id, part))
            found.missing -= part
    return found


def deadline(issued: datetime) -> datetime:
    """Return until when the buyer confirms a form.

    >>> deadline(datetime(2026, 3, 10, 8, 0))
    datetime.datetime(2026, 3, 13, 8, 0)
    """
    return issued + timedelta(hours=CONFIRM_HOURS)


def check_number(text: str | None) -> str:
    """Return the 20 digits of a digital invoice.

    >>> check_number(" 2632 2000 0000 1234 5678 ")
    '26322000000012345678'

    :raises ValueError: anything else
    """
    number = re.sub(r"\s+", "", text or "")
    if not NUMBER.fullmatch(number):
        raise ValueError(f"{text!r} is no number of a digital invoice")
    return number


def rates_of(lines: Sequence[tuple[Decimal, Decimal]]) -> dict[Decimal, Decimal]:
    """Return net amounts by tax rate of (rate, net) pairs.

    >>> rates_of([(Decimal(13), Decimal(100)), (Decimal(13), Decimal(50))])
    {Decimal('13'): Decimal('150')}
    """
    sums: dict[Decimal, Decimal] = {}
    for rate, net in lines:
        sums[rate] = sums.get(rate, ZERO) + net
    return sums
