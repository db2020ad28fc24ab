"""Which level a member holds, and what is missing to the next one (spec M8, M10, M19, Q1, Q6, Q7)."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Rung:
    """One level of a ladder: reached at ``threshold`` exactly, kept from ``keep`` (Q1: 300 件 is S)."""

    level: int
    threshold: Decimal
    keep: Decimal | None = None

    @property
    def floor(self) -> Decimal:
        """The value below which the level is no longer kept."""
        return self.threshold if self.keep is None else min(self.keep, self.threshold)


@dataclass(frozen=True)
class Standing:
    """A member as he stands: level held (id or None), value reached in the window, and where he is on his way down."""

    member: int
    level: int | None
    value: Decimal
    below_since: date | None = None
    locked_until: date | None = None


@dataclass(frozen=True)
class Decision:
    """What changes for a member: ``kind`` is upgrade, downgrade, warn (first day below) or recover."""

    member: int
    kind: str
    old: int | None
    new: int | None
    value: Decimal
    below_since: date | None


class Ladder:
    """Rungs in rising order of threshold.

    >>> ladder = Ladder([Rung(1, Decimal(200)), Rung(2, Decimal(300))])
    >>> [ladder.reached(Decimal(v)) for v in ("199", "200", "299.99", "300")]
    [None, 1, 1, 2]
    """

    def __init__(self, rungs: Iterable[Rung]):
        self.rungs: Sequence[Rung] = sorted(rungs, key=lambda rung: rung.threshold)
        self._thresholds = [rung.threshold for rung in self.rungs]
        if len(set(self._thresholds)) != len(self._thresholds):
            raise ValueError("two levels with the same threshold")
        self._place = {rung.level: place for place, rung in enumerate(self.rungs)}

    def reached(self, value: Decimal) -> int | None:
        """The highest level whose threshold the value reaches, or None below the first."""
        place = bisect_right(self._thresholds, value) - 1
        return self.rungs[place].level if place >= 0 else None

    def place(self, level: int | None) -> int:
        """Position of a level from the bottom; -1 for none or for a level that is not of this ladder."""
        return self._place.get(level, -1) if level is not None else -1

    def below(self, level: int) -> int | None:
        """The level one step down (soft landing), or None at the bottom."""
        place = self.place(level)
        return self.rungs[place - 1].level if place > 0 else None

    def gap(self, level: int | None, value: Decimal) -> tuple[int | None, Decimal]:
        """Next level above the one held and what is missing to it.

        >>> Ladder([Rung(1, Decimal(200)), Rung(2, Decimal(300))]).gap(1, Decimal("263.5"))
        (2, Decimal('36.5'))
        """
        place = self.place(level) + 1
        if place >= len(self.rungs):
            return None, Decimal(0)
        rung = self.rungs[place]
        return rung.level, max(Decimal(0), rung.threshold - value)

    def decide(self, standing: Standing, today: date, grace_days: int) -> Decision | None:
        """Up at once; down by one step when below for ``grace_days`` days; None where nothing changes.

        >>> ladder = Ladder([Rung(1, Decimal(200)), Rung(2, Decimal(300))])
        >>> ladder.decide(Standing(7, 1, Decimal(300)), date(2026, 5, 1), 30).new
        2
        >>> ladder.decide(Standing(7, 2, Decimal(10)), date(2026, 5, 1), 30).kind
        'warn'
        >>> ladder.decide(Standing(7, 2, Decimal(10), date(2026, 4, 1)), date(2026, 5, 1), 30).new
        1
        """
        earned = self.reached(standing.value)
        if self.place(earned) > self.place(standing.level):
            return Decision(standing.member, "upgrade", standing.level, earned, standing.value, None)
        if self._keeps(standing) or (standing.locked_until and standing.locked_until >= today):
            if standing.below_since is None:
                return None
            return Decision(standing.member, "recover", standing.level, standing.level, standing.value, None)
        since = standing.below_since or today
        if (today - since) < timedelta(days=grace_days):
            if standing.below_since:
                return None
            return Decision(standing.member, "warn", standing.level, standing.level, standing.value, since)
        return self._step_down(standing, today)

    def _keeps(self, standing: Standing) -> bool:
        place = self.place(standing.level)
        return place < 0 or standing.value >= self.rungs[place].floor

    def _step_down(self, standing: Standing, today: date) -> Decision:
        lower = self.below(standing.level)
        # below the next floor too: the grace of that level starts today
        place = self.place(lower)
        again = place >= 0 and standing.value < self.rungs[place].floor
        return Decision(standing.member, "downgrade", standing.level, lower, standing.value, today if again else None)


def evaluate(ladder: Ladder, standings: Iterable[Standing], today: date, grace_days: int) -> list[Decision]:
    """Decisions for those members for whom anything changes, in the order given."""
    decisions = (ladder.decide(standing, today, grace_days) for standing in standings)
    return [decision for decision in decisions if decision]


def window(today: date, period: str) -> tuple[date, date]:
    """First and last day that count: ``rolling`` = the last twelve months, ``year`` = the calendar year so far.

    >>> window(date(2026, 11, 21), "rolling")
    (datetime.date(2025, 11, 22), datetime.date(2026, 11, 21))
    >>> window(date(2024, 2, 29), "rolling")
    (datetime.date(2023, 3, 1), datetime.date(2024, 2, 29))
    >>> window(date(2026, 11, 21), "year")
    (datetime.date(2026, 1, 1), datetime.date(2026, 11, 21))
    """
    if period == "year":
        return date(today.year, 1, 1), today
    if period != "rolling":
        raise ValueError(f"unknown period {period!r}")
    try:
        same_day = today.replace(year=today.year - 1)
    except ValueError:  # 29 February
        same_day = date(today.year - 1, 2, 28)
    return same_day + timedelta(days=1), today
