from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.liquor_channel.models.partners.role_place import place_on
from odoo.addons.liquor_member.tools.business_day import day_bounds, today

from ...engine.stock_estimate.rate import WINDOW_DAYS

HISTORY_DAYS = 400
"""What is older than this tells nothing about a shop's stock: it was counted since, or is not told."""
RECEIPTS = 6
"""Days of receipts that the re-order interval is read from."""


FLOWS = """
WITH shop AS (
    SELECT DISTINCT ON (role.partner_id) role.partner_id, role.id, role.territory_id, role.has_moved,
           role.next_day, role.next_territory_id, COALESCE(kind.must_scan, TRUE) AS must_scan
      FROM liquor_channel_role role
      LEFT JOIN liquor_terminal_kind kind ON kind.id = role.terminal_kind_id
     WHERE role.company_id = %(company)s AND role.kind = 'terminal'
       AND role.state IN ('trial', 'formal', 'suspended')
     ORDER BY role.partner_id, role.id
), counted AS (
    SELECT DISTINCT ON (line.party_id, line.product_id)
           line.id, line.party_id, line.product_id, line.taken_at, line.counted_bottles,
           head.business_day
      FROM liquor_stock_count_line line JOIN liquor_stock_count head ON head.id = line.count_id
     WHERE line.company_id = %(company)s AND line.taken_at >= %(since)s
     ORDER BY line.party_id, line.product_id, line.taken_at DESC, line.id DESC
), daily AS (
    SELECT shop.partner_id, move.product_id, move.day,
           SUM(move.net) FILTER (WHERE fresh.counts) AS net,
           SUM(move.opened) FILTER (WHERE fresh.counts) AS opened,
           SUM(move.reported) FILTER (WHERE fresh.counts) AS reported,
           SUM(move.receipt) AS receipt, SUM(move.opened) AS opened_all
      FROM (%(moves)s) move
      JOIN shop ON shop.partner_id = move.who
      LEFT JOIN counted ON counted.party_id = move.who AND counted.product_id = move.product_id
     CROSS JOIN LATERAL (SELECT counted.id IS NULL OR move.count_line_id = counted.id
                                OR move.at > counted.taken_at) AS fresh(counts)
     WHERE move.by_report <> shop.must_scan
     GROUP BY 1, 2, 3
), summed AS (
    SELECT partner_id, product_id, COALESCE(SUM(net), 0) AS net, COALESCE(SUM(opened), 0) AS opened,
           COALESCE(SUM(reported), 0) AS reported, MIN(day) AS first_day,
           array_agg(day ORDER BY day) FILTER (WHERE receipt > 0) AS days,
           array_agg(receipt ORDER BY day) FILTER (WHERE receipt > 0) AS receipts,
           COALESCE(SUM(receipt) FILTER (WHERE day > %(window)s), 0) AS window_received,
           COALESCE(SUM(opened_all) FILTER (WHERE day > %(window)s), 0) AS window_opened
      FROM daily GROUP BY 1, 2
), elsewhere AS (
    SELECT partner_id, product_id, jsonb_object_agg(territory_id, opened) AS places
      FROM (SELECT daily.partner_id, daily.product_id, stood.territory_id, SUM(daily.opened) AS opened
              FROM daily JOIN shop ON shop.partner_id = daily.partner_id AND shop.has_moved
             CROSS JOIN LATERAL (SELECT %(place)s) AS stood(territory_id)
             WHERE stood.territory_id <> shop.territory_id
             GROUP BY 1, 2, 3 HAVING SUM(daily.opened) > 0) moved
     GROUP BY 1, 2
)
SELECT shop.partner_id, COALESCE(summed.product_id, counted.product_id), shop.territory_id,
       shop.must_scan, counted.id, COALESCE(counted.counted_bottles, 0), counted.business_day,
       COALESCE(summed.net, 0), COALESCE(summed.opened, 0), COALESCE(summed.reported, 0),
       summed.first_day, summed.days, summed.receipts,
       COALESCE(summed.window_received, 0), COALESCE(summed.window_opened, 0), elsewhere.places
  FROM summed
  FULL JOIN counted ON counted.party_id = summed.partner_id AND counted.product_id = summed.product_id
  JOIN shop ON shop.partner_id = COALESCE(summed.partner_id, counted.party_id)
  LEFT JOIN elsewhere ON elsewhere.partner_id = summed.partner_id AND elsewhere.product_id = summed.product_id
 ORDER BY 1, 2
"""

