"""Codes, custody, events, requests."""

from decimal import Decimal

from ..frame import Invariant, by_sql

ADDON = "liquor_scan"
HASHED_AT_ONCE = 10_000

RANGES = """
SELECT format('range %s of batch %s ends at bottle %s of %s', span.id, batch.number, span.last + 1, batch.bottles)
  FROM liquor_code_range span JOIN liquor_code_batch batch ON batch.id = span.batch_id
 WHERE span.first < 0 OR span.last < span.first OR span.last >= batch.bottles
UNION ALL
SELECT format('ranges %s and %s of batch %s are both %s for bottle %s', one.id, other.id, one.batch_id, one.state,
              greatest(one.first, other.first) + 1)
  FROM liquor_code_range one
  JOIN liquor_code_range other
    ON other.batch_id = one.batch_id AND other.state = one.state AND other.id > one.id
   AND other.first <= one.last AND other.last >= one.first
   AND (one.kind IS NULL OR other.kind IS NULL OR one.kind = other.kind)
UNION ALL
SELECT format('batch number %s is used %s times', number, count(*))
  FROM liquor_code_batch GROUP BY number HAVING count(*) > 1
"""

# What the scans derive one by one, derived anew from all events that stand.
CUSTODY = """
SELECT format('batch %s, unit %s of %s bottles: holder %s (event %s) stored, %s (event %s) proven',
              coalesce(held.batch_id, proven.batch_id), coalesce(held.unit_index, proven.unit_index),
              coalesce(held.level, proven.level), held.holder_id, held.event_id, proven.holder_id, proven.event_id)
  FROM (SELECT DISTINCT ON (event.batch_id, event.level, event.unit_index)
               event.batch_id, event.level, event.unit_index, event.holder_id, event.holder_kind,
               event.custody_state AS state, event.event_time AS since, event.id AS event_id
          FROM liquor_scan_event event
         WHERE event.status = 'accepted' AND event.custody_state IS NOT NULL
           AND NOT EXISTS (SELECT FROM liquor_scan_event undo
                            WHERE undo.undo_of_id = event.id AND undo.status = 'accepted')
         ORDER BY event.batch_id, event.level, event.unit_index, event.event_time DESC, event.id DESC) proven
  FULL JOIN liquor_custody held
         ON held.batch_id = proven.batch_id AND held.level = proven.level AND held.unit_index = proven.unit_index
 WHERE (held.holder_id, held.holder_kind, held.state, held.since, held.event_id)
       IS DISTINCT FROM (proven.holder_id, proven.holder_kind, proven.state, proven.since, proven.event_id)
"""

EVENTS = """
SELECT format('event %s names unit %s of %s bottles in batch %s of %s bottles', event.id, event.unit_index, event.level,
              batch.number, batch.bottles)
  FROM liquor_scan_event event JOIN liquor_code_batch batch ON batch.id = event.batch_id
 WHERE event.unit_index::bigint * event.level >= batch.bottles
UNION ALL
SELECT format('event %s was undone %s times', undo_of_id, count(*))
  FROM liquor_scan_event WHERE undo_of_id IS NOT NULL AND status = 'accepted' GROUP BY undo_of_id HAVING count(*) > 1
"""

REQUESTS = """
SELECT format('user %s sent id %s %s times', user_id, client_id, count(*))
  FROM liquor_scan_request GROUP BY user_id, client_id HAVING count(*) > 1
UNION ALL
SELECT format('request %s is accepted and has no event', request.id)
  FROM liquor_scan_request request LEFT JOIN liquor_scan_event event ON event.id = request.event_id
 WHERE request.status = 'accepted' AND event.id IS NULL AND request.client_id NOT LIKE 'upload:%'
UNION ALL
SELECT format('upload %s is accepted and packed nothing', request.id)
  FROM liquor_scan_request request
 WHERE request.status = 'accepted' AND request.client_id LIKE 'upload:%'
   AND NOT EXISTS (SELECT FROM liquor_code_link link WHERE link.upload = substr(request.client_id, 8))
"""

