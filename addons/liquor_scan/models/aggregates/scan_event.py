from odoo import api, fields, models
from odoo.tools import SQL


class LiquorScanEvent(models.Model):
    """Where exactly a scan was made, as long as that is kept, and how long its credit took (C2, codes.md 8)."""

    _inherit = "liquor.scan.event"

    latency_seconds = fields.Integer(
        "Seconds until Credited",
        compute="_compute_latency_seconds",
        help="From the scan to our receipt: rewards are booked in the same transaction.",
    )
    exact_place = fields.Char(
        compute="_compute_exact_place",
        groups="liquor_scan.group_case_officer,liquor_scan.group_scan_manager",
        help="Latitude and longitude (WGS 84); kept for 90 days.",
    )

    @api.depends("event_time", "received_time")
    def _compute_latency_seconds(self):
        for event in self:
            known = event.event_time and event.received_time
            delay = (event.received_time - event.event_time).total_seconds() if known else 0
            event.latency_seconds = max(0, int(delay))

    def _compute_exact_place(self):
        """One query for all: the places lie in a table that Odoo does not know."""
        rows = self.env.execute_query(
            SQL("SELECT event_id, lat, lon FROM liquor_scan_place WHERE event_id = ANY(%s)", self.ids)
        )
        places = {event: f"{latitude:.5f}, {longitude:.5f}" for event, latitude, longitude in rows}
        for event in self:
            event.exact_place = places.get(event.id, False)
