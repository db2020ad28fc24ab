"""Our events as EPCIS events and back, by the table of `flow/transitions.py` (spec/codes.md, "our mapping").

Out: one EPCIS event a scan, so that the event hash id of one proves one row. In: the same subset; what does not
say one of our movements is named `not_in_subset`, never guessed at.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ..flow.request import moment as moment_of
from ..flow.transitions import TABLE
from .cbv import CONTEXT, bare
from .event_hash import hash_id, moment

WORDS = (CONTEXT, {"liquor": "urn:x-liquor:epcis:"})
"""`@context` of what we tell: GS1's, and the name space of our one extension."""
UNDONE = "did_not_occur"
"""Why a void declares an event wrong: what is scanned by mistake did not happen."""


class Told(NamedTuple):
    """One accepted scan as others may know it. `at` naive UTC, `offset` minutes east of it; URIs "" when unknown.

    `children`: what a package holds, for `pack`. `undone`: when a void took the event back. `proof`: content hash of
    the sealed row, so that the event hash id, which covers it, stands for the row too (design.md 3.14).
    """

    kind: str
    at: datetime
    offset: int
    epc: str
    recorded: datetime
    place: str = ""
    source: str = ""
    destination: str = ""
    document: str = ""
    children: tuple[str, ...] = ()
    undone: datetime | None = None
    proof: str = ""


class Asked(NamedTuple):
    """What a captured event asks for: a scan event (`type`, `codes`, `to` as URI) or a packing (`parent`, `codes`)."""

    type: str
    at: str
    codes: tuple[str, ...] = ()
    parent: str = ""
    to: str = ""
    reference: str = ""
    undo: bool = False


def zoned(at: datetime, offset: int) -> str:
    """A naive UTC moment with its zone.

    >>> zoned(datetime(2026, 11, 21, 12, 0), 480)
    '2026-11-21T20:00:00.000+08:00'
    """
    return f"{at + timedelta(minutes=offset):%Y-%m-%dT%H:%M:%S}.000{zone(offset)}"


def zone(offset: int) -> str:
    """Offset as EPCIS writes it.

    >>> zone(480), zone(-210)
    ('+08:00', '-03:30')
    """
    hours, minutes = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d}"


def to_epcis(told: Told) -> dict[str, Any]:
    """The EPCIS event of one scan, with its event hash id.

    >>> event = to_epcis(Told("receive", datetime(2026, 11, 21, 12), 480, "https://id.gs1.org/00/040123451111111110",
    ...     datetime(2026, 11, 21, 12, 1), destination="https://id.gs1.org/417/4012345000009"))
    >>> event["action"], event["bizStep"], event["destinationList"][0]["type"]
    ('OBSERVE', 'receiving', 'owning_party')
    """
    row = TABLE[told.kind]
    kind, action = row.epcis_type, row.epcis_action
    if told.kind == "pack" and not told.children:
        kind, action = "ObjectEvent", "OBSERVE"
    event: dict[str, Any] = {
        "type": kind,
        "eventTime": zoned(told.at, told.offset),
        "eventTimeZoneOffset": zone(told.offset),
        "recordTime": f"{told.recorded:%Y-%m-%dT%H:%M:%S}.000Z",
        "action": action,
        "bizStep": row.biz_step,
        "disposition": row.disposition,
    }
    if kind == "AggregationEvent":
        # an opened package lists nothing: all of it lies in it no longer
        event |= {"parentID": told.epc, "childEPCs": list(told.children) if told.kind == "pack" else []}
    else:
        event["epcList"] = [told.epc]
    if told.place:
        event["readPoint"] = {"id": told.place}
    if told.document:
        paper = "rma" if told.kind == "return" else "desadv"
        event["bizTransactionList"] = [{"type": paper, "bizTransaction": told.document}]
    if told.source:
        event["sourceList"] = [{"type": "owning_party", "source": told.source}]
    if told.destination:
        event["destinationList"] = [{"type": "owning_party", "destination": told.destination}]
    if told.proof:
        event["liquor:proof"] = told.proof
    event["eventID"] = hash_id(event, WORDS)
    if told.undone:
        event["errorDeclaration"] = {
            "declarationTime": f"{told.undone:%Y-%m-%dT%H:%M:%S}.000Z",
            "reason": UNDONE,
        }
    return event