LOADED = """
SELECT format('scan %s of transfer %s is posted and has no event', scan.id, scan.picking_id)
  FROM liquor_picking_scan scan
 WHERE scan.event_posted
   AND NOT EXISTS (SELECT FROM liquor_scan_request request
                     JOIN liquor_scan_event event ON event.id = request.event_id
                    WHERE request.user_id = scan.user_id
                      AND request.client_id = format('picking:%s:%s', scan.picking_id, scan.id)
                      AND event.batch_id = scan.batch_id AND event.level = scan.level
                      AND event.unit_index = scan.unit_index)
   AND scan.scanned_at > now() AT TIME ZONE 'UTC' - interval '400 days'
UNION ALL
SELECT format('scan %s is open and its transfer %s is %s', scan.id, picking.name, picking.state)
  FROM liquor_picking_scan scan JOIN stock_picking picking ON picking.id = scan.picking_id
 WHERE scan.event_posted IS NOT TRUE AND picking.state IN ('done', 'cancel')
"""

LINKS = """
SELECT format('unit %s of %s bottles in batch %s lies in %s packages', child_index, child_level, child_batch_id,
              count(*))
  FROM liquor_code_link WHERE unpacked_at IS NULL
 GROUP BY child_batch_id, child_level, child_index HAVING count(*) > 1
UNION ALL
SELECT format('link %s packs %s bottles into %s', id, child_level, parent_level)
  FROM liquor_code_link WHERE parent_level <= child_level
"""

# What the days show is what the events prove, whether it was added up or came since.
DAYS = """
WITH proven AS (
    SELECT event.company_id, event.business_day AS day, coalesce(event.territory_id, 0) AS territory_id,
           coalesce(event.product_id, 0) AS product_id, event.kind, count(*) AS events,
           sum(coalesce(event.bottles, 0)) AS bottles
      FROM liquor_scan_event event
     WHERE event.status = 'accepted' AND event.kind <> 'void'
       AND event.xid < coalesce((SELECT next_xid::xid8 FROM liquor_scan_cursor WHERE name = 'scan days'), '0'::xid8)
       AND NOT EXISTS (SELECT FROM liquor_scan_event undo
                        WHERE undo.undo_of_id = event.id AND undo.status = 'accepted'
                          AND undo.xid < (SELECT next_xid::xid8 FROM liquor_scan_cursor WHERE name = 'scan days'))
     GROUP BY 1, 2, 3, 4, 5)
SELECT format('%s, company %s, territory %s, product %s, %s: %s scans of %s bottles stored, %s of %s proven',
              coalesce(stored.day, proven.day), coalesce(stored.company_id, proven.company_id),
              coalesce(stored.territory_id, proven.territory_id), coalesce(stored.product_id, proven.product_id),
              coalesce(stored.kind, proven.kind), stored.events, stored.bottles, proven.events, proven.bottles)
  FROM (SELECT company_id, day, coalesce(territory_id, 0) AS territory_id, coalesce(product_id, 0) AS product_id,
               kind, events, bottles
          FROM liquor_scan_day_store WHERE events <> 0 OR bottles <> 0) stored
  FULL JOIN proven USING (company_id, day, territory_id, product_id, kind)
 WHERE (stored.events, stored.bottles) IS DISTINCT FROM (proven.events, proven.bottles)
"""

PLACES = """
SELECT format('place of event %s is %s days old', event_id, (now() AT TIME ZONE 'UTC')::date - at::date)
  FROM liquor_scan_place WHERE at < (now() AT TIME ZONE 'UTC') - interval '92 days'
"""

EARNED = """
SELECT format('earning %s pays for “%s”, which %s', earning.id, earning.fact_key,
              CASE WHEN event.id IS NULL THEN 'never happened' WHEN undo.id IS NOT NULL THEN 'was undone'
                   ELSE 'is ' || event.status END)
  FROM liquor_earning earning
  LEFT JOIN liquor_scan_event event ON event.id::text = split_part(earning.fact_key, '/', 2)
  LEFT JOIN liquor_scan_event undo ON undo.undo_of_id = event.id AND undo.status = 'accepted'
 WHERE earning.fact_key LIKE 'liquor.scan.event/%' AND earning.reverses_id IS NULL
   AND NOT EXISTS (SELECT FROM liquor_earning back WHERE back.reverses_id = earning.id)
   AND (event.id IS NULL OR undo.id IS NOT NULL OR event.status <> 'accepted')
"""


