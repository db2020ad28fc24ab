"""EPC URIs of the Tag Data Standard as GS1 Digital Links at id.gs1.org, the one form in which events are compared.

`urn:epc:id:…` names an object, `urn:epc:class:lgtin:…` and `urn:epc:idpat:…` a class. Which digits are the company's
prefix is seen in the URI and lost in the link; both name the same thing.
"""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from .gs1 import GS1Error, check_digit

HOST = "https://id.gs1.org"
_URI = re.compile(r"urn:epc:(?:id|class|idpat):([a-z0-9]+):(.+)", re.ASCII)
_PREFIX = re.compile(r"\d{6,12}", re.ASCII)


def digital_link(uri: str) -> str:
    """The canonical Digital Link of an EPC URI; GS1Error when it is none that has one.

    >>> digital_link("urn:epc:id:sgtin:4012345.011111.9876")  # published example
    'https://id.gs1.org/01/04012345111118/21/9876'
    >>> digital_link("urn:epc:id:sscc:4012345.0111111111")
    'https://id.gs1.org/00/040123451111111110'
    >>> digital_link("urn:epc:id:sgln:4012345.00000.5"), digital_link("urn:epc:id:pgln:5200001.00000")
    ('https://id.gs1.org/414/4012345000009/254/5', 'https://id.gs1.org/417/5200001000008')
    """
    match = _URI.fullmatch(uri)
    write = _SCHEMES.get(match[1]) if match else None
    parts = match[2].split(".", 2) if match else []
    if write is None or not _PREFIX.fullmatch(parts[0]):
        raise GS1Error("no EPC URI that has a Digital Link")
    try:
        return HOST + write(*(unquote(part) for part in parts))
    except TypeError as error:
        raise GS1Error("an EPC URI with too few or too many parts") from error


def _numbered(body: str) -> str:
    return f"{body}{check_digit(body)}"


def _gtin(prefix: str, item: str) -> str:
    """Indicator or zero, prefix, reference and check digit: 14 digits."""
    if len(prefix) + len(item) != 13:
        raise GS1Error("prefix and item reference have 13 digits")
    return _numbered(item[:1] + prefix + item[1:])


def _sgtin(prefix: str, item: str, serial: str) -> str:
    path = f"/01/{_gtin(prefix, item)}"
    return path if serial == "*" else f"{path}/21/{quote(serial, safe='')}"


def _lgtin(prefix: str, item: str, lot: str) -> str:
    return f"/01/{_gtin(prefix, item)}/10/{quote(lot, safe='')}"


def _sscc(prefix: str, serial: str) -> str:
    if len(prefix) + len(serial) != 17:
        raise GS1Error("prefix and serial reference have 17 digits")
    return f"/00/{_numbered(serial[:1] + prefix + serial[1:])}"


def _sgln(prefix: str, place: str, extension: str = "0") -> str:
    path = f"/414/{_gln(prefix, place)}"
    return path if extension == "0" else f"{path}/254/{quote(extension, safe='')}"


def _pgln(prefix: str, party: str) -> str:
    return f"/417/{_gln(prefix, party)}"


def _gln(prefix: str, place: str) -> str:
    if len(prefix) + len(place) != 12:
        raise GS1Error("prefix and reference have 12 digits")
    return _numbered(prefix + place)


def _gdti(prefix: str, kind: str, serial: str = "") -> str:
    return f"/253/{_gln(prefix, kind)}{_serial(serial)}"


def _giai(prefix: str, asset: str, *rest: str) -> str:
    return f"/8004/{prefix}{quote('.'.join((asset, *rest)), safe='')}"


def _grai(prefix: str, asset: str, serial: str = "") -> str:
    return f"/8003/0{_gln(prefix, asset)}{_serial(serial)}"


def _sgcn(prefix: str, coupon: str, serial: str = "") -> str:
    return f"/255/{_gln(prefix, coupon)}{_serial(serial)}"


def _serial(serial: str) -> str:
    return "" if serial == "*" else quote(serial, safe="")


def _gsrn(prefix: str, service: str) -> str:
    return f"/8018/{_numbered(prefix + service)}"


def _gsrnp(prefix: str, service: str) -> str:
    return f"/8017/{_numbered(prefix + service)}"


def _gsin(prefix: str, shipper: str) -> str:
    return f"/402/{_numbered(prefix + shipper)}"


def _ginc(prefix: str, consignment: str, *rest: str) -> str:
    return f"/401/{prefix}{quote('.'.join((consignment, *rest)), safe='')}"


def _cpi(prefix: str, part: str, serial: str) -> str:
    path = f"/8010/{quote(prefix + part, safe='')}"
    return path if serial == "*" else f"{path}/8011/{serial}"


def _itip(prefix: str, item: str, rest: str) -> str:
    piece, total, serial = (*rest.split(".", 2), "*", "*")[:3]
    path = f"/8006/{_gtin(prefix, item)}{piece}{total}"
    return path if serial == "*" else f"{path}/21/{quote(serial, safe='')}"


def _upui(prefix: str, item: str, serial: str) -> str:
    return f"/01/{_gtin(prefix, item)}/235/{quote(serial, safe='')}"


_SCHEMES: dict[str, Callable[..., str]] = {
    "sgtin": _sgtin,
    "lgtin": _lgtin,
    "sscc": _sscc,
    "sgln": _sgln,
    "pgln": _pgln,
    "gdti": _gdti,
    "giai": _giai,
    "grai": _grai,
    "sgcn": _sgcn,
    "gsrn": _gsrn,
    "gsrnp": _gsrnp,
    "gsin": _gsin,
    "ginc": _ginc,
    "cpi": _cpi,
    "itip": _itip,
    "upui": _upui,
}
