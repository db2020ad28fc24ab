"""The body of `POST /liquor/v1/scans`: what one event must look like before anything is done with it.

Plain Python. Nothing here knows codes, parties or the database: the result of
`normalise` is either a `ScanItem` or a `Refusal` with one clear reason.
"""

import hashlib
import json
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from ..codes.gs1_text import FNC1

MAX_EVENTS = 5000
"""Events in one call, and codes in one call (design.md, section 6)."""

MAX_TEXT = 128
MAX_CODE = 200
FUTURE_TOLERANCE = timedelta(minutes=5)
"""A handheld's clock may be this much ahead of ours."""
OLDEST = timedelta(days=31)
"""An offline queue older than this is no proof of a day any more."""
OLDEST_OF_PHONE = timedelta(hours=72)
"""A phone's clock is its owner's: who is paid by the day of a scan does not name one further back (ours; R8 pays within
three days by risk)."""

EVENT_TYPES = (
    "pack",
    "store",
    "ship",
    "receive",
    "transfer",
    "return",
    "unpack",
    "sell",
    "open",
    "count",
    "check",
    "void",
)
PURPOSES = ("normal", "goods_rebate", "tasting", "gift", "banquet", "internal", "online", "object")
"""Order kinds as `sale.order` names them, and `object`: the giver objects to a transfer."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Place(NamedTuple):
    """Where the phone says it is: WGS 84 degrees, accuracy in metres (0 = not told)."""

    lat: float
    lon: float
    accuracy: float


class ScanItem(NamedTuple):
    """One event that can be judged. `at` is naive UTC, as Odoo stores times."""

    client_id: str
    type: str
    codes: tuple[str, ...]
    at: datetime
    place: Place | None
    to: str
    purpose: str
    reference: str
    undo_of: str
    body_hash: str


class Refusal(NamedTuple):
    """Why an event cannot be judged at all. `client_id` is empty when the id itself is bad."""

    client_id: str
    reason: str
    body_hash: str


def is_id(value: Any) -> bool:
    """A number that a device may give its event.

    >>> is_id("a-1"), is_id("-a"), is_id("a b"), is_id(7)
    (True, False, False, False)
    """
    return isinstance(value, str) and bool(_ID.match(value))


def body_hash(event: Any) -> str:
    """SHA-256 of the event in canonical JSON: keys sorted, no spaces, 30.0 written as 30.

    >>> body_hash({"id": "a", "lat": 30.0}) == body_hash({"lat": 30, "id": "a"})
    True
    >>> body_hash({"id": "a"}) == body_hash({"id": "b"})
    False
    """
    text = json.dumps(_plain(event), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: Any, depth: int = 0) -> Any:
    if depth > 8:
        return "…"
    if isinstance(value, dict):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return int(value)
    return value


def is_text(value: Any, longest: int = MAX_TEXT) -> bool:
    """A string that a database and a screen can hold: no control characters, no half surrogates.

    >>> is_text("云泉"), is_text("a\\x00b"), is_text("\\ud800"), is_text(7), is_text("x" * 200)
    (True, False, False, False, False)
    """
    return isinstance(value, str) and len(value) <= longest and not _CONTROL.search(value)


def is_code(value: Any) -> bool:
    """A text that may be a code as a scanner sends it: GS1's separator is its only control character.

    >>> is_code("1000A00000000000B"), is_code("01095201234567881010A" + FNC1 + "21B"), is_code(" "), is_code("a\\tb")
    (True, True, False, False)
    """
    return isinstance(value, str) and is_text(value.replace(FNC1, ""), MAX_CODE) and bool(value.strip())


def moment(value: Any) -> datetime | None:
    """ISO 8601 with a zone -> naive UTC, whole seconds; None when it is not such a text.

    >>> moment("2026-11-21T20:14:05+08:00")
    datetime.datetime(2026, 11, 21, 12, 14, 5)
    >>> moment("2026-11-21T12:14:05Z")
    datetime.datetime(2026, 11, 21, 12, 14, 5)
    >>> moment("2026-11-21 20:14:05") is None  # whose clock?
    True
    """
    if not is_text(value, 40):
        return None
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is None:
            return None
        return parsed.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError):
        return None


def place(event: dict[str, Any]) -> Place | None:
    """The place of an event, or None when it is missing or cannot be a place on Earth.

    A wrong place is no reason to refuse goods that arrived: it is "place unknown",
    and the rules for that apply (security.md A13).

    >>> place({"lat": 34.747, "lon": 113.625, "accuracy": 12})
    Place(lat=34.747, lon=113.625, accuracy=12.0)
    >>> place({"lat": 999, "lon": 113.6}) is None and place({"lat": "34"}) is None
    True
    """
    lat, lon = _number(event.get("lat"), 90), _number(event.get("lon"), 180)
    if lat is None or lon is None or (lat == 0 and lon == 0):
        return None
    accuracy = _number(event.get("accuracy"), 1e6)
    return Place(lat, lon, max(0.0, accuracy or 0.0))


def _number(value: Any, bound: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # compared before it is converted: an int may be too large for a float
    if not -bound <= value <= bound:
        return None
    return float(value)


def normalise(event: Any, now: datetime, *, phone: bool = False) -> ScanItem | Refusal:
    """Checks one event of a call; `now` is naive UTC, `phone` says that a person's own device sent it.

    Unknown keys are ignored (security.md A7: `amount`, `member_id`, `company_id` … never count)
    but belong to the body hash.

    >>> now = datetime(2026, 11, 21, 12, 0)
    >>> item = normalise({"id": "k-1", "type": "receive", "code": "A1", "at": "2026-11-21T19:59:00+08:00"}, now)
    >>> item.type, item.codes, item.at
    ('receive', ('A1',), datetime.datetime(2026, 11, 21, 11, 59))
    >>> normalise({"id": "k-2", "type": "fly", "code": "A1", "at": "2026-11-21T11:59:00Z"}, now).reason
    'bad_type'
    >>> late = {"id": "k-3", "type": "receive", "code": "A1", "at": "2026-11-18T11:59:59Z"}
    >>> isinstance(normalise(late, now), ScanItem), normalise(late, now, phone=True).reason
    (True, 'scan_again')
    """
    digest = body_hash(event)
    if not isinstance(event, dict):
        return Refusal("", "bad_event", digest)
    client_id = event.get("id")
    if not is_id(client_id):
        return Refusal("", "bad_id", digest)
    at = moment(event.get("at"))
    codes = _codes(event)
    reason = _fault(event, at, codes, now)
    if not reason and phone and at is not None and at < now - OLDEST_OF_PHONE:
        reason = "scan_again"
    if reason:
        return Refusal(client_id, reason, digest)
    return ScanItem(
        client_id=client_id,
        type=event["type"],
        codes=codes or (),
        at=at,
        place=place(event),
        to=str(event.get("to") or ""),
        purpose=event.get("purpose") or "",
        reference=event.get("reference") or "",
        undo_of=event.get("undo_of") or "",
        body_hash=digest,
    )


def _fault(event: dict[str, Any], at: datetime | None, codes: tuple[str, ...] | None, now: datetime) -> str:
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in EVENT_TYPES:
        return "bad_type"
    if at is None:
        return "bad_time"
    if at > now + FUTURE_TOLERANCE:
        return "in_the_future"
    if at < now - OLDEST:
        return "too_old"
    return _fault_of_texts(event) or _fault_of_codes(kind, event, codes)


def _fault_of_texts(event: dict[str, Any]) -> str:
    target = event.get("to")
    whole = isinstance(target, int) and not isinstance(target, bool) and 0 < target < 2**31
    if target and not whole and not is_text(target, 64):
        return "bad_to"
    purpose = event.get("purpose")
    if purpose and purpose not in PURPOSES:
        return "bad_purpose"
    if event.get("reference") and not is_text(event["reference"]):
        return "bad_reference"
    return ""


def _fault_of_codes(kind: str, event: dict[str, Any], codes: tuple[str, ...] | None) -> str:
    if kind == "void":
        undo_of = event.get("undo_of")
        return "" if is_id(undo_of) else "bad_undo"
    if event.get("undo_of"):
        return "bad_undo"
    if codes is None:
        return "bad_code"
    if len(codes) > MAX_EVENTS:
        return "too_many_codes"
    return "same_code_twice" if len(set(codes)) != len(codes) else ""


def _codes(event: dict[str, Any]) -> tuple[str, ...] | None:
    """`code` or `codes`, one of both; None when it is neither."""
    single, several = event.get("code"), event.get("codes")
    if (single is None) == (several is None):
        return None
    texts = [single] if several is None else several
    if not isinstance(texts, list) or not texts:
        return None
    if not all(is_code(text) for text in texts):
        return None
    return tuple(text.strip() for text in texts)
