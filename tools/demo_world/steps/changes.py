"""A shop that its distributor reported registers anew as one that scans: what both told of is paid once."""

from datetime import time, timedelta

from ..plan.calendar import moment
from .incidents import _role, _take
from .partners import give_logins
from .receipts import case_codes, receive

KIND = "convenience"
#: so many days ago it changed; goods of so many days before still lie in it
CHANGED_AGO, STOCK_DAYS = 10, 14
CASES = 4
#: of one product its distributor told so many bottles and forgot the rest, so that of the first case a part counts
TOLD_BOTTLES, TOLD_DAYS = 2, 32


def plan(story, trade) -> None:
    """Write the change of one shop into the diary; a very small world may have none that is reported."""
    shop = changed_shop(story, trade)
    if not shop:
        return
    begin = _begin(story)
    story.at(begin - timedelta(hours=15), end, trade, shop)
    story.at(begin, register, trade, shop)
    stock = _received(trade, shop, begin, STOCK_DAYS)
    story.at(begin + timedelta(hours=1), scan_stock, trade, shop, [run for one in stock for run in one.runs])
    for receipt in trade.flow.receipts:
        if receipt.shop == shop.number and receipt.at > begin:
            story.at(receipt.at + timedelta(minutes=2), receive, trade, shop, receipt)


def changed_shop(story, trade):
    """Return the shop that changes, or nothing."""
    reported = [shop for shop in trade.shops if not shop.scans and shop.state == "formal"]
    return reported[-1] if trade is story.world.regional and reported else None


def _begin(story):
    return moment(story.world.calendar.today - timedelta(days=CHANGED_AGO), time(9, 0))


def _received(trade, shop, begin, days) -> list:
    mine = (receipt for receipt in trade.flow.receipts if receipt.shop == shop.number)
    return [receipt for receipt in mine if begin - timedelta(days=days) < receipt.at < begin]


def told_otherwise(story, trade) -> dict:
    """What the distributor told of the product that the shop received last: {(receipt, item code): bottles}.

    The last delivery before the change with two bottles, the others of the month before not at all.
    """
    shop = changed_shop(story, trade)
    before = _received(trade, shop, _begin(story), TOLD_DAYS) if shop else []
    if not before:
        return {}
    last = trade.flow.lots[before[-1].runs[-1].lot].item
    told = {(receipt, last.code): 0 for receipt in before}
    return {**told, (before[-1], last.code): TOLD_BOTTLES}


def end(world, trade, shop) -> None:
    """The manager ends its role as a reported shop."""
    _role(world, trade, shop).action_end(reason="改为扫码门店，重新登记")


def register(world, trade, shop) -> None:
    """It registers as a kind that scans, is accepted, and gets a login."""
    env = world.as_user("manager", trade.company)
    role = env["liquor.channel.role"].create({
        "partner_id": world.partners[shop.number].id,
        "company_id": trade.company.id,
        "kind": "terminal",
        "terminal_kind_id": env["liquor.terminal.kind"].search([("code", "=", KIND)]).id,
        "territory_id": world.territories[shop.address.county].id,
        "user_id": world.users["clerk"].id,
    })
    # its own old role shares phone and place with it
    role._step_as_user("formal", None, "同一门店改为扫码，旧登记已结束", despite_duplicates=True)
    give_logins(world, world.partners[shop.number])


def scan_stock(world, trade, shop, runs) -> None:
    """It scans what still stands in its stock: its distributor reports these cases as well."""
    _take(world, shop, "receive", [code for run in runs for code in case_codes(trade, run)][-CASES:])
