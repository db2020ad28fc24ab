"""Points, cash-back, credits, benefits, members."""

from ..frame import by_sql

ADDON = "liquor_member"

# Open part of every entry: its points, plus what it took of lots, less what was taken of it.
OPEN_PARTS = """
open_part AS (
    SELECT entry.id, entry.member_id, entry.is_lot, entry.available_on, entry.expires_on, entry.points,
           entry.points + coalesce(took.points, 0) - coalesce(given.points, 0) AS rest
      FROM liquor_point_entry entry
      LEFT JOIN (SELECT entry_id, sum(points) AS points FROM liquor_point_allocation GROUP BY 1) took
             ON took.entry_id = entry.id
      LEFT JOIN (SELECT lot_id, sum(points) AS points FROM liquor_point_allocation GROUP BY 1) given
             ON given.lot_id = entry.id)
"""

# A lot changes by the calendar at midnight, its card by the nightly job: yesterday's figure may still stand.
CARD = f"""
WITH {OPEN_PARTS}, clock AS (
    SELECT member.id AS member_id, member.card_id,
           (now() AT TIME ZONE coalesce(partner.tz, 'Asia/Shanghai'))::date - back AS day
      FROM liquor_member member
      JOIN res_company company ON company.id = member.company_id
      JOIN res_partner partner ON partner.id = company.partner_id, generate_series(0, 1) back),
spendable AS (
    SELECT clock.member_id, clock.card_id, clock.day,
           greatest(0, coalesce(sum(part.rest) FILTER (
               WHERE NOT part.is_lot OR (part.available_on <= clock.day
                     AND (part.expires_on IS NULL OR part.expires_on >= clock.day))), 0)) AS points
      FROM clock LEFT JOIN open_part part ON part.member_id = clock.member_id AND part.rest <> 0
     GROUP BY 1, 2, 3)
SELECT format('member %s: the card shows %s, the lots give %s', wallet.member_id, coalesce(card.points, 0),
              min(wallet.points))
  FROM spendable wallet LEFT JOIN loyalty_card card ON card.id = wallet.card_id
 GROUP BY wallet.member_id, card.points
HAVING bool_and(coalesce(card.points, 0) <> wallet.points)
"""

LOTS = f"""
WITH {OPEN_PARTS}
SELECT format('points entry %s of %s points has %s left', id, points, rest)
  FROM open_part
 WHERE CASE WHEN points > 0 AND is_lot THEN rest NOT BETWEEN 0 AND points
            WHEN points < 0 THEN rest NOT BETWEEN points AND 0
            ELSE rest <> 0 END
"""

ALLOCATIONS = """
SELECT format('allocation %s links entry %s of member %s with lot %s of member %s',
              part.id, part.entry_id, entry.member_id, part.lot_id, lot.member_id)
  FROM liquor_point_allocation part
  LEFT JOIN liquor_point_entry entry ON entry.id = part.entry_id
  LEFT JOIN liquor_point_entry lot ON lot.id = part.lot_id
 WHERE entry.member_id IS DISTINCT FROM lot.member_id OR entry.id IS NULL
"""

CARDS = """
SELECT format('member %s names card %s, which belongs to member %s', member.id, member.card_id, card.liquor_member_id)
  FROM liquor_member member LEFT JOIN loyalty_card card ON card.id = member.card_id
 WHERE card.liquor_member_id IS DISTINCT FROM member.id
UNION ALL
SELECT format('card %s belongs to member %s, who names another', card.id, card.liquor_member_id)
  FROM loyalty_card card JOIN liquor_member member ON member.id = card.liquor_member_id
 WHERE member.card_id IS DISTINCT FROM card.id
"""

CASH = """
SELECT format('member %s: %s cash-back left', member_id, sum(amount))
  FROM liquor_cash_entry GROUP BY member_id
HAVING sum(amount) FILTER (WHERE kind <> 'claw_back') < 0
UNION ALL
SELECT format('cash entry %s gives back %s of withdrawal %s', back.id, back.amount, back.origin_id)
  FROM liquor_cash_entry back
  LEFT JOIN liquor_cash_entry taken
         ON taken.id = back.origin_id AND taken.kind = 'withdraw' AND taken.member_id = back.member_id
 WHERE back.kind = 'returned' AND back.reverses_id IS NULL AND taken.amount IS DISTINCT FROM -back.amount
UNION ALL
SELECT format('withdrawal %s was given back %s times', origin_id, count(*))
  FROM liquor_cash_entry WHERE kind = 'returned' AND reverses_id IS NULL GROUP BY origin_id HAVING count(*) > 1
"""

CREDITS = """
SELECT format('bottle %s has %s live %s credits', bottle_key, count(*), credit)
  FROM liquor_qualifying_event WHERE reversed_at IS NULL AND bottle_key IS NOT NULL
 GROUP BY company_id, bottle_key, credit HAVING count(*) > 1
UNION ALL
SELECT format('opening %s counts though bottle %s was bought', opening.id, opening.bottle_key)
  FROM liquor_qualifying_event opening
  JOIN liquor_qualifying_event purchase
    ON purchase.company_id = opening.company_id AND purchase.bottle_key = opening.bottle_key
   AND purchase.credit = 'purchase' AND purchase.reversed_at IS NULL
 WHERE opening.credit = 'opening' AND opening.reversed_at IS NULL AND opening.qualifies
"""

