"""What an EPCIS 2.0.1 document in JSON-LD must look like: its form, and the words of the Core Business Vocabulary.

The published JSON schema lets through what JSON-LD cannot resolve: bare words that are in no list, fields without
a namespace. Here they are faults (spec/codes.md, traps in the conformance data).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .cbv import BIZ_STEPS, BIZ_TRANSACTION_TYPES, DISPOSITIONS, ERROR_REASONS, SOURCE_DEST_TYPES, bare
from .event_hash import moment, prefixes

_OFFSET = re.compile(r"[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20\x7f\ud800-\udfff<>\"{}|\\^`]+", re.ASCII)
_COMMON = {"type", "isA", "@context", "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "certificationInfo",
           "errorDeclaration", "bizStep", "disposition", "persistentDisposition", "readPoint", "bizLocation",
           "bizTransactionList", "sourceList", "destinationList", "sensorElementList", "ilmd"}  # fmt: skip
# type of event -> its own fields; one of the first group must be there; whether it needs an action
_TYPES: dict[str, tuple[tuple[str, ...], tuple[str, ...], bool]] = {
    "ObjectEvent": (("epcList", "quantityList", "sensorElementList"), (), True),
    "AggregationEvent": (("parentID", "childEPCs", "childQuantityList", "sensorElementList"), (), True),
    "TransactionEvent": (("bizTransactionList",), ("parentID", "epcList", "quantityList"), True),
    "AssociationEvent": (("parentID", "childEPCs", "childQuantityList", "sensorElementList"), (), True),
    "TransformationEvent": (
        ("inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList"),
        ("transformationID",),
        False,
    ),
}
_EPC_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_QUANTITY_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
ACTIONS = frozenset({"ADD", "OBSERVE", "DELETE"})


class Fault(NamedTuple):
    """`event` is the place of the event in the document, -1 for the document itself; `field` where it is wrong."""

    event: int
    field: str
    reason: str


def events_of(document: Any) -> list[Any]:
    """The events of a document or of a query's answer, [] where there are none."""
    body = document.get("epcisBody") if isinstance(document, Mapping) else None
    if not isinstance(body, Mapping):
        return []
    for name in ("queryResults", "resultsBody"):
        body = body.get(name, body) if isinstance(body, Mapping) else {}
    found = body.get("eventList", [body["event"]] if "event" in body else []) if isinstance(body, Mapping) else []
    return found if isinstance(found, list) else []


def faults(document: Any) -> list[Fault]:
    """Everything that is wrong with a document; empty for a good one.

    >>> faults({"type": "EPCISDocument"})[0].field
    '@context'
    """
    return [*_document_faults(document), *(
        Fault(number, field, reason)
        for number, event in enumerate(events_of(document))
        for field, reason in event_faults(event, document.get("@context"))
    )]  # fmt: skip


def _document_faults(document: Any) -> Iterator[Fault]:
    if not isinstance(document, Mapping):
        yield Fault(-1, "", "no_document")
        return
    context = document.get("@context")
    if not context or not isinstance(context, (str, list)):
        yield Fault(-1, "@context", "missing")
    if document.get("type") not in ("EPCISDocument", "EPCISQueryDocument"):
        yield Fault(-1, "type", "bad_type")
    if not re.fullmatch(r"2(\.\d+)*", str(document.get("schemaVersion", "")), re.ASCII):
        yield Fault(-1, "schemaVersion", "bad_version")
    if not _is_time(document.get("creationDate")):
        yield Fault(-1, "creationDate", "bad_time")
    if not isinstance(document.get("epcisBody"), Mapping) or not events_of(document):
        yield Fault(-1, "epcisBody", "no_events")


def event_faults(event: Any, context: Any = ()) -> list[tuple[str, str]]:
    """(field, reason) of everything that is wrong with one event.

    >>> event_faults({"type": "ObjectEvent", "eventTime": "2026-07-22T06:45:00+02:00", "eventTimeZoneOffset": "+02:00",
    ...     "action": "ADD", "epcList": ["https://id.gs1.org/01/09521141012345/21/2017"], "bizStep": "transforming"})
    [('bizStep', 'not_in_vocabulary')]
    """
    if not isinstance(event, Mapping):
        return [("", "no_event")]
    kind = _TYPES.get(str(event.get("type") or event.get("isA")))
    if kind is None:
        return [("type", "bad_type")]
    names = prefixes(context, event.get("@context"))
    return [*_form_faults(event, kind, names), *_word_faults(event, names), *_name_faults(event, kind, names)]


