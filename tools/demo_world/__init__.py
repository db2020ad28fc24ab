"""The demo world: three months of two liquor makers, lived through by the suite's own services.

Everything is decided by ``plan`` (plain data, fixed seeds) and done by ``steps``, in the order of ``STEPS``. The same
day gives the same world; another day gives the same world, dated so that it ends that morning.
"""

import sys
from datetime import datetime, time

from .clock import running
from .plan import calendar, catalog, flow, shelf, shops, tour
from .plan.calendar import moment
from .world import Stopwatch, Trade, World

SHOPS = 60
SEED_REGIONAL, SEED_NATIONAL = 41, 42
# Members for 60 shops; they grow with the shops.
MEMBERS_REGIONAL, MEMBERS_NATIONAL = 1500, 500


def build(env, shop_count: int = SHOPS) -> None:
    """Build the demo world in a fresh database with the three add-ons and commit it.

    :param env: superuser's environment of an Odoo shell
    """
    from .steps import STEPS

    env = env(context={"lang": "zh_CN", "tz": "Asia/Shanghai", "tracking_disable": True, "mail_notrack": True})
    plan = calendar.Calendar.ending(datetime.utcnow())
    watch = Stopwatch(sys.stderr)
    with running(env, moment(plan.first, time(7, 0))) as clock:
        world = _plan(env, clock, plan, shop_count)
        watch.lap("plan")
        for title, step in STEPS:
            step(world)
            clock.commit()
            watch.lap(title)


def _plan(env, clock, plan, count: int) -> World:
    """Decide everything that will happen."""
    every = shops.make(count)
    world = World(env, clock, plan, every)
    company = env.ref("base.main_company")
    near = [shop for shop in every if shop.city == "4101"]
    trades = (
        (company, catalog.REGIONAL, every, ("4101", "4103", "4113"), MEMBERS_REGIONAL, SEED_REGIONAL),
        (None, catalog.NATIONAL, near, ("4101",), MEMBERS_NATIONAL, SEED_NATIONAL),
    )
    for owner, items, customers, cities, members, seed in trades:
        people = members * count // SHOPS
        moves = flow.make(items, customers, plan, people, seed)
        if owner:
            moves.lots += tour.lot(plan), shelf.lot(plan)
        world.trades.append(Trade(owner, items, customers, cities, moves, people))
    return world
