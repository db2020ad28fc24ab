"""Shops that changed between scans and reports are paid for a bottle once (trade.md R10, C13)."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..frame import Invariant

ADDON = "liquor_channel"
CENT = Fraction(1, 100)

ROLES = """
SELECT role.company_id, role.partner_id, role.state, role.date_start, role.date_end, role.suspended_on,
       role.pauses::text, coalesce(kind.must_scan, TRUE)
  FROM liquor_channel_role role LEFT JOIN liquor_terminal_kind kind ON kind.id = role.terminal_kind_id
 WHERE role.kind = 'terminal' AND role.state <> 'candidate'
   AND EXISTS (SELECT FROM liquor_channel_role other
                 LEFT JOIN liquor_terminal_kind own ON own.id = other.terminal_kind_id
                WHERE other.partner_id = role.partner_id AND other.company_id = role.company_id
                  AND other.kind = 'terminal' AND other.state <> 'candidate'
                  AND coalesce(own.must_scan, TRUE) <> coalesce(kind.must_scan, TRUE))
 ORDER BY role.id
"""

REPORTED = """
SELECT company_id, buyer_id, 'liquor.flow.report.line/' || id, 'reported', business_day, product_id, bottles::text
  FROM liquor_flow_report_line
 WHERE live AND kind IN ('reported', 'returned') AND buyer_id = ANY(%(shops)s) AND buyer_id <> reporter_id
"""

SCANNED = """
SELECT event.company_id, CASE WHEN event.party_id = ANY(%(shops)s) THEN event.party_id ELSE event.holder_id END,
       'liquor.scan.event/' || event.id, 'received', event.business_day, event.product_id,
       (CASE WHEN event.fact_kind = 'returned' THEN -event.bottles ELSE event.bottles END)::text
  FROM liquor_scan_event event
 WHERE event.status = 'accepted'
   AND (event.fact_kind IN ('received', 'returned') AND event.party_id = ANY(%(shops)s)
        OR event.fact_kind = 'returned' AND event.holder_id = ANY(%(shops)s))
   AND NOT EXISTS (SELECT FROM liquor_scan_event undo
                    WHERE undo.undo_of_id = event.id AND undo.status = 'accepted')
"""

# goods that went back were taken off already, so what is left is never more than what counts
PAID = """
SELECT earning.company_id, earning.partner_id, earning.fact_key, earning.policy_version_id,
       sum(earning.bottles)::text
  FROM liquor_earning earning
  JOIN liquor_policy_version version ON version.id = earning.policy_version_id
  JOIN liquor_policy policy ON policy.id = version.policy_id AND policy.kind = 'per_unit'
 WHERE version.basis IN ('received', 'reported') AND earning.beneficiary_kind = 'terminal'
   AND earning.partner_id = ANY(%(shops)s)
 GROUP BY 1, 2, 3, 4 HAVING sum(earning.amount) <> 0 OR sum(earning.points) <> 0
 ORDER BY 3, 4
"""


def paid_twice(cursor) -> list[str]:
    """Find purchases of a shop that changed between scans and reports that were paid above what their proof counts."""
    shops = _shops(cursor)
    if not shops:
        return []
    wanted = {"shops": [shop for _company, shop in shops]}
    counted = _counted(cursor, shops, wanted)
    cursor.execute(PAID, wanted)
    found = []
    for company, shop, key, version, bottles in cursor.fetchall():
        counts = counted.get((company, shop), {}).get(key)
        if counts is not None and Fraction(bottles) > max(counts, 0) + CENT:
            found.append(
                f"shop {shop} was paid for {_number(Fraction(bottles))} bottles of {key} by version {version}, "
                f"{_number(counts)} count: the other proof counts the rest"
            )
    return found


def _shops(cursor) -> dict:
    """{(company, shop): spans} of shops that were registered both ways, in the order of registration."""
    from odoo.addons.liquor_channel.engine.partners.roles import RoleSpan, last_day

    cursor.execute(ROLES)
    shops: dict = {}
    for company, shop, state, start, end, suspended_on, pauses, must_scan in cursor.fetchall():
        last = last_day(state, end, suspended_on)
        if last:
            spans = shops.setdefault((company, shop), [])
            spans.append(RoleSpan("terminal", start, last, None, _pauses(pauses), must_scan))
    return shops


def _pauses(text: str | None) -> tuple:
    read = date.fromisoformat
    return tuple((read(first), read(last)) for first, last in json.loads(text or "null") or ())


def _counted(cursor, shops: dict, wanted: dict) -> dict:
    """{(company, shop): {fact key: bottles that count}}."""
    from odoo.addons.liquor_channel.engine.policies.proof import Purchase, prove

    facts: dict = {}
    cursor.execute("SELECT to_regclass('liquor_scan_event') IS NOT NULL")
    statements = [REPORTED, SCANNED] if cursor.fetchone()[0] else [REPORTED]
    for statement in statements:
        cursor.execute(statement, wanted)
        for company, shop, key, basis, day, product, bottles in cursor.fetchall():
            if (company, shop) in shops:
                facts.setdefault((company, shop), []).append(Purchase(key, basis, day, product, Decimal(bottles)))
    found = {}
    for who, own in facts.items():
        proofs = prove(shops[who], own)
        found[who] = {one.key: Fraction(one.bottles) * proofs[one.key].part for one in own}
    return found


def _number(value: Fraction) -> str:
    return f"{float(value):g}"


INVARIANTS = (
    Invariant(
        "earnings.changed_shops",
        "A shop that changed between scans and reports is paid for a bottle once",
        ADDON,
        ("liquor_earning", "liquor_channel_role", "liquor_terminal_kind", "liquor_flow_report_line"),
        paid_twice,
    ),
)
