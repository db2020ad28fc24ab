"""Goods between distributor and shops, counts, estimated stock."""

from ..frame import by_sql

ADDON = "liquor_scan"

# Net of the parts that were taken back and of the reversal as a whole; a cent more is too much.
PARTS = """
WITH part AS (
    SELECT part.fact_key, part.policy_version_id, part.partner_id, split_part(part.component, '/return/', 1) AS base,
           -SUM(part.amount + COALESCE(back.amount, 0)) AS amount,
           -SUM(part.points + COALESCE(back.points, 0)) AS points
      FROM liquor_earning part LEFT JOIN liquor_earning back ON back.reverses_id = part.id
     WHERE part.type = 'clawback' AND part.reverses_id IS NULL AND part.component LIKE '%/return/%'
     GROUP BY 1, 2, 3, 4)
SELECT format('earning %s gave %s and %s points, parts of it took back %s and %s', earned.id,
              earned.amount + COALESCE(back.amount, 0), earned.points, part.amount, part.points)
  FROM liquor_earning earned
  JOIN part ON part.fact_key = earned.fact_key AND part.partner_id = earned.partner_id
   AND part.policy_version_id IS NOT DISTINCT FROM earned.policy_version_id AND part.base = earned.component
  LEFT JOIN liquor_earning back ON back.reverses_id = earned.id
 WHERE earned.type = 'earn' AND earned.reverses_id IS NULL
   AND (part.amount > earned.amount + COALESCE(back.amount, 0)
        OR part.points > COALESCE(earned.points, 0) + COALESCE(back.points, 0))
"""

# The receipt of a unit that went back as a whole has nothing left of what it earned.
RETURNED = """
WITH got AS (
    SELECT back.id AS back_id, receipt.id
      FROM liquor_scan_event back
     CROSS JOIN LATERAL (
           SELECT event.id FROM liquor_scan_event event
            WHERE event.batch_id = back.batch_id AND event.level = back.level AND event.unit_index = back.unit_index
              AND event.fact_kind = 'received' AND event.status = 'accepted'
              AND (event.event_time, event.id) < (back.event_time, back.id)
              AND NOT EXISTS (SELECT FROM liquor_scan_event undo
                               WHERE undo.undo_of_id = event.id AND undo.status = 'accepted')
            ORDER BY event.event_time DESC, event.id DESC LIMIT 1) receipt
     WHERE back.fact_kind = 'returned' AND back.status = 'accepted')
SELECT format('event %s brought back what receipt %s earned %s for', got.back_id, got.id, SUM(earning.amount))
  FROM got JOIN liquor_earning earning ON earning.fact_key = 'liquor.scan.event/' || got.id
 GROUP BY got.back_id, got.id HAVING SUM(earning.amount) > 0
"""

# 调货: goods that come from another shop were paid for when that shop received them.
SECOND = """
SELECT format('earning %s pays for goods that came from another shop by event %s', earning.id, event.id)
  FROM liquor_earning earning
  JOIN liquor_scan_event event ON earning.fact_key = 'liquor.scan.event/' || event.id
 WHERE earning.amount > 0 AND earning.reverses_id IS NULL
   AND (event.kind = 'transfer' OR (event.kind = 'receive' AND event.counterparty_kind = 'terminal'))
   AND NOT EXISTS (SELECT FROM liquor_earning back WHERE back.reverses_id = earning.id)
UNION ALL
SELECT format('unit %s of batch %s is asked for by its own holder, or without a scan', custody.unit_index,
              custody.batch_id)
  FROM liquor_custody custody LEFT JOIN liquor_scan_event asked ON asked.id = custody.pending_event_id
 WHERE custody.pending_id IS NOT NULL
   AND (custody.pending_id = custody.holder_id OR asked.party_id IS DISTINCT FROM custody.pending_id
        OR asked.status IS DISTINCT FROM 'held')
"""

