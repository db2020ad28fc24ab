"""From invoice lines to settlements of all distributors of a quarter, against OCA's ``agreement_rebate``.

``rebate.settle``: the peer settles tiers, agreement by agreement. That is what it was published with: 97 agreements a
second for 300 over 6,000 lines (``rebate.settle.small`` shows it) and 12 s for 1,000 over 200,000.
``rebate.settle.at_once``: the same agreements in one call of the peer's wizard, its cheapest way.
``rebate.settle.by_product``: one call, with a line for each product as ours gives it, as far as it can: without tiers.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.bench.peers import agreement_rebate

from .. import database
from ..harness import Line, compare, growth, peer_size, size
from ._rebates import BILLS, DAY_FROM, DAY_TO, PRODUCTS, World, build

NAME = "rebate.settle"
UNIT = "lines/s"
SIZES = (10_000, 100_000, 1_000_000)
# What platform.md measured the peer with: agreements, and 20 lines of each.
SMALL, SMALL_PRODUCTS, SMALL_BILLS = 300, 10, 2
QUARTER_BEFORE = (date(2026, 4, 1), date(2026, 6, 30))


@dataclass(frozen=True, slots=True)
class Base:
    """Distributors and how many base lines each of them has."""

    database: str
    env: object
    world: World
    per_agreement: int

    @property
    def lines(self) -> int:
        return len(self.world.partners) * self.per_agreement


def measure() -> list[Line]:
    """Settle all base lines of a quarter, 200 an agreement; what a run wrote is rolled back before the next."""
    return [*_large(), *_small(), *_growth()]


def _large() -> list[Line]:
    with database.scratch("liquor_bench_settle", database.ensure_rebate_template()) as name:
        with database.environment(name) as env:
            base = _base(name, env, size(1_000, 50), PRODUCTS, BILLS)
            tiers, one_by_one, at_once = base.world.agreements, agreement_rebate.settle, agreement_rebate.settle_at_once
            return [
                _compared(NAME, "OCA agreement_rebate", base, tiers, one_by_one),
                _compared(f"{NAME}.at_once", "OCA agreement_rebate at once", base, tiers, at_once),
                _compared(
                    f"{NAME}.by_product", "OCA agreement_rebate by product", base, base.world.by_product, at_once
                ),
            ]


def _small() -> list[Line]:
    with database.scratch("liquor_bench_settle", database.ensure_rebate_template()) as name:
        with database.environment(name) as env:
            base = _base(name, env, size(SMALL, 50), SMALL_PRODUCTS, SMALL_BILLS)
            peer, agreements = agreement_rebate.settle, base.world.agreements
            return [_compared(f"{NAME}.small", "OCA agreement_rebate", base, agreements, peer)]


def _base(name: str, env, agreements: int, products: int, bills: int) -> Base:
    """Have the distributors with their lines, and the peer's settlements of the quarter before."""
    base = Base(name, env, build(env, agreements, products, bills), products * bills)
    agreement_rebate.settle_before(env, DAY_FROM, DAY_TO, base.world.agreements, QUARTER_BEFORE)
    return base


def _compared(name: str, peer_name: str, base: Base, agreements: list[int], settle: Callable) -> Line:
    """Compare one run of ours over all base lines with the peer's way of settling the same."""
    peer_n = peer_size(base.lines, lambda count: _peer(base, settle, agreements, count))
    return compare(
        name,
        lambda: _ours(base, base.lines),
        lambda: _peer(base, settle, agreements, peer_n),
        peer_name=peer_name,
        unit=UNIT,
        n=base.lines,
        peer_n=peer_n,
    )


def _growth() -> list[Line]:
    """The cost of a line from the smallest to the largest batch, in one database that holds the largest."""
    sizes = SIZES[: size(len(SIZES), 1)]
    if len(sizes) < 2:
        return []
    with database.scratch("liquor_bench_settle", database.ensure_rebate_template()) as name:
        with database.environment(name) as env:
            base = Base(name, env, build(env, sizes[-1] // (PRODUCTS * BILLS)), PRODUCTS * BILLS)
            return [growth(NAME, lambda count: _ours(base, count), sizes, unit=UNIT)]


def _ours(base: Base, lines: int) -> float:
    """Book what the first distributors earned in the quarter and settle it, as the run of a month does."""
    agreements = lines // base.per_agreement
    env = base.env
    database.analyze(base.database)
    begun = time.perf_counter()
    versions = env["liquor.policy.version"].browse(base.world.versions[:agreements])
    earnings = versions._bring_up_to_date(DAY_TO)
    partners = env["res.partner"].browse(base.world.partners[:agreements])
    terms = {"date_from": DAY_FROM, "date_to": DAY_TO, "payment_method": "rebate_account"}
    settlements = env["liquor.settlement"]._settle(env.company, partners, terms)
    env.flush_all()
    seconds = time.perf_counter() - begun
    assert len(earnings) == agreements, f"{len(earnings)} earnings instead of {agreements}"
    assert all(settlement.amount_total > 0 for settlement in settlements), "an empty settlement"
    env.cr.rollback()
    return lines / seconds


def _peer(base: Base, settle: Callable, among: list[int], lines: int) -> float:
    agreements = lines // base.per_agreement or 1
    chosen = random.Random(1).sample(among, agreements)
    # what the run before rolled back lies in the tables still
    database.analyze(base.database)
    begun = time.perf_counter()
    settled = settle(base.env, DAY_FROM, DAY_TO, chosen)
    seconds = time.perf_counter() - begun
    assert settled == agreements, f"{settled} settlements instead of {agreements}"
    base.env.cr.rollback()
    return agreements * base.per_agreement / seconds
