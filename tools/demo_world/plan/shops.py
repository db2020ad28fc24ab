"""The three distributors, their shops and who works there."""

from dataclasses import dataclass
from random import Random

from . import names, places

SEED = 20261121
DISTRIBUTORS = (
    ("4101", "郑州恒远糖酒有限公司", "许建民"),
    ("4103", "洛阳牡丹园商贸有限公司", "孟庆华"),
    ("4113", "南阳宛城酒业商行有限公司", "葛长林"),
)
GRADES = ("A", "B", "B", "C", "C", "C", "D")
TITLES = {"A": "核心店", "B": "核心店", "C": "合作店", "D": ""}
# How many cases a shop of each grade takes in an ordinary week, of all products together.
WEEKLY_CASES = {"A": 14, "B": 9, "C": 5, "D": 2}
STAFFED = ("tobacco_liquor", "brand_store")
# Kinds that do not scan: the distributor's flow report tells what they got.
REPORTED = ("key_account", "group_buyer", "online")
# Of thirty shops in a row one is a candidate, one was suspended, one has ended and two are on trial.
STATES = {11: "candidate", 23: "suspended", 29: "ended", 7: "trial", 17: "trial"}


@dataclass(frozen=True, slots=True)
class Shop:
    """A terminal: owner and guide are people, ``grade`` is internal."""

    number: int
    name: str
    kind: str
    city: str
    address: places.Address
    owner: str
    phone: str
    grade: str
    guide: str
    waiter: str
    state: str = "formal"

    @property
    def reference(self) -> str:
        """Return the customer number that flow reports name.

        >>> Shop(7, "", "", "", None, "", "", "", "", "").reference
        'ZD0007'
        """
        return f"ZD{self.number:04d}"

    @property
    def scans(self) -> bool:
        """Tell whether the shop scans what it receives."""
        return self.kind not in REPORTED


def phone(prefix: int, number: int) -> str:
    """Return an invented mobile number.

    >>> phone(138, 7)
    '13800000007'
    """
    return f"{prefix}{number:08d}"


def make(count: int) -> list[Shop]:
    """Return ``count`` shops, spread evenly over the three cities, the same for the same count."""
    rng = Random(SEED)
    people, namer = names.people(rng), names.shop_names(rng)
    shops = []
    for index, kind in enumerate(names.kinds(rng, count)):
        city = places.CITIES[index % len(places.CITIES)]
        address = places.address(rng, city)
        street = address.street.rstrip("0123456789号")
        if index == 0:  # the shop that logs in
            kind = STAFFED[0]
        guide = next(people) if kind in STAFFED and index % 2 == 0 else ""
        waiter = next(people) if kind == "restaurant" else ""
        shops.append(
            Shop(
                number=index + 1,
                name=namer.next(kind, street),
                kind=kind,
                city=city,
                address=address,
                owner=next(people),
                phone=phone(138, 100 + index),
                grade="A" if index == 0 else GRADES[rng.randrange(len(GRADES))],
                guide=guide,
                waiter=waiter,
                state=STATES.get(index % 30, "formal"),
            )
        )
    return shops