CLAIMS = """
SELECT format('code %s of batch %s (%s) has %s claims', index, batch_id, kind, count(*))
  FROM liquor_code_claim GROUP BY batch_id, kind, index HAVING count(*) > 1
UNION ALL
SELECT format('claim %s names bottle %s of %s in batch %s', claim.id, claim.index + 1, batch.bottles, batch.number)
  FROM liquor_code_claim claim JOIN liquor_code_batch batch ON batch.id = claim.batch_id
 WHERE claim.kind <> 'cap_inner' OR claim.index >= batch.bottles
UNION ALL
SELECT format('claim %s of %s came before its code was activated', claim.id, claim.claimed_at)
  FROM liquor_code_claim claim
 WHERE NOT EXISTS (SELECT FROM liquor_code_range span
                    WHERE span.batch_id = claim.batch_id AND span.state = 'active'
                      AND (span.kind IS NULL OR span.kind = claim.kind)
                      AND claim.index BETWEEN span.first AND span.last AND span.done_at <= claim.claimed_at)
"""

# A granted claim has one reward of its kind, and nothing else was handed out in the name of a claim (I5).
REWARDS = """
WITH handed AS (
    SELECT 'points' AS reward, origin_id, member_id, points::numeric AS value FROM liquor_point_entry
     WHERE origin_model = 'liquor.code.claim' AND kind = 'earn'
    UNION ALL
    SELECT 'cash_back', origin_id, member_id, amount FROM liquor_cash_entry
     WHERE origin_model = 'liquor.code.claim' AND kind = 'earn' AND reverses_id IS NULL
    UNION ALL
    SELECT 'gift', origin_id, member_id, benefit_id FROM liquor_benefit_entitlement
     WHERE origin_model = 'liquor.code.claim'),
promised AS (
    SELECT id, reward, member_id, CASE reward WHEN 'points' THEN points WHEN 'cash_back' THEN amount
                                              ELSE benefit_id END AS value
      FROM liquor_code_claim WHERE state = 'granted' AND reward IS NOT NULL)
SELECT format('claim %s promised %s %s to member %s, handed out was %s %s to member %s', coalesce(id, origin_id),
              promised.value, promised.reward, promised.member_id, handed.value, handed.reward, handed.member_id)
  FROM promised FULL JOIN handed ON handed.origin_id = promised.id
 WHERE (promised.reward, promised.member_id, promised.value)
       IS DISTINCT FROM (handed.reward, handed.member_id, handed.value)
UNION ALL
SELECT format('claim %s was rewarded %s times', origin_id, count(*)) FROM handed GROUP BY origin_id HAVING count(*) > 1
"""

# What a recall says ties, it was begun by two people, and nothing moved on behind its back.
RECALL_TOTALS = """
SELECT format('recall %s has %s bottles in its ranges, %s with its holders and says %s', recall.name,
              coalesce(ranges.bottles, 0), coalesce(holders.bottles, 0), recall.bottles)
  FROM liquor_recall recall
  LEFT JOIN (SELECT recall_id, sum(last - first + 1) AS bottles FROM liquor_recall_range GROUP BY recall_id) ranges
    ON ranges.recall_id = recall.id
  LEFT JOIN (SELECT recall_id, sum(bottles) AS bottles FROM liquor_recall_holder GROUP BY recall_id) holders
    ON holders.recall_id = recall.id
 WHERE recall.located_at IS NOT NULL
   AND (coalesce(ranges.bottles, 0) <> recall.bottles OR coalesce(holders.bottles, 0) <> recall.bottles)
UNION ALL
SELECT format('ranges %s and %s of recall %s share bottle %s', one.id, other.id, one.recall_id,
              greatest(one.first, other.first) + 1)
  FROM liquor_recall_range one
  JOIN liquor_recall_range other
    ON other.recall_id = one.recall_id AND other.batch_id = one.batch_id AND other.id > one.id
   AND other.first <= one.last AND other.last >= one.first
"""

