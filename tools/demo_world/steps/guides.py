"""Shopping guides scan what they sell at the counter: their commission of the day."""

from datetime import time

from ..plan.calendar import iso, moment
from .incidents import _held_by

SALE_DAYS, SALE_AT, BOTTLES = 2, time(17, 45), 3
KEPT = 11


def plan(story, trade) -> None:
    """Write the sales of every guide into the diary, every other day."""
    shops = [shop for shop in trade.shops if shop.guide and shop.state == "formal"]
    for number, day in enumerate(story.world.calendar.days()[14:]):
        if number % SALE_DAYS == 0:
            shop = shops[number // SALE_DAYS % len(shops)] if number % 8 else shops[0]
            story.at(moment(day, SALE_AT), sell, trade, shop)


def sell(world, trade, shop) -> None:
    """A guide sells some bottles of a case in the shop."""
    now = world.clock.now
    # every day another case, so that hardly a bottle is sold twice
    codes = _held_by(world, trade, shop, KEPT)[now.toordinal() % KEPT :][:1]
    user = world.user_of.get(world.partners["guide", shop.number].id)
    if not codes or not user:
        return
    located = world.env["liquor.code.batch"]._locate(codes)[codes[0]]
    events = [
        {
            "id": f"sell-{now:%y%m%d%H%M}-{number}",
            "type": "sell",
            "code": located.batch._code("cap_outer", located.first + number),
            "at": iso(now),
        }
        for number in range(BOTTLES)
    ]
    world.env["liquor.scan.request"]._take(user, events, "portal")
