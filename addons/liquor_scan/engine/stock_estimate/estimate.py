"""推算库存: what a shop has, told from its last count, what it received since and openings (trade.md R10).

`stock = counted + received - opened / ρ`. Whole counts are facts, everything after them is told from a share
of the openings, so each figure carries a band, ρ and the day of the count.

Band: 95 %, normal, of what is unknown about the bottles gone. Of N bottles gone each opening was scanned with
probability ρ; given `opened`, those that were not scanned are negative binomial with `opened + 1` successes
(flat prior on N), variance `(opened + 1)(1 - ρ) / ρ²`. That ρ of this shop is not the county's adds
`(opened / ρ²)² Var(ρ)` (delta method). What was opened where the shop stood before it moved is told by the rate of
that county; both are independent, so their variances add up. The band never leaves what is possible: nothing, and all
but the opened.
"""

from collections.abc import Sequence
from datetime import date
from math import sqrt
from typing import NamedTuple

from .rate import Rate

QUANTILE = 1.959964
"""Of the normal distribution for 95 %."""
MONTH_DAYS = 30
COUNT, OPENINGS, REORDER, REPORT = "count", "openings", "reorder", "report"
"""What the figure after the count rests on: nothing happened / openings / re-order interval / flow reports."""


class Flow(NamedTuple):
    """What is known of a shop and product, in bottles.

    `counted` on `count_day` (0 on the day the shop began, where nobody ever counted), then `received` net of
    returns and moves, `opened` openings, `reported` sales of a flow report (None: the shop gives none).
    `receipts` are (day, bottles) of the last receipts, oldest first, also those before the count.
    `elsewhere` are (bottles, rate) of what of `opened` was opened where the shop stood before; a rate that nobody
    knows is None.
    """

    counted: int
    count_day: date
    received: int
    opened: int
    reported: int | None = None
    receipts: tuple[tuple[date, int], ...] = ()
    elsewhere: tuple[tuple[int, Rate | None], ...] = ()


class Estimate(NamedTuple):
    """`stock` with its band, bottles a day with what they rest on, and the stock-sales ratio in months."""

    stock: float
    low: float
    high: float
    basis: str
    velocity: float | None
    velocity_basis: str
    months: float | None


def estimate(flow: Flow, rate: Rate | None, today: date) -> Estimate:
    """推算库存 of one shop and product.

    60 counted, 24 received, 12 opened at ρ = 0.5: 60 + 24 - 24 = 60 bottles. Variance of what is gone:
    13 × 0.5 / 0.25 = 26 and (12 / 0.25)² × 0.001 = 2.304; 1.96 × √28.304 = 10.43.

    >>> known = Rate(0.5, 0.001, 4, 400, 0.5)
    >>> found = estimate(Flow(60, date(2026, 10, 22), 24, 12), known, date(2026, 11, 21))
    >>> found.stock, round(found.low, 2), round(found.high, 2), found.basis
    (60.0, 49.57, 70.43, 'openings')
    >>> found.velocity, found.months  # 24 bottles in 30 days; 60 bottles are two and a half months of 24
    (0.8, 2.5)
    """
    gone, spread, basis = _gone(flow, rate, today)
    possible = flow.counted + flow.received
    least = 0.0
    most = max(0.0, float(possible - (flow.opened if basis != REPORT else 0)))
    stock = min(most, max(least, possible - gone))
    low = min(stock, max(least, possible - gone - spread))
    high = max(stock, min(most, possible - gone + spread))
    velocity, told_by = _velocity(flow, rate, today)
    months = stock / (velocity * MONTH_DAYS) if velocity else None
    return Estimate(stock, low, high, basis, velocity, told_by, months)


def _gone(flow: Flow, rate: Rate | None, today: date) -> tuple[float, float, str]:
    """Bottles gone since the count, half the width of their band, and what tells it."""
    if flow.reported is not None:
        return float(flow.reported), 0.0, REPORT
    if rate is not None and rate.value > 0:
        if not flow.opened and not flow.received and flow.count_day == today:
            return 0.0, 0.0, COUNT
        gone, variance = _drunk(flow, rate)
        return gone, QUANTILE * sqrt(variance), OPENINGS
    usual = reorder_velocity(flow.receipts)
    days = (today - flow.count_day).days
    gone = max(float(flow.opened), (usual or 0.0) * days)
    # nothing tells how sure that is: anything between all and nothing
    return gone, float(flow.counted + flow.received) if days else 0.0, REORDER if days else COUNT


def _drunk(flow: Flow, rate: Rate) -> tuple[float, float]:
    """Bottles gone as openings tell it, each by the rate of where it was opened, and the variance of that.

    Of 12 openings 8 were made where ρ was 0.8: 4 / 0.5 + 8 / 0.8 = 18 bottles. Variance here 5 × 0.5 / 0.25 = 10 and
    (4 / 0.25)² × 0.001 = 0.256, there 9 × 0.2 / 0.64 = 2.8125 and (8 / 0.64)² × 0.002 = 0.3125.

    >>> here, there = Rate(0.5, 0.001, 4, 400, 0.5), Rate(0.8, 0.002, 4, 400, 0.8)
    >>> gone, variance = _drunk(Flow(60, date(2026, 10, 22), 24, 12, elsewhere=((8, there),)), here)
    >>> round(gone, 6), round(variance, 6)
    (18.0, 13.381)
    """
    stayed = flow.opened - sum(opened for opened, _rate in flow.elsewhere)
    gone = variance = 0.0
    for opened, there in ((stayed, rate), *flow.elsewhere):
        known = there if there is not None and there.value > 0 else rate
        gone += opened / known.value
        variance += (opened + 1) * (1 - known.value) / known.value**2
        variance += (opened / known.value**2) ** 2 * known.variance
    return gone, variance


def _velocity(flow: Flow, rate: Rate | None, today: date) -> tuple[float | None, str]:
    """Bottles a day that leave the shop; None where nothing tells it."""
    days = (today - flow.count_day).days
    if flow.reported is not None:
        return (flow.reported / days if days > 0 else None), REPORT
    if rate is not None and not rate.is_weak:
        return (_drunk(flow, rate)[0] / days if days > 0 else None), OPENINGS
    return reorder_velocity(flow.receipts), REORDER


def reorder_velocity(receipts: Sequence[tuple[date, int]]) -> float | None:
    """Bottles a day by the re-order interval: what was received before the last receipt lasted until it.

    >>> days = [(date(2026, 9, 1), 60), (date(2026, 10, 1), 36), (date(2026, 10, 31), 60)]
    >>> reorder_velocity(days)  # 96 bottles in 60 days
    1.6
    >>> reorder_velocity(days[:1]) is None
    True
    """
    if len(receipts) < 2 or receipts[-1][0] <= receipts[0][0]:
        return None
    last = receipts[-1][0]
    bottles = sum(count for day, count in receipts if day < last)
    return bottles / (last - receipts[0][0]).days


def sample_of(first_count: int, received: int, second_count: int) -> int:
    """Bottles that left a shop between two counts; less than nothing is a wrong count and tells nothing.

    >>> sample_of(60, 24, 48), sample_of(10, 0, 12)
    (36, 0)
    """
    return max(0, first_count + received - second_count)


def share(part: float, whole: float) -> float | None:
    """开瓶率, 扫码率: a share, None of nothing.

    >>> share(30, 120), share(3, 0)
    (0.25, None)
    """
    return part / whole if whole > 0 else None
