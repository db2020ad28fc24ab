"""Name and ID number of whoever gets a prize above the limit (trade.md R20): is it one, and what may be shown of it."""

import re
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
#: passports and permits of other places
OTHER = re.compile(r"[A-Z0-9()]{5,30}")


def normalise(number: str) -> str:
    """Return an ID number without blanks, in capitals.

    >>> normalise(" 11010519491231002x ")
    '11010519491231002X'
    """
    return re.sub(r"\s+", "", number or "").upper()


def is_resident_id(number: str) -> bool:
    """Is it an 18-digit resident number: a day of birth, and the check digit of GB 11643 (ISO 7064 mod 11-2)?

    The number is the standard's own example:

    >>> is_resident_id("11010519491231002X"), is_resident_id("110105194912310020"), is_resident_id("11010519491331002X")
    (True, False, False)
    """
    if not RESIDENT.fullmatch(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False))
    return CHECKS[total % 11] == number[17]


def is_number(kind: str, number: str) -> bool:
    """Is it a number of that kind of document: resident | other?

    >>> is_number("other", "E12345678"), is_number("other", "E1;"), is_number("resident", "E12345678")
    (True, False, False)
    """
    return is_resident_id(number) if kind == "resident" else bool(OTHER.fullmatch(number))


def masked_name(name: str) -> str:
    """Return a name of which only the first character is readable.

    >>> masked_name("王小芳")
    '王**'
    """
    return name[:1] + "*" * max(1, len(name) - 1)


def masked_number(number: str) -> str:
    """Return a number of which only the ends are readable.

    >>> masked_number("11010519491231002X"), masked_number("E1234")
    ('1****************X', 'E***4')
    """
    return number[0] + "*" * (len(number) - 2) + number[-1]
