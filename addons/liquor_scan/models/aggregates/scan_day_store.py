from odoo import api, fields, models
from odoo.tools import SQL

from ..flow.scan_event import EVENT_KINDS

CURSOR = "scan days"


def day_deltas(since, until=None):
    """Return the SQL of what events of a range of transactions add to the days: an event counts one, its undoing
    takes it away again on the day it was counted.

    :param SQL since: first transaction id (xid8)
    :param SQL until: the first that is not meant; None: all that can be seen
    :return: SQL with the columns company_id, day, territory_id, product_id, kind, events, bottles
    """

    def within(alias):
        low = SQL("%s.xid >= %s", SQL.identifier(alias), since)
        return SQL("%s AND %s.xid < %s", low, SQL.identifier(alias), until) if until else low

    return SQL(
        """SELECT e.company_id, e.business_day AS day, e.territory_id, e.product_id, e.kind, 1 AS events,
                  COALESCE(e.bottles, 0) AS bottles
             FROM liquor_scan_event e WHERE e.status = 'accepted' AND e.kind <> 'void' AND %(event)s
           UNION ALL
           SELECT u.company_id, u.business_day, u.territory_id, u.product_id, u.kind, -1, -COALESCE(u.bottles, 0)
             FROM liquor_scan_event v JOIN liquor_scan_event u ON u.id = v.undo_of_id
            WHERE v.status = 'accepted' AND u.status = 'accepted' AND %(undo)s""",
        event=within("e"),
        undo=within("v"),
    )


class LiquorScanDayStore(models.Model):
    """Events and bottles by day, territory, product and kind, as far as they were added up (spec codes.md, map).

    Read ``liquor.scan.day``, which adds what came since.
    """

    _name = "liquor.scan.day.store"
    _description = "Scans by Day, Added Up"
    _rec_name = "day"
    _check_company_auto = True
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    day = fields.Date(required=True, readonly=True)
    territory_id = fields.Many2one("liquor.territory", readonly=True, ondelete="restrict")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict", check_company=True)
    kind = fields.Selection(EVENT_KINDS, required=True, readonly=True)
    events = fields.Integer(required=True, readonly=True)
    bottles = fields.Integer(required=True, readonly=True)

    _key_unique = models.UniqueIndex(
        "(company_id, day, COALESCE(territory_id, 0), COALESCE(product_id, 0), kind)", "This day has its row already."
    )

    @api.model
    def _advance(self):
        """Add up what was committed since the last time: one statement, whatever the number of events."""
        first, last = self.env["liquor.scan.cursor"]._take_range(CURSOR)
        self.env.cr.execute(
            SQL(
                """INSERT INTO liquor_scan_day_store AS t
                          (company_id, day, territory_id, product_id, kind, events, bottles)
                   SELECT company_id, day, territory_id, product_id, kind, SUM(events), SUM(bottles)
                     FROM (%s) d GROUP BY 1, 2, 3, 4, 5 HAVING SUM(events) <> 0 OR SUM(bottles) <> 0
                   ON CONFLICT (company_id, day, COALESCE(territory_id, 0), COALESCE(product_id, 0), kind)
                   DO UPDATE SET events = t.events + EXCLUDED.events, bottles = t.bottles + EXCLUDED.bottles""",
                day_deltas(SQL("%s::xid8", first), SQL("%s::xid8", last)),
            )
        )
        self.invalidate_model(flush=False)
