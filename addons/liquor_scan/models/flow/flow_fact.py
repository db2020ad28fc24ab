from odoo import models
from odoo.tools import SQL


class LiquorFlowFact(models.Model):
    _inherit = "liquor.flow.fact"
    _depends = {
        "liquor.scan.event": ["kind", "status", "fact_kind", "bottles", "amount", "undo_of_id"],
    }

    def _fact_queries(self):
        return [*super()._fact_queries(), self._fact_scans()]

    def _fact_scans(self):
        """Receipts, sales, openings and returns of shops that scans prove and nobody undid."""
        sign = SQL("CASE WHEN e.fact_kind = 'returned' THEN -1 ELSE 1 END")
        return {
            "kinds": ("received", "sold", "opened", "returned"),
            "returns_of": ("received", "sold", "opened"),
            "columns": {
                "key": SQL("'liquor.scan.event/' || e.id"),
                "kind": SQL("e.fact_kind"),
                "company_id": SQL("e.company_id"),
                # what is opened was sold by who held it, whoever scans
                "partner_id": SQL("CASE WHEN e.fact_kind = 'opened' THEN e.counterparty_id ELSE e.party_id END"),
                "counterparty_id": SQL(
                    "CASE e.fact_kind WHEN 'received' THEN e.counterparty_id WHEN 'returned' THEN e.holder_id END"
                ),
                "product_id": SQL("e.product_id"),
                "bottles": SQL("%s * e.bottles", sign),
                "amount": SQL("%s * e.amount", sign),
                "currency_id": SQL("e.currency_id"),
                "event_time": SQL("e.event_time"),
                "business_day": SQL("e.business_day"),
                "territory_id": SQL("e.territory_id"),
                "grade": SQL("e.grade"),
                "purpose": SQL("e.purpose"),
                "source_model": SQL("'liquor.scan.event'"),
                "source_id": SQL("e.id"),
            },
            "from": SQL(
                """FROM liquor_scan_event e
                   WHERE e.status = 'accepted' AND e.fact_kind IS NOT NULL
                     AND NOT EXISTS (SELECT 1 FROM liquor_scan_event v
                                      WHERE v.undo_of_id = e.id AND v.status = 'accepted')"""
            ),
        }

    def _words_liquor_scan_event(self, events):
        """Tell the unit, who scanned it, where and how long it took; of a consumer nothing but that it was opened."""
        kinds = dict(events._fields["kind"]._description_selection(self.env))
        places = dict(events._fields["place_source"]._description_selection(self.env))
        for event in events:
            name = self.env._(
                "%(kind)s: batch %(batch)s, unit of %(bottles)s bottle(s), number %(number)s",
                kind=kinds[event.kind],
                batch=event.batch_id.name,
                bottles=event.level,
                number=event.unit_index + 1,
            )
            told = event.party_kind != "consumer"
            parts = (event.party_id.name, event.reference, *self._say_scan(event, places)) if told else ()
            yield event, {"name": name, "note": " · ".join(filter(None, parts)), "page": ""}

    def _say_scan(self, event, places):
        """Where a scan was made, to what the device knew, and the seconds until it was credited (C2)."""
        seconds = max(0, int((event.received_time - event.event_time).total_seconds()))
        place = places[event.place_source]
        if event.accuracy and event.place_source in ("gps", "ip"):
            place = self.env._("%(place)s to %(metres)s m", place=place, metres=event.accuracy)
        return place, self.env._("credited after %(seconds)s s", seconds=seconds)