# Told anew from its own columns: counted + received - opened / rate, never below nothing nor above all but the opened.
ESTIMATES = """
SELECT format('estimate %s says %s, its figures %s', told.id, told.stock, right_one.stock)
  FROM liquor_stock_estimate told
 CROSS JOIN LATERAL (SELECT GREATEST(0, LEAST(told.counted + told.received - told.opened / NULLIF(told.rate, 0),
                                              told.counted + told.received - told.opened)) AS stock) right_one
 WHERE told.basis = 'openings' AND abs(told.stock - right_one.stock) > 0.06 + 0.0001 * told.opened / told.rate ^ 2
UNION ALL
SELECT format('estimate %s starts from count line %s of something else', told.id, line.id)
  FROM liquor_stock_estimate told JOIN liquor_stock_count_line line ON line.id = told.count_line_id
 WHERE (line.company_id, line.party_id, line.product_id, line.counted_bottles)
       IS DISTINCT FROM (told.company_id, told.partner_id, told.product_id, told.counted)
"""

# Goods of shops by day are what the events of the transactions added up prove, one by one, behind the count before.
STOCK_DAYS = """
WITH mark AS (
    SELECT coalesce((SELECT next_xid::xid8 FROM liquor_scan_cursor WHERE name = 'stock days'), '0'::xid8) AS xid),
proven AS (
    SELECT event.company_id, party.id AS partner_id, event.product_id, event.business_day AS day,
           coalesce(counted.id, 0) AS count_line_id, sum(party.net) AS net, sum(party.opened) AS opened
      FROM liquor_scan_event event CROSS JOIN mark
     CROSS JOIN LATERAL (
           SELECT event.holder_id, event.bottles, 0
            WHERE event.kind IN ('receive', 'transfer') AND event.custody_state = 'held'
              AND event.holder_kind = 'terminal'
           UNION ALL SELECT event.party_id, -event.bottles, 0
            WHERE event.kind IN ('return', 'transfer') AND event.custody_state IS NOT NULL
              AND event.party_kind = 'terminal'
           UNION ALL SELECT event.counterparty_id, 0, event.bottles
            WHERE event.fact_kind = 'opened' AND event.counterparty_kind = 'terminal') AS party(id, net, opened)
      LEFT JOIN LATERAL (
           SELECT line.id FROM liquor_stock_count_line line
            WHERE (line.company_id, line.party_id, line.product_id)
                  = (event.company_id, party.id, event.product_id)
              AND line.taken_at < event.event_time AND line.xid < mark.xid
            ORDER BY line.taken_at DESC, line.id DESC LIMIT 1) counted ON TRUE
     WHERE event.status = 'accepted' AND event.xid < mark.xid AND party.id IS NOT NULL
       AND event.product_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM liquor_scan_event undo
                        WHERE undo.undo_of_id = event.id AND undo.status = 'accepted' AND undo.xid < mark.xid)
     GROUP BY 1, 2, 3, 4, 5)
SELECT format('%s, shop %s, product %s: %s bottles in and %s opened stored, %s and %s proven',
              coalesce(stored.day, proven.day), coalesce(stored.partner_id, proven.partner_id),
              coalesce(stored.product_id, proven.product_id), stored.net, stored.opened, proven.net, proven.opened)
  FROM (SELECT company_id, partner_id, product_id, day, coalesce(count_line_id, 0) AS count_line_id, net, opened
          FROM liquor_stock_day WHERE moves <> 0) stored
  FULL JOIN proven USING (company_id, partner_id, product_id, day, count_line_id)
 WHERE (stored.net, stored.opened) IS DISTINCT FROM (proven.net, proven.opened)
"""

INVARIANTS = (
    by_sql("goods.parts", "Parts that came back took back no more than was earned", ADDON, ("liquor_earning",), PARTS),
    by_sql(
        "goods.returned",
        "What went back as a whole has no reward left",
        ADDON,
        ("liquor_earning", "liquor_scan_event"),
        RETURNED,
    ),
    by_sql(
        "goods.transfers",
        "Goods between shops earn once, and wait for their holder",
        ADDON,
        ("liquor_earning", "liquor_scan_event", "liquor_custody"),
        SECOND,
    ),
    by_sql(
        "stock.estimates",
        "Estimated stock follows from its count, receipts, openings and rate",
        ADDON,
        ("liquor_stock_estimate", "liquor_stock_count_line"),
        ESTIMATES,
    ),
    by_sql(
        "stock.days",
        "Goods of shops by day are what their scans prove",
        ADDON,
        ("liquor_stock_day", "liquor_scan_event", "liquor_stock_count_line", "liquor_scan_cursor"),
        STOCK_DAYS,
    ),
)
