"""What caps count is what the ledger says was taken from them, room that was given back included."""

from collections import defaultdict
from decimal import Decimal

from ..frame import Invariant

ADDON = "liquor_channel"

VERSIONS = """
SELECT version.id, version.period, coalesce(version.cap_amount, 0)::text, coalesce(version.cap_total, 0)::text,
       coalesce(version.cap_supplier, 0)::text
  FROM liquor_policy_version version JOIN liquor_policy policy ON policy.id = version.policy_id
 WHERE policy.kind = 'per_unit'
"""

COUNTERS = "SELECT key, taken::text FROM liquor_cap_counter WHERE starts_with(key, %s)"

# A part that went back and a difference count in the period of what they lower or raise. Terms that re-rated others
# count what those had paid as well; what a party may get alone is counted where it had a cap: by the terms, or its own.
TAKEN = """
WITH paid AS (
    SELECT earning.policy_version_id AS version, earning.partner_id, origin.business_day, origin.supplier,
           origin.own_cap, CASE WHEN earning.form = 'points' THEN earning.points ELSE earning.amount END AS worth
      FROM liquor_earning earning
      JOIN liquor_policy_version version ON version.id = earning.policy_version_id
      JOIN liquor_policy policy ON policy.id = version.policy_id AND policy.kind = 'per_unit'
      JOIN LATERAL (
          SELECT first.business_day, (first.trace::json ->> 'supplier')::int AS supplier,
                 EXISTS (SELECT FROM json_array_elements(first.trace::json -> 'overlays') one
                          WHERE one ->> 0 = 'cap') AS own_cap
            FROM liquor_earning first
           WHERE first.fact_key = earning.fact_key AND first.partner_id = earning.partner_id
             AND first.policy_version_id = earning.policy_version_id
             AND first.component = regexp_replace(earning.component, '/(return|proof)/.*', '')
           ORDER BY first.id LIMIT 1) origin ON TRUE
     WHERE earning.policy_version_id = ANY(%(versions)s)
        OR EXISTS (SELECT FROM liquor_policy_version_rerated_rel pair
                    WHERE pair.rerated_id = earning.policy_version_id AND pair.version_id = ANY(%(versions)s)))
SELECT version, partner_id, supplier, business_day, own_cap, sum(worth)::text FROM paid
 WHERE version = ANY(%(versions)s) GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT later.id, partner_id, supplier, business_day, FALSE, sum(worth)::text
  FROM paid
  JOIN liquor_policy_version_rerated_rel pair ON pair.rerated_id = paid.version
  JOIN liquor_policy_version later ON later.id = pair.version_id AND later.date_start <= paid.business_day
 WHERE later.id = ANY(%(versions)s) GROUP BY 1, 2, 3, 4
"""

# The line of the policy goes before the one of the nearest category, which goes before the one for everything.
CARRIED = """
WITH shared AS (
    SELECT earning.agreement_id, 'rewards' AS subject, version.policy_id, earning.product_id, earning.funder_amount
      FROM liquor_earning earning LEFT JOIN liquor_policy_version version ON version.id = earning.policy_version_id
     WHERE earning.agreement_id IS NOT NULL
    UNION ALL
    SELECT funding.agreement_id, 'benefits', NULL, benefit.product_id, funding.funder_amount
      FROM liquor_benefit_funding funding
      JOIN liquor_benefit_claim claim ON claim.id = funding.claim_id
      JOIN liquor_benefit benefit ON benefit.id = claim.benefit_id
     WHERE funding.agreement_id IS NOT NULL),
borne AS (
    SELECT line.id, sum(shared.funder_amount) AS amount
      FROM shared
      LEFT JOIN product_product product ON product.id = shared.product_id
      LEFT JOIN product_template template ON template.id = product.product_tmpl_id
      LEFT JOIN product_category own ON own.id = template.categ_id
      JOIN LATERAL (
          SELECT line.id
            FROM liquor_agreement_line line LEFT JOIN product_category category ON category.id = line.category_id
           WHERE line.agreement_id = shared.agreement_id AND line.subject = shared.subject
             AND (line.policy_id = shared.policy_id
                  OR line.policy_id IS NULL
                     AND (category.id IS NULL OR starts_with(own.parent_path, category.parent_path)))
           ORDER BY line.policy_id IS NULL, CASE WHEN line.policy_id IS NULL THEN length(category.parent_path) END
                    DESC NULLS LAST, line.id DESC LIMIT 1) line ON TRUE
     GROUP BY line.id)
SELECT line.id, line.cap_amount::text, coalesce(borne.amount, 0)::text
  FROM liquor_agreement_line line LEFT JOIN borne ON borne.id = line.id
 WHERE line.cap_amount > 0
"""