# --- in -------------------------------------------------------------------------------------------------------

# (type, action, business step) -> scan event; a disposition tells returns from deliveries
_IN: dict[tuple[str, str, str], str] = {
    ("ObjectEvent", "OBSERVE", "shipping"): "ship",
    ("ObjectEvent", "OBSERVE", "storing"): "store",
    ("ObjectEvent", "OBSERVE", "receiving"): "receive",
    ("ObjectEvent", "OBSERVE", "retail_selling"): "sell",
    ("ObjectEvent", "DELETE", "decommissioning"): "open",
    ("ObjectEvent", "OBSERVE", "cycle_counting"): "count",
    ("ObjectEvent", "OBSERVE", "stock_taking"): "count",
    ("ObjectEvent", "OBSERVE", "inspecting"): "check",
    ("AggregationEvent", "ADD", "packing"): "pack",
    ("AggregationEvent", "DELETE", "unpacking"): "unpack",
}


def from_epcis(event: Mapping[str, Any], *, shop: bool = False) -> Asked | None:
    """What a good event (`epcis_check`) asks of us; None where it is not in the subset.

    :param shop: the sender is a shop, whose deliveries are moves between shops

    >>> asked = from_epcis({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping",
    ...     "disposition": "returned", "eventTime": "2026-11-21T20:00:00+08:00",
    ...     "epcList": ["https://id.gs1.org/00/040123451111111110"]})
    >>> asked.type, asked.at
    ('return', '2026-11-21T12:00:00Z')
    """
    words = str(event.get("type")), str(event.get("action")), bare("bizStep", str(event.get("bizStep", "")))
    kind = _IN.get(words, "")
    if kind == "ship" and bare("disposition", str(event.get("disposition", ""))) == "returned":
        kind = "return"
    elif kind == "ship" and shop:
        kind = "transfer"
    codes = tuple(event.get("epcList") or event.get("childEPCs") or ())
    parent = str(event.get("parentID") or "")
    if kind == "unpack":
        codes, parent = ((parent,) if parent and not codes else ()), ""
    if not kind or not codes or (kind == "pack") != bool(parent) or _beyond(event):
        return None
    error = event.get("errorDeclaration")
    time = error["declarationTime"] if error else event["eventTime"]
    return Asked(kind, _utc(time), codes, parent, _owner(event), _paper(event), bool(error))


def _beyond(event: Mapping[str, Any]) -> bool:
    """Quantities of a class, sensors and the like say what we do not keep: such an event is not taken in part."""
    return any(event.get(name) for name in ("quantityList", "childQuantityList", "sensorElementList"))


def _utc(text: str) -> str:
    """Whole seconds of UTC, as the scan service takes times; `epcis_check` has seen that it is one."""
    at = moment_of(moment(text))
    return f"{at:%Y-%m-%dT%H:%M:%S}Z" if at else ""


def _owner(event: Mapping[str, Any]) -> str:
    """URI of who gets the goods: the owning party, else the one who holds them, of the destinations."""
    places: Sequence[Mapping[str, Any]] = event.get("destinationList") or ()
    named = {bare("sourceDestType", str(one.get("type", ""))): str(one.get("destination", "")) for one in places}
    return named.get("owning_party") or named.get("possessing_party") or ""


def _paper(event: Mapping[str, Any]) -> str:
    papers = event.get("bizTransactionList") or ()
    return str(papers[0].get("bizTransaction", ""))[:128] if papers else ""


def document(events: Sequence[Mapping[str, Any]], created: datetime) -> dict[str, Any]:
    """An EPCIS document in JSON-LD.

    :param created: naive UTC
    """
    return {
        "@context": list(WORDS),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": f"{created:%Y-%m-%dT%H:%M:%S}.000Z",
        "epcisBody": {"eventList": list(events)},
    }
