from odoo import api, models

from ...engine.flow.board import ACCEPTED, HELD_BACK, REJECTED, Verdict
from ...engine.flow.judge import SHOP_RADIUS_METRES, distance, judge
from .scene import Judged, Outcome

STOPPED = ("pack", "ship")
"""What a stopped roll does not do."""
WORST = {ACCEPTED: 0, HELD_BACK: 1, REJECTED: 2}


class LiquorScanDesk(models.AbstractModel):
    """The work behind ``liquor.scan.request._take``: collect, judge, write, pay; set-based throughout.

    State diagram of a unit: nobody -> held by the maker -> held by a distributor -> (awaiting confirmation ->)
    held by a shop -> package opened / sold / drunk; a return goes back one step (docs/architecture.md).
    """

    _name = "liquor.scan.desk"
    _description = "Scan Service"

    @api.model
    def _process(self, user, items, source, client=None, now=None):
        """Judge events, store them and pay what they earn.

        :param user: who sends
        :param items: engine ``ScanItem``s that are no undo
        :param client: ``liquor.api.client`` whose key was used
        :return: (outcomes in the order of ``items``, {client id: event ids}, {client id: rewards})
        """
        if not items:
            return [], {}, {}
        scene = self.env["liquor.scan.collect"]._collect(user, items, client)
        outcomes = [self._judge_item(scene, item) for item in items]
        event_ids = self._write_events(scene, outcomes, user, source, now)
        rewards = self.env["liquor.scan.payer"]._pay(scene, outcomes, event_ids)
        return outcomes, event_ids, rewards

    # --- judge -----------------------------------------------------------------------------------------------

    def _judge_item(self, scene, item):
        """One event: all its codes must pass, else nothing of it moves and the worst code decides the answer."""
        judged = [self._judge_code(scene, item, code) for code in item.codes]
        units = [one.ref.scanned.unit for one in judged if one.ref.company]
        if len(set(units)) != len(units):
            # one unit written in two ways: it would move, and earn, twice
            return Outcome(item, REJECTED, "same_code_twice")
        worst = max(range(len(judged)), key=lambda number: (WORST[judged[number].verdict.status], -number))
        verdict = judged[worst].verdict
        if verdict.status == ACCEPTED:
            for one in judged:
                self._place(scene, one)
        elif len(judged) > 1:
            judged = [one for one in judged if one.verdict.status == HELD_BACK] if verdict.status == HELD_BACK else []
        kept = tuple(judged) if verdict.status != REJECTED else ()
        return Outcome(item, verdict.status, verdict.reason, verdict.since, kept, item.codes[worst])

    def _judge_code(self, scene, item, code):
        ref = scene.refs[code]
        if not ref.company:
            return Judged(item, ref, None, None, Verdict(REJECTED, "unknown_code"), None)
        day = scene.days[ref.company, item.at]
        if scene.types and item.type not in scene.types:
            return Judged(item, ref, None, None, Verdict(REJECTED, "not_allowed"), day)
        actor = scene.actors[ref.company, day]
        target = scene.targets.get((ref.company, item.to, day)) if item.to else None
        if item.to and target is None:
            return Judged(item, ref, actor, None, Verdict(REJECTED, "unknown_receiver"), day)
        if item.type in STOPPED and ref.scanned.unit in scene.stopped:
            return Judged(item, ref, actor, None, Verdict(REJECTED, "roll_stopped"), day)
        scene.seq += 1
        verdict = judge(
            item.type,
            actor,
            ref.scanned,
            scene.boards[ref.company],
            scene.supplies[ref.company, day],
            item.at,
            scene.seq,
            target,
            item.purpose,
            self._metres(scene, actor, item),
            ref.scanned.unit in scene.recalled,
        )
        return Judged(item, ref, actor, target, verdict, day)

    def _metres(self, scene, actor, item):
        """Distance to the nearer registered place less the accuracy; None where one of both is unknown."""
        places = scene.places.get(actor.party)
        if not places or item.place is None:
            return None
        nearest = min(distance(item.place.lat, item.place.lon, *place) for place in places)
        return nearest - min(item.place.accuracy, SHOP_RADIUS_METRES)

    def _place(self, scene, judged):
        """The goods are where the verdict says, for the events that follow in this call."""
        board = scene.boards[judged.ref.company]
        unit, row = judged.ref.scanned.unit, judged.verdict.row
        if row is None:
            return
        known = board.rows.get(unit)
        if known is None or row.order > known.order:
            board.place(unit, row)
            board.waiting.pop(unit, None)
        if self._named_purpose(judged):
            scene.purposes[unit] = judged.item.purpose

    def _named_purpose(self, judged):
        """The order kind that the maker ships under; whatever purpose anybody else names counts for nothing."""
        by_maker = judged.item.type == "ship" and "maker" in judged.actor.kinds
        return judged.item.purpose if by_maker and judged.item.purpose != "object" else ""

    def _purpose(self, scene, judged):
        """Purpose of an event: that of the goods, and of an objection that it is one."""
        if judged.verdict.reason == "objected":
            return "object"
        return self._named_purpose(judged) or scene.purpose(judged.ref.scanned.unit, judged.ref.company)

    # --- write -----------------------------------------------------------------------------------------------

    def _write_events(self, scene, outcomes, user, source, now):
        """Store the events of all outcomes and let the goods move; return {client id: event ids}."""
        owners, values_list, requests = [], [], []
        for outcome in outcomes:
            for judged in outcome.judged:
                owners.append(outcome.item.client_id)
                values_list.append(self._prepare_event_values(scene, judged, outcome, user, source, now))
                requests.append(judged)
        ids = self.env["liquor.scan.event"]._record(values_list)
        self._single_out(scene, requests, user, source, now)
        self._write_wishes(requests, ids, now)
        self.env["liquor.code.link"]._take_out(
            [(judged.ref.scanned.unit, judged.verdict.row.since) for judged in requests
             if judged.item.type == "unpack" and judged.verdict.row and judged.verdict.status == ACCEPTED]
        )  # fmt: skip
        found = {}
        for owner, number in zip(owners, ids, strict=True):
            found.setdefault(owner, []).append(number)
        return found

    def _single_out(self, scene, requests, user, source, now):
        """A part of a package that is asked for gets a row of its own: it is where its package is, and can wait."""
        asked = {}
        for judged in requests:
            if judged.verdict.waits_for and judged.ref.scanned.unit not in scene.boards[judged.ref.company].rows:
                asked.setdefault(judged.ref.scanned.unit, judged)
        self.env["liquor.scan.event"]._record([
            self._prepare_part_event(scene, judged, user, source, now) for judged in asked.values()
        ])

    def _prepare_part_event(self, scene, judged, user, source, now):
        ref, unit = judged.ref, judged.ref.scanned.unit
        row = scene.boards[ref.company].position(unit)
        return {
            "company_id": ref.company,
            "kind": "check",
            "status": ACCEPTED,
            "batch_id": unit.batch,
            "level": unit.level,
            "unit_index": unit.index,
            "code_kind": ref.scanned.kind,
            "product_id": ref.scanned.product or None,
            "bottles": ref.bottles,
            "party_id": row.holder,
            "party_kind": row.holder_kind,
            "counterparty_id": row.giver or None,
            "counterparty_kind": row.giver_kind or None,
            "holder_id": row.holder,
            "holder_kind": row.holder_kind,
            "custody_state": row.state,
            "user_id": user.id,
            # no later than it came there: nothing that is uploaded afterwards is out of order because of this
            "event_time": row.since,
            "device_time": judged.item.at,
            "received_time": now,
            "business_day": judged.day,
            "source": source,
            "place_source": "none",
            "purpose": scene.purpose(unit, ref.company) or None,
        }

    def _write_wishes(self, requests, ids, now):
        """A second shop asks for goods another one holds; an objection of the holder ends that."""
        wishes = [
            (judged.ref.scanned.unit, judged.verdict.waits_for, number, now)
            for judged, number in zip(requests, ids, strict=True)
            if judged.verdict.waits_for
        ]
        self.env["liquor.custody"]._ask_for(wishes)
        objected = [judged.ref.scanned.unit for judged in requests if judged.verdict.reason == "objected"]
        self.env["liquor.custody"]._ask_no_more(objected)

    def _prepare_event_values(self, scene, judged, outcome, user, source, now):
        item, ref, verdict, actor = judged.item, judged.ref, judged.verdict, judged.actor
        unit, row = ref.scanned.unit, verdict.row
        party_kind = self._party_kind(item, actor)
        station = scene.station(ref.company, actor.party, party_kind, judged.day)
        counterparty, counterparty_kind = self._counterparty(judged)
        value = self.env["liquor.scan.collect"]._value(scene, ref, station, verdict.fact, judged.day)
        moved = row is not None and outcome.status == ACCEPTED
        return {
            "company_id": ref.company,
            "kind": item.type,
            "status": outcome.status,
            "reason": outcome.reason or None,
            "batch_id": unit.batch,
            "level": unit.level,
            "unit_index": unit.index,
            "code_kind": ref.scanned.kind,
            "product_id": ref.scanned.product or None,
            "bottles": ref.bottles,
            "party_id": actor.party or None,
            "party_kind": party_kind,
            "counterparty_id": counterparty or None,
            "counterparty_kind": counterparty_kind or None,
            "holder_id": row.holder or None if moved else None,
            "holder_kind": row.holder_kind if moved else None,
            "custody_state": row.state if moved else None,
            "user_id": user.id,
            "event_time": row.since if moved else item.at,
            "device_time": item.at,
            "received_time": now,
            "business_day": judged.day,
            "source": source,
            "place_source": "gps" if item.place else ("declared" if scene.places.get(actor.party) else "none"),
            "accuracy": round(item.place.accuracy) if item.place else 0,
            "territory_id": station.territory or None,
            "grade": station.grade or None,
            "fact_kind": verdict.fact or None if outcome.status == ACCEPTED else None,
            "purpose": self._purpose(scene, judged) or None,
            "reference": item.reference or None,
            **value,
        }

    def _party_kind(self, item, actor):
        order = ("maker", "distributor", "sub_distributor", "terminal", "guide", "waiter", "field")
        return next((kind for kind in order if kind in actor.kinds), None)

    def _counterparty(self, judged):
        verdict, target = judged.verdict, judged.target
        if verdict.giver or verdict.giver_kind:
            return verdict.giver, verdict.giver_kind
        return (target.party, target.kind) if target else (0, "")
