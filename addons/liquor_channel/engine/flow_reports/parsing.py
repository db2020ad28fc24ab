"""A distributor's flow report: rows of texts in, checked movements and bad rows with their reasons out.

A flow report tells what left a distributor's or chain's own shelves: who got which product, how many, on which
day. Codes and product numbers are texts and stay texts; a number cell that already lost digits is refused
(security.md 0.9).
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

FIELDS = ("day", "product", "quantity", "unit", "amount", "buyer", "kind", "reference")
REQUIRED = ("day", "product", "quantity")
HEADER_WORDS = {
    "day": ("day", "date", "日期", "销售日期", "出库日期", "单据日期"),
    "product": ("product", "product code", "sku", "barcode", "商品编码", "产品编码", "货号", "商品条码", "条码"),
    "quantity": ("quantity", "qty", "数量", "销售数量", "出库数量"),
    "unit": ("unit", "uom", "单位"),
    "amount": ("amount", "sales amount", "金额", "销售金额", "含税金额"),
    "buyer": (
        "buyer",
        "shop",
        "customer",
        "terminal",
        "客户编码",
        "门店编码",
        "终端编码",
        "客户",
        "门店",
        "终端",
        "客户名称",
    ),
    "kind": ("kind", "type", "类型", "业务类型"),
    "reference": ("reference", "document", "单号", "单据号", "出库单号", "小票号"),
}
OUTGOING_WORDS = {"", "reported", "sold", "sale", "销售", "出库"}
RETURN_WORDS = {"returned", "return", "退货"}
BOTTLE_WORDS = {"", "bottle", "bottles", "瓶", "支"}
CASE_WORDS = {"case", "cases", "箱", "件"}
SCIENTIFIC = re.compile(r"^\d+(\.\d+)?[eE]\+?\d+$")
MAX_QUANTITY = 1_000_000
MAX_AMOUNT = Decimal(10) ** 10
CENT = Decimal("0.01")

(NO_VALUE, NOT_A_DAY, FUTURE_DAY, NOT_A_QUANTITY, UNKNOWN_UNIT, UNKNOWN_KIND, UNKNOWN_PRODUCT, UNKNOWN_BUYER,
 LOST_DIGITS, NO_CASE_SIZE, TWICE_IN_FILE, REPORTED_BEFORE, NOT_AN_AMOUNT) = (
    "no_value", "not_a_day", "future_day", "not_a_quantity", "unknown_unit", "unknown_kind", "unknown_product",
    "unknown_buyer", "lost_digits", "no_case_size", "twice_in_file", "reported_before",
    "not_an_amount",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Product:
    """A product a row may name: id and bottles in a case (0 = unknown)."""

    id: int
    case_size: int = 0


class Movement(NamedTuple):
    """One checked row. ``bottles`` and ``amount`` are positive; a return is told by its kind.

    ``amount`` is what the reporter got for the whole row, None where his file has no amounts.
    """

    line: int
    day: date
    product_id: int
    bottles: int
    buyer_id: int | None
    buyer_text: str
    kind: str
    reference: str
    row_key: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: its number in the file, the field and the reason's code."""

    line: int
    field: str
    reason: str
    value: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What texts mean: product texts and buyer texts (casefolded) to what they name, and the last day allowed.

    ``by_shop``: a shop or chain reports what its customers bought, not what it sold on to shops.
    """

    products: Mapping[str, Product]
    buyers: Mapping[str, int]
    today: date
    reporter_id: int
    by_shop: bool = False


def guess_mapping(header: Sequence[str]) -> dict[str, int]:
    """Return field -> column by the header's words; what is not recognised is left to the user.

    >>> guess_mapping(["单据日期", "商品编码", "数量", "客户"])
    {'day': 0, 'product': 1, 'quantity': 2, 'buyer': 3}
    """
    words = {word: name for name, group in HEADER_WORDS.items() for word in group}
    mapping: dict[str, int] = {}
    for position, cell in enumerate(header):
        name = words.get(str(cell or "").strip().lstrip("\ufeff").lower())
        if name:
            mapping.setdefault(name, position)
    return mapping


@lru_cache(maxsize=4096)  # a file has few different days
def parse_day(text: str) -> date:
    """Return the day a cell names: 2026-03-05, 2026/3/5, 2026.3.5, 20260305 or 2026年3月5日.

    >>> parse_day("2026年3月5日")
    datetime.date(2026, 3, 5)

    :raises ValueError: for anything else
    """
    cleaned = text.strip().split(" ")[0].split("T")[0]
    for old, new in (("年", "-"), ("月", "-"), ("日", ""), ("/", "-"), (".", "-")):
        cleaned = cleaned.replace(old, new)
    pattern = "%Y%m%d" if len(cleaned) == 8 and cleaned.isdigit() else "%Y-%m-%d"
    return datetime.strptime(cleaned, pattern).date()


def parse_quantity(text: str) -> int:
    """Return a whole positive number of units.

    >>> parse_quantity("1,200.00")
    1200

    :raises ValueError: for a fraction, zero, a negative or absurd number
    """
    try:
        amount = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        raise ValueError(text) from None
    if not amount.is_finite() or amount != amount.to_integral_value() or not 0 < amount <= MAX_QUANTITY:
        raise ValueError(text)
    return int(amount)


def parse_amount(text: str) -> Decimal | None:
    """Return an amount of money in whole cents; None for an empty text.

    >>> str(parse_amount("1,200.5"))
    '1200.50'

    :raises ValueError: for a negative or absurd number, or parts of a cent
    """
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        raise ValueError(text) from None
    if not amount.is_finite() or not 0 <= amount <= MAX_AMOUNT or amount != amount.quantize(CENT):
        raise ValueError(text)
    return amount.quantize(CENT)


def row_key(reporter_id: int, *parts: object) -> str:
    """Return what makes a reported row the same row when the file is loaded again.

    >>> row_key(7, "2026-03-05", 11, "CK1") == row_key(7, "2026-03-05", 11, "CK1")
    True
    """
    text = "\x1f".join(str(part) for part in (reporter_id, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def texts_of(rows: Iterable[Sequence[str]], column: int | None) -> set[str]:
    """Return the distinct texts of one column, as they are looked up."""
    if column is None:
        return set()
    return {normalise(row[column]) for row in rows if column < len(row)} - {""}


def normalise(text: object) -> str:
    """Return a code or name as it is compared: trimmed, case folded.

    >>> normalise(" Ab-01 ")
    'ab-01'
    """
    return str(text if text is not None else "").strip().lstrip("'").casefold()


class _Bad(ValueError):
    def __init__(self, field: str, reason: str, value: str):
        super().__init__(reason)
        self.field, self.reason, self.value = field, reason, value


def parse_rows(
    rows: Sequence[Sequence[str]], mapping: Mapping[str, int], lookup: Lookup
) -> tuple[list[Movement], list[BadRow]]:
    """Check the rows below the header (the first has number 2) and return movements and bad rows.

    Two equal rows without a document number may be two sales, so the second one is kept apart by its position among its
    equals; with a document number the second one is a repetition and refused.

    >>> lookup = Lookup({"jc10": Product(11, 6)}, {"福来": 5}, date(2026, 3, 31), 7)
    >>> mapping = {"day": 0, "product": 1, "quantity": 2, "unit": 3, "buyer": 4}
    >>> rows = [["2026-03-05", "JC10", "2", "箱", "福来"], ["2026-03-05", "zz", "2", "", ""]]
    >>> good, bad = parse_rows(rows, mapping, lookup)
    >>> good[0].bottles, bad[0].reason
    (12, 'unknown_product')
    """
    reader = _Reader(lookup)
    good: list[Movement] = []
    bad: list[BadRow] = []
    columns = [_texts(rows, mapping.get(name)) for name in FIELDS]
    for line, texts in enumerate(zip(*columns, strict=True), start=2):
        if not any(texts):
            continue
        try:
            good.append(reader.movement(line, *texts))
        except _Bad as error:
            cells = tuple(str(cell or "") for cell in rows[line - 2])
            bad.append(BadRow(line, error.field, error.reason, error.value, cells))
    return good, bad


def _texts(rows: Sequence[Sequence[str]], column: int | None) -> list[str]:
    if column is None:
        return [""] * len(rows)
    return [str(cells[column] or "").strip().lstrip("'") if column < len(cells) else "" for cells in rows]


class _Meanings(dict):
    """What the texts of a column mean: each different text is looked at once, and one that means nothing is an error.

    A file of 100,000 rows has few different days, products, buyers and quantities.
    """

    def __init__(self, read: Callable[[str], object]):
        super().__init__()
        self.read = read

    def __missing__(self, text: str) -> object:
        try:
            found = self.read(text)
        except _Bad as error:
            found = error
        self[text] = found
        return found

    def of(self, text: str):
        found = self[text]
        if isinstance(found, _Bad):
            raise found.with_traceback(None)
        return found


class _Reader:
    """Reads the rows of one file."""

    def __init__(self, lookup: Lookup):
        self.reporter_id = lookup.reporter_id
        self.seen: dict[tuple, int] = {}
        self.days = _Meanings(lambda text: _day(text, lookup.today))
        self.products = _Meanings(lambda text: _product(text, lookup))
        self.buyers = _Meanings(lambda text: (_buyer(text, lookup), normalise(text)))
        self.kinds = _Meanings(lambda text: _kind(text, lookup.by_shop))
        self.quantities = _Meanings(_quantity)

    def movement(
        self, line: int, day: str, product: str, quantity: str, unit: str, amount: str, buyer: str, kind: str,
        reference: str,
    ) -> Movement:  # fmt: skip
        """Return one checked row; the texts are in the order of FIELDS.

        :raises _Bad: it cannot be taken
        """
        for name, text in zip(REQUIRED, (day, product, quantity), strict=True):
            if not text:
                raise _Bad(name, NO_VALUE, "")
        on, named = self.days.of(day), self.products.of(product)
        bottles = _bottles(self.quantities.of(quantity), unit, named)
        word = self.kinds.of(kind)
        buyer_id, buyer_name = self.buyers.of(buyer)
        value = _amount(amount)
        parts = (on.isoformat(), named.id, bottles, buyer_name, word, reference)
        count = self.seen[parts] = self.seen.get(parts, 0) + 1
        if count > 1 and reference:
            raise _Bad("reference", TWICE_IN_FILE, reference)
        key = row_key(self.reporter_id, *parts, count)
        return Movement(line, on, named.id, bottles, buyer_id, buyer, word, reference, key, value)


def _day(text: str, today: date) -> date:
    try:
        day = parse_day(text)
    except ValueError:
        raise _Bad("day", NOT_A_DAY, text) from None
    if day > today:
        raise _Bad("day", FUTURE_DAY, text)
    return day


def _amount(text: str) -> Decimal | None:
    try:
        return parse_amount(text)
    except ValueError:
        raise _Bad("amount", NOT_AN_AMOUNT, text) from None


def _product(text: str, lookup: Lookup) -> Product:
    product = lookup.products.get(normalise(text))
    if product:
        return product
    raise _Bad("product", LOST_DIGITS if SCIENTIFIC.match(text) else UNKNOWN_PRODUCT, text)


def _buyer(text: str, lookup: Lookup) -> int | None:
    if not text:
        return None
    buyer_id = lookup.buyers.get(normalise(text))
    if not buyer_id:
        raise _Bad("buyer", UNKNOWN_BUYER, text)
    return buyer_id


def _kind(text: str, by_shop: bool) -> str:
    """Return what a row is: who reports decides it, files say 销售 and 出库 for the same thing."""
    word = text.lower()
    if word in RETURN_WORDS:
        return "returned"
    if word not in OUTGOING_WORDS:
        raise _Bad("kind", UNKNOWN_KIND, text)
    return "sold" if by_shop else "reported"


def _quantity(text: str) -> int:
    try:
        return parse_quantity(text)
    except ValueError:
        raise _Bad("quantity", NOT_A_QUANTITY, text) from None


def _bottles(units: int, unit: str, product: Product) -> int:
    word = unit.strip().lower()
    if word in BOTTLE_WORDS:
        return units
    if word not in CASE_WORDS:
        raise _Bad("unit", UNKNOWN_UNIT, unit)
    if not product.case_size:
        raise _Bad("unit", NO_CASE_SIZE, unit)
    return units * product.case_size
