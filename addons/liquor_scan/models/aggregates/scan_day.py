from odoo import api, fields, models
from odoo.tools import SQL

from ..flow.scan_event import EVENT_KINDS
from .scan_day_store import CURSOR, day_deltas


class LiquorScanDay(models.Model):
    """Scans by day x territory x product x kind, exact at the moment of reading.

    Stored sums plus the events whose transactions were not added up yet: seconds after a scan and a minute after it
    the same figure stands here (S5), and no scan waits for a counter.
    """

    _name = "liquor.scan.day"
    _description = "Scans by Day"
    _auto = False
    _order = "day desc, events desc, id"
    _rec_name = "day"
    _depends = {
        "liquor.scan.event": ["status", "kind", "bottles", "business_day", "territory_id", "product_id", "undo_of_id"],
        "liquor.scan.day.store": ["events", "bottles"],
        "liquor.scan.cursor": ["next_xid"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    day = fields.Date(readonly=True)
    territory_id = fields.Many2one("liquor.territory", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    kind = fields.Selection(EVENT_KINDS, readonly=True)
    events = fields.Integer("Scans", readonly=True)
    bottles = fields.Integer(readonly=True)

    @property
    def _table_query(self):
        mark = SQL("(SELECT next_xid::xid8 FROM liquor_scan_cursor WHERE name = %s)", CURSOR)
        return SQL(
            """SELECT MIN(id) AS id, company_id, day, territory_id, product_id, kind,
                      SUM(events)::int AS events, SUM(bottles)::int AS bottles
                 FROM (SELECT id, company_id, day, territory_id, product_id, kind, events, bottles
                         FROM liquor_scan_day_store
                       UNION ALL
                       SELECT -row_number() OVER (), d.* FROM (%s) d) x
                GROUP BY company_id, day, territory_id, product_id, kind HAVING SUM(events) <> 0""",
            day_deltas(SQL("COALESCE(%s, '0'::xid8)", mark)),
        )

    @api.model
    def _cron_advance(self):
        """Add up what came, so that readers have little to add."""
        self.env["liquor.scan.day.store"]._advance()

    def action_open_events(self):
        """Open the scans behind the figure."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_scan.scan_event_action")
        domain = [
            ("business_day", "=", self.day),
            ("territory_id", "=", self.territory_id.id),
            ("product_id", "=", self.product_id.id),
            ("kind", "=", self.kind),
            ("status", "=", "accepted"),
            ("company_id", "=", self.company_id.id),
        ]
        return {**action, "domain": domain, "context": {}}