LEVELS = """
SELECT format('member %s stands on level %s, the log says %s', member.id, member.level_id, last.new_level_id)
  FROM liquor_member member
  JOIN LATERAL (SELECT new_level_id FROM liquor_member_level_log log
                 WHERE log.member_id = member.id ORDER BY log.id DESC LIMIT 1) last ON true
 WHERE member.level_id IS DISTINCT FROM last.new_level_id
"""

BENEFITS = """
SELECT format('benefit %s: %s taken, %s claims', entitlement.id, entitlement.claimed, coalesce(live.count, 0))
  FROM liquor_benefit_entitlement entitlement
  LEFT JOIN (SELECT entitlement_id, count(*) FROM liquor_benefit_claim WHERE state <> 'cancelled' GROUP BY 1) live
         ON live.entitlement_id = entitlement.id
 WHERE coalesce(live.count, 0) <> entitlement.claimed OR entitlement.claimed > entitlement.quantity
UNION ALL
SELECT format('claim %s is of another member than its benefit %s', claim.id, entitlement.id)
  FROM liquor_benefit_claim claim JOIN liquor_benefit_entitlement entitlement ON entitlement.id = claim.entitlement_id
 WHERE claim.member_id <> entitlement.member_id
"""

ADJUSTMENTS = """
SELECT format('adjustment %s was approved by its author (user %s)', id, approved_by_id)
  FROM liquor_point_adjustment WHERE approved_by_id = requested_by_id
UNION ALL
SELECT format('adjustment %s is approved without %s', id,
              CASE WHEN approved_by_id IS NULL THEN 'an approver' ELSE 'an entry' END)
  FROM liquor_point_adjustment WHERE state = 'approved' AND (approved_by_id IS NULL OR entry_id IS NULL)
"""

CONSENTS = """
SELECT format('member %s has no living consent “%s”', member.id, wanted)
  FROM liquor_member member CROSS JOIN unnest(ARRAY['adult', 'terms']) wanted
 WHERE member.state = 'active' AND NOT EXISTS (
       SELECT FROM liquor_consent consent
        WHERE consent.member_id = member.id AND consent.purpose = wanted AND consent.withdrawn_at IS NULL)
"""

PRIVATE = """
SELECT format('contact %s of member %s shows a phone, an address or e-mail', partner.id, member.id)
  FROM liquor_member member JOIN res_partner partner ON partner.id = member.partner_id
 WHERE coalesce(partner.phone, '') <> '' OR coalesce(partner.email, '') <> '' OR coalesce(partner.street, '') <> ''
UNION ALL
SELECT format('member %s: the phone lies in clear', id)
  FROM liquor_member WHERE phone_cipher ~ '^[+ 0-9-]{7,20}$' OR phone_index ~ '^[+ 0-9-]{7,20}$'
"""

INVARIANTS = (
    by_sql(
        "points.card",
        "Each card shows available lots less debt, never below zero",
        ADDON,
        ("liquor_member", "liquor_point_entry", "liquor_point_allocation", "loyalty_card"),
        CARD,
    ),
    by_sql(
        "points.lots",
        "No lot gave more than it held, no spending took more than it is",
        ADDON,
        ("liquor_point_entry", "liquor_point_allocation"),
        LOTS,
    ),
    by_sql(
        "points.allocations",
        "Points are taken from the member's own lots",
        ADDON,
        ("liquor_point_entry", "liquor_point_allocation"),
        ALLOCATIONS,
    ),
    by_sql("points.cards", "One member, one card", ADDON, ("liquor_member", "loyalty_card"), CARDS),
    by_sql(
        "points.adjustments",
        "Adjustments are approved by another person",
        ADDON,
        ("liquor_point_adjustment",),
        ADJUSTMENTS,
    ),
    by_sql(
        "cash.wallet",
        "No member withdrew more cash-back than he had; each return matches its withdrawal",
        ADDON,
        ("liquor_cash_entry",),
        CASH,
    ),
    by_sql(
        "credits.bottle",
        "A bottle gives one purchase and one opening credit, and counts once",
        ADDON,
        ("liquor_qualifying_event",),
        CREDITS,
    ),
    by_sql(
        "members.level",
        "Each member stands on the level of the last change",
        ADDON,
        ("liquor_member", "liquor_member_level_log"),
        LEVELS,
    ),
    by_sql(
        "benefits.taken",
        "As many taken as claims live, never more than granted",
        ADDON,
        ("liquor_benefit_entitlement", "liquor_benefit_claim"),
        BENEFITS,
    ),
    by_sql(
        "members.consent",
        "Each member agreed to the terms and is an adult",
        ADDON,
        ("liquor_member", "liquor_consent"),
        CONSENTS,
    ),
    by_sql(
        "members.private",
        "No phone, address or e-mail of a member lies in clear",
        ADDON,
        ("liquor_member", "res_partner"),
        PRIVATE,
    ),
)
