"""From when to when a role earns, and which steps its life may take."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

NEVER_ENDS = date.max
ONE_DAY = timedelta(days=1)
LIVE = ("trial", "formal")
#: the two bases that prove one and the same purchase of a shop
PURCHASES = frozenset({"received", "reported"})
#: state -> the states that may follow it; an ended role never comes back, a new one is made
STEPS = {
    "candidate": ("trial", "formal", "ended"),
    "trial": ("formal", "suspended", "ended"),
    "formal": ("suspended", "ended"),
    "suspended": ("formal", "ended"),
    "ended": (),
}


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """Days on which a role is in force, both included, without its ``pauses`` (closed intervals too)."""

    kind: str
    first: date
    last: date
    terminal_kind: int | None = None
    pauses: tuple[tuple[date, date], ...] = ()
    must_scan: bool = False

    def holds(self, day: date) -> bool:
        """Tell whether the role is in force on ``day``."""
        return self.first <= day <= self.last and not any(start <= day <= end for start, end in self.pauses)


def proven_by(spans: Iterable[RoleSpan], basis: str) -> bool:
    """Tell whether a shop's purchases are proven on ``basis``: its own scans, or what others report to have sold it.

    The kind of shop decides (trade.md R10, C13): whoever has to scan is paid by scans, key accounts, group buyers and
    web shops by reports. Goods that were both scanned and reported so count once. A shop that was both kinds counts
    by neither here: its goods are judged one by one (:mod:`~..policies.proof`).

    >>> scans, told = (RoleSpan("terminal", date.min, date.max, must_scan=one) for one in (True, False))
    >>> [proven_by([scans], basis) for basis in ("received", "reported", "opened")]
    [True, False, True]
    >>> [proven_by([told], basis) for basis in ("received", "reported", "opened")]
    [False, True, True]
    >>> proven_by([scans, told], "received"), proven_by([scans, told], "reported")
    (False, False)
    """
    if basis not in PURCHASES:
        return True
    return all(span.must_scan == (basis == "received") for span in spans if span.kind == "terminal")


@dataclass(frozen=True, slots=True)
class RoleDays:
    """What a role's days follow from. ``pauses`` are suspensions that are over, as closed intervals."""

    state: str
    start: date
    end: date | None = None
    suspended_on: date | None = None
    pauses: tuple[tuple[date, date], ...] = ()


class StepError(ValueError):
    """A step that cannot be taken; ``code`` is ``step`` (not from this state) or ``past`` (the day is over)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def last_day(state: str, end: date | None, suspended_on: date | None) -> date | None:
    """The last day on which a role in ``state`` is in force; None when it never was.

    A suspension counts from its own day on; a candidate, and an ended role without an end, were never in force.

    >>> last_day("formal", None, None) == NEVER_ENDS, last_day("candidate", None, None)
    (True, None)
    >>> last_day("suspended", date(2026, 12, 31), date(2026, 3, 10))
    datetime.date(2026, 3, 9)
    """
    if state in LIVE:
        return end or NEVER_ENDS
    if state == "suspended" and suspended_on:
        return min(end or NEVER_ENDS, suspended_on - ONE_DAY)
    return end if state == "ended" else None


def take_step(role: RoleDays, step: str, day: date, today: date) -> RoleDays:
    """The role's days after it went to ``step`` on ``day``.

    What was earned stays earned and what was not stays so: no step lies in the past. Whoever is accepted counts from
    ``role.start`` on (what he scanned as a candidate was held), or from a later ``day``.

    Raises StepError.

    >>> role = RoleDays("formal", date(2026, 1, 1))
    >>> pause = take_step(role, "suspended", date(2026, 3, 10), date(2026, 3, 10))
    >>> back = take_step(pause, "formal", date(2026, 3, 15), date(2026, 3, 15))
    >>> back.pauses, back.suspended_on
    (((datetime.date(2026, 3, 10), datetime.date(2026, 3, 14)),), None)
    """
    if step not in STEPS[role.state]:
        raise StepError("step")
    if day < today:
        raise StepError("past")
    if step == "ended":
        return replace(role, state=step, end=_end(role, day))
    if step == "suspended":
        return replace(role, state=step, suspended_on=max(day, role.start))
    pauses = role.pauses
    if role.suspended_on and role.suspended_on < day:
        pauses = (*pauses, (role.suspended_on, day - ONE_DAY))
    start = max(role.start, day) if role.state == "candidate" and day > today else role.start
    return replace(role, state=step, start=start, suspended_on=None, pauses=pauses)


def _end(role: RoleDays, day: date) -> date | None:
    """The last day of a role that ends on ``day``; None for one that never was in force."""
    before = last_day(role.state, role.end, role.suspended_on)
    if before is None or before < role.start:
        return None
    return max(role.start, min(before, day))


def chain(above: dict[int, int], partner: int) -> list[int]:
    """Suppliers above a distributor, the nearest first.

    :param above: {sub-distributor: who supplies it}
    Raises ValueError for a circle.

    >>> chain({3: 2, 2: 1}, 3), chain({}, 3)
    ([2, 1], [])
    """
    found: list[int] = []
    while partner in above:
        partner = above[partner]
        if partner in found:
            raise ValueError("circle")
        found.append(partner)
    return found


def has_circle(above: dict[int, int], partners: Iterable[int]) -> bool:
    """Tell whether one of ``partners`` would supply itself.

    >>> has_circle({1: 2, 2: 1}, [1]), has_circle({3: 2, 2: 1}, [3])
    (True, False)
    """
    for partner in partners:
        try:
            if partner in chain(above, partner):
                return True
        except ValueError:
            return True
    return False
