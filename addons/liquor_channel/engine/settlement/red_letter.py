"""Which blue invoices a credit note is written against (红字发票; trade.md R6, channel.md Acc-5.1).

A rebate's red-letter invoice goes against invoices that were issued: of the same buyer, tax rate and goods code
(税收分类编码), never above what is left of them. A note that names no goods takes the code of the invoice it is written
against; an invoice whose code nobody noted is compared by its rate alone, after those that are known to fit. An invoice
the buyer has used for deduction (用途确认) takes a part, by a form he confirms within 72 hours; one he has not used can
only be taken back whole, so it takes no part of a rebate.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from ..common.money import ZERO, split

CONFIRM_HOURS = 72
NUMBER = re.compile(r"[0-9]{20}")
#: 商品和服务税收分类编码 has 19 digits: chapter, class, section, item and six levels below
GOODS_CODE = re.compile(r"[0-9]{19}")


@dataclass(frozen=True, slots=True)
class BlueInvoice:
    """Lines of one rate and goods code on an invoice that was issued; ``used`` by the buyer or not.

    ``total`` is the net amount of the invoice, ``left`` what these lines can still carry and ``pool`` what all lines
    of the rate together can (None: the same). ``code`` is None where nobody noted it.
    """

    id: int
    rate: Decimal
    total: Decimal
    left: Decimal
    used: bool
    code: str | None = None
    pool: Decimal | None = None


@dataclass(slots=True)
class Allocation:
    """What is taken from which invoice and code, and the ``missing`` amount that no invoice can carry."""

    parts: list[tuple[int, Decimal, str | None]] = field(default_factory=list)
    missing: Decimal = ZERO


def allocate(amount: Decimal, rate: Decimal, invoices: Iterable[BlueInvoice], code: str | None = None) -> Allocation:
    """Spread a net amount over invoices in the order given (oldest first), known codes before unknown ones.

    20,000 at 13 %: the first invoice has 12,000 left, the second is not used by the buyer, the third has another rate:

    >>> rows = [BlueInvoice(1, Decimal(13), Decimal(50000), Decimal(12000), True),
    ...         BlueInvoice(2, Decimal(13), Decimal(30000), Decimal(30000), False),
    ...         BlueInvoice(3, Decimal(9), Decimal(30000), Decimal(30000), True),
    ...         BlueInvoice(4, Decimal(13), Decimal(6000), Decimal(6000), True)]
    >>> found = allocate(Decimal(20000), Decimal(13), rows)
    >>> [(number, str(part)) for number, part, _code in found.parts], str(found.missing)
    ([(1, '12000'), (4, '6000')], '2000')

    5,000 for goods A: the oldest invoice sold goods B, the next nobody knows what, the last 3,000 of A:

    >>> a, b = "1" * 19, "2" * 19
    >>> rows = [BlueInvoice(1, Decimal(13), Decimal(9000), Decimal(9000), True, b),
    ...         BlueInvoice(2, Decimal(13), Decimal(9000), Decimal(9000), True),
    ...         BlueInvoice(3, Decimal(13), Decimal(3000), Decimal(3000), True, a)]
    >>> [(number, str(part), code == a) for number, part, code in allocate(Decimal(5000), Decimal(13), rows, a).parts]
    [(3, '3000', True), (2, '2000', False)]
    """
    found = Allocation(missing=max(ZERO, amount))
    spent: dict[int, Decimal] = {}
    fitting = [row for row in invoices if row.rate == rate and may_stand_for(code, row.code)]
    for invoice in sorted(fitting, key=lambda row: code is not None and row.code is None):
        pool = (invoice.left if invoice.pool is None else invoice.pool) - spent.get(invoice.id, ZERO)
        part = min(invoice.left, pool, found.missing)
        whole = part == invoice.total == invoice.left
        if part > ZERO and (invoice.used or whole):
            found.parts.append((invoice.id, part, invoice.code))
            found.missing -= part
            if invoice.pool is not None:
                spent[invoice.id] = spent.get(invoice.id, ZERO) + part
    return found


def may_stand_for(asked: str | None, sold: str | None) -> bool:
    """Tell whether a red letter for goods ``asked`` goes against goods ``sold``: never where both are known and differ.

    >>> may_stand_for("1" * 19, "2" * 19), may_stand_for(None, "2" * 19), may_stand_for("1" * 19, None)
    (False, True, True)
    """
    return asked is None or sold is None or asked == sold


def by_goods(amount: Decimal, weights: Mapping[str | None, Decimal]) -> dict[str | None, Decimal]:
    """Split the net amount of a note over the goods codes that its lines were earned on, to the cent.

    10,000.00 earned with 2 parts of A and 1 part of goods without a code; where one code gave less than nothing
    (goods that came back), or nothing is known, the note names no goods:

    >>> {code: str(part) for code, part in by_goods(Decimal(10000), {"A": Decimal(2), None: Decimal(1)}).items()}
    {'A': '6666.67', None: '3333.33'}
    >>> by_goods(Decimal(10), {"A": Decimal(12), "B": Decimal(-2)})
    {None: Decimal('10')}
    """
    codes = sorted(weights, key=lambda code: (code is None, code or ""))  # what names no goods comes last
    parts = {code: weights[code] for code in codes if weights[code]}
    if not parts or min(parts.values()) < ZERO:
        return {None: amount}
    shares = zip(parts, split(amount, list(parts.values())), strict=True)
    return {code: part for code, part in shares if part}


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
    return _digits(text, NUMBER, "number of a digital invoice")


def check_goods_code(text: str | None) -> str:
    """Return the 19 digits of a goods code (税收分类编码); which codes there are is the tax office's list.

    >>> check_goods_code(" 1234567 890123456789")
    '1234567890123456789'

    :raises ValueError: anything else
    """
    return _digits(text, GOODS_CODE, "goods code")


def _digits(text, pattern, what):
    """Return the text without blanks where it is of the pattern."""
    digits = re.sub(r"\s+", "", text or "")
    if not pattern.fullmatch(digits):
        raise ValueError(f"{text!r} is no {what}")
    return digits


def goods_of(lines: Sequence[tuple[Decimal, str | None, Decimal]]) -> dict[tuple[Decimal, str | None], Decimal]:
    """Return net amounts by tax rate and goods code of (rate, code, net) triples.

    >>> goods_of([(Decimal(13), None, Decimal(100)), (Decimal(13), None, Decimal(50))])
    {(Decimal('13'), None): Decimal('150')}
    """
    sums: dict[tuple[Decimal, str | None], Decimal] = {}
    for rate, code, net in lines:
        sums[rate, code] = sums.get((rate, code), ZERO) + net
    return sums


def still_open(
    wanted: Mapping[tuple[Decimal, str | None], Decimal], taken: Mapping[tuple[Decimal, str | None], Decimal]
) -> dict[tuple[Decimal, str | None], Decimal]:
    """Return what of a note no red letter carries yet; rows made while codes were not compared count for any code.

    >>> rate = Decimal(13)
    >>> rest = still_open({(rate, "A"): Decimal(60), (rate, "B"): Decimal(40)},
    ...                   {(rate, "A"): Decimal(10), (rate, None): Decimal(70)})
    >>> {code: str(left) for (_rate, code), left in rest.items()}
    {'B': '20'}
    """
    left = {key: net - taken.get(key, ZERO) for key, net in wanted.items()}
    surplus: dict[Decimal, Decimal] = {}
    for (rate, code), net in taken.items():
        over = net if (rate, code) not in wanted else max(ZERO, net - wanted[rate, code])
        surplus[rate] = surplus.get(rate, ZERO) + over
    for rate, code in left:
        part = min(max(ZERO, left[rate, code]), surplus.get(rate, ZERO))
        left[rate, code] -= part
        surplus[rate] = surplus.get(rate, ZERO) - part
    return {key: net for key, net in left.items() if net > ZERO}
