"""What goes in and out of `/liquor/v1`, as types: the one source of `openapi.json`."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from ..flow.request import EVENT_TYPES, MAX_EVENTS, PURPOSES


class Shape(TypedDict, total=False):
    """JSON Schema keywords beside a type."""

    description: str
    pattern: str
    format: str
    minLength: int
    maxLength: int
    minItems: int
    maxItems: int
    minimum: float
    maximum: float
    examples: list[Any]


Moment = Annotated[
    str,
    Shape(
        format="date-time",
        maxLength=40,
        description="ISO 8601 with a time zone",
        examples=["2026-11-21T20:00:00+08:00"],
    ),
]
EventId = Annotated[
    str,
    Shape(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}$", description="The sender's own number: said once, answered once"
    ),
]
Code = Annotated[
    str,
    Shape(
        minLength=1,
        maxLength=200,
        description="A code as scanned: bare, our link, GS1 Digital Link, element string",
        examples=["1000A00000000000B", "(01)06901234567892(21)1000A00000000000B"],
    ),
]
Codes = Annotated[list[Code], Shape(minItems=1, maxItems=MAX_EVENTS)]
Status = Literal["accepted", "held", "rejected"]
Reason = Annotated[str, Shape(description='Why, as a word for programs; "" where it was accepted')]
Message = Annotated[str, Shape(description="The reason as a sentence, in the language of the client's user")]


class ScanEvent(TypedDict):
    """One scan; `code` or `codes`, never both. What else stands in it is ignored."""

    id: EventId
    type: Literal[EVENT_TYPES]  # type: ignore[valid-type]
    at: Moment
    code: NotRequired[Code]
    codes: NotRequired[Codes]
    lat: NotRequired[Annotated[float, Shape(minimum=-90, maximum=90, description="Degrees, WGS 84")]]
    lon: NotRequired[Annotated[float, Shape(minimum=-180, maximum=180)]]
    accuracy: NotRequired[Annotated[float, Shape(minimum=0, description="Metres")]]
    to: NotRequired[Annotated[str, Shape(maxLength=64, description="Receiver: number or reference of the partner")]]
    purpose: NotRequired[Literal[PURPOSES]]  # type: ignore[valid-type]
    reference: NotRequired[Annotated[str, Shape(maxLength=128, description="Number of the sender's document")]]
    undo_of: NotRequired[Annotated[str, Shape(description="With type void: id of the event that is taken back")]]


class ScanCall(TypedDict):
    """Up to 5,000 events, with up to 5,000 codes together."""

    events: Annotated[list[ScanEvent], Shape(minItems=1, maxItems=MAX_EVENTS)]


class Reward(TypedDict):
    """What the sender earned by one event; what others earn is theirs to know."""

    kind: Literal["cash", "points"]
    amount: Annotated[str, Shape(pattern=r"^-?\d+(\.\d+)?$", description="Decimal number as text")]
    currency: str
    state: str


class ScanAnswer(TypedDict):
    """The answer to one event, in the order of the call."""

    id: str | None
    status: Status
    repeated: Annotated[bool, Shape(description="This event came before: this is the answer it got then")]
    reason: Reason
    message: Message
    rewards: list[Reward]


class ScanAnswers(TypedDict):
    """One answer for each event; good ones are not lost by bad ones."""

    events: list[ScanAnswer]


class Carton(TypedDict):
    """A package and what lies in it."""

    parent: Code
    children: Annotated[list[Code], Shape(minItems=1, maxItems=MAX_EVENTS)]
    method: NotRequired[Literal["line", "manual", "inferred"]]


class AssociationCall(TypedDict):
    """What a line packed."""

    upload: Annotated[str, Shape(minLength=1, maxLength=57, description="The line's number of the upload: said once")]
    links: Annotated[list[Carton], Shape(minItems=1)]
    line: NotRequired[Annotated[str, Shape(maxLength=128)]]
    at: NotRequired[Moment]


class RefusedCarton(TypedDict):
    """A package that was not believed, and the code it is about."""

    parent: str
    reason: Reason
    message: Message
    code: str


class AssociationAnswer(TypedDict):
    """`partly`: the packages that are not among the refused ones were stored."""

    upload: str
    status: Literal["accepted", "partly", "rejected"]
    repeated: bool
    accepted: Annotated[int, Shape(minimum=0, description="Units that were linked")]
    refused: list[RefusedCarton]
    reason: NotRequired[Reason]


class EpcisDocument(TypedDict):
    """An EPCIS 2.0 document in JSON-LD; docs/standards.md lists the events that are taken."""

    type: Literal["EPCISDocument"]
    schemaVersion: Annotated[str, Shape(pattern=r"^2(\.\d+)*$")]
    creationDate: Moment
    epcisBody: "EpcisBody"


class EpcisBody(TypedDict):
    """At most 5,000 events with 5,000 identifiers."""

    eventList: Annotated[list[dict[str, Any]], Shape(minItems=1, maxItems=MAX_EVENTS)]


class CaptureEvent(TypedDict):
    """The answer to one event of a document."""

    position: Annotated[int, Shape(minimum=0, description="Place in the event list, from 0")]
    eventID: Annotated[str, Shape(description='Event hash id of CBV 2.0; "" for an event without the form of one')]
    status: Status
    repeated: bool
    reason: Reason
    field: Annotated[str, Shape(description="The field that is wrong, where one is")]
    message: Message


class DocumentError(TypedDict):
    """What is wrong with a document as a whole: then no event of it is looked at."""

    field: str
    reason: Reason
    message: Message


class CaptureAnswer(TypedDict):
    """The stored answer: GET /liquor/v1/epcis/capture/{capture} gives it again."""

    capture: int
    repeated: bool
    accepted: int
    rejected: int
    errors: list[DocumentError]
    events: list[CaptureEvent]


class EpcisQueryDocument(TypedDict):
    """An EPCIS 2.0 query document in JSON-LD; `Link: <…>; rel="next"` leads to the next page."""

    type: Literal["EPCISQueryDocument"]
    schemaVersion: str
    creationDate: Moment
    epcisBody: dict[str, Any]


class TraceUnit(TypedDict):
    """What a code stands for."""

    batch: str
    kind: str
    bottles: int
    number: int
    state: str
    product: str
    gtin: str
    lot: str


# "from" is no name that a class could have
TracePacking = TypedDict(
    "TracePacking", {"bottles": int, "number": int, "method": str, "from": str | None, "until": str | None}
)
TracePacking.__doc__ = "A package the unit lies or lay in."


class TraceParty(TypedDict):
    """Who it is, where the caller may know that."""

    id: int
    ref: str
    name: str


class TraceHop(TypedDict):
    """One station; `missing` when nobody scanned there."""

    holder_kind: str
    holder: TraceParty | None
    since: str | None
    until: str | None
    missing: bool
    proof: int | None
    event: str | None


class Trace(TypedDict):
    """The way of one unit, as far as it concerns the caller's party."""

    unit: TraceUnit
    packing: list[TracePacking]
    chain: list[TraceHop]


class Problem(TypedDict):
    """Why a call was not answered."""

    name: str
    message: str
