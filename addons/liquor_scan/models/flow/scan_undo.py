from contextlib import ExitStack
from datetime import timedelta

from odoo import api, models

from odoo.addons.liquor_member.tools.business_day import business_day

from ...engine.flow.transitions import VOID_MINUTES
from ...engine.flow.units import Unit
from .scene import Outcome

FINAL_KINDS = ("void", "return", "open")
"""Cannot be undone: what they took back or used up is scanned again instead."""


class LiquorScanUndo(models.AbstractModel):
    """Undoing one's own event within ten minutes: a further event, the custody before it, its rewards reversed."""

    _name = "liquor.scan.undo"
    _description = "Undo of Scans"

    @api.model
    def _process(self, user, items, source, now):
        """Judge and write undos.

        :param items: engine ``ScanItem``s of type void
        :return: (outcomes, {client id: event ids})
        """
        if not items:
            return [], {}
        sent = self.env["liquor.scan.request"].sudo()._of_user(user, {item.undo_of for item in items})
        events = self._events(sent.values())
        done = set(self.env["liquor.scan.event"].sudo().search([("undo_of_id", "in", events.ids)]).undo_of_id.ids)
        present = self._present(events)
        outcomes, undone = [], []
        for item in items:
            request = sent.get(item.undo_of)
            own = events.browse(request.event_numbers or ()) if request else events.browse()
            reason, since = self._fault(request, own, done, present, now)
            outcomes.append(Outcome(item, "rejected" if reason else "accepted", reason, since))
            if not reason:
                done.update(own.ids)
                undone += [(item, event) for event in own]
        return outcomes, self._write_events(undone, user, source, now)

    def _events(self, requests):
        numbers = [number for request in requests for number in request.event_numbers or ()]
        return self.env["liquor.scan.event"].sudo().browse(numbers)

    def _fault(self, request, events, done, present, now):
        """(reason, since) why a request cannot be undone; ("", None) where it can."""
        if request is None:
            return "unknown_event", None
        if request.status != "accepted" or not events:
            return "nothing_to_undo", None
        if now - events[0].received_time > timedelta(minutes=VOID_MINUTES):
            return "too_late", events[0].received_time
        if any(event.id in done for event in events):
            return "already_undone", None
        if any(event.kind in FINAL_KINDS for event in events):
            return "not_undoable", None
        if any(present.get(event.id) for event in events if event.custody_state):
            return "moved_on", None
        return "", None

    def _present(self, events):
        """{event id: whether the unit, a part of it or a package around it moved after that event}."""
        moved = events.filtered("custody_state")
        if not moved:
            return {}
        levels_of = self.env["liquor.scan.collect"]._levels_of(moved.batch_id)
        units = {event.id: Unit(event.batch_id.id, event.level, event.unit_index) for event in moved}
        packed = self.env["liquor.code.link"].sudo()._packed(list(units.values()), levels_of)
        around = set(units.values()) | {hop.parent for hop in packed}
        rows = self.env["liquor.custody"].sudo()._around(around, levels_of)
        above = self.env["liquor.scan.collect"]._parents_now(set(units.values()), packed, levels_of)
        return {
            event.id: any(
                row.order > (event.event_time, event.id) and self._related(units[event.id], unit, above)
                for unit, row, _pending, _purpose in rows
            )
            for event in moved
        }

    def _related(self, unit, other, above):
        if other == unit or other in above.get(unit, ()):
            return True
        inside = unit.first <= other.first < unit.first + unit.level
        return other.batch == unit.batch and other.level < unit.level and inside

    def _write_events(self, undone, user, source, now):
        if not undone:
            return {}
        values_list = [self._prepare_values(event, item, user, source, now) for item, event in undone]
        events = self.env["liquor.scan.event"].sudo().union(*(event.sudo() for _item, event in undone))
        with ExitStack() as stack:
            for company, own in events.filtered("fact_kind").grouped("company_id").items():
                # what a shop's undone scan told may be told by a report as well
                stack.enter_context(self.env["liquor.policy"]._proving(company, (own.party_id | own.holder_id).ids))
            ids = self.env["liquor.scan.event"].sudo()._record(values_list)
            self.env["liquor.custody"].sudo()._step_back({
                Unit(event.batch_id.id, event.level, event.unit_index) for _item, event in undone if event.custody_state
            })
            payer = self.env["liquor.scan.payer"]
            paid = [payer._fact_key(event.id) for _item, event in undone if event.fact_kind]
            if paid:
                self.env["liquor.earning"].sudo()._claw_back(paid, self.env._("Scan undone"))
        found = {}
        for (item, _event), number in zip(undone, ids, strict=True):
            found.setdefault(item.client_id, []).append(number)
        return found

    def _prepare_values(self, event, item, user, source, now):
        return {
            "company_id": event.company_id.id,
            "kind": "void",
            "status": "accepted",
            "batch_id": event.batch_id.id,
            "level": event.level,
            "unit_index": event.unit_index,
            "code_kind": event.code_kind,
            "product_id": event.product_id.id,
            "bottles": event.bottles,
            "party_id": event.party_id.id,
            "party_kind": event.party_kind,
            "user_id": user.id,
            "event_time": max(item.at, event.event_time),
            "device_time": item.at,
            "received_time": now,
            "business_day": business_day(event.company_id, item.at),
            "source": source,
            "place_source": "gps" if item.place else "none",
            "accuracy": round(item.place.accuracy) if item.place else 0,
            "reference": item.reference or None,
            "undo_of_id": event.id,
        }
