"""GS1 numbers of a unit: check digits, GTIN of a bottle and of its case, SSCC of a pallet.

How they are written and read as element string or Digital Link: `gs1_text.py`.
"""

import re

_DIGITS = re.compile(r"[0-9]+", re.ASCII)
SSCC_BODY = 17
PREFIX_LENGTHS = range(4, 13)


class GS1Error(ValueError):
    """Not a legal GS1 value."""


def check_digit(body: str) -> int:
    """Modulo-10 check digit of the digits before it.

    >>> check_digit("629104150021")  # published example: 6291041500213
    3
    """
    if not _DIGITS.fullmatch(body):
        raise GS1Error("digits only")
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body)))
    return -total % 10


def has_check_digit(value: str) -> bool:
    """Whether the last digit is right.

    >>> has_check_digit("6291041500213"), has_check_digit("6291041500214")
    (True, False)
    """
    if len(value) < 2 or not _DIGITS.fullmatch(value):
        return False
    return check_digit(value[:-1]) == int(value[-1])


def gtin14(value: str) -> str:
    """GTIN-8, -12, -13 or -14 with leading zeros to 14 digits; GS1Error else.

    >>> gtin14("6291041500213")
    '06291041500213'
    """
    value = (value or "").strip()
    if len(value) not in (8, 12, 13, 14) or not has_check_digit(value):
        raise GS1Error("not a GTIN")
    return value.zfill(14)


def packed_gtin(value: str, indicator: int) -> str:
    """GTIN-14 of a package of a trade item: indicator digit, the item's digits, new check digit.

    Indicator 0 is the item itself.

    >>> packed_gtin("6291041500213", 1)
    '16291041500210'
    >>> packed_gtin("6291041500213", 0)
    '06291041500213'
    """
    if not 0 <= indicator <= 8:
        raise GS1Error("an indicator digit of a fixed package is 1 to 8, 0 for the item itself")
    body = f"{indicator}{gtin14(value)[1:13]}"
    return f"{body}{check_digit(body)}"


def sscc_capacity(prefix: str) -> int:
    """How many SSCC a company prefix holds: ten extension digits and what is left of 16 digits.

    >>> sscc_capacity("123456789"), sscc_capacity("1234567890")
    (100000000, 10000000)
    """
    if not _DIGITS.fullmatch(prefix or "") or len(prefix) not in PREFIX_LENGTHS:
        raise GS1Error("a company prefix has 4 to 12 digits")
    return 10 ** (SSCC_BODY - len(prefix))


def sscc(prefix: str, number: int) -> str:
    """The SSCC with the given number of a company prefix, counted from 0: the extension digit counts last.

    >>> sscc("4012345", 111111111)  # published example: urn:epc:id:sscc:4012345.0111111111
    '040123451111111110'
    >>> sscc("4012345", 10**9)  # the next extension digit
    '140123450000000006'
    """
    if not 0 <= number < sscc_capacity(prefix):
        raise GS1Error("the SSCC of this prefix are used up")
    extension, serial = divmod(number, sscc_capacity(prefix) // 10)
    body = f"{extension}{prefix}{serial:0{SSCC_BODY - 1 - len(prefix)}d}"
    return f"{body}{check_digit(body)}"


def sscc_number(value: str, prefix: str) -> int | None:
    """The number behind an SSCC of a prefix; None when it is of another one. GS1Error for no SSCC.

    >>> sscc_number("040123451111111110", "4012345")
    111111111
    >>> sscc_number("040123451111111110", "4999999") is None
    True
    """
    if len(value) != SSCC_BODY + 1 or not has_check_digit(value):
        raise GS1Error("not an SSCC")
    if not value.startswith(prefix, 1):
        return None
    return int(value[0]) * (sscc_capacity(prefix) // 10) + int(value[1 + len(prefix) : SSCC_BODY])
