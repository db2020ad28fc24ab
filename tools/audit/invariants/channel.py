"""What parties earn and who carries it."""

from ..frame import by_sql

ADDON = "liquor_channel"

SHARES = """
SELECT format('earning %s: %s of %s carried by partner %s', id, funder_amount, amount, funder_id)
  FROM liquor_earning
 WHERE coalesce(funder_amount, 0) <> 0
   AND (funder_id IS NULL OR funder_id = partner_id OR sign(funder_amount) <> sign(amount)
        OR abs(funder_amount) > abs(amount))
"""


CONSENT = """
SELECT format('earning %s charges partner %s without an accepted agreement', earning.id, earning.funder_id)
  FROM liquor_earning earning LEFT JOIN liquor_agreement agreement ON agreement.id = earning.agreement_id
 WHERE coalesce(earning.funder_amount, 0) <> 0
   AND (agreement.accepted_at IS NULL OR agreement.state NOT IN ('accepted', 'ended')
        OR agreement.distributor_id IS DISTINCT FROM earning.funder_id
        OR agreement.company_id IS DISTINCT FROM earning.company_id)
"""


AUTHORS = """
SELECT format('policy version %s was put in force by its author (user %s)', id, author_id)
  FROM liquor_policy_version WHERE state <> 'draft' AND activated_by_id = author_id
"""

OVERLAYS = """
SELECT format('own value %s of partner %s was decided by its author (user %s)', id, partner_id, author_id)
  FROM liquor_policy_overlay
 WHERE state <> 'draft' AND (approved_by_id IS NULL OR approved_by_id = author_id)
"""

# a fact of a shop, a period of a party: of policies that exclude each other one pays
EXCLUSIVE = """
SELECT format('%s paid partner %s by %s policies of the exclusive group %s', earning.fact_key, earning.partner_id,
              count(DISTINCT policy.id), policy.group_id)
  FROM liquor_earning earning
  JOIN liquor_policy_version version ON version.id = earning.policy_version_id
  JOIN liquor_policy policy ON policy.id = version.policy_id AND policy.kind = 'per_unit'
 WHERE policy.group_id IS NOT NULL AND earning.reverses_id IS NULL
 GROUP BY earning.fact_key, earning.partner_id, policy.group_id HAVING count(DISTINCT policy.id) > 1
"""

GOODS = """
SELECT format('earning %s owes %s bottles and %s in money', id, goods_bottles, amount)
  FROM liquor_earning
 WHERE form = 'goods' AND sign(coalesce(goods_bottles, 0)) <> sign(amount)
"""

STATES = """
SELECT format('state %s of earning %s is %s after “%s”', word.id, word.earning_id, word.result, word.state)
  FROM liquor_earning_state word
 WHERE word.state <> 'released' AND word.result <> word.state OR word.state = 'released' AND word.result = 'held'
UNION ALL
SELECT format('earning %s has two states after the word %s', earning_id, split_part(idempotency_key, '/', 2))
  FROM liquor_earning_state GROUP BY earning_id, split_part(idempotency_key, '/', 2) HAVING count(*) > 1
"""

INVARIANTS = (
    by_sql("earnings.shares", "A funder carries a part of the amount, never more", ADDON, ("liquor_earning",), SHARES),
    by_sql(
        "earnings.consent",
        "Only an accepted agreement charges a distributor",
        ADDON,
        ("liquor_earning", "liquor_agreement"),
        CONSENT,
    ),
    by_sql(
        "earnings.states", "Each word on an earning follows another, once", ADDON, ("liquor_earning_state",), STATES
    ),
    by_sql(
        "policies.author",
        "Terms are put in force by another person than their author",
        ADDON,
        ("liquor_policy_version",),
        AUTHORS,
    ),
    by_sql(
        "policies.overlay_author",
        "A value of one shop is decided by another person than its author",
        ADDON,
        ("liquor_policy_overlay",),
        OVERLAYS,
    ),
    by_sql(
        "policies.exclusive",
        "Of policies that exclude each other one pays a fact",
        ADDON,
        ("liquor_earning", "liquor_policy", "liquor_policy_version"),
        EXCLUSIVE,
    ),
    by_sql("earnings.goods", "Goods owed and their worth have one sign", ADDON, ("liquor_earning",), GOODS),
)
