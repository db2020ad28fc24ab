from odoo import api, fields, models
from odoo.tools import SQL

CURSOR = "stock days"

MOVES = """
SELECT e.company_id, move.who AS partner_id, e.product_id, e.business_day AS day, e.event_time AS at,
       said.sign * move.net AS net, said.sign * move.opened AS opened, said.sign * move.receipt AS receipt,
       said.sign AS moves, said.xid
  FROM (SELECT id, 1 AS sign, xid FROM liquor_scan_event WHERE status = 'accepted'
        UNION ALL
        SELECT undo_of_id, -1, xid FROM liquor_scan_event WHERE status = 'accepted' AND undo_of_id IS NOT NULL
       ) said
  JOIN liquor_scan_event e ON e.id = said.id
 CROSS JOIN LATERAL (VALUES
       (CASE WHEN e.kind IN ('receive', 'transfer') AND e.custody_state = 'held'
              AND e.holder_kind = 'terminal' THEN e.holder_id END,
        e.bottles, 0, CASE WHEN e.kind = 'receive' THEN e.bottles ELSE 0 END),
       (CASE WHEN e.kind IN ('return', 'transfer') AND e.custody_state IS NOT NULL
              AND e.party_kind = 'terminal' THEN e.party_id END, -e.bottles, 0, 0),
       (CASE WHEN e.fact_kind = 'opened' AND e.counterparty_kind = 'terminal' THEN e.counterparty_id END,
        0, e.bottles, 0)
       ) AS move(who, net, opened, receipt)
 WHERE e.status = 'accepted' AND move.who IS NOT NULL AND e.product_id IS NOT NULL AND %(meant)s
"""
LAST_COUNT = """
(SELECT line.id FROM liquor_stock_count_line line
  WHERE line.company_id = m.company_id AND line.party_id = m.partner_id AND line.product_id = m.product_id
    AND line.taken_at < m.at AND %(meant)s
  ORDER BY line.taken_at DESC, line.id DESC LIMIT 1)
"""


def _within(alias, first, last=None):
    """SQL of a range of transactions of a table, the last not included; None: all that can be seen."""
    low = SQL("%s.xid >= %s::xid8", SQL.identifier(alias), first)
    return SQL("%s AND %s.xid < %s::xid8", low, SQL.identifier(alias), last) if last else low


