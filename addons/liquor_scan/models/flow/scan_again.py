from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.flow.board import ACCEPTED
from ...engine.flow.request import ScanItem

PATIENCE = {"not_shipped": 2, "not_activated": 2, "registration": 30, "suspended": 30}
"""Days for which a held receipt is looked at again, by reason; an outbound upload may be a day late."""
BATCH = 500


class LiquorScanAgain(models.AbstractModel):
    """Held receipts are judged again when what was missing has arrived: the shipment, the activation, the approval."""

    _name = "liquor.scan.again"
    _description = "Second Look at Held Scans"

    @api.model
    def _cron_again(self):
        """Judge held receipts again; what passes now is posted and paid, the rest stays as it is."""
        last, done = 0, 0
        while True:
            numbers = self._waiting(last)
            if not numbers:
                break
            last = numbers[-1]
            events = self.env["liquor.scan.event"].browse(numbers)
            for user, group in events.grouped("user_id").items():
                done += self._again(user, group)
            if not self.env["ir.cron"]._commit_progress(len(numbers)):
                break
        return done

    def _waiting(self, after):
        """Held receipts that were not accepted by a second look yet, oldest first."""
        now = fields.Datetime.now()
        limits = [(reason, now - timedelta(days=days)) for reason, days in PATIENCE.items()]
        reasons, since = (list(column) for column in zip(*limits, strict=True))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.id FROM liquor_scan_event e
                  JOIN unnest(%s::varchar[], %s::timestamp[]) AS p(reason, since)
                    ON p.reason = e.reason AND e.received_time >= p.since
                 WHERE e.status = 'held' AND e.kind = 'receive' AND e.id > %s
                   AND NOT EXISTS (SELECT 1 FROM liquor_scan_request r
                                    WHERE r.user_id = e.user_id AND r.client_id = 'again:' || e.id)
                 ORDER BY e.id LIMIT %s
                """,
                reasons,
                since,
                after,
                BATCH,
            )
        )
        return [number for (number,) in rows]

    def _again(self, user, events):
        """Judge the held receipts of one user again; return how many passed."""
        client = self.env["liquor.api.client"].sudo().search([("user_id", "=", user.id)], limit=1)
        desk = self.env["liquor.scan.desk"].sudo()
        items = [self._prepare_item(event) for event in events]
        scene = self.env["liquor.scan.collect"].sudo()._collect(user, items, client or None, shown=False)
        outcomes = [desk._judge_item(scene, item) for item in items]
        passed = [outcome for outcome in outcomes if outcome.status == ACCEPTED]
        if passed:
            now = fields.Datetime.now()
            source = events[0].source
            numbers = desk._write_events(scene, passed, user, source, now)
            rewards = self.env["liquor.scan.payer"]._pay(scene, passed, numbers)
            self.env["liquor.scan.request"].sudo()._keep(passed, numbers, rewards, user, source, client or None, now)
        return len(passed)

    def _prepare_item(self, event):
        return ScanItem(
            client_id=f"again:{event.id}",
            type=event.kind,
            codes=(event.batch_id.sudo()._code(event.code_kind, event.unit_index),),
            # proven only now that the shipment is known: not before it
            at=event.device_time or event.event_time,
            place=None,
            to="",
            purpose="",
            reference=event.reference or "",
            undo_of="",
            body_hash=event.content_hash,
        )
