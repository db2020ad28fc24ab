"""Events that bring too few new guests (每次活动带新率不低于30%，三次无效则调整; channel.md C70)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Event:
    """Who came to an event, and how many of them joined the club there."""

    guests: int
    new_guests: int


def misses_in_a_row(latest_first: Sequence[Event], rate: Decimal) -> int:
    """Return how many of the latest events in a row stayed below ``rate`` per cent; the rate itself is reached.

    >>> events = [Event(100, 29), Event(10, 2), Event(10, 3), Event(10, 0)]
    >>> misses_in_a_row(events, Decimal(30))
    2
    """
    count = 0
    for event in latest_first:
        if event.new_guests * 100 >= rate * event.guests:
            break
        count += 1
    return count
