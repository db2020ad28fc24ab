"""From invoice lines to settlements of all distributors of a quarter, against OCA's ``agreement_rebate``.

``rebate.settle`` lets the peer settle each agreement as one sum in tiers, while ours gives lines by product and tier.
``rebate.settle.by_product`` lets it give a line for each product as well, as far as it can: without tiers.
"""

import random
import time

from tests.bench.peers import agreement_rebate

from .. import database
from ..harness import Line, compare, growth, peer_size, size
from ._rebates import DAY_FROM, DAY_TO, LINES_PER_AGREEMENT, World, build

NAME = "rebate.settle"
UNIT = "lines/s"
SIZES = (10_000, 100_000, 1_000_000)


def measure() -> list[Line]:
    """Settle n base lines, 200 an agreement; what a run wrote is rolled back before the next."""
    n = size(200_000, 10_000)
    with database.scratch("liquor_bench_settle", database.ensure_rebate_template()) as name:
        with database.environment(name) as env:
            world = build(env, n // LINES_PER_AGREEMENT)
            database.analyze(name)
            lines = [
                _compared(env, world, n, NAME, "OCA agreement_rebate", world.agreements),
                _compared(env, world, n, f"{NAME}.by_product", "OCA agreement_rebate by product", world.by_product),
            ]
    return [*lines, *_growth()]


def _compared(env, world: World, n: int, name: str, peer_name: str, agreements: list[int]) -> Line:
    peer_n = peer_size(n, lambda count: _peer(env, agreements, count))
    return compare(
        name,
        lambda: _ours(env, world, n),
        lambda: _peer(env, agreements, peer_n),
        peer_name=peer_name,
        unit=UNIT,
        n=n,
        peer_n=peer_n,
    )


def _growth() -> list[Line]:
    """The cost of a line from the smallest to the largest batch, in one database that holds the largest."""
    sizes = SIZES[: size(len(SIZES), 1)]
    if len(sizes) < 2:
        return []
    with database.scratch("liquor_bench_settle", database.ensure_rebate_template()) as name:
        with database.environment(name) as env:
            world = build(env, sizes[-1] // LINES_PER_AGREEMENT)
            database.analyze(name)
            return [growth(NAME, lambda count: _ours(env, world, count), sizes, unit=UNIT)]


def _ours(env, world: World, lines: int) -> float:
    """Book what the first distributors earned in the quarter and settle it, as the run of a month does."""
    agreements = lines // LINES_PER_AGREEMENT
    begun = time.perf_counter()
    versions = env["liquor.policy.version"].browse(world.versions[:agreements])
    earnings = versions._bring_up_to_date(DAY_TO)
    partners = env["res.partner"].browse(world.partners[:agreements])
    terms = {"date_from": DAY_FROM, "date_to": DAY_TO, "payment_method": "rebate_account"}
    settlements = env["liquor.settlement"]._settle(env.company, partners, terms)
    env.flush_all()
    seconds = time.perf_counter() - begun
    assert len(earnings) == agreements, f"{len(earnings)} earnings instead of {agreements}"
    assert all(settlement.amount_total > 0 for settlement in settlements), "an empty settlement"
    env.cr.rollback()
    return lines / seconds


def _peer(env, among: list[int], lines: int) -> float:
    agreements = lines // LINES_PER_AGREEMENT or 1
    chosen = random.Random(1).sample(among, agreements)
    begun = time.perf_counter()
    settled = agreement_rebate.settle(env, DAY_FROM, DAY_TO, chosen)
    seconds = time.perf_counter() - begun
    assert settled == agreements, f"{settled} settlements instead of {agreements}"
    env.cr.rollback()
    return agreements * LINES_PER_AGREEMENT / seconds
