"""Where the goods go: lots, shipments to the distributors, receipts by the shops, openings by members.

One trade (a maker with its products and distributors) is planned at a time; every figure comes from one seeded
generator.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from random import Random

from .calendar import Calendar, moment
from .catalog import Item
from .shops import WEEKLY_CASES, Shop

CASES_PER_PALLET = 60
OPENED_SHARE = 0.16
LOTS_PER_ITEM = 3
# Orders cover so many weeks; a distributor keeps about a week more than his shops take.
ORDER_WEEKS = 2
RESERVE = 1.35
# An ended shop got its last goods in this week.
ENDED_WEEK = 9
# Codes are printed well ahead of what is shipped.
ISSUED_AHEAD = 2.25


@dataclass(slots=True)
class Lot:
    """A production lot with its code batch of whole pallets."""

    item: Item
    name: str
    bottled: date
    pallets: int
    next_case: int = 0

    @property
    def cases(self) -> int:
        """Return the cases of the lot."""
        return self.pallets * CASES_PER_PALLET

    @property
    def bottles(self) -> int:
        """Return the bottles of the lot."""
        return self.cases * self.item.case


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive cases of one lot; ``lot`` is its position in the plan."""

    lot: int
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """One order of a distributor, shipped whole pallets on ``day``."""

    day: date
    city: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One delivery to a shop, which scans it in or is told by the distributor's flow report."""

    at: datetime
    shop: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """One bottle that a member opens."""

    at: datetime
    shop: int
    lot: int
    bottle: int
    member: int


@dataclass(slots=True)
class Flow:
    """Everything that moves in one trade."""

    lots: list[Lot]
    shipments: list[Shipment] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)


def make(items: tuple[Item, ...], shops: list[Shop], calendar: Calendar, members: int, seed: int) -> Flow:
    """Plan one trade.

    :param shops: the shops that this maker sells to
    :param members: how many people drink it
    """
    rng = Random(seed)
    demand = _weekly_demand(items, shops, calendar, rng)
    flow = Flow(_lots(items, demand, calendar))
    stocks = _ship(flow, items, demand, shops, calendar)
    _receive(flow, items, demand, stocks, calendar, rng)
    _open(flow, calendar, members, rng)
    return flow


def _weekly_demand(items, shops, calendar, rng) -> dict[date, list[tuple[Shop, dict[str, int]]]]:
    """Return monday -> (shop, cases by item code); shops differ, and one in twelve falls behind for good."""
    weeks: dict[date, list] = {}
    fading = {shop.number for shop in shops if rng.random() < 1 / 12}
    first, count = calendar.first, (calendar.today - calendar.first).days // 7 + 1
    for week in range(count):
        monday = first + timedelta(weeks=week)
        weeks[monday] = [(shop, _basket(items, shop, week, shop.number in fading, rng)) for shop in shops]
    return weeks


def _basket(items, shop, week, fades, rng) -> dict[str, int]:
    cases = round(WEEKLY_CASES[shop.grade] * rng.uniform(0.6, 1.4))
    if shop.state == "candidate" or (shop.state == "ended" and week >= ENDED_WEEK):
        cases = 0
    if fades:
        cases = max(0, cases - week)
    basket: dict[str, int] = {}
    for item in rng.choices(items, [item.weight for item in items], k=cases):
        basket[item.code] = basket.get(item.code, 0) + 1
    return basket


def _lots(items, demand, calendar) -> list[Lot]:
    """Return the lots of every item, as many pallets as the whole demand needs and what is printed ahead."""
    lots = []
    for item in items:
        wanted = sum(basket.get(item.code, 0) for week in demand.values() for _shop, basket in week)
        pallets = max(LOTS_PER_ITEM * 3, round(wanted * ISSUED_AHEAD / CASES_PER_PALLET))
        for number in range(LOTS_PER_ITEM):
            bottled = calendar.first + timedelta(days=30 * number - 45)
            share = pallets // LOTS_PER_ITEM + (number < pallets % LOTS_PER_ITEM)
            lots.append(Lot(item, f"{bottled:%y%m}{'ABC'[number]}", bottled, share))
    return lots


