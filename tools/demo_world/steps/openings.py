"""Members open bottles: the first time they join, every time they claim. A day has a lunch and an evening."""

from datetime import time, timedelta

from ..plan.calendar import ZONE, moment
from ..plan.shops import phone

LUNCH, EVENING = time(13, 20), time(20, 40)
MIDDLE = 16


def plan(story, trade) -> None:
    """Write the tables at which bottles are opened into the diary."""
    tables: dict = {}
    for opening in trade.flow.openings:
        local = opening.at + timedelta(hours=ZONE.utcoffset(opening.at).total_seconds() / 3600)
        tables.setdefault((local.date(), EVENING if local.hour > MIDDLE else LUNCH), []).append(opening)
    for (day, at), openings in tables.items():
        story.at(moment(day, at), open_bottles, trade, openings)


def open_bottles(world, trade, openings: list) -> None:
    """Claim bottles by their inner caps, as the phone page does."""
    members = [member_of(world, trade, opening.member, "cap") for opening in openings]
    units = caps(trade, [(opening.lot, opening.bottle) for opening in openings])
    world.env["liquor.code.claim"]._claim_many(list(zip(units, members, strict=True)))


def member_of(world, trade, number: int, source: str):
    """Return the n-th member of a club; he joins when he is first met."""
    member = trade.member_of.get(number)
    if member is None:
        prefix = 139 if trade is world.regional else 135
        members = world.env["liquor.member"].sudo()
        member = members._join(trade.program, phone(prefix, 1000 + number), source, trade.program.terms_version)
        trade.member_of[number] = member
    return member


def caps(trade, bottles: list[tuple[int, int]]) -> list:
    """Return the LocatedUnits of inner caps, given as (lot, bottle)."""
    codes = [trade.batches[lot]._code("cap_inner", bottle) for lot, bottle in bottles]
    located = trade.batches[0]._locate(codes)
    return [located[code] for code in codes]
