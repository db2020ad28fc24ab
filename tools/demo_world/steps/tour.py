"""The new product's first days: shipped to two distributors, received by two shops, the rest on its way."""

from datetime import time, timedelta
from decimal import Decimal

from ..plan import tour
from ..plan.calendar import iso, moment
from ..plan.flow import Shipment
from .incidents import _take
from .receipts import case_codes
from .shipping import Order

SHIPPED_DAYS_AGO = 8


def plan(story, trade) -> None:
    """Write the new product's days into the diary of the regional maker."""
    if trade is not story.world.regional:
        return
    calendar = story.world.calendar
    position = next(number for number, lot in enumerate(trade.flow.lots) if lot.item is tour.ITEM)
    for city, number in ((tour.DISTRIBUTOR_CITY, tour.SHIPPED), (tour.FOREIGN_CITY, tour.FOREIGN)):
        day = calendar.today - timedelta(days=SHIPPED_DAYS_AGO)
        order = Order(trade, Shipment(day, city, (tour.pallet(position, number),)))
        story.at(moment(day, time(9, 20)), order.confirm)
        story.at(moment(day, time(14, 40)), order.ship)
        story.at(moment(day, time(17, 10)), order.invoice)
    day = tour.day_of_receipt(calendar)
    story.at(moment(day, time(10, 0)), receive, trade, position)
    story.at(moment(day, time(11, 0)), send_out, trade, position)
    story.at(moment(day, time(18, 0)), send_statement, trade, day)
    for number in range(tour.FIRST_DUE, tour.PALLETS):
        shipment = Shipment(day, tour.DISTRIBUTOR_CITY, (tour.pallet(position, number),))
        story.at(moment(day, time(16, 30)), Order(trade, shipment).confirm)


def _codes(trade, position: int, run) -> list[str]:
    return case_codes(trade, run.__class__(position, run.first, run.count))


def _neighbour(world, trade):
    """Return another shop of the same distributor."""
    return next(
        shop
        for shop in trade.shops
        if shop.city == tour.DISTRIBUTOR_CITY and shop.state == "formal" and shop.scans and shop is not world.login_shop
    )


def receive(world, trade, position: int) -> None:
    """Two shops scan in their first cases."""
    for shop, run in ((world.login_shop, tour.RECEIVED), (_neighbour(world, trade), tour.NEIGHBOUR)):
        answers = _take(world, shop, "receive", _codes(trade, position, run))
        if any(answer["status"] != "accepted" for answer in answers):
            raise RuntimeError(f"{shop.name} could not receive: {answers}")


def send_out(world, trade, position: int) -> None:
    """The distributor scans cases onto his van for the shop that logs in."""
    now = world.clock.now
    shop = world.partners[world.login_shop.number]
    events = [
        {"id": f"tour-{number}", "type": "ship", "code": code, "to": str(shop.id), "at": iso(now)}
        for number, code in enumerate(_codes(trade, position, tour.ON_THE_WAY))
    ]
    user = world.user_of[world.distributors[tour.DISTRIBUTOR_CITY].id]
    answers = world.env["liquor.scan.request"]._take(user, events, "portal")
    if any(answer["status"] != "accepted" for answer in answers):
        raise RuntimeError(f"The van was not loaded: {answers[:3]}")


def send_statement(world, trade, day) -> None:
    """The clerk sends the distributor what he earned for bringing the cases to the shops; he has yet to answer."""
    record = world.as_user("clerk", trade.company)["liquor.settlement"].create({
        "company_id": trade.company.id,
        "partner_id": world.distributors[tour.DISTRIBUTOR_CITY].id,
        "date_from": day,
        "date_to": day,
    })
    record.action_prepare()
    record.action_send()
    expected = tour.DELIVERY_PER_CASE * (tour.RECEIVED.count + tour.NEIGHBOUR.count)
    if Decimal(str(record.amount_total)) != expected:
        raise RuntimeError(f"The statement of the new product is {record.amount_total}, not {expected}.")