RECALL_STOPS = """
SELECT format('recall %s was prepared and begun by user %s', name, activated_by_id)
  FROM liquor_recall WHERE activated_by_id IN (prepared_by_id, create_uid)
UNION ALL
SELECT format('event %s (%s) moved bottles that recall %s had stopped', event.id, event.kind, recall.name)
  FROM liquor_recall recall
  JOIN liquor_recall_range span ON span.recall_id = recall.id
  JOIN liquor_scan_event event
    ON event.batch_id = span.batch_id AND event.level = 1 AND event.unit_index BETWEEN span.first AND span.last
 WHERE recall.state <> 'draft' AND event.status = 'accepted' AND event.custody_state IS NOT NULL
   AND event.received_time > recall.activated_at
   AND (recall.stops OR event.received_time < recall.closed_at)
   AND event.kind NOT IN ('return', 'store') AND NOT (event.kind = 'receive' AND event.holder_kind = 'maker')
"""

# What supervisors decide, another person asked for or found; a replaced label is void.
PACKING = """
SELECT format('label %s of batch %s was replaced by user %s, who asked for it', unit_index, batch_id, decided_by_id)
  FROM liquor_code_replacement WHERE decided_by_id = asked_by_id
UNION ALL
SELECT format('label %s (%s) of batch %s was replaced and is not void', one.unit_index, one.kind, one.batch_id)
  FROM liquor_code_replacement one
  JOIN liquor_code_batch batch ON batch.id = one.batch_id
  JOIN liquor_code_level level ON level.scheme_id = batch.scheme_id AND level.kind = one.kind
 WHERE one.state = 'approved'
   AND NOT EXISTS (SELECT FROM liquor_code_range span
                    WHERE span.batch_id = one.batch_id AND span.state = 'void'
                      AND (span.kind IS NULL OR span.kind = one.kind)
                      AND span.first <= one.unit_index * level.bottles AND span.last >= one.unit_index * level.bottles)
UNION ALL
SELECT format('roll %s was released by user %s, who checked it', roll.name, roll.released_by_id)
  FROM liquor_packing_check roll
 WHERE roll.state = 'released'
   AND EXISTS (SELECT FROM liquor_packing_check_case line
                WHERE line.check_id = roll.id AND line.user_id = roll.released_by_id)
UNION ALL
SELECT format('roll %s is %s although case %s did not match', roll.name, roll.state, line.case_index)
  FROM liquor_packing_check roll JOIN liquor_packing_check_case line ON line.check_id = roll.id
 WHERE line.fault IS NOT NULL AND roll.state IN ('open', 'passed')
"""

# What stopped or released a roll is written down, and nothing of it was packed or shipped in between. By number: what
# was packed by hand lies elsewhere.
STOPS = """
SELECT format('roll %s is %s and its last trace says %s', roll.name, roll.state, coalesce(trace.kind, 'nothing'))
  FROM liquor_packing_check roll
  LEFT JOIN LATERAL (SELECT kind FROM liquor_packing_stop WHERE check_id = roll.id ORDER BY id DESC LIMIT 1) trace
    ON true
 WHERE roll.state IN ('stopped', 'released') AND trace.kind IS DISTINCT FROM roll.state
UNION ALL
SELECT format('event %s (%s) moved goods of roll %s while it was stopped', event.id, event.kind, roll.name)
  FROM liquor_packing_stop stop
  JOIN liquor_packing_check roll ON roll.id = stop.check_id
  JOIN liquor_scan_event event
    ON event.batch_id = stop.batch_id AND event.kind IN ('pack', 'ship') AND event.status = 'accepted'
   AND event.unit_index::int8 * event.level < stop.last AND (event.unit_index::int8 + 1) * event.level >= stop.first
   AND event.received_time > stop.event_time
 WHERE stop.kind = 'stopped'
   AND NOT EXISTS (SELECT FROM liquor_packing_stop release
                    WHERE release.check_id = stop.check_id AND release.id > stop.id
                      AND release.event_time <= event.received_time)
   AND NOT EXISTS (SELECT FROM liquor_code_link link
                    WHERE link.child_batch_id = event.batch_id
                      AND link.child_index::int8 * link.child_level
                          BETWEEN event.unit_index::int8 * event.level
                              AND (event.unit_index::int8 + 1) * event.level - 1)
"""


