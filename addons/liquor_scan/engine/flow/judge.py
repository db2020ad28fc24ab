"""What becomes of one scan: accepted, held or rejected, and where the goods then are.

Pure decision: the caller brings who scans, what the code says, where the unit
and its packages are now, and which distributor supplies which shop. Sources:
trade.md R9, spec/codes.md rules 1-4, design.md section 6.
"""

from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from .board import ACCEPTED, Actor, Board, Scanned, Supply, Target, Verdict, hold, reject
from .custody import GONE, HELD, IN_TRANSIT, OPENED, Row
from .transitions import (
    DISTRIBUTOR,
    FIELD,
    GUIDE,
    MAKER,
    SUB,
    TABLE,
    TERMINAL,
    WAITER,
    may_send,
)

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Two devices' clocks may differ by so much: such an event counts as right after the one before it."""
SHOP_RADIUS_METRES = 1000
"""A receipt further from each registered place of the shop is held (spec/codes.md rule 4)."""

CONSUMER_KINDS = frozenset({"cap_inner"})
"""Codes under the cap: money of the consumer, never proof of a receipt."""
HIDDEN_KINDS = frozenset({"case_inner"})
"""Codes that only an opened case shows."""
RECALLED_MAY = frozenset({"return", "count", "check", "store"})
"""What is still done with recalled goods; the maker receives them besides, and puts them apart inside his house."""


def judge(
    kind: str,
    actor: Actor,
    scanned: Scanned,
    board: Board,
    supply: Supply,
    at: datetime,
    seq: int,
    target: Target | None = None,
    purpose: str = "",
    metres: float | None = None,
    recalled: bool = False,
) -> Verdict:
    """Decide one event about one unit; `seq` is its place in the order of posting.

    `metres` is the distance to the nearer registered place of the shop less the accuracy, None = not known.
    `recalled` goods go back, are put apart, counted or checked; everything else stops.
    """
    fault = _fault(kind, actor, scanned, recalled)
    if fault is not None:
        return fault
    row = board.position(scanned.unit)
    scene = _Scene(kind, actor, scanned, board, supply, at, seq, target, purpose, metres, row, recalled)
    if row is None or at >= row.since or TABLE[kind].custody == "none":
        return _DECIDE[kind](scene)
    if _confirms_the_past(scene):
        return Verdict(ACCEPTED, "", row._replace(state=IN_TRANSIT, since=at, seq=seq), row.giver, row.giver_kind)
    if row.since - at > CLOCK_TOLERANCE:
        return hold("out_of_order", since=row.since)
    return _DECIDE[kind](scene._replace(at=row.since))


def _confirms_the_past(scene: "_Scene") -> bool:
    """A distributor's outbound upload that arrives after the shop's receipt: history, custody stays."""
    return (
        scene.kind == "ship"
        and scene.target is not None
        and scene.row.holder == scene.target.party
        and scene.row.giver == scene.actor.party
    )


def _fault(kind: str, actor: Actor, scanned: Scanned, recalled: bool) -> Verdict | None:
    if not may_send(kind, actor.kinds):
        return reject("not_allowed")
    if scanned.state == "unknown":
        return reject("unknown_code")
    if scanned.state == "void":
        return reject("void_code")
    if recalled and kind not in RECALLED_MAY and not (kind == "receive" and MAKER in actor.kinds):
        return reject("recalled")
    if (kind == "open") != (scanned.kind in CONSUMER_KINDS) and kind not in ("check", "count"):
        return reject("consumer_code" if kind != "open" else "not_a_cap_code")
    if scanned.kind in HIDDEN_KINDS and kind not in ("unpack", "check"):
        return reject("inside_code")
    if scanned.state == "inactive" and kind not in ("pack", "store", "check"):
        return hold("not_activated")
    return None


class _Scene(NamedTuple):
    kind: str
    actor: Actor
    scanned: Scanned
    board: Board
    supply: Supply
    at: datetime
    seq: int
    target: Target | None
    purpose: str
    metres: float | None
    row: Row | None
    recalled: bool = False

    @property
    def mine(self) -> bool:
        return self.row is not None and self.row.holder == self.actor.party

    @property
    def holder_kind(self) -> str:
        return self.row.holder_kind if self.row else ""

    def moved(self, party: int, party_kind: str, state: str, fact: str = "") -> Verdict:
        giver = self.row.holder if self.row else 0
        giver_kind = self.holder_kind
        if self.row is not None and self.row.holder == party:  # a confirmation: the sender stays the giver
            giver, giver_kind = self.row.giver, self.row.giver_kind
        row = Row(party, party_kind, state, self.at, self.seq, giver, giver_kind)
        return Verdict(ACCEPTED, "", row, giver, giver_kind, fact)

    def given(self, party: int, party_kind: str) -> Verdict:
        """The maker hands goods over; they may not have been scanned before."""
        row = Row(party, party_kind, HELD, self.at, self.seq, self.actor.party, MAKER)
        return Verdict(ACCEPTED, "", row, self.actor.party, MAKER)

    def actor_kind(self) -> str:
        for kind in (MAKER, DISTRIBUTOR, SUB, TERMINAL, GUIDE, WAITER, FIELD):
            if kind in self.actor.kinds:
                return kind
        return ""


