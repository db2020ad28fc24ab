"""The provinces, cities and counties of the demo world, by their GB/T 2260 codes."""

from dataclasses import dataclass
from random import Random

DIVISIONS = (
    ("41", "河南省"),
    ("4101", "郑州市"),
    ("410102", "中原区"), ("410103", "二七区"), ("410104", "管城回族区"), ("410105", "金水区"),
    ("410108", "惠济区"),
    ("4103", "洛阳市"),
    ("410302", "老城区"), ("410303", "西工区"), ("410305", "涧西区"), ("410307", "偃师区"), ("410311", "洛龙区"),
    ("4113", "南阳市"),
    ("411302", "宛城区"), ("411303", "卧龙区"), ("411324", "镇平县"), ("411328", "唐河县"),
    ("411381", "邓州市"),
)  # fmt: skip
STREETS = ("人民路", "建设路", "中兴路", "文化街", "解放路", "和平街", "新华路", "东风路", "迎宾大道", "健康路")
# The middle of each city: shops lie within some kilometres of it.
CENTRES = {"4101": (34.7473, 113.6249), "4103": (34.6197, 112.4540), "4113": (32.9908, 112.5283)}
SPREAD_DEGREES = 0.08
CITIES = tuple(CENTRES)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a shop is: county code, street with number, and degrees (WGS 84)."""

    county: str
    street: str
    latitude: float
    longitude: float


def name_of(code: str) -> str:
    """Return the name of a division.

    >>> name_of("4103")
    '洛阳市'
    """
    return dict(DIVISIONS)[code]


def counties_of(city: str) -> list[str]:
    """Return the county codes below a city.

    >>> counties_of("4113")[0]
    '411302'
    """
    return [code for code, _name in DIVISIONS if len(code) == 6 and code.startswith(city)]


def address(rng: Random, city: str) -> Address:
    """Return an invented address in a city."""
    latitude, longitude = CENTRES[city]
    return Address(
        rng.choice(counties_of(city)),
        f"{rng.choice(STREETS)}{rng.randint(1, 268)}号",
        round(latitude + rng.uniform(-SPREAD_DEGREES, SPREAD_DEGREES), 6),
        round(longitude + rng.uniform(-SPREAD_DEGREES, SPREAD_DEGREES), 6),
    )