def _form_faults(event: Mapping[str, Any], kind: tuple, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not _is_time(event.get("eventTime")):
        yield "eventTime", "bad_time"
    if not _OFFSET.fullmatch(str(event.get("eventTimeZoneOffset", ""))):
        yield "eventTimeZoneOffset", "bad_offset"
    if (kind[2] or "action" in event) and event.get("action") not in ACTIONS:
        yield "action", "bad_action"
    if not any(event.get(field) for field in kind[0]):
        yield kind[0][0], "no_identifier"
    for field, is_good, reason in _FORMS:
        if field in event and not is_good(event[field], names):
            yield field, reason


def _word_faults(event: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for field, words in (("bizStep", BIZ_STEPS), ("disposition", DISPOSITIONS)):
        if field in event and not _is_word(field, event[field], words, names):
            yield field, "not_in_vocabulary"
    for field, kind, member, words in (
        ("bizTransactionList", "bizTransactionType", "bizTransaction", BIZ_TRANSACTION_TYPES),
        ("sourceList", "sourceDestType", "source", SOURCE_DEST_TYPES),
        ("destinationList", "sourceDestType", "destination", SOURCE_DEST_TYPES),
    ):
        entries = event.get(field) or []
        for entry in entries if isinstance(entries, list) else [entries]:
            if not isinstance(entry, Mapping) or not _is_uri(entry.get(member), names):
                yield field, "bad_uri"
            elif "type" in entry and not _is_word(kind, entry["type"], words, names):
                yield field, "not_in_vocabulary"
    error = event.get("errorDeclaration")
    if error is not None:
        if not isinstance(error, Mapping) or not _is_time(error.get("declarationTime")):
            yield "errorDeclaration", "bad_time"
        elif "reason" in error and not _is_word("reason", error["reason"], ERROR_REASONS, names):
            yield "errorDeclaration", "not_in_vocabulary"


def _name_faults(event: Mapping[str, Any], kind: tuple, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Fields that EPCIS does not know need a namespace that the context declares, or are whole URIs."""
    known = _COMMON | {*kind[0], *kind[1], "action"}
    for field in event:
        if field not in known and not _is_name(field, names):
            yield field, "no_namespace"
    ilmd = event.get("ilmd")
    if ilmd is not None and not (isinstance(ilmd, Mapping) and all(_is_name(field, names) for field in ilmd)):
        yield "ilmd", "no_namespace"


# --- values ---------------------------------------------------------------------------------------------------


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(moment(value))
    except (ValueError, OverflowError):
        return False


def _is_recorded(value: Any, _names: Mapping[str, str]) -> bool:
    return _is_time(value)


def _is_uri(value: Any, _names: Mapping[str, str]) -> bool:
    return isinstance(value, str) and len(value) <= 2048 and bool(_URI.fullmatch(value))


def _is_place(value: Any, names: Mapping[str, str]) -> bool:
    return isinstance(value, Mapping) and _is_uri(value.get("id"), names)


def _is_mapping(value: Any, _names: Mapping[str, str]) -> bool:
    return isinstance(value, Mapping)


def _is_sensor(value: Any, _names: Mapping[str, str]) -> bool:
    """Only its form: we keep no measurements, but they belong to the hash."""
    if not isinstance(value, Mapping) or not isinstance(value.get("sensorMetadata", {}), Mapping):
        return False
    reports, metadata = value.get("sensorReport", []), value.get("sensorMetadata", {})
    if not isinstance(reports, list) or not all(isinstance(one, Mapping) for one in reports):
        return False
    times = [own[name] for own in (metadata, *reports) for name in ("time", "startTime", "endTime") if name in own]
    return all(map(_is_time, times))


def _is_list_of(is_good: Callable[[Any, Mapping[str, str]], bool], single: bool = False):
    def check(value: Any, names: Mapping[str, str]) -> bool:
        values = [value] if single and not isinstance(value, list) else value
        return isinstance(values, list) and all(is_good(one, names) for one in values)

    return check


def _is_word(kind: str, value: Any, words: frozenset[str], names: Mapping[str, str]) -> bool:
    """A word of the list, bare or as its URI, or a URI of another vocabulary: then nobody claims it is CBV's."""
    if not isinstance(value, str):
        return False
    word = bare(kind, value)
    return word in words or (
        word == value and _is_uri(value, names) and not value.startswith("https://ref.gs1.org/cbv/")
    )


def _is_quantity(value: Any, names: Mapping[str, str]) -> bool:
    if not isinstance(value, Mapping) or not _is_uri(value.get("epcClass"), names):
        return False
    number = value.get("quantity", 1)
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    return all(field in ("type", "epcClass", "quantity", "uom") or _is_name(field, names) for field in value)


def _is_name(field: str, names: Mapping[str, str]) -> bool:
    prefix, colon, local = field.partition(":")
    whole = prefix in ("http", "https") and local.startswith("//")
    return bool(colon and local) and (prefix in names or prefix in ("urn", "rdfs") or whole)


_FORMS = (
    ("recordTime", _is_recorded, "bad_time"),
    *((field, _is_uri, "bad_uri") for field in ("parentID", "transformationID", "eventID")),
    ("certificationInfo", _is_list_of(_is_uri, single=True), "bad_uri"),
    *((field, _is_list_of(_is_uri), "bad_uri") for field in _EPC_LISTS),
    *((field, _is_list_of(_is_quantity), "bad_quantity") for field in _QUANTITY_LISTS),
    ("persistentDisposition", _is_mapping, "bad_form"),
    ("sensorElementList", _is_list_of(_is_sensor), "bad_form"),
    *(
        (field, _is_list_of(_is_mapping), "bad_form")
        for field in ("bizTransactionList", "sourceList", "destinationList")
    ),
    *((field, _is_place, "bad_uri") for field in ("readPoint", "bizLocation")),
)
