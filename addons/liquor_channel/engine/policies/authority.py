"""What a region may promise by itself, within the limits of head office (C19, C20)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .conditions import HUNDRED
from .overlay import Overlay


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


def with_own_values(promise: Promise, overlays: Iterable[Overlay]) -> Promise:
    """Return the most that a party with values of its own can get: of each kind the highest counts.

    15.00 with 10 % on top for one shop, and a rate of 16.00 instead for it:

    >>> plain = Promise(Decimal(15), cap=Decimal(900))
    >>> own = [Overlay(1, "strength", Decimal(10)), Overlay(2, "rate", Decimal(16))]
    >>> str(with_own_values(plain, own).most)
    '17.6'
    """
    values: dict[str, list[Decimal]] = {"rate": [], "strength": [], "cap": []}
    for overlay in overlays:
        values.get(overlay.kind, []).append(overlay.value)
    return replace(
        promise,
        rate=max(values["rate"], default=promise.rate),
        uplift=promise.uplift + max(values["strength"], default=Decimal(0)),
        cap=max(values["cap"], default=promise.cap),
    )


def changing_days(first: date, last: date | None, spans: Sequence[tuple[date, date | None]]) -> list[date]:
    """Return the days from ``first`` to ``last`` on which another limit may begin to hold, ``first`` included.

    A limit until the end of June and one from September on: July has none.

    >>> june, september = (date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 9, 1), None)
    >>> [day.isoformat() for day in changing_days(date(2026, 3, 1), None, [june, september])]
    ['2026-03-01', '2026-07-01', '2026-09-01']
    """
    begins = {start for start, _end in spans} | {end + timedelta(days=1) for _start, end in spans if end}
    return sorted({first} | {day for day in begins if day > first and (last is None or day <= last)})