def policies(cursor) -> list[str]:
    """Find counters of per-unit policies that are not what their rewards took, or above the cap of the terms."""
    cursor.execute(VERSIONS)
    versions = {key: (period, *map(Decimal, caps)) for key, period, *caps in cursor.fetchall()}
    counted = _counters(cursor, "policy/")
    named = {int(key.split("/")[1]) for key in counted}
    capped = {key for key, (_period, *caps) in versions.items() if any(caps)}
    cursor.execute(TAKEN, {"versions": sorted(named & versions.keys() | capped)})
    taken = _taken(cursor.fetchall(), versions)
    found = _differences(counted, taken)
    for key, amount in counted.items():
        most = _cap(key, versions)
        if most and amount > most:
            found.append(f"cap {key}: {amount} taken of {most}")
    return found


def agreements(cursor) -> list[str]:
    """Find counters of consents that are not what their distributors carry, or above the cap."""
    counted = _counters(cursor, "agreement/")
    cursor.execute(CARRIED)
    rows = [(f"agreement/{line}", Decimal(cap), Decimal(amount)) for line, cap, amount in cursor.fetchall()]
    found = _differences(counted, {key: amount for key, _cap_of_line, amount in rows})
    return found + [f"cap {key}: {counted[key]} taken of {cap}" for key, cap, _a in rows if counted.get(key, 0) > cap]


def _counters(cursor, prefix: str) -> dict[str, Decimal]:
    cursor.execute(COUNTERS, [prefix])
    return {key: Decimal(taken) for key, taken in cursor.fetchall()}


def _taken(rows, versions) -> dict[str, Decimal]:
    """What the ledger took from each cap: of a party, of all, of the shops of one distributor, each in its period."""
    from odoo.addons.liquor_channel.engine.earnings.periods import period_of

    taken: dict[str, Decimal] = defaultdict(Decimal)
    for version, partner, supplier, day, own_cap, worth in rows:
        period, cap, cap_total, cap_supplier = versions[version]
        label = period_of(day, period).label
        places = ((partner, cap or own_cap), ("all", cap_total), (f"supplier/{supplier}", cap_supplier and supplier))
        for place, holds in places:
            if holds:
                taken[f"policy/{version}/{place}/{label}"] += Decimal(worth)
    return taken


def _cap(key: str, versions) -> Decimal | None:
    """The cap that all have alike; a party may have one of its own, which may change within the period."""
    _policy, version, place, *_rest = key.split("/")
    _period, _cap_of_party, cap_total, cap_supplier = versions.get(int(version), (None, None, None, None))
    return {"all": cap_total, "supplier": cap_supplier}.get(place)


def _differences(counted, taken) -> list[str]:
    return [
        f"cap {key}: {counted.get(key, Decimal(0))} counted, the ledger says {taken.get(key, Decimal(0))}"
        for key in sorted({*counted, *taken})
        if counted.get(key, Decimal(0)) != taken.get(key, Decimal(0))
    ]


INVARIANTS = (
    Invariant(
        "caps.policies",
        "Each cap of a policy counts what its rewards took, what was given back included",
        ADDON,
        (
            "liquor_cap_counter",
            "liquor_earning",
            "liquor_policy",
            "liquor_policy_version",
            "liquor_policy_version_rerated_rel",
        ),
        policies,
    ),
    Invariant(
        "caps.agreements",
        "Each cap of a consent counts what its distributor carries",
        ADDON,
        (
            "liquor_cap_counter",
            "liquor_agreement_line",
            "liquor_earning",
            "liquor_benefit_funding",
            "liquor_benefit_claim",
            "liquor_benefit",
        ),
        agreements,
    ),
)
