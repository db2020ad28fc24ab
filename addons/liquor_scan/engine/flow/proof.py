"""The content hash of an event: proof that its row was not changed afterwards (design.md 3.14)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

FIELDS = (
    "company_id",
    "kind",
    "status",
    "reason",
    "batch_id",
    "level",
    "unit_index",
    "code_kind",
    "product_id",
    "bottles",
    "party_id",
    "party_kind",
    "counterparty_id",
    "holder_id",
    "holder_kind",
    "custody_state",
    "user_id",
    "event_time",
    "device_time",
    "business_day",
    "source",
    "place_source",
    "accuracy",
    "territory_id",
    "fact_kind",
    "purpose",
    "reference",
    "undo_of_id",
)
"""What is hashed, in this order; a later column is added at the end, never in between."""


def event_hash(values: Mapping[str, Any]) -> str:
    """SHA-256 of the proven columns; missing, empty and zero are one.

    >>> event_hash({"kind": "ship", "level": 6}) == event_hash({"kind": "ship", "level": 6, "reason": False})
    True
    >>> event_hash({"kind": "ship", "level": 6}) == event_hash({"kind": "ship", "level": 1})
    False
    """
    text = json.dumps([values.get(name) or None for name in FIELDS], default=_iso, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _iso(value: date | datetime) -> str:
    return value.isoformat()
