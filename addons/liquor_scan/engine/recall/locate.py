"""Where the bottles of a recall are: each under the last movement that carried it, or under none."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from ..codes.ranges import ACTIVE, Span
from ..codes.ranges import VOID as VOIDED
from ..flow.custody import GONE, IN_TRANSIT, OPENED, Movement
from ..flow.transitions import MAKER
from ..flow.units import Packed
from ..flow.windows import Contents, Window, merge

STOCK, TRANSIT, HELD, USED, RETURNED = "stock", "transit", "held", "used", "returned"
VOID, INACTIVE, UNKNOWN = "void", "inactive", "unknown"
"""With the maker / on its way / with a party of the trade / sold or opened / back since the recall began /
label void, never on goods / code never activated / activated and never scanned: unknown holder."""
OPEN = frozenset({TRANSIT, HELD, UNKNOWN})
"""What has to come back still."""


class Piece(NamedTuple):
    """Bottles side by side that the same movement (None = none) carried last."""

    window: Window
    movement: Movement | None


class Located(NamedTuple):
    """A piece with its answer: who has it. `party` is a partner id, `member` a member id, 0 = not known."""

    window: Window
    situation: str
    kind: str
    party: int
    member: int
    movement: Movement | None


def locate(windows: Iterable[Window], movements: Iterable[Movement], links: Iterable[Packed] = ()) -> list[Piece]:
    """Every bottle of the windows in exactly one piece, under its last movement by event time.

    Opening a package moves the package alone: what lay in it stays where it was.

    >>> day, unit = datetime(2026, 3, 1), Movement.__annotations__["unit"]
    >>> pallet = Movement(1, day, unit(1, 12, 0), "ship", 20, "distributor", "held")
    >>> case = Movement(2, day.replace(hour=9), unit(1, 6, 1), "receive", 30, "terminal", "held")
    >>> [(piece.window.first, piece.window.last, piece.movement and piece.movement.holder)
    ...  for piece in locate([Window(1, 3, 14)], [pallet, case])]
    [(3, 5, 20), (6, 11, 30), (12, 14, None)]
    """
    contents = Contents(links)
    spans: dict[int, list[tuple[Window, Movement]]] = {}
    carriers = [movement for movement in movements if movement.state != OPENED]
    for movement in sorted(carriers, key=lambda one: (one.at, one.seq), reverse=True):
        for window in contents.at(movement.unit, movement.at):
            spans.setdefault(window.batch, []).append((window, movement))
    by_batch: dict[int, list[Window]] = {}
    for window in merge(windows):
        by_batch.setdefault(window.batch, []).append(window)
    return [piece for batch, mine in by_batch.items() for piece in _paint(mine, spans.get(batch, ()))]


def _paint(windows: list[Window], spans: Iterable[tuple[Window, Movement]]) -> Iterator[Piece]:
    """Pieces of the windows of one batch; the first span to reach a bottle keeps it."""
    cuts = {edge for window in windows for edge in (window.first, window.last + 1)}
    low, high = windows[0].first, windows[-1].last + 1
    cuts.update(min(max(edge, low), high) for window, _one in spans for edge in (window.first, window.last + 1))
    edges = sorted(cuts)
    owner: list[Movement | None] = [None] * len(edges)
    following = list(range(1, len(edges) + 1))  # the next segment that may be free
    for window, movement in spans:
        number = bisect_left(edges, window.first)
        while number < len(edges) - 1 and edges[number] <= window.last:
            if owner[number] is None:
                owner[number] = movement
            number = _next_free(owner, following, number)
    return _pieces(windows, edges, owner)


def _next_free(owner, following, number: int) -> int:
    """The first segment behind `number` without an owner, remembering the way."""
    trail = []
    while number < len(owner) and owner[number] is not None:
        trail.append(number)
        number = following[number]
    for passed in trail:
        following[passed] = number
    return number


def _pieces(windows: list[Window], edges: list[int], owner) -> Iterator[Piece]:
    for window in windows:
        number = bisect_left(edges, window.first)
        start = edges[number]
        while edges[number] <= window.last:
            if edges[number + 1] > window.last or owner[number + 1] is not owner[number]:
                yield Piece(Window(window.batch, start, edges[number + 1] - 1), owner[number])
                start = edges[number + 1]
            number += 1


def situation_of(movement: Movement, since: datetime | None) -> str:
    """What a movement says about its goods; `since` is when the recall began (None = not yet).

    >>> day, unit = datetime(2026, 3, 1), Movement.__annotations__["unit"]
    >>> back = Movement(5, day, unit(1, 6, 0), "receive", 10, "maker", "held", 30, "terminal")
    >>> situation_of(back, day), situation_of(back, None)
    ('returned', 'stock')
    """
    if movement.state == GONE:
        return USED
    if movement.state == IN_TRANSIT:
        return TRANSIT
    if movement.holder_kind != MAKER:
        return HELD
    came_back = since is not None and movement.at >= since and movement.kind in ("receive", "return")
    return RETURNED if came_back else STOCK


def classify(
    pieces: Iterable[Piece],
    since: datetime | None,
    spans_of: Mapping[int, Iterable[Span]],
    members: Mapping[tuple[int, int], int],
) -> Iterator[Located]:
    """Say of each piece who has it; what nobody moved is split by the state of its codes.

    :param spans_of: {batch: activated and void spans}
    :param members: {(batch, bottle): member who claimed it}
    """
    for window, movement in pieces:
        if movement is None:
            for part, state in _by_code(window, list(spans_of.get(window.batch, ()))):
                yield Located(part, state, "", 0, 0, None)
            continue
        situation = situation_of(movement, since)
        if situation == USED:
            yield from _used(window, movement, members)
            continue
        # what is back or on its way to the maker is listed under who gave it
        giver = situation == RETURNED or (situation == TRANSIT and movement.holder_kind == MAKER)
        party = (movement.giver_kind, movement.giver) if giver else (movement.holder_kind, movement.holder)
        yield Located(window, situation, *party, 0, movement)


def _by_code(window: Window, spans: list[Span]) -> Iterator[tuple[Window, str]]:
    whole = [span for span in spans if span.kind is None or span.state == ACTIVE]
    cuts = {edge for span in whole for edge in (span.first, span.last + 1)}
    edges = sorted({window.first, window.last + 1, *(cut for cut in cuts if window.first < cut <= window.last)})
    for first, behind in pairwise(edges):
        states = {span.state for span in whole if span.first <= first <= span.last}
        state = VOID if VOIDED in states else (UNKNOWN if ACTIVE in states else INACTIVE)
        yield Window(window.batch, first, behind - 1), state


def _used(window: Window, movement: Movement, members: Mapping[tuple[int, int], int]) -> Iterator[Located]:
    """Sold or opened bottles, one by one only where a member claimed one; the party is the last of the trade."""
    start = window.first
    for bottle in range(window.first, window.last + 1):
        member = members.get((window.batch, bottle), 0)
        following = members.get((window.batch, bottle + 1), 0)
        if bottle == window.last or member or following:
            part = Window(window.batch, start, bottle)
            yield Located(part, USED, movement.giver_kind, movement.giver, member, movement)
            start = bottle + 1


class Place(NamedTuple):
    """A line of the list of holders."""

    situation: str
    kind: str
    party: int
    member: int


def tally(located: Iterable[Located]) -> dict[Place, int]:
    """Bottles per holder and situation; their sum is the sum of the windows.

    >>> piece = Located(Window(1, 0, 5), HELD, "terminal", 30, 0, None)
    >>> tally([piece, piece._replace(window=Window(1, 6, 6))])
    {Place(situation='held', kind='terminal', party=30, member=0): 7}
    """
    totals: dict[Place, int] = {}
    for one in located:
        place = Place(one.situation, one.kind, one.party, one.member)
        totals[place] = totals.get(place, 0) + one.window.bottles
    return totals
