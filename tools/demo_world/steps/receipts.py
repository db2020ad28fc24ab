"""Shops scan in what they receive: one call of the scan service for each delivery."""

from datetime import timedelta

from ..plan.calendar import iso
from ..plan.shops import Shop

SECONDS_PER_CASE = 4


def plan(story, trade) -> None:
    """Write the receipts of the scanning shops into the diary."""
    shops = {shop.number: shop for shop in trade.shops}
    for receipt in trade.flow.receipts:
        shop = shops[receipt.shop]
        if shop.scans:
            story.at(receipt.at + timedelta(minutes=2), receive, trade, shop, receipt)


def receive(world, trade, shop: Shop, receipt) -> None:
    """Scan every case of a delivery."""
    codes = [code for run in receipt.runs for code in case_codes(trade, run)]
    start = receipt.at
    events = [
        {
            "id": f"{trade.company.id}-{start:%y%m%d%H%M%S}-{number}",
            "type": "receive",
            "code": code,
            "at": iso(start + timedelta(seconds=SECONDS_PER_CASE * (number % 30))),
            **place_of(shop),
        }
        for number, code in enumerate(codes)
    ]
    user = world.user_of[world.partners[shop.number].id]
    world.env["liquor.scan.request"]._take(user, events, "portal")


def case_codes(trade, run) -> list[str]:
    """Return the outer case codes of consecutive cases."""
    batch = trade.batches[run.lot]
    return [batch._code("case_outer", number) for number in range(run.first, run.first + run.count)]


def place_of(shop: Shop) -> dict:
    """Return where a phone in the shop says it is: some metres off its registered place."""
    address = shop.address
    return {"lat": round(address.latitude + 0.0001, 6), "lon": round(address.longitude - 0.0001, 6), "accuracy": 20}
