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

# Goods that a shop scanned and its distributor reported pay it once: its kind says by which (trade.md R10, C13).
# Of a shop that changed from one to the other, goods told of on both sides are judged by ``proofs``.
ONE_PROOF = """
SELECT format('shop %s was paid %s for goods it %s (%s), what proves its purchases is the other', paid.partner_id,
              paid.amount, paid.basis, paid.fact_key)
  FROM (SELECT earning.partner_id, earning.company_id, earning.fact_key, version.basis, sum(earning.amount) AS amount,
               sum(earning.points) AS points, min(earning.business_day) AS day, policy.kind = 'per_unit' AS on_a_day
          FROM liquor_earning earning
          JOIN liquor_policy_version version ON version.id = earning.policy_version_id
          JOIN liquor_policy policy ON policy.id = version.policy_id
         WHERE version.basis IN ('received', 'reported') AND earning.beneficiary_kind = 'terminal'
         GROUP BY earning.partner_id, earning.company_id, earning.fact_key, version.basis, policy.kind) paid
 WHERE (paid.amount <> 0 OR paid.points <> 0)
   AND NOT EXISTS (
       SELECT FROM liquor_channel_role role
         LEFT JOIN liquor_terminal_kind kind ON kind.id = role.terminal_kind_id
        WHERE role.partner_id = paid.partner_id AND role.company_id = paid.company_id AND role.kind = 'terminal'
          AND coalesce(kind.must_scan, TRUE) = (paid.basis = 'received')
          AND (NOT paid.on_a_day
               OR paid.day >= role.date_start
                  AND (paid.day <= coalesce(role.date_end, 'infinity'::date)
                       OR EXISTS (SELECT FROM liquor_channel_role later
                                   WHERE later.partner_id = role.partner_id AND later.company_id = role.company_id
                                     AND later.kind = 'terminal' AND later.state <> 'candidate'
                                     AND later.id > role.id AND later.date_start <= paid.day))))
"""

# Commission follows the tree (C60): no more levels than the terms say, each once, a second one by permission only.
# Whatever was on its way when a permission was taken back may still arrive within five minutes.
COMMISSION = """
SELECT format('earning %s is commission of level %s, its terms pay %s', earning.id, earning.commission_level,
              coalesce(version.commission_levels, 0))
  FROM liquor_earning earning LEFT JOIN liquor_policy_version version ON version.id = earning.policy_version_id
 WHERE earning.commission_level > coalesce(version.commission_levels, 0)
UNION ALL
SELECT format('%s pays level %s of version %s %s times', fact_key, commission_level, policy_version_id, count(*))
  FROM liquor_earning WHERE commission_level > 0 AND type = 'earn' AND reverses_id IS NULL
 GROUP BY fact_key, commission_level, policy_version_id HAVING count(*) > 1
UNION ALL
SELECT format('earning %s is commission of level 2 without a permission', earning.id)
  FROM liquor_earning earning
 WHERE earning.commission_level = 2 AND earning.type = 'earn' AND earning.reverses_id IS NULL
   AND NOT EXISTS (
       SELECT FROM liquor_commission_permission given
        WHERE given.company_id = earning.company_id AND given.allowed AND given.create_date <= earning.create_date
          AND NOT EXISTS (
              SELECT FROM liquor_commission_permission taken
               WHERE taken.company_id = given.company_id AND NOT taken.allowed AND taken.id > given.id
                 AND taken.create_date < earning.create_date - interval '5 minutes'))
UNION ALL
SELECT format('version %s pays two levels and is of a region', id)
  FROM liquor_policy_version
 WHERE commission_levels = 2 AND scope_kind = 'region' AND state IN ('active', 'frozen')
"""

# A control group is paid nothing by the policy that is tried (C22).
PILOTS = """
SELECT format('shop %s is in the control group of pilot %s and was paid %s', shop.partner_id, shop.pilot_id,
              sum(earning.amount))
  FROM liquor_policy_pilot_shop shop
  JOIN liquor_policy_pilot pilot ON pilot.id = shop.pilot_id
  JOIN liquor_earning earning ON earning.partner_id = shop.partner_id AND earning.policy_version_id = pilot.version_id
 WHERE shop.is_control GROUP BY shop.partner_id, shop.pilot_id HAVING sum(earning.amount) <> 0
UNION ALL
SELECT format('pilot %s: %s and %s shops are drawn, %s and %s are listed', pilot.id, pilot.pilot_count,
              pilot.control_count, count(shop.id) FILTER (WHERE NOT shop.is_control),
              count(shop.id) FILTER (WHERE shop.is_control))
  FROM liquor_policy_pilot pilot LEFT JOIN liquor_policy_pilot_shop shop ON shop.pilot_id = pilot.id
 WHERE pilot.state <> 'draft' GROUP BY pilot.id, pilot.pilot_count, pilot.control_count
HAVING count(shop.id) FILTER (WHERE NOT shop.is_control) <> pilot.pilot_count
    OR count(shop.id) FILTER (WHERE shop.is_control) <> pilot.control_count
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
        "earnings.one_proof",
        "A shop's purchase pays by its scans or by reports, never by both",
        ADDON,
        ("liquor_earning", "liquor_policy", "liquor_policy_version", "liquor_channel_role", "liquor_terminal_kind"),
        ONE_PROOF,
    ),
    by_sql(
        "earnings.commission",
        "Commission is paid once a level, a second one by permission only",
        ADDON,
        ("liquor_earning", "liquor_policy_version", "liquor_commission_permission"),
        COMMISSION,
    ),
    by_sql(
        "policies.pilots",
        "A control group is paid nothing by the policy that is tried",
        ADDON,
        ("liquor_policy_pilot", "liquor_policy_pilot_shop", "liquor_earning"),
        PILOTS,
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
