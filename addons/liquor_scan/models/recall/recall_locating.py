import time

from odoo import fields, models

from ...engine.flow.windows import Window
from ...engine.recall.locate import (
    HELD,
    INACTIVE,
    RETURNED,
    STOCK,
    TRANSIT,
    UNKNOWN,
    USED,
    VOID,
    classify,
    locate,
    tally,
)

COLUMNS = {
    "open_bottles": (HELD, TRANSIT, UNKNOWN),
    "unknown_bottles": (UNKNOWN,),
    "returned_bottles": (RETURNED,),
    "stock_bottles": (STOCK,),
    "used_bottles": (USED,),
    "unprinted_bottles": (VOID, INACTIVE),
}


class LiquorRecall(models.Model):
    _inherit = "liquor.recall"

    def _windows(self):
        """Engine ``Window``s of the ranges."""
        self.ensure_one()
        return [Window(row.batch_id.id, row.first, row.last) for row in self.range_ids]

    def _pieces(self):
        """Every bottle of the ranges with who has it now: engine ``Located``; a constant number of queries."""
        self.ensure_one()
        reader = self.env["liquor.recall.reader"].sudo()
        windows = self._windows()
        movements, links = reader._read(windows)
        batches = self.range_ids.batch_id
        spans = self.env["liquor.code.range"]._spans(batches)
        claimants = reader._claimants(windows)
        return list(classify(locate(windows, movements, links), self.activated_at or None, spans, claimants))

    def _locate(self):
        """Write anew who has how many, and the totals."""
        self.ensure_one()
        begin = time.monotonic()
        totals = tally(self._pieces())
        holders = self.env["liquor.recall.holder"].sudo()
        self.sudo().holder_ids.unlink()
        holders._bulk_insert(
            ["company_id", "recall_id", "situation", "holder_kind", "holder_id", "member_id", "bottles"],
            [
                (self.company_id.id, self.id, place.situation, place.kind or None, place.party, place.member, bottles)
                for place, bottles in totals.items()
            ],
        )
        self.sudo().write({
            **{
                column: sum(bottles for place, bottles in totals.items() if place.situation in situations)
                for column, situations in COLUMNS.items()
            },
            "bottles": sum(totals.values()),
            "located_at": fields.Datetime.now(),
            "located_seconds": time.monotonic() - begin,
        })
        self.invalidate_recordset(["holder_ids"])

    def _forget_ranges(self):
        """What is recalled changed: nothing that was worked out counts any more."""
        known = self.filtered("range_ids")
        known.range_ids.unlink()
        known.holder_ids.unlink()
        known.write({**dict.fromkeys(COLUMNS, 0), "bottles": 0, "located_at": False, "prepared_by_id": False})

    # --- the report -------------------------------------------------------------------------------------------

    def _report_rows(self):
        """Rows of the report, a row a piece: batch, first and last bottle (from 1), bottles, situation, kind, who,
        since, by, proof."""
        pieces = self._pieces()
        holders = self.env["liquor.recall.holder"]
        labels = {
            name: dict(holders._fields[name]._description_selection(self.env)) for name in ("situation", "holder_kind")
        }
        kinds = dict(self.env["liquor.scan.event"]._fields["kind"]._description_selection(self.env))
        partners = self.env["res.partner"].sudo().browse({one.party for one in pieces if one.party})
        members = self.env["liquor.member"].sudo().browse({one.member for one in pieces if one.member})
        names = {partner.id: partner.display_name for partner in partners}
        numbers = {member.id: member.number for member in members}
        batches = {batch.id: batch for batch in self.range_ids.batch_id}
        for window, situation, kind, party, member, movement in pieces:
            batch = batches[window.batch]
            yield (
                batch.product_id.display_name,
                batch.lot_id.name or "",
                batch.name,
                window.first + 1,
                window.last + 1,
                window.bottles,
                labels["situation"][situation],
                self.env._("Member") if member else labels["holder_kind"].get(kind, ""),
                numbers.get(member) or names.get(party, ""),
                fields.Datetime.context_timestamp(self, movement.at).replace(tzinfo=None).isoformat(" ")
                if movement
                else "",
                kinds.get(movement.kind, "") if movement else "",
                movement.seq if movement else "",
            )