def changed_events(cursor) -> list[str]:
    """Find events whose content no longer has the hash it was stored with (I8)."""
    from odoo.addons.liquor_scan.engine.flow.proof import FIELDS, event_hash

    found = []
    cursor.execute(f"SELECT id, content_hash, {', '.join(FIELDS)} FROM liquor_scan_event")
    while rows := cursor.fetchmany(HASHED_AT_ONCE):
        for number, stored, *values in rows:
            plain = [float(value) if isinstance(value, Decimal) else value for value in values]
            if event_hash(dict(zip(FIELDS, plain, strict=True))) != stored:
                found.append(f"event {number} is not what its hash says")
    return found


INVARIANTS = (
    by_sql(
        "codes.ranges",
        "Ranges lie inside their batch and do not overlap; batch numbers are unique",
        ADDON,
        ("liquor_code_batch", "liquor_code_range"),
        RANGES,
    ),
    by_sql(
        "claims.once",
        "A bottle is claimed once, after its code was activated",
        ADDON,
        ("liquor_code_claim", "liquor_code_batch", "liquor_code_range"),
        CLAIMS,
    ),
    by_sql(
        "claims.rewards",
        "Each granted claim has the reward it promised, and no reward lacks its claim",
        ADDON,
        ("liquor_code_claim", "liquor_point_entry", "liquor_cash_entry", "liquor_benefit_entitlement"),
        REWARDS,
    ),
    by_sql(
        "flow.custody",
        "Custody rebuilt from the events = custody stored",
        ADDON,
        ("liquor_scan_event", "liquor_custody"),
        CUSTODY,
    ),
    by_sql(
        "flow.events",
        "Events name a unit that exists, and are undone once",
        ADDON,
        ("liquor_scan_event", "liquor_code_batch"),
        EVENTS,
    ),
    by_sql(
        "flow.requests",
        "Each id was answered once; what was accepted has its event, an upload of a line its links",
        ADDON,
        ("liquor_scan_request", "liquor_scan_event", "liquor_code_link"),
        REQUESTS,
    ),
    by_sql(
        "flow.days",
        "Scans added up by day are what the events prove",
        ADDON,
        ("liquor_scan_event", "liquor_scan_day_store", "liquor_scan_cursor"),
        DAYS,
    ),
    by_sql("flow.places", "No exact place is kept longer than 90 days", ADDON, ("liquor_scan_place",), PLACES),
    Invariant("flow.hashes", "Each event is what its hash says", ADDON, ("liquor_scan_event",), changed_events),
    by_sql(
        "flow.earned",
        "What a scan earned was scanned and not undone",
        ADDON,
        ("liquor_scan_event", "liquor_earning"),
        EARNED,
    ),
    by_sql(
        "recall.totals",
        "Each bottle of a recall stands once with its holders and in its ranges",
        ADDON,
        ("liquor_recall", "liquor_recall_range", "liquor_recall_holder"),
        RECALL_TOTALS,
    ),
    by_sql(
        "recall.stops",
        "A recall has two people behind it; no bottle of it moved on after it began",
        ADDON,
        ("liquor_recall", "liquor_recall_range", "liquor_scan_event"),
        RECALL_STOPS,
    ),
    by_sql(
        "packing.stops",
        "Stops and releases of rolls are written down; nothing of a stopped roll was packed or shipped",
        ADDON,
        ("liquor_packing_check", "liquor_packing_stop", "liquor_scan_event", "liquor_code_link"),
        STOPS,
    ),
    by_sql(
        "packing.supervised",
        "Labels are replaced and rolls released by a second person; a replaced label is void",
        ADDON,
        ("liquor_code_replacement", "liquor_packing_check", "liquor_packing_check_case", "liquor_code_range"),
        PACKING,
    ),
    by_sql(
        "warehouse.loaded",
        "What was loaded has its event; nothing is open on a closed transfer",
        ADDON,
        ("liquor_picking_scan", "liquor_scan_request", "liquor_scan_event", "stock_picking"),
        LOADED,
    ),
    by_sql("flow.links", "A unit lies in one package, larger than itself", ADDON, ("liquor_code_link",), LINKS),
)
