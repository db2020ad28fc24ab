from collections import defaultdict
from datetime import UTC
from urllib.parse import quote

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import company_zone

from ...engine.flow.units import Unit, child_ranges
from ...engine.standards.mapping import Told, document, to_epcis

EVENT_FIELDS = [
    "kind", "event_time", "received_time", "batch_id", "level", "unit_index", "company_id", "party_id",
    "counterparty_id", "holder_id", "custody_state", "reference", "undo_of_id", "content_hash",
]  # fmt: skip


class LiquorEpcisTold(models.AbstractModel):
    """Our events as others may read them: EPCIS 2.0.1 in JSON-LD (docs/standards.md).

    Units are named by the code outside, never by the one inside; held events are evidence and stay here.
    """

    _name = "liquor.epcis.told"
    _description = "EPCIS Events"

    @api.model
    def _document(self, events):
        """Return the EPCIS document of events."""
        return document(events, fields.Datetime.now())

    @api.model
    def _of_scans(self, scans):
        """Return the EPCIS events of scan events in their order; the number of queries does not grow with them.

        A void is told as the event it took back, with its error declaration.

        :param scans: ``liquor.scan.event`` records
        """
        scans = scans.sudo()
        rows = scans.read(EVENT_FIELDS, load=None)
        undone = {row["undo_of_id"] for row in rows if row["undo_of_id"]}
        meant = {row["id"]: row for row in scans.browse(undone).read(EVENT_FIELDS, load=None)}
        told = []
        parties = self._parties([*rows, *meant.values()])
        children = self._children([*rows, *meant.values()])
        for row in rows:
            one = meant.get(row["undo_of_id"], row)
            asked = self._told(one, parties, children, row["event_time"] if row["undo_of_id"] else None)
            if asked:
                told.append(to_epcis(asked))
        return told

    def _parties(self, rows):
        names = {row[name] for row in rows for name in ("party_id", "counterparty_id", "holder_id")}
        return self.env["res.partner"].sudo().browse(names - {False}).grouped("id")

    def _told(self, row, parties, children, undone):
        batch = self.env["liquor.code.batch"].sudo().browse(row["batch_id"])
        epc = batch._epc(row["level"], row["unit_index"])
        if not epc:
            return None
        moved = row["custody_state"] and row["holder_id"]
        giver = row["counterparty_id"] if row["counterparty_id"] != row["holder_id"] else row["party_id"]
        source = giver if moved and giver and giver != row["holder_id"] else False
        unit = Unit(row["batch_id"], row["level"], row["unit_index"])
        return Told(
            row["kind"],
            row["event_time"],
            self._offset(batch.company_id, row["event_time"]),
            epc,
            row["received_time"],
            parties[row["party_id"]]._liquor_place_uri() if row["party_id"] else "",
            parties[source]._liquor_party_uri() if source else "",
            parties[row["holder_id"]]._liquor_party_uri() if moved else "",
            self._paper(row["reference"]),
            tuple(children.get(unit, ())) if row["kind"] == "pack" else (),
            undone,
            row["content_hash"],
        )

    def _offset(self, company, moment):
        """Minutes of the company's clock east of UTC at a moment."""
        return int(moment.replace(tzinfo=UTC).astimezone(company_zone(company)).utcoffset().total_seconds() // 60)

    def _paper(self, reference):
        """A document as URI: what came as one stays, our own numbers get a name space."""
        if not reference or reference.startswith(("urn:", "http://", "https://")):
            return reference or ""
        return f"urn:x-liquor:document:{quote(reference, safe='')}"

    def _children(self, rows):
        """What the packed units hold, as URIs: live links, else the numbers of the printed set."""
        packed = [Unit(row["batch_id"], row["level"], row["unit_index"]) for row in rows if row["kind"] == "pack"]
        packed = [unit for unit in packed if unit.level > 1]
        linked = self.env["liquor.code.link"].sudo()._inside(packed)
        found = {}
        for unit in packed:
            batch = self.env["liquor.code.batch"].sudo().browse(unit.batch)
            inside = linked.get(unit) or self._by_arithmetic(batch, unit)
            next_level = max((one.level for one in inside), default=0)
            own = self.env["liquor.code.batch"].sudo()
            found[unit] = [
                own.browse(one.batch)._epc(one.level, one.index) for one in inside if one.level == next_level
            ]
        return found

    def _by_arithmetic(self, batch, unit):
        ranges = child_ranges(unit, batch._level_sizes())
        if not ranges:
            return []
        level, first, last = ranges[-1]
        return [Unit(unit.batch, level, index) for index in range(first, last + 1) if index * level < batch.bottles]

    # --- chains and packing -----------------------------------------------------------------------------------

    @api.model
    def _of_units(self, pairs):
        """Return everything that is told about units and what they lay in: packing and scans, by time.

        :param pairs: (engine Unit, code batch)
        """
        chains = self.env["liquor.unit.trace"].sudo()._chains_of(pairs)
        numbers = [event["id"] for chain in chains for event in chain["events"] if event["status"] == "accepted"]
        scans = self._of_scans(self.env["liquor.scan.event"].browse(dict.fromkeys(numbers)))
        packages = {hop.parent for chain in chains for hop in chain["packed"] if hop.method != "arithmetic"}
        events = {event["eventID"]: event for event in [*self._packing(packages), *scans]}
        # of an event that was taken back both are known: the declaration is the last word
        return sorted(events.values(), key=lambda event: event["recordTime"])

    @api.model
    def _packing(self, packages):
        """Return an AggregationEvent for each time goods were packed into packages by a line or by hand."""
        if not packages:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.parent_batch_id, l.parent_level, l.parent_index, l.packed_at, l.create_date,
                       array_agg(l.child_batch_id ORDER BY l.id), array_agg(l.child_level ORDER BY l.id),
                       array_agg(l.child_index ORDER BY l.id)
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[]) AS p(batch, level, idx)
                  JOIN liquor_code_link l
                    ON l.parent_batch_id = p.batch AND l.parent_level = p.level AND l.parent_index = p.idx
                 GROUP BY 1, 2, 3, 4, 5
                """,
                *(list(column) for column in zip(*packages, strict=True)),
            )
        )
        return [to_epcis(told) for row in rows if (told := self._told_packing(*row))]

    def _told_packing(self, batch_id, level, index, packed_at, recorded, batches, levels, indexes):
        own = self.env["liquor.code.batch"].sudo()
        batch = own.browse(batch_id)
        children = [own.browse(one)._epc(*unit) for one, *unit in zip(batches, levels, indexes, strict=True)]
        epc = batch._epc(level, index)
        if not epc or not all(children):
            return None
        offset = self._offset(batch.company_id, packed_at)
        place = batch.company_id.partner_id._liquor_place_uri()
        recorded = recorded.replace(microsecond=0)
        return Told("pack", packed_at, offset, epc, recorded, place, children=tuple(children))

    @api.model
    def _of_pickings(self, pickings):
        """Return the events of transfers, from the scans that were posted when they were done."""
        requests = self._requests_of(pickings)
        numbers = [number for request in requests for number in request.event_numbers or ()]
        return self._of_scans(self.env["liquor.scan.event"].browse(numbers))

    def _requests_of(self, pickings):
        scans = defaultdict(list)
        for scan in (
            self
            .env["liquor.picking.scan"]
            .sudo()
            .search([("picking_id", "in", pickings.ids), ("event_posted", "=", True)], order="id")
        ):
            scans[scan.user_id.id].append(f"picking:{scan.picking_id.id}:{scan.id}")
        domain = [
            ("client_id", "in", [name for names in scans.values() for name in names]),
            ("user_id", "in", list(scans)),
        ]
        return self.env["liquor.scan.request"].sudo().search(domain, order="id")
