import itertools

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.flow.custody import Movement, chain, containers, history, rests_on_inferred
from ...engine.flow.units import Packed, Unit, arithmetic_parents, child_ranges

EVENT_COLUMNS = ("id", "event_time", "batch_id", "level", "unit_index", "kind", "status", "reason", "holder_id",
                 "holder_kind", "custody_state", "counterparty_id", "counterparty_kind", "party_id", "party_kind",
                 "place_source", "accuracy", "territory_id", "reference", "content_hash")  # fmt: skip


class LiquorUnitTrace(models.AbstractModel):
    """The chain of one unit: who held it, since when, by which proof; what nobody scanned is shown as missing."""

    _name = "liquor.unit.trace"
    _description = "Trace of a Unit"

    @api.model
    def _chain(self, code, at=None):
        """Chain of the unit a code stands for, until ``at``: one query for links and events together.

        :param datetime at: naive UTC; now by default
        :return: None for what is no code of ours, else {"unit", "batch", "located", "packed", "inside", "events",
            "hops"}; hops are engine ``Hop``s, events dicts of columns, packed engine ``Packed``s
        """
        located = self.env["liquor.code.batch"].sudo()._locate_logistic([code]).get(code)
        if located is None:
            return None
        unit = Unit(located.batch.id, located.bottles, located.index)
        return {**self._chain_of(unit, located.batch, at), "located": located}

    @api.model
    def _chain_of(self, unit, batch, at=None):
        return self._chains_of([(unit, batch)], at)[0]

    @api.model
    def _chains_of(self, pairs, at=None):
        """Chains of many units, with one query for all.

        :param list pairs: (engine Unit, code batch)
        """
        lines = [self._line(unit, batch) for unit, batch in pairs]
        links, events = self._read(list(dict.fromkeys(place for line in lines for place in line)))
        by_place, by_child = {}, {}
        for event in events:
            by_place.setdefault(Unit(event["batch_id"], event["level"], event["unit_index"]), []).append(event)
        for hop in dict.fromkeys(links):
            by_child.setdefault(hop.child, []).append(hop)
        return [
            self._chain_in(unit, batch, line, by_place, by_child, at)
            for (unit, batch), line in zip(pairs, lines, strict=True)
        ]

    def _line(self, unit, batch):
        """The unit and its packages by arithmetic."""
        return [unit, *arithmetic_parents(unit, batch._level_sizes())]

    def _chain_in(self, unit, batch, line, by_place, by_child, at):
        """The chain of one unit out of what was read for many."""
        places, links, walk = {}, [], list(line)
        while walk:
            place = walk.pop(0)
            if place not in places:
                places[place] = True
                links += by_child.get(place, ())
                walk += [hop.parent for hop in by_child.get(place, ())]
        events = [event for place in places for event in by_place.get(place, ())]
        levels = batch._level_sizes()
        packed = self._with_arithmetic(line, links)
        movements = [self._movement(event) for event in events if event["custody_state"] and not event["undone"]]
        carried = history(unit, movements, packed, at)
        return {
            "unit": unit,
            "batch": batch,
            "packed": [hop for hop in packed if hop.child in {place for place, _s, _e in containers(unit, packed)}],
            "inside": child_ranges(unit, levels),
            "events": self._events_of(unit, events, packed, at),
            "hops": chain(carried, batch.company_id.partner_id.id),
        }

    def _read(self, line):
        """Links upwards and the events of all units on the way, in one query; (links, event dicts)."""
        self.env["liquor.scan.event"].flush_model()
        self.env["liquor.code.link"].flush_model()
        columns = [list(column) for column in zip(*line, strict=True)]
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH RECURSIVE up AS (
                    SELECT s.batch, s.level, s.idx, NULL::int4 AS link, 0 AS depth
                      FROM unnest(%s::int4[], %s::int4[], %s::int4[]) AS s(batch, level, idx)
                    UNION
                    SELECT l.parent_batch_id, l.parent_level, l.parent_index, l.id, up.depth + 1
                      FROM up JOIN liquor_code_link l
                        ON l.child_batch_id = up.batch AND l.child_level = up.level AND l.child_index = up.idx
                     WHERE up.depth < 8
                ), places AS (SELECT DISTINCT batch, level, idx FROM up)
                SELECT NULL AS link, %s,
                       EXISTS (SELECT 1 FROM liquor_scan_event v
                                WHERE v.undo_of_id = e.id AND v.status = 'accepted') AS undone,
                       NULL::int4 AS child_batch_id, NULL::int4 AS child_level, NULL::int4 AS child_index,
                       NULL::timestamp AS packed_at, NULL::timestamp AS unpacked_at, NULL AS method
                  FROM places p
                  JOIN liquor_scan_event e
                    ON e.batch_id = p.batch AND e.level = p.level AND e.unit_index = p.idx
                UNION ALL
                SELECT 'link', %s, FALSE, l.child_batch_id, l.child_level, l.child_index,
                       l.packed_at, l.unpacked_at, l.method
                  FROM up JOIN liquor_code_link l ON l.id = up.link
                """,
                *columns,
                SQL(", ").join(SQL.identifier("e", name) for name in EVENT_COLUMNS),
                self._link_columns(),
            )
        )
        links = [self._link(row) for row in rows if row["link"]]
        return links, [row for row in rows if not row["link"]]

    def _link_columns(self):
        """The events' columns as a link fills them: its package stands where an event has its unit."""
        own = {"batch_id": "parent_batch_id", "level": "parent_level", "unit_index": "parent_index"}
        types = {
            name: self.env["liquor.scan.event"]._fields[name].column_type[0] if name != "id" else "int4"
            for name in EVENT_COLUMNS
        }
        return SQL(", ").join(
            SQL.identifier("l", own[name]) if name in own else SQL(f"NULL::{types[name]}")  # pylint: disable=sql-injection
            for name in EVENT_COLUMNS
        )

    def _link(self, row):
        return Packed(
            Unit(row["child_batch_id"], row["child_level"], row["child_index"]),
            Unit(row["batch_id"], row["level"], row["unit_index"]),
            row["packed_at"],
            row["unpacked_at"],
            row["method"],
        )

    def _with_arithmetic(self, line, links):
        """Arithmetic packing holds until a link says something else."""
        first = {}
        for hop in links:
            first[hop.child] = min(first.get(hop.child, hop.start), hop.start)
        return links + [Packed(child, parent, None, first.get(child)) for child, parent in itertools.pairwise(line)]

    def _movement(self, event):
        return Movement(
            event["id"],
            event["event_time"],
            Unit(event["batch_id"], event["level"], event["unit_index"]),
            event["kind"],
            event["holder_id"] or 0,
            event["holder_kind"],
            event["custody_state"],
            event["counterparty_id"] or 0,
            event["counterparty_kind"] or "",
        )

    def _events_of(self, unit, events, packed, at):
        """Events of the unit and of its packages while it lay in them, oldest first."""
        windows = {}
        for place, start, end in containers(unit, packed):
            windows.setdefault(place, []).append((start, end))

        def concerns(event):
            place = Unit(event["batch_id"], event["level"], event["unit_index"])
            moment = event["event_time"]
            return (at is None or moment <= at) and any(
                (start is None or start <= moment) and (end is None or moment < end)
                for start, end in windows.get(place, ())
            )

        return sorted(filter(concerns, events), key=lambda event: (event["event_time"], event["id"]))

    @api.model
    def _for_client(self, client, code):
        """What an API client may know of a unit; None where it is nothing.

        The maker sees everybody. Another party sees a unit only if it, or a shop it supplies, stands in the
        chain, and of the others only what kind of party they are.
        """
        traced = self._chain(code)
        if traced is None or traced["batch"].company_id != client.company_id:
            return None
        own = client.partner_id.commercial_partner_id
        if own == client.company_id.partner_id:
            return self._as_json(traced, lambda number: True)
        shops = (
            self
            .env["liquor.channel.assignment"]
            .sudo()
            .search([("distributor_id", "=", own.id), ("company_id", "=", client.company_id.id)])
        )
        known = {own.id, *shops.terminal_id.ids}
        if not known & {hop.holder for hop in traced["hops"]}:
            return None
        return self._as_json(traced, lambda number: number in known)

    # --- for people and machines -----------------------------------------------------------------------------

    @api.model
    def _as_json(self, traced, see_partner):
        """The chain as ``GET /liquor/v1/trace/<code>`` answers it.

        :param see_partner: function(partner id) -> whether the caller may read who that is
        """
        located, batch = traced["located"], traced["batch"]
        partners = self.env["res.partner"].sudo().browse({hop.holder for hop in traced["hops"] if hop.holder})
        names = {partner.id: {"id": partner.id, "ref": partner.ref or "", "name": partner.name} for partner in partners}

        def party(number):
            return names.get(number) if number and see_partner(number) else None

        return {
            "unit": {
                "batch": batch.name,
                "kind": located.kind,
                "bottles": located.last - located.first + 1,
                "number": located.index,
                "state": located.state,
                "product": batch.product_id.display_name,
                "gtin": batch.product_id.barcode or "",
                "lot": batch.lot_id.name or "",
            },
            "packing": [
                {"bottles": hop.parent.level, "number": hop.parent.index, "method": hop.method,
                 "from": self._iso(hop.start), "until": self._iso(hop.end)}
                for hop in traced["packed"]
            ],
            "chain": [
                {"holder_kind": hop.holder_kind, "holder": party(hop.holder), "since": self._iso(hop.since),
                 "until": self._iso(hop.until), "missing": hop.missing,
                 "proof": hop.movement.seq if hop.movement else None,
                 "event": hop.movement.kind if hop.movement else None,
                 "inferred": bool(hop.movement) and rests_on_inferred(traced["unit"], hop.movement, traced["packed"])}
                for hop in traced["hops"]
            ],
        }  # fmt: skip

    def _iso(self, moment):
        return f"{fields.Datetime.to_string(moment).replace(' ', 'T')}Z" if moment else None