class LiquorStockDay(models.Model):
    """What went into and out of a shop on a day, told by scans, after its last count before that (trade.md R10).

    Added up by transaction ranges, so that nobody reads a year of events each night; ``_rows`` adds what came since.
    An event counts one move, its undoing takes it away. A count that came in later than moves after it takes them over.
    Technical: shops are no companies' own, figures are read by the estimate alone.
    """

    _name = "liquor.stock.day"
    _description = "Goods of a Shop by Day"
    _check_company_auto = True
    _log_access = False
    _order = "day desc, id"
    _rec_name = "day"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", string="Shop", required=True, readonly=True, ondelete="restrict")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    day = fields.Date(required=True, readonly=True)
    count_line_id = fields.Many2one(
        "liquor.stock.count.line", "After Count", readonly=True, ondelete="restrict", help="Last count before."
    )
    net = fields.Integer("Bottles In", required=True, readonly=True, help="Received and taken over, less what left.")
    opened = fields.Integer(required=True, readonly=True)
    receipt = fields.Integer("Received", required=True, readonly=True)
    moves = fields.Integer(required=True, readonly=True)

    _key_unique = models.UniqueIndex(
        "(company_id, partner_id, product_id, day, COALESCE(count_line_id, 0))", "This day has its row already."
    )

    @api.model
    def _advance(self):
        """Add up what was committed since the last time: one statement, whatever the number of events.

        :raises psycopg2.errors.LockNotAvailable: another run is adding up
        """
        first, last = self.env["liquor.scan.cursor"]._take_range(CURSOR)
        self.env.cr.execute(
            SQL(
                """INSERT INTO liquor_stock_day AS t
                          (company_id, partner_id, product_id, day, count_line_id, net, opened, receipt, moves)
                   SELECT company_id, partner_id, product_id, day, count_line_id, SUM(net), SUM(opened), SUM(receipt),
                          SUM(moves)
                     FROM (%s) d GROUP BY 1, 2, 3, 4, 5
                   HAVING SUM(moves) <> 0 OR SUM(net) <> 0 OR SUM(opened) <> 0 OR SUM(receipt) <> 0
                   ON CONFLICT (company_id, partner_id, product_id, day, COALESCE(count_line_id, 0))
                   DO UPDATE SET net = t.net + EXCLUDED.net, opened = t.opened + EXCLUDED.opened,
                                 receipt = t.receipt + EXCLUDED.receipt, moves = t.moves + EXCLUDED.moves""",
                self._deltas(first, last),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _rows(self, company, since):
        """SQL of the rows of a company from a day on, exact at the moment of reading.

        Columns: partner_id, product_id, day, count_line_id, net, opened, receipt.
        """
        mark = self.env["liquor.scan.cursor"]._mark(CURSOR)
        columns = SQL("company_id, partner_id, product_id, day, count_line_id, net, opened, receipt, moves")
        return SQL(
            """SELECT partner_id, product_id, day, count_line_id, SUM(net)::int AS net, SUM(opened)::int AS opened,
                      SUM(receipt)::int AS receipt
                 FROM (SELECT %(columns)s FROM liquor_stock_day UNION ALL SELECT %(columns)s FROM (%(deltas)s) d) x
                WHERE company_id = %(company)s AND day >= %(since)s
                GROUP BY 1, 2, 3, 4 HAVING SUM(moves) <> 0""",
            columns=columns,
            deltas=self._deltas(mark),
            company=company.id,
            since=since,
        )

    def _deltas(self, first, last=None):
        """SQL of what a range of transactions adds: its moves, and earlier moves that a count of it takes over."""
        counted = SQL(LAST_COUNT, meant=SQL("line.xid < %s::xid8", last) if last else SQL("TRUE"))
        new = SQL(
            """SELECT m.company_id, m.partner_id, m.product_id, m.day, %s AS count_line_id, m.net, m.opened, m.receipt,
                      m.moves
                 FROM (%s) m""",
            counted,
            SQL(MOVES, meant=_within("said", first, last)),
        )
        taken_over = self._taken_over(first, last, counted)
        return SQL("%s UNION ALL %s", new, taken_over) if taken_over else new

    def _taken_over(self, first, last, counted):
        """SQL of earlier moves that happened after a count of the range: from behind the count before to behind it.

        None where there is nothing; a count is stored with the moment it was taken, so that these are few.
        """
        since = self.env.execute_query(
            SQL("SELECT MIN(taken_at) FROM liquor_stock_count_line line WHERE %s", _within("line", first, last))
        )[0][0]
        if not since:
            return None
        meant = SQL(
            """said.xid < %s::xid8 AND e.event_time > %s
               AND EXISTS (SELECT FROM liquor_stock_count_line line
                            WHERE line.company_id = e.company_id AND line.party_id = move.who
                              AND line.product_id = e.product_id AND line.taken_at < e.event_time AND %s)""",
            first,
            since,
            _within("line", first, last),
        )
        return SQL(
            """SELECT m.company_id, m.partner_id, m.product_id, m.day,
                      CASE WHEN side.sign > 0 THEN %s ELSE %s END, side.sign * m.net, side.sign * m.opened,
                      side.sign * m.receipt, side.sign * m.moves
                 FROM (%s) m CROSS JOIN (VALUES (1), (-1)) AS side(sign)""",
            counted,
            SQL(LAST_COUNT, meant=SQL("line.xid < %s::xid8", first)),
            SQL(MOVES, meant=meant),
        )
