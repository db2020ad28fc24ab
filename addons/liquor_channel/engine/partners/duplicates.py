"""Is this new shop one that we know? By licence, by phone, or by standing at the same place (spec C33)."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, pi, radians, sin, sqrt

EARTH_RADIUS = 6_371_008.8  # metres, mean radius of GRS 80
SAME_PLACE = 50.0
#: the strongest reason first
REASONS = ("licence", "phone", "place")


@dataclass(frozen=True, slots=True)
class Shop:
    """What a shop is recognised by. ``licence`` and ``phone`` are normalised; degrees are WGS 84."""

    key: int
    licence: str = ""
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A known shop that is probably the same; ``distance`` in metres where both places are known."""

    key: int
    reasons: tuple[str, ...]
    distance: float | None


def haversine(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance in metres between two places in degrees.

    One degree of a meridian is a 360th of the circumference:

    >>> round(haversine(0, 0, 1, 0)), round(EARTH_RADIUS * pi / 180)
    (111195, 111195)
    """
    rise = sin(radians(other_latitude - latitude) / 2) ** 2
    turn = sin(radians(other_longitude - longitude) / 2) ** 2
    inner = rise + cos(radians(latitude)) * cos(radians(other_latitude)) * turn
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(inner)))


def box_around(latitude: float, longitude: float, metres: float = SAME_PLACE) -> tuple[float, float, float, float]:
    """Degrees (south, north, west, east) of a box that contains every place within ``metres``.

    >>> south, north, west, east = box_around(60.0, 10.0, 1000)
    >>> round(north - 60.0, 5), round(east - 10.0, 5)  # 1 km is 0.00899 degrees, twice that eastwards at 60 degrees
    (0.00899, 0.01799)
    """
    height = metres / EARTH_RADIUS * 180 / pi
    width = height / max(cos(radians(min(89.9, abs(latitude) + height))), 1e-6)
    return latitude - height, latitude + height, longitude - width, longitude + width


def clean_licence(text: str) -> str:
    """A licence number as it is compared: capital letters and digits only.

    >>> clean_licence(" 91110000-6000 37341l ")
    '91110000600037341L'
    """
    return "".join(sign for sign in (text or "").upper() if sign.isascii() and sign.isalnum())


def is_place(latitude: float | None, longitude: float | None) -> bool:
    """Tell whether two numbers are a place; 0, 0 is what unset columns hold.

    >>> is_place(32.06, 118.79), is_place(0.0, 0.0), is_place(999, 0), is_place(None, 3.0), is_place(float("nan"), 1)
    (True, False, False, False, False)
    """
    if latitude is None or longitude is None or (not latitude and not longitude):
        return False
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def find(new: Shop, known: Iterable[Shop], metres: float = SAME_PLACE) -> list[Match]:
    """Known shops that are probably ``new``, the strongest reason first.

    >>> shop = Shop(1, licence="A", phone="+8613800000000", latitude=32.0, longitude=118.0)
    >>> near = Shop(2, latitude=32.0004, longitude=118.0)  # 44 m to the north
    >>> far = Shop(3, latitude=32.0005, longitude=118.0)  # 56 m
    >>> find(shop, [far, near, Shop(4, licence="A")])
    [Match(key=4, reasons=('licence',), distance=None), Match(key=2, reasons=('place',), distance=44.5)]
    """
    matches = [match for match in (_compare(new, shop, metres) for shop in known if shop.key != new.key) if match]
    return sorted(matches, key=lambda match: ([REASONS.index(reason) for reason in match.reasons], match.key))


def _compare(new: Shop, shop: Shop, metres: float) -> Match | None:
    distance = None
    if is_place(new.latitude, new.longitude) and is_place(shop.latitude, shop.longitude):
        distance = haversine(new.latitude, new.longitude, shop.latitude, shop.longitude)
    found = {
        "licence": bool(new.licence) and new.licence == shop.licence,
        "phone": bool(new.phone) and new.phone == shop.phone,
        "place": distance is not None and distance <= metres,
    }
    reasons = tuple(reason for reason in REASONS if found[reason])
    return Match(shop.key, reasons, None if distance is None else round(distance, 1)) if reasons else None
