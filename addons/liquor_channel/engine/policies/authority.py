"""What a region may promise by itself, within the limits of head office (C19, C20)."""

from dataclasses import dataclass
from decimal import Decimal

from .conditions import HUNDRED


@dataclass(frozen=True, slots=True)
class Promise:
    """The most that terms can give: their highest rate with all uplifts, and their caps (None = none)."""

    rate: Decimal
    uplift: Decimal = Decimal(0)
    cap: Decimal | None = None
    cap_total: Decimal | None = None

    @property
    def most(self) -> Decimal:
        """Highest rate with every uplift on top."""
        return self.rate * (HUNDRED + self.uplift) / HUNDRED


@dataclass(frozen=True, slots=True)
class Limit:
    """Limits of one territory; None does not limit."""

    rate: Decimal | None = None
    cap: Decimal | None = None
    cap_total: Decimal | None = None


def breaches(promise: Promise, limit: Limit | None) -> tuple[str, ...]:
    """What is above the limits; without limits a region may promise nothing.

    A cap that is limited must be set: without one the promise is open.

    >>> limit = Limit(rate=Decimal(16), cap=Decimal(5000))
    >>> breaches(Promise(Decimal(15), cap=Decimal(5000)), limit)
    ()
    >>> breaches(Promise(Decimal(15), Decimal(10)), limit)
    ('rate', 'cap')
    """
    if limit is None:
        return ("no_limit",)
    found = []
    if limit.rate is not None and promise.most > limit.rate:
        found.append("rate")
    for name in ("cap", "cap_total"):
        most, promised = getattr(limit, name), getattr(promise, name)
        if most is not None and (promised is None or promised > most):
            found.append(name)
    return tuple(found)