def _spent(scene: _Scene) -> Verdict | None:
    """What is no longer a closed unit at one place cannot move as one."""
    if scene.row is not None and scene.row.state == GONE:
        return reject("already_sold", scene.row.since)
    if scene.board.opened(scene.scanned.unit):
        return reject("package_opened", scene.board.rows[scene.scanned.unit].since)
    parts = list(scene.board.parts(scene.scanned.unit))
    if any(row.state == GONE for row in parts):
        return reject("bottle_opened", min(row.since for row in parts))
    if any(row.holder != (scene.row.holder if scene.row else scene.board.maker) for row in parts):
        return hold("part_elsewhere")
    return None


def _pack(scene: _Scene) -> Verdict:
    if scene.row is not None:
        return reject("already_scanned", scene.row.since)
    return scene.moved(scene.actor.party, MAKER, HELD)


def _store(scene: _Scene) -> Verdict:
    """The maker moves his own goods inside his house, as often as he likes."""
    spent = _spent(scene)
    if spent:
        return spent
    if scene.row is None or scene.mine:
        return scene.moved(scene.actor.party, MAKER, HELD)
    return reject("not_in_stock", scene.row.since)


def _ship(scene: _Scene) -> Verdict:
    if scene.target is None:
        return reject("no_receiver")
    spent = _spent(scene)
    if spent:
        return spent
    by_maker = MAKER in scene.actor.kinds
    if scene.row is not None and scene.row.holder == scene.target.party:
        return reject("already_scanned", scene.row.since)
    if not (scene.mine or (by_maker and scene.row is None)):
        waits = not by_maker and (scene.row is None or scene.holder_kind == MAKER)
        return hold("not_shipped") if waits else reject("not_yours")
    if by_maker:
        if scene.target.kind not in (DISTRIBUTOR, SUB):
            return reject("wrong_receiver")
        return scene.given(scene.target.party, scene.target.kind)
    if scene.target.kind not in (SUB, TERMINAL):
        return reject("wrong_receiver")
    if scene.target.kind == TERMINAL and not _supplies(scene, scene.target.party, scene.actor.party):
        return reject("not_assigned")
    return scene.moved(scene.target.party, scene.target.kind, IN_TRANSIT)


def _supplies(scene: _Scene, shop: int, supplier: int) -> bool:
    return scene.supply.of(shop, scene.scanned.product) == supplier


def _take_back(scene: _Scene) -> Verdict:
    """The maker takes recalled goods in from whoever brings them, also a bottle that was sold."""
    if scene.mine and scene.row.state == HELD:
        return reject("already_scanned", scene.row.since)
    whole = scene._replace(row=scene.row._replace(state=HELD)) if scene.row else scene
    return _spent(whole) or scene.moved(scene.actor.party, MAKER, HELD)


def _receive(scene: _Scene) -> Verdict:
    if scene.recalled:
        return _take_back(scene)
    spent = _spent(scene)
    if spent:
        return spent
    if scene.mine and scene.row.state == HELD:
        return reject("already_scanned", scene.row.since)
    if MAKER in scene.actor.kinds:
        return _receive_by_maker(scene)
    if scene.actor.barred:
        return hold(scene.actor.barred)
    if scene.row is None or (scene.holder_kind == MAKER):
        return hold("not_shipped")
    if scene.metres is not None and scene.metres > SHOP_RADIUS_METRES:
        return hold("outside_shop")
    if TERMINAL in scene.actor.kinds:
        return _receive_by_shop(scene)
    if scene.mine or _supplies(scene, scene.actor.party, scene.row.holder):
        return scene.moved(scene.actor.party, scene.actor_kind(), HELD)
    return hold("other_distributor", giver=scene.row.holder, giver_kind=scene.holder_kind)


def _receive_by_maker(scene: _Scene) -> Verdict:
    sent_back = scene.target is not None and scene.row is not None and scene.target.party == scene.row.holder
    if scene.row is None or scene.mine or sent_back:  # a return delivery names who sends
        return scene.moved(scene.actor.party, MAKER, HELD)
    return hold("not_returned")