SAMPLES = """
WITH counted AS (
    SELECT line.id, line.party_id, line.product_id, line.counted_bottles,
           LEAD(line.counted_bottles) OVER own AS next_bottles,
           head.business_day AS day, LEAD(head.business_day) OVER own AS next_day
      FROM liquor_stock_count_line line JOIN liquor_stock_count head ON head.id = line.count_id
     WHERE line.company_id = %(company)s AND line.taken_at >= %(since)s
    WINDOW own AS (PARTITION BY line.party_id, line.product_id ORDER BY line.taken_at, line.id)
), pair AS (
    SELECT counted.party_id, counted.product_id, counted.id, counted.day, counted.next_day,
           counted.counted_bottles - counted.next_bottles + COALESCE(SUM(move.net), 0) AS gone,
           COALESCE(SUM(move.opened), 0) AS opened
      FROM counted
      LEFT JOIN (%(moves)s) move ON move.count_line_id = counted.id
     WHERE counted.next_bottles IS NOT NULL
     GROUP BY counted.party_id, counted.product_id, counted.id, counted.day, counted.next_day,
              counted.counted_bottles, counted.next_bottles
), shop AS (
    SELECT DISTINCT ON (role.partner_id) role.partner_id, role.id, role.territory_id,
           role.has_moved, role.next_day, role.next_territory_id
      FROM liquor_channel_role role
      LEFT JOIN liquor_terminal_kind kind ON kind.id = role.terminal_kind_id
     WHERE role.company_id = %(company)s AND role.kind = 'terminal'
       AND role.state IN ('trial', 'formal', 'suspended') AND COALESCE(kind.must_scan, TRUE)
       AND role.territory_id IS NOT NULL
     ORDER BY role.partner_id, role.id
)
SELECT pair.product_id, stood.last_id, SUM(pair.opened), SUM(pair.gone)
  FROM pair JOIN shop ON shop.partner_id = pair.party_id
 CROSS JOIN LATERAL (SELECT %(first_place)s, %(last_place)s) AS stood(first_id, last_id)
 WHERE pair.gone > 0 AND stood.first_id = stood.last_id
 GROUP BY pair.product_id, stood.last_id, pair.party_id
 ORDER BY pair.product_id, stood.last_id, pair.party_id
"""


class ShopFlow(NamedTuple):
    """What is known of a shop and product, summed in the database; days are (day, bottles), oldest first.

    ``territory`` is where the shop stands now; ``elsewhere`` what of ``opened`` was opened where it stood before.
    """

    partner: int
    product: int
    territory: int
    must_scan: bool
    count_line: int
    counted: int
    count_day: object
    received: int
    opened: int
    reported: int
    first_day: object
    receipts: list
    window_received: int
    window_opened: int
    elsewhere: dict  # territory id -> bottles


class LiquorStockFlow(models.AbstractModel):
    """What went into and out of shops, from scans by day and flow reports: one statement for all of a company."""

    _name = "liquor.stock.flow"
    _description = "Goods Into and Out of Shops"

    @api.model
    def _flush(self):
        self.env.flush_all()

    @api.model
    def _moves(self, company, since, moment):
        """SQL of (who, product_id, day, count_line_id, at, net, opened, reported, receipt, by_report) since a day.

        In bottles. What scans tell is summed by day and by the last count before it (``liquor.stock.day``); shops that
        need not scan are told by flow reports alone (trade.md R10), each line with its moment.
        """
        return SQL(
            """
            SELECT day.partner_id AS who, day.product_id, day.day, day.count_line_id, NULL::timestamp AS at, day.net,
                   day.opened, 0 AS reported, day.receipt, FALSE AS by_report
              FROM (%(scanned)s) day
            UNION ALL
            SELECT reported.who, line.product_id, line.business_day, NULL, line.event_time, reported.net, 0,
                   reported.sold, GREATEST(reported.net, 0), TRUE
              FROM liquor_flow_report_line line
             CROSS JOIN LATERAL (VALUES
                   (CASE WHEN line.kind IN ('reported', 'returned') THEN line.buyer_id END, line.bottles, 0),
                   (CASE WHEN line.kind = 'sold' OR (line.kind = 'returned' AND line.buyer_id IS NULL)
                         THEN line.reporter_id END, 0, line.bottles)
                   ) AS reported(who, net, sold)
             WHERE line.company_id = %(company)s AND line.live AND line.event_time >= %(moment)s
               AND reported.who IS NOT NULL
            """,
            scanned=self.env["liquor.stock.day"]._rows(company, since),
            company=company.id,
            moment=moment,
        )

    @api.model
    def _flows(self, company):
        """Flows of all shops and products of a company since their last count: list of ``ShopFlow``; three queries."""
        self._flush()
        day = today(company)
        first = day - timedelta(days=HISTORY_DAYS)
        since = day_bounds(company, first, day)[0]
        rows = self.env.execute_query(
            SQL(
                FLOWS,
                company=company.id,
                since=since,
                window=day - timedelta(days=WINDOW_DAYS),
                place=place_on(SQL("shop"), SQL("daily.day")),
                moves=self._moves(company, first, since),
            )
        )
        return [self._flow_of(row) for row in rows]

    def _flow_of(self, row):
        partner, product, territory, must_scan, line, counted, count_day, net, opened, reported, first, *rest = row
        days, bottles, window_received, window_opened, places = rest
        receipts = list(zip(days or (), map(int, bottles or ()), strict=True))[-RECEIPTS:]
        return ShopFlow(
            partner, product, territory or 0, must_scan, line or 0, int(counted), count_day, int(net), int(opened),
            int(reported), first, receipts, int(window_received), int(window_opened),
            {int(place): int(number) for place, number in (places or {}).items()},
        )  # fmt: skip

    @api.model
    def _samples(self, company):
        """What shops with two counts of the last 90 days tell: list of (product id, territory id, opened, gone).

        Between two counts so many bottles left a shop: the first, what came, less the second. They tell of the
        territory where it stood on both days; what left while it moved tells of none.
        """
        self._flush()
        day = today(company)
        first = day - timedelta(days=WINDOW_DAYS)
        since = day_bounds(company, first, day)[0]
        rows = self.env.execute_query(
            SQL(
                SAMPLES,
                company=company.id,
                since=since,
                first_place=place_on(SQL("shop"), SQL("pair.day")),
                last_place=place_on(SQL("shop"), SQL("pair.next_day")),
                moves=self.env["liquor.stock.day"]._rows(company, first),
            )
        )
        return [(product, territory, int(opened), int(gone)) for product, territory, opened, gone in rows]
