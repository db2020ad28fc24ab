"""EPCIS documents that partners' machines sent: one was taken, one partly, one not at all."""

from datetime import time, timedelta

from ..plan import shelf
from ..plan.calendar import iso, moment
from .shelf import batch_of

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CLIENT = "云泉中心仓 WMS"


def plan(story, trade) -> None:
    """Write the documents into the diary of the regional maker."""
    if trade is story.world.regional:
        story.at(moment(story.world.calendar.today - timedelta(days=6), time(13, 40)), send, trade)


def send(world, trade) -> None:
    """The warehouse's own machine tells what it counted and inspected; it has no key that could be handed out."""
    client = world.as_user("manager", trade.company)["liquor.api.client"].create({
        "name": CLIENT,
        "company_id": trade.company.id,
        "partner_id": trade.company.partner_id.id,
        "right_scan": True,
        "right_epcis": True,
    })
    batch, captures = batch_of(trade), world.env["liquor.epcis.capture"]
    case = [batch._epc(shelf.ITEM.case, number) for number in shelf.cases(shelf.COUNTING)]
    stranger = "https://id.gs1.org/01/09520000000011/21/4000ABCDEFGHJKMNP"
    counted = _event(world, "cycle_counting", "sellable_accessible", case[:12])
    for events in (
        [counted, _inspected(world, case[12:15])],
        [_inspected(world, case[15:18]), _inspected(world, [stranger])],
        [_event(world, "commissioning", "active", case[18:20], action="ADD")],
    ):
        captures._capture(world.users["warehouse"], client.sudo(), _document(world, events))


def _inspected(world, names: list[str]) -> dict:
    return _event(world, "inspecting", "in_progress", names)


def _event(world, step: str, disposition: str, names: list[str], action: str = "OBSERVE") -> dict:
    return {
        "type": "ObjectEvent",
        "eventTime": iso(world.clock.now - timedelta(minutes=30)),
        "eventTimeZoneOffset": "+08:00",
        "action": action,
        "bizStep": step,
        "disposition": disposition,
        "epcList": names,
    }


def _document(world, events: list[dict]) -> dict:
    return {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": iso(world.clock.now),
        "epcisBody": {"eventList": events},
    }