def _receive_by_shop(scene: _Scene) -> Verdict:
    shop = scene.actor.party
    if scene.mine:  # its distributor scanned the goods out to this shop; what another shop hands over earned already
        return scene.moved(shop, TERMINAL, HELD, "" if scene.row.giver_kind == TERMINAL else "received")
    if scene.holder_kind == TERMINAL:
        if scene.row.state == IN_TRANSIT:
            return hold("sent_to_another_shop")
        return hold("transfer_waits", giver=scene.row.holder, giver_kind=TERMINAL, waits_for=shop)
    if _supplies(scene, shop, scene.row.holder):
        if scene.row.holder in scene.supply.outbound:  # he names the shop first (trade.md R9 f)
            return hold("not_shipped")
        return scene.moved(shop, TERMINAL, HELD, "received")
    return hold("other_distributor", giver=scene.row.holder, giver_kind=scene.holder_kind)


def _transfer(scene: _Scene) -> Verdict:
    spent = _spent(scene)
    if spent:
        return spent
    if not scene.mine:
        return reject("not_yours")
    asked = scene.board.waiting.get(scene.scanned.unit, 0)
    if scene.purpose == "object":
        return Verdict(ACCEPTED, "objected") if asked else reject("nothing_waits")
    if asked and (scene.target is None or scene.target.party == asked):
        return scene.moved(asked, TERMINAL, HELD)
    if scene.target is None:
        return reject("no_receiver")
    if scene.target.kind not in (TERMINAL, SUB) or scene.target.party == scene.actor.party:
        return reject("wrong_receiver")
    return scene.moved(scene.target.party, scene.target.kind, IN_TRANSIT)


def _return(scene: _Scene) -> Verdict:
    spent = _spent(scene)
    if spent:
        return spent
    if not scene.mine:
        return reject("not_yours")
    if TERMINAL in scene.actor.kinds:
        shop = scene.actor.party
        back = scene.row.giver if scene.row.giver_kind in (DISTRIBUTOR, SUB) else 0
        back = back or scene.supply.of(shop, scene.scanned.product)
        if not back:
            return reject("no_receiver")
        kind = scene.row.giver_kind if scene.row.giver == back else DISTRIBUTOR
        return scene.moved(back, kind, HELD, "returned")
    above = scene.supply.of(scene.actor.party, scene.scanned.product)  # of a sub-distributor
    usual = Target(above, DISTRIBUTOR) if above else Target(scene.board.maker, MAKER)
    target = scene.target or usual
    if target.kind != MAKER and target not in (usual, (scene.row.giver, scene.row.giver_kind)):
        return reject("wrong_receiver")
    return scene.moved(target.party, target.kind, IN_TRANSIT)


def _unpack(scene: _Scene) -> Verdict:
    if not scene.scanned.larger:
        return reject("nothing_inside")
    spent = _spent(scene)
    if spent:
        return spent
    if not scene.mine and not (scene.row is None and MAKER in scene.actor.kinds):
        return reject("receive_first" if TERMINAL in scene.actor.kinds else "not_yours")
    return scene.moved(scene.actor.party, scene.actor_kind(), OPENED)


def _sell(scene: _Scene) -> Verdict:
    spent = _spent(scene)
    if spent:
        return spent
    if not scene.mine:
        return reject("receive_first")
    return scene.moved(0, "consumer", GONE, "sold")


def _open(scene: _Scene) -> Verdict:
    row = scene.board.rows.get(scene.scanned.unit)
    if row is not None and row.state == GONE:
        return reject("already_opened", row.since)
    if scene.row is None or scene.holder_kind == MAKER:
        return hold("not_shipped")
    return scene.moved(0, "consumer", GONE, "opened")


def _note(scene: _Scene) -> Verdict:
    return Verdict(ACCEPTED, "", None, scene.row.holder if scene.row else 0, scene.holder_kind, TABLE[scene.kind].fact)


_DECIDE = {
    "pack": _pack,
    "store": _store,
    "ship": _ship,
    "receive": _receive,
    "transfer": _transfer,
    "return": _return,
    "unpack": _unpack,
    "sell": _sell,
    "open": _open,
    "count": _note,
    "check": _note,
}


def distance(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Metres along the great circle, mean radius 6,371,008.8 m.

    >>> round(distance(0, 0, 0, 1) / 1000, 1)  # one degree of the equator is 111.2 km
    111.2
    """
    phi1, phi2 = radians(lat1), radians(lat2)
    half = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * 6371008.8 * asin(min(1.0, sqrt(half)))