class _Stock:
    """What one distributor holds of one item: runs of cases, first in first out."""

    def __init__(self) -> None:
        self.runs: deque[Run] = deque()

    def take(self, count: int) -> list[Run]:
        """Return up to ``count`` cases as runs."""
        found = []
        while count and self.runs:
            run = self.runs.popleft()
            part = min(count, run.count)
            found.append(Run(run.lot, run.first, part))
            if part < run.count:
                self.runs.appendleft(Run(run.lot, run.first + part, run.count - part))
            count -= part
        return found


def _ship(flow, items, demand, shops, calendar) -> dict:
    """Plan one order every two weeks and distributor; return (monday, city) -> what arrives by item code."""
    arrivals: dict[tuple[date, str], dict[str, list[Run]]] = {}
    mondays, carried = sorted(demand), {}
    for step in range(0, len(mondays), ORDER_WEEKS):
        for city in sorted({shop.city for shop in shops}):
            runs = {}
            for item in items:
                key = city, item.code
                weeks = mondays[step : step + ORDER_WEEKS]
                sold = sum(b.get(item.code, 0) for m in weeks for s, b in demand[m] if s.city == city)
                pallets = max(0, ceil((sold * RESERVE - carried.get(key, 0)) / CASES_PER_PALLET))
                runs[item.code] = _take_from_lots(flow, item, pallets * CASES_PER_PALLET)
                arrived = sum(run.count for run in runs[item.code])
                carried[key] = carried.get(key, 0) + arrived - sold
            arrivals[mondays[step], city] = runs
            every = tuple(run for own in runs.values() for run in own)
            if every:
                flow.shipments.append(Shipment(mondays[step], city, every))
    return arrivals


def _take_from_lots(flow, item, count) -> list[Run]:
    found = []
    for position, lot in enumerate(flow.lots):
        if lot.item is item and count:
            part = min(count, lot.cases - lot.next_case)
            if part:
                found.append(Run(position, lot.next_case, part))
                lot.next_case += part
                count -= part
    return found


def _receive(flow, items, demand, arrivals, calendar, rng) -> None:
    stocks: dict[tuple[str, str], _Stock] = {}
    for monday in sorted(demand):
        for (day, city), runs in arrivals.items():
            if day == monday:
                for code, own in runs.items():
                    stocks.setdefault((city, code), _Stock()).runs.extend(own)
        for shop, basket in demand[monday]:
            day = monday + timedelta(days=1 + shop.number % 5)
            at = moment(day, time(8 + rng.randrange(9), rng.randrange(60), rng.randrange(60)))
            runs = [run for code, count in basket.items() for run in stocks[shop.city, code].take(count)]
            if runs and at <= calendar.until:
                flow.receipts.append(Receipt(at, shop.number, tuple(runs)))
    flow.receipts.sort(key=lambda receipt: receipt.at)


def _open(flow, calendar, members, rng) -> None:
    """Open some bottles of what was received, days later and mostly in the evening; few members open many."""
    for receipt in flow.receipts:
        for run in receipt.runs:
            size = flow.lots[run.lot].item.case
            for bottle in range(run.first * size, (run.first + run.count) * size):
                if rng.random() < OPENED_SHARE:
                    at = _evening(receipt.at, rng)
                    if at <= calendar.until:
                        member = int(members * rng.random() ** 1.7)
                        flow.openings.append(Opening(at, receipt.shop, run.lot, bottle, member))
    flow.openings.sort(key=lambda opening: opening.at)


def _evening(received: datetime, rng: Random) -> datetime:
    day = received.date() + timedelta(days=1 + int(rng.expovariate(1 / 12)))
    return moment(day, time(rng.choice((12, 13, 18, 19, 19, 20, 20, 21)), rng.randrange(60), rng.randrange(60)))
