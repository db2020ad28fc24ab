"""Divisions of China by GB/T 2260: two digits a province, four a city, six a county."""

from dataclasses import dataclass

KINDS = {2: "province", 4: "city", 6: "county"}


@dataclass(frozen=True, slots=True)
class Division:
    """A short code (trailing "00" cut), its kind and the code of the division above it."""

    code: str
    kind: str
    parent: str | None


def division(code: str) -> Division:
    """Read a code of two, four or six digits; the six-digit form of a province or city is cut.

    Raises ValueError for anything else.

    >>> division("320000"), division("3201")
    (Division(code='32', kind='province', parent=None), Division(code='3201', kind='city', parent='32'))
    >>> division("320102").parent
    '3201'
    """
    short = code.strip()
    if not (short.isascii() and short.isdigit() and len(short) in KINDS) or short.startswith("0"):
        raise ValueError(f"not a division code: {code}")
    while len(short) > 2 and short.endswith("00"):
        short = short[:-2]
    return Division(short, KINDS[len(short)], short[:-2] or None)
