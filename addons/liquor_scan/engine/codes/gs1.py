"""GS1: check digits and the Digital Link of a unit.

Only what a printed code needs: key 01 (GTIN) with 21 (serial) and 10 (lot).
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

_DIGITS = re.compile(r"[0-9]+", re.ASCII)
# GS1 character set 82
_SERIAL = re.compile(r"[!\"%-?A-Z_a-z]{1,20}", re.ASCII)
_LINK = re.compile(r"(?:https?|HTTPS?)://([^/?#\s%]+)(/[^?#\s]*)?(?:[?#].*)?", re.ASCII)


class GS1Error(ValueError):
    """Not a legal GS1 value."""


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """What a Digital Link names; `gtin` has 14 digits."""

    gtin: str
    serial: str | None = None
    lot: str | None = None


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


def build_link(host: str, gtin: str, serial: str, lot: str | None = None) -> str:
    """Digital Link of one unit, keys in the order GS1 prescribes.

    >>> build_link("https://q7.cn", "6291041500213", "1000A00000000000B", "2603A")
    'https://q7.cn/01/06291041500213/10/2603A/21/1000A00000000000B'
    """
    for value in (serial, lot or "-"):
        if not _SERIAL.fullmatch(value):
            raise GS1Error("a serial or lot has up to 20 characters of set 82")
    parts = ["01", gtin14(gtin)]
    if lot:
        parts += ["10", quote(lot, safe="")]
    parts += ["21", quote(serial, safe="")]
    return host.rstrip("/") + "/" + "/".join(parts)


def parse_link(link: str) -> DigitalLink:
    """Read the GTIN (14 digits), lot and serial of a Digital Link; GS1Error else.

    Attributes after a question mark are not read.

    >>> parse_link("https://q7.cn/x/01/06291041500213/21/ABC").serial
    'ABC'
    """
    found = _LINK.fullmatch(link)
    if not found or not found.group(2):
        raise GS1Error("not a Digital Link")
    parts = found.group(2).rstrip("/").split("/")
    starts = [place for place, part in enumerate(parts) if part == "01"]
    for start in reversed(starts):
        values = parts[start + 2 :]
        if len(parts) > start + 1 and len(values) % 2 == 0:
            return _unit(parts[start + 1], dict(zip(values[::2], values[1::2], strict=True)))
    raise GS1Error("no GTIN in the link")


def _unit(gtin: str, qualifiers: dict[str, str]) -> DigitalLink:
    if len(gtin) != 14:
        raise GS1Error("a GTIN in a link has 14 digits")
    order = [key for key in qualifiers if key in ("22", "10", "21")]
    if list(qualifiers) != sorted(order, key=("22", "10", "21").index):
        raise GS1Error("unknown or misplaced keys")
    values = {key: unquote(value) for key, value in qualifiers.items()}
    if any(not _SERIAL.fullmatch(value) for value in values.values()):
        raise GS1Error("an illegal value")
    return DigitalLink(gtin14(gtin), values.get("21"), values.get("10"))
