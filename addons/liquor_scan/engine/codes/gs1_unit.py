"""What a scanned text says about one unit of ours: the bare code, our own link, GS1 data, the address of a pallet."""

import re
from typing import NamedTuple

from .cipher import CODE_LENGTH
from .epc import digital_link
from .gs1 import GS1Error
from .gs1_text import FNC1, read

_OWN_LINK = re.compile(
    r"(?:https?://)?[^/?#\s()]+/(?:[^?#\s]*/)?b/([0-9A-Za-z-]{17,24})/?(?:[?#].*)?", re.IGNORECASE | re.ASCII
)
# separator lost: lot and serial run into each other, but our serial ends the text and has its fixed length
_GLUED = re.compile(rf"(?P<head>.*\(?10\)?.{{0,20}}?)\(?21\)?(?P<code>[0-9A-Z]{{{CODE_LENGTH}}})", re.ASCII)


class UnitText(NamedTuple):
    """The parts of a text. `code` is the bare code (GS1: the serial number), "" where the text names only an SSCC."""

    code: str
    gtin: str = ""
    lot: str = ""
    sscc: str = ""


def read_unit(text: str) -> UnitText:
    """Read what a scanner, a phone or a partner's system sends; a text that is nothing of these is taken as a code.

    >>> read_unit("1000A00000000000B")
    UnitText(code='1000A00000000000B', gtin='', lot='', sscc='')
    >>> read_unit("https://q7.cn/b/1000A00000000000B").code
    '1000A00000000000B'
    >>> read_unit("https://id.gs1.org/01/09520123456788/10/L1/21/1000A00000000000B")
    UnitText(code='1000A00000000000B', gtin='09520123456788', lot='L1', sscc='')
    >>> read_unit("(00)040123451111111110").sscc
    '040123451111111110'
    >>> read_unit("010952012345678810L1211000A00000000000B").lot  # the scanner dropped the separator
    'L1'
    >>> read_unit("urn:epc:id:sscc:4012345.0111111111").sscc
    '040123451111111110'
    """
    text = text.strip(" \t\r\n")
    if len(text) <= CODE_LENGTH:
        return UnitText(text)
    own = _OWN_LINK.fullmatch(text)
    if own:
        return UnitText(own[1])
    try:
        values = read(digital_link(text) if text.startswith("urn:") else text)
    except GS1Error:
        values = _glued(text)
    if "21" not in values:
        values = _glued(text) or values
    if values.get("21"):
        return UnitText(values["21"], values.get("01", ""), values.get("10", ""))
    return UnitText("", sscc=values["00"]) if "00" in values else UnitText(text)


def _glued(text: str) -> dict[str, str]:
    """Lot and serial of an element string whose separator was lost; {} where it is none."""
    found = None if FNC1 in text else _GLUED.fullmatch(text)
    if not found:
        return {}
    try:
        return read(found["head"]) | {"21": found["code"]}
    except GS1Error:
        return {}
