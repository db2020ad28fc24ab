"""Who trades with whom: steps of roles, consent to transfers, what contracts were accepted."""

from ..frame import by_sql

ADDON = "liquor_channel"

STEPS = """
SELECT format('role %s is %s, its last step says %s', role.id, role.state, event.state_to)
  FROM liquor_channel_role role
  JOIN LATERAL (SELECT state_to FROM liquor_channel_role_event WHERE role_id = role.id ORDER BY id DESC LIMIT 1) event
    ON event.state_to <> role.state
UNION ALL
SELECT format('step %s of role %s starts from %s after %s', event.id, event.role_id, event.state_from, event.before)
  FROM (SELECT id, role_id, state_from, lag(state_to) OVER (PARTITION BY role_id ORDER BY id) AS before
          FROM liquor_channel_role_event) event
 WHERE event.before IS NOT NULL AND event.before <> event.state_from
"""

TRANSFERS = """
SELECT format('transfer %s is done without consent or a decision of another', id)
  FROM liquor_terminal_transfer
 WHERE state = 'done' AND consented_by_id IS NULL AND (decided_by_id IS NULL OR decided_by_id = author_id)
"""

MERGED = """
SELECT format('role %s was merged and is %s', id, state)
  FROM liquor_channel_role WHERE merged_into_id IS NOT NULL AND state <> 'ended'
UNION ALL
SELECT format('role %s was merged into itself or into a merged one', role.id)
  FROM liquor_channel_role role JOIN liquor_channel_role target ON target.id = role.merged_into_id
 WHERE target.id = role.id OR target.merged_into_id IS NOT NULL
"""

ACCEPTANCES = """
SELECT format('acceptance %s: its text is not what its fingerprint says', id)
  FROM liquor_agreement_acceptance
 WHERE content_hash IS DISTINCT FROM encode(sha256(convert_to(content, 'UTF8')), 'hex')
UNION ALL
SELECT format('acceptance %s is by partner %s, agreement %s is signed by %s',
              proof.id, proof.partner_id, agreement.id, agreement.party_id)
  FROM liquor_agreement_acceptance proof JOIN liquor_agreement agreement ON agreement.id = proof.agreement_id
 WHERE proof.partner_id IS DISTINCT FROM agreement.party_id
    OR agreement.state NOT IN ('accepted', 'ended') AND proof.text_version = agreement.text_version
"""

QUOTAS = """
SELECT format('quota of right %s: %s bottles are counted, confirmed orders took %s', owed.id, counter.taken, owed.taken)
  FROM (SELECT "right".id, sum(line.liquor_quota_bottles) AS taken
          FROM liquor_agreement_right "right" JOIN sale_order_line line ON line.liquor_quota_right_id = "right".id
         GROUP BY "right".id) owed
  LEFT JOIN liquor_cap_counter counter ON counter.key = 'quota/' || owed.id
 WHERE abs(coalesce(counter.taken, 0) - owed.taken) > 0.005
UNION ALL
SELECT format('quota of right %s is %s bottles, %s are taken', "right".id, "right".quota_bottles, counter.taken)
  FROM liquor_agreement_right "right" JOIN liquor_cap_counter counter ON counter.key = 'quota/' || "right".id
 WHERE "right".quota_bottles > 0 AND counter.taken > "right".quota_bottles
"""

DISPLAYS = """
SELECT format('payment %s was approved by user %s who judged it', id, approved_by_id)
  FROM liquor_agreement_payment WHERE approved_by_id IS NOT NULL AND approved_by_id = checked_by_id
"""

# What is spent on consumers was let go by somebody, with a checklist that said ready or with a reason (C23).
LAUNCHES = """
SELECT format('launch %s was let go without a checklist that says ready, and without a reason', launch.id)
  FROM liquor_consumer_launch launch LEFT JOIN liquor_readiness found ON found.id = launch.check_id
 WHERE launch.state = 'launched' AND length(btrim(coalesce(launch.reason, ''))) < 10
   AND (found.verdict IS DISTINCT FROM 'ready'
        OR found.company_id <> launch.company_id OR found.territory_id <> launch.territory_id
        OR found.checked_at > launch.launched_at OR found.day < launch.launched_at::date - 31)
UNION ALL
SELECT format('launch %s is let go and names nobody who did it', id)
  FROM liquor_consumer_launch WHERE state = 'launched' AND (launched_by_id IS NULL OR launched_at IS NULL)
"""

INVARIANTS = (
    by_sql(
        "partners.steps",
        "A role is where its steps have led it",
        ADDON,
        ("liquor_channel_role", "liquor_channel_role_event"),
        STEPS,
    ),
    by_sql(
        "partners.transfers",
        "A shop changes its distributor by consent, or by a decision of another",
        ADDON,
        ("liquor_terminal_transfer",),
        TRANSFERS,
    ),
    by_sql("partners.merged", "A merged shop is ended, into one that goes on", ADDON, ("liquor_channel_role",), MERGED),
    by_sql(
        "partners.launches",
        "Consumer spend is let go with a checklist that says ready, or with a reason",
        ADDON,
        ("liquor_consumer_launch", "liquor_readiness"),
        LAUNCHES,
    ),
    by_sql(
        "contracts.acceptances",
        "What was accepted is what was read, by who signs",
        ADDON,
        ("liquor_agreement", "liquor_agreement_acceptance"),
        ACCEPTANCES,
    ),
    by_sql(
        "contracts.quotas",
        "A quota counts what confirmed orders took, and no more than it holds",
        ADDON,
        ("liquor_agreement_right", "sale_order_line", "liquor_cap_counter"),
        QUOTAS,
    ),
    by_sql(
        "contracts.displays",
        "Whoever judged a display did not approve it",
        ADDON,
        ("liquor_agreement_payment",),
        DISPLAYS,
    ),
)
