"""Event hash id of an EPCIS event (Core Business Vocabulary 2.0, section 8.9).

The values of an event are put into one prescribed order and form, so that the same event gives the same id whoever
writes it, in JSON or XML, with URNs or Digital Links. `eventID`, `recordTime` and `errorDeclaration` do not count:
an error declaration is about the event whose id it repeats.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote

from ..codes.epc import HOST, digital_link
from ..codes.gs1 import GS1Error
from ..codes.gs1_identifiers import KEYS
from .cbv import CBV, VOC, expand

MAX_DEPTH = 12
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_LINK = re.compile(r"https?://[^/?#\s]+(/[^?#\s]*)(?:[?#]\S*)?", re.ASCII | re.IGNORECASE)
_IGNORED = frozenset(
    {"type", "isA", "@type", "@context", "eventID", "recordTime", "errorDeclaration", "certificationInfo",
     "rdfs:comment", "comment"}
)  # fmt: skip
Context = Mapping[str, str]


def hash_id(event: Mapping[str, Any], context: Any = ()) -> str:
    """Event hash id of one event.

    :param context: `@context` of the document: prefixes of extensions are read from its objects
    :raises ValueError: the event has no legal time, or is nested too deeply

    >>> hash_id({"type": "ObjectEvent", "eventTime": "2019-10-21T15:45:00.000+01:00", "eventTimeZoneOffset": "+01:00",
    ...     "epcList": ["urn:epc:id:sscc:4012345.0111111111"], "action": "OBSERVE", "bizStep": "inspecting",
    ...     "disposition": "in_progress", "readPoint": {"id": "urn:epc:id:sgln:4012345.00024.0"}})
    'ni:///sha-256;c50842eb714406394a77fb7b517fea621c78a61f65549874de7c9e019afe7b6f?ver=CBV2.0'
    """
    digest = hashlib.sha256(pre_hash(event, context).encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def prefixes(*contexts: Any) -> dict[str, str]:
    """Prefixes that the `@context`s of a document and its event declare.

    >>> prefixes(["https://x.example/c", {"ex": "https://ns.example.com/"}])["ex"]
    'https://ns.example.com/'
    """
    found = {"cbv": CBV, "gs1": VOC, "cbvmda": "urn:epcglobal:cbv:mda:", "epcis": "https://ref.gs1.org/epcis/"}
    for context in contexts:
        for entry in context if isinstance(context, (list, tuple)) else [context]:
            if isinstance(entry, Mapping):
                found.update({str(key): value for key, value in entry.items() if isinstance(value, str)})
    return found


def pre_hash(event: Mapping[str, Any], context: Any = ()) -> str:
    """The text that is hashed."""
    names = prefixes(context, event.get("@context"))
    parts = [f"eventType={event.get('type') or event.get('isA') or ''}"]
    for name, write in _ORDER:
        if event.get(name) not in (None, "", [], {}):
            parts.append(write(name, event[name], names))
    if event.get("ilmd"):
        parts.append("ilmd" + _extensions(event["ilmd"], names))
    known = {name for name, _write in _ORDER} | _IGNORED | {"ilmd"}
    parts.append(_extensions({key: value for key, value in event.items() if key not in known}, names, _beside(event)))
    return "".join(parts)


def _beside(event: Mapping[str, Any]) -> dict[str, Any]:
    """Extensions of places: they are sorted among those of the event, behind the name of their place."""
    found = {}
    for name in ("readPoint", "bizLocation"):
        if isinstance(event.get(name), Mapping):
            rest = {key: value for key, value in event[name].items() if key not in ("id", "type")}
            found.update({name: rest} if rest else {})
    return found


# --- values ---------------------------------------------------------------------------------------------------


def moment(text: str) -> str:
    """UTC with milliseconds, the fourth digit rounded half up.

    >>> moment("2023-02-02T12:04:03.1415+01:00")  # published example
    '2023-02-02T11:04:03.142Z'
    """
    match = _TIME.fullmatch(str(text).strip())
    if not match:
        raise ValueError(f"no date and time with zone: {str(text)[:40]}")
    whole = datetime.fromisoformat(match[1].replace(" ", "T") + match[3].upper().replace("Z", "+00:00"))
    digits = (match[2] or "").ljust(4, "0")
    milliseconds = int(digits[:3]) + (digits[3] >= "5")
    exact = whole.astimezone(UTC) + timedelta(milliseconds=milliseconds)
    return f"{exact:%Y-%m-%dT%H:%M:%S}.{exact.microsecond // 1000:03d}Z"


def value_text(value: Any, names: Context) -> str:
    """One value in its canonical form: number, URI of GS1, expanded prefix, or the text as it is.

    >>> value_text(26.0, {}), value_text("urn:epc:id:sgln:4012345.00005.0", {}), value_text(True, {})
    ('26', 'https://id.gs1.org/414/4012345000054', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value).strip()
    if _NUMBER.fullmatch(text):
        return _number(text)
    if text.startswith("urn:epc:"):
        try:
            return digital_link(text)
        except GS1Error:
            return text
    return _canonical_link(_expanded(text, names))


