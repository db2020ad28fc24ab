"""A transfer filled by scanning: what a scan on it becomes, which line it fills, what is wanting at the end.

Plain Python; all quantities are whole bottles.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..codes.gs1 import check_digit
from ..flow.request import MAX_CODE, body_hash, is_id

INSIDE = frozenset({"internal", "transit"})
"""Kinds of places in which goods are the maker's own stock."""
SOURCES = frozenset({"supplier", "production", "inventory"})
"""Kinds of places from which goods come into stock for the first time."""
SECRET = frozenset({"consumer_code", "inside_code"})
"""Refusals of codes that are worth money to whoever reads them: kept in part only."""

_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def event_type(source: str, destination: str) -> str:
    """The event that a scan becomes, by the kinds of places a transfer joins; "" where units are not followed.

    >>> [event_type(*pair) for pair in (("internal", "customer"), ("customer", "internal"), ("internal", "transit"))]
    ['ship', 'receive', 'store']
    >>> event_type("production", "internal"), event_type("internal", "inventory")
    ('pack', '')
    """
    if destination == "customer":
        return "ship"
    if destination not in INSIDE:
        return ""
    if source == "customer":
        return "receive"
    return "store" if source in INSIDE else ("pack" if source in SOURCES else "")


class Press(NamedTuple):
    """One event of a device: a code, or the number of the event that it takes back."""

    client_id: str
    code: str
    undo_of: str
    body_hash: str


def read_press(event: Any) -> Press | None:
    """An event as the dialog sends it, None where it has no number or neither a code nor what it takes back.

    What a scanner typed is kept as it is: a text that is no code is a wrong scan, not a wrong call.

    >>> read_press({"id": "k-1", "code": " A1 "}).code
    'A1'
    >>> read_press({"id": "k-2", "undo_of": "k-1"}).undo_of
    'k-1'
    >>> [read_press(event) for event in ({"code": "A1"}, {"id": "k"}, {"id": "k", "code": 7}, "A1")]
    [None, None, None, None]
    """
    if not isinstance(event, dict) or not is_id(event.get("id")):
        return None
    code, undo_of = event.get("code"), event.get("undo_of")
    digest = body_hash({"code": code, "undo_of": undo_of})
    if code is None and is_id(undo_of):
        return Press(event["id"], "", undo_of, digest)
    if undo_of is None and isinstance(code, str):
        return Press(event["id"], code[: MAX_CODE + 1].strip(), "", digest)
    return None


def shown(code: str, reason: str) -> str:
    """A wrong code as it is kept: characters that no table holds replaced, money codes in part.

    >>> shown("10000ABCDEFGHJKMN", "consumer_code"), shown("a\\x1db", "bad_code")
    ('1000…MN', 'a·b')
    """
    text = _UNREADABLE.sub("·", code[:MAX_CODE])
    return f"{text[:4]}…{text[-2:]}" if reason in SECRET else text


def spread(bottles: int, rooms: Sequence[int]) -> list[int]:
    """Bottles per line: each line takes what it has room for, the last one what is over.

    >>> spread(360, [200, 160]), spread(6, [0, 12]), spread(10, [4, 4])
    ([200, 160], [0, 6], [4, 6])
    """
    shares = []
    for room in rooms:
        share = min(max(room, 0), bottles)
        shares.append(share)
        bottles -= share
    if shares:
        shares[-1] += bottles
    return shares


def withdraw(bottles: int, filled: Sequence[int]) -> list[int]:
    """Bottles to take off each line, from the last one back; never more than a line holds.

    >>> withdraw(8, [6, 6]), withdraw(20, [6, 6])
    ([2, 6], [6, 6])
    """
    taken = []
    for held in reversed(filled):
        taken.append(min(held, bottles))
        bottles -= taken[-1]
    return taken[::-1]


def package_name(batch: int, index: int) -> str:
    """Name of the package of a pallet in the shape of an SSCC: 17 digits and their check digit.

    For pallets of a maker who had no GS1 prefix when their codes were made: digit 9, eight digits of the batch,
    eight of the pallet, unique in this house.

    >>> package_name(12, 3)
    '900000012000000037'
    """
    body = f"9{batch % 10**8:08d}{index % 10**8:08d}"
    return f"{body}{check_digit(body)}"


class CloseLine(NamedTuple):
    """What a transfer had to carry of a product and what was scanned."""

    key: int
    expected: int
    scanned: int

    @property
    def difference(self) -> int:
        return self.scanned - self.expected


def close_lines(expected: Mapping[int, int], scanned: Mapping[int, int]) -> list[CloseLine]:
    """One line per product in the order of `expected`, then what nobody asked for.

    >>> [tuple(line) + (line.difference,) for line in close_lines({7: 60, 8: 12}, {7: 54, 9: 6})]
    [(7, 60, 54, -6), (8, 12, 0, -12), (9, 0, 6, 6)]
    """
    keys = [*expected, *(key for key in scanned if key not in expected)]
    return [CloseLine(key, expected.get(key, 0), scanned.get(key, 0)) for key in keys]


def counted(reasons: Iterable[tuple[str, str]]) -> list[tuple[str, int, list[str]]]:
    """Wrong scans by reason, the most frequent first: (reason, how many, the codes).

    >>> counted([("wrong_goods", "A"), ("unknown_code", "B"), ("wrong_goods", "C")])
    [('wrong_goods', 2, ['A', 'C']), ('unknown_code', 1, ['B'])]
    """
    found: dict[str, list[str]] = {}
    for reason, code in reasons:
        found.setdefault(reason, []).append(code)
    return sorted(((reason, len(codes), codes) for reason, codes in found.items()), key=lambda row: (-row[1], row[0]))
