"""A recall as EPCIS events (spec/codes.md, "our mapping": recall = holding/recalled).

EPCIS has no event type and no standard type of business transaction for recalls. The goods are observed as held and
recalled; `recalled` is set as persistent disposition, so that it stays whatever happens to the goods in between,
until the end of the recall takes it away.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .event_hash import hash_id
from .mapping import WORDS, zone, zoned

RECALL = "urn:x-liquor:btt:recall"
"""Type of the business transaction: the standard list has none for recalls."""
BEGUN, KEPT, RELEASED = "begun", "kept", "released"
_SAYS: dict[str, dict[str, Any]] = {
    BEGUN: {"bizStep": "holding", "disposition": "recalled", "persistentDisposition": {"set": ["recalled"]}},
    # the recall is over and what did not come back stays stopped
    KEPT: {"bizStep": "holding", "disposition": "non_sellable_other"},
    RELEASED: {"disposition": "available", "persistentDisposition": {"unset": ["recalled"]}},
}


class RecallTold(NamedTuple):
    """A step of a recall. `at` naive UTC, `offset` minutes east of it, `document` the recall as URI.

    Either the units that are meant (`epcs`) or how many bottles of which class: pairs of class URI and number.
    """

    step: str
    at: datetime
    offset: int
    document: str
    place: str = ""
    epcs: Sequence[str] = ()
    quantities: Sequence[tuple[str, int]] = ()


def recall_event(told: RecallTold) -> dict[str, Any]:
    """The EPCIS event of a step, with its event hash id.

    >>> event = recall_event(RecallTold(BEGUN, datetime(2026, 11, 21, 12), 480, "urn:x-liquor:document:RC1",
    ...     epcs=["https://id.gs1.org/01/09521141012345/21/2017"]))
    >>> event["bizStep"], event["disposition"], event["bizTransactionList"][0]["bizTransaction"]
    ('holding', 'recalled', 'urn:x-liquor:document:RC1')
    >>> recall_event(RecallTold(RELEASED, datetime(2026, 11, 22), 480, "urn:x-liquor:document:RC1",
    ...     quantities=[("https://id.gs1.org/01/09521141012345", 720)]))["persistentDisposition"]
    {'unset': ['recalled']}
    """
    event: dict[str, Any] = {
        "type": "ObjectEvent",
        "eventTime": zoned(told.at, told.offset),
        "eventTimeZoneOffset": zone(told.offset),
        "recordTime": f"{told.at:%Y-%m-%dT%H:%M:%S}.000Z",
        "action": "OBSERVE",
        **_SAYS[told.step],
    }
    if told.epcs:
        event["epcList"] = list(told.epcs)
    if told.quantities:
        event["quantityList"] = [{"epcClass": name, "quantity": number} for name, number in told.quantities]
    if told.place:
        event["readPoint"] = {"id": told.place}
    event["bizTransactionList"] = [{"type": RECALL, "bizTransaction": told.document}]
    event["eventID"] = hash_id(event, WORDS)
    return event