def _number(text: str) -> str:
    number = Decimal(text).normalize()
    return f"{number:f}" if number else "0"


def _expanded(text: str, names: Context) -> str:
    prefix, colon, rest = text.partition(":")
    return names[prefix] + rest if colon and not rest.startswith("//") and prefix in names else text


def _canonical_link(text: str) -> str:
    """A Digital Link of any host at id.gs1.org, with nothing but its key and the finest qualifier."""
    match = _LINK.fullmatch(text)
    if not match:
        return text
    parts = match[1].rstrip("/").split("/")[1:]
    for start in range(len(parts) - 2, -1, -1):
        key, values = parts[start], parts[start:]
        if key in KEYS and len(values) % 2 == 0 and unquote(values[1])[:1].isdigit():
            qualifiers = dict(zip(values[2::2], values[3::2], strict=True))
            known = {ai for order in KEYS[key] for ai in order}
            if qualifiers.keys() <= known and re.fullmatch(r"\d[\w%.!-]*", values[1]):
                finest = next(
                    (ai for ai in ("21", "235", "10", "254", "8011", "8019", "8020", "7040") if ai in qualifiers), ""
                )
                tail = f"/{finest}/{quote(unquote(qualifiers[finest]), safe='')}" if finest else ""
                return f"{HOST}/{key}/{values[1]}{tail}"
    return text


# --- properties -----------------------------------------------------------------------------------------------

Writer = Callable[[str, Any, Context], str]


def _plain(name: str, value: Any, names: Context) -> str:
    return f"{name}={value_text(value, names)}"


def _time(name: str, value: Any, _names: Context) -> str:
    return f"{name}={moment(value)}"


def _offset(name: str, value: Any, _names: Context) -> str:
    return f"{name}={value}"


def _word(kind: str) -> Writer:
    return lambda name, value, names: f"{name}={expand(kind, value_text(value, names))}"


def _voc(name: str, value: Any, names: Context) -> str:
    text = value_text(value, names)
    return f"{name}={text if ':' in text else VOC + text}"


def _epcs(name: str, value: Any, names: Context) -> str:
    return name + "".join(sorted(f"epc={value_text(one, names)}" for one in _list(value)))


def _quantities(name: str, value: Any, names: Context) -> str:
    order = (("epcClass", _plain), ("quantity", _plain), ("uom", _plain))
    return name + "".join(sorted("quantityElement" + _fields(one, order, names) for one in _list(value)))


def _place(name: str, value: Any, names: Context) -> str:
    own = {"id": value} if isinstance(value, str) else value
    return name + _fields(own, (("id", _plain),), names)


def _typed(kind: str, member: str) -> Writer:
    order = (("type", _word(kind)), (member, _plain))
    return lambda name, value, names: name + "".join(sorted(_fields(one, order, names) for one in _list(value)))


def _persistent(name: str, value: Any, names: Context) -> str:
    word = _word("disposition")
    return name + "".join(
        "".join(sorted(word(part, one, names) for one in _list(value[part])))
        for part in ("set", "unset")
        if part in value
    )


def _sensors(_name: str, value: Any, names: Context) -> str:
    return "".join(sorted("sensorElement" + _sensor(one, names) for one in _list(value)))


def _sensor(element: Mapping[str, Any], names: Context) -> str:
    text = ""
    if element.get("sensorMetadata"):
        text = "sensorMetadata" + _with_extensions(element["sensorMetadata"], _METADATA, names)
    reports = ("sensorReport" + _with_extensions(one, _REPORT, names) for one in _list(element.get("sensorReport")))
    rest = {key: one for key, one in element.items() if key not in ("sensorMetadata", "sensorReport", "type", "isA")}
    return text + "".join(sorted(reports)) + _extensions(rest, names)


def _with_extensions(own: Mapping[str, Any], order: tuple, names: Context) -> str:
    known = {name for name, _write in order}
    rest = {key: value for key, value in own.items() if key not in known}
    return _fields(own, order, names) + _extensions(rest, names)


def _fields(own: Mapping[str, Any], order: Iterable[tuple[str, Writer]], names: Context) -> str:
    return "".join(write(name, own[name], names) for name, write in order if own.get(name) not in (None, ""))


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _extensions(own: Any, names: Context, beside: Mapping[str, Any] | None = None, depth: int = 0) -> str:
    """What a user added: names with their namespace in braces, sorted with all that is below them."""
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    found = []
    for key, value in {**own, **(beside or {})}.items() if isinstance(own, Mapping) else ():
        if key in _IGNORED:
            continue
        name = _qualified(key, names)
        for one in _list(value):
            if isinstance(one, Mapping):
                found.append(name + _extensions(one, names, None, depth + 1))
            else:
                found.append(f"{name}={value_text(one, names)}")
    return "".join(sorted(found))


def _qualified(key: str, names: Context) -> str:
    prefix, colon, local = key.partition(":")
    if colon and prefix in names:
        return f"{{{names[prefix]}}}{local}"
    match = re.fullmatch(r"(\w+:.*[/#:])([^/#:]+)", key)
    return f"{{{match[1]}}}{match[2]}" if match else key


_METADATA = (
    ("time", _time),
    ("startTime", _time),
    ("endTime", _time),
    ("deviceID", _plain),
    ("deviceMetadata", _plain),
    ("rawData", _plain),
    ("dataProcessingMethod", _plain),
    ("bizRules", _plain),
)
_REPORT = (
    ("type", _voc),
    ("exception", _voc),
    ("deviceID", _plain),
    ("deviceMetadata", _plain),
    ("rawData", _plain),
    ("dataProcessingMethod", _plain),
    ("time", _time),
    ("microorganism", _plain),
    ("chemicalSubstance", _plain),
    ("value", _plain),
    ("component", lambda name, value, names: f"{name}={_component(value_text(value, names))}"),
    ("stringValue", _plain),
    ("booleanValue", _plain),
    ("hexBinaryValue", _plain),
    ("uriValue", _plain),
    ("minValue", _plain),
    ("maxValue", _plain),
    ("meanValue", _plain),
    ("sDev", _plain),
    ("percRank", _plain),
    ("percValue", _plain),
    ("uom", _plain),
    ("coordinateReferenceSystem", _plain),
)


def _component(text: str) -> str:
    return text if ":" in text else f"{CBV}Comp-{text}"


_ORDER: tuple[tuple[str, Writer], ...] = (
    ("eventTime", _time),
    ("eventTimeZoneOffset", _offset),
    ("epcList", _epcs),
    ("parentID", _plain),
    ("inputEPCList", _epcs),
    ("childEPCs", _epcs),
    ("quantityList", _quantities),
    ("childQuantityList", _quantities),
    ("inputQuantityList", _quantities),
    ("outputEPCList", _epcs),
    ("outputQuantityList", _quantities),
    ("action", _offset),
    ("transformationID", _plain),
    ("bizStep", _word("bizStep")),
    ("disposition", _word("disposition")),
    ("persistentDisposition", _persistent),
    ("readPoint", _place),
    ("bizLocation", _place),
    ("bizTransactionList", _typed("bizTransactionType", "bizTransaction")),
    ("sourceList", _typed("sourceDestType", "source")),
    ("destinationList", _typed("sourceDestType", "destination")),
    ("sensorElementList", _sensors),
)
