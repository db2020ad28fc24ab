"""Funds: their balances, who approved them, and that sales take nothing from member operations."""

from ..frame import by_sql

ADDON = "liquor_channel"

# what came from outside counts as positive in its own column
BALANCES = """
WITH moved AS (
    SELECT fund_id, stage_to AS stage, amount FROM liquor_fund_entry
    UNION ALL SELECT fund_id, stage_from, -amount FROM liquor_fund_entry),
sums AS (
    SELECT fund_id, CASE WHEN stage IN ('allocated', 'uncovered') THEN -1 ELSE 1 END * sum(amount) AS amount, stage
      FROM moved GROUP BY fund_id, stage),
shown AS (
    SELECT fund.id AS fund_id, pair.stage, coalesce(pair.amount, 0) AS amount
      FROM liquor_fund fund, LATERAL (VALUES ('allocated', allocated), ('free', free), ('reserved', reserved),
           ('accrued', accrued), ('settled', settled), ('paid', paid), ('uncovered', uncovered)) pair (stage, amount))
SELECT format('fund %s shows %s as %s, its movements say %s', fund_id, shown.amount, stage, coalesce(sums.amount, 0))
  FROM shown FULL JOIN sums USING (fund_id, stage)
 WHERE coalesce(shown.amount, 0) <> coalesce(sums.amount, 0)
"""

OVERDRAWN = """
SELECT format('fund %s (%s) refuses when empty and has %s free', id, name, free)
  FROM liquor_fund WHERE stop = 'hard' AND free < 0
UNION ALL
SELECT format('fund %s (%s) has less than nothing in a stage', id, name)
  FROM liquor_fund WHERE least(allocated, reserved, accrued, settled, paid, uncovered) < 0
"""

OUT_OF_REACH = """
SELECT format('policy %s takes from fund %s of member operations', policy.id, fund.id)
  FROM liquor_policy policy JOIN liquor_fund fund ON fund.id = policy.fund_id WHERE fund.kind <> 'channel'
UNION ALL
SELECT format('fund entry %s takes from fund %s of member operations for %s %s', entry.id, fund.id,
              entry.origin_model, entry.origin_id)
  FROM liquor_fund_entry entry JOIN liquor_fund fund ON fund.id = entry.fund_id
 WHERE fund.kind = 'member_operations' AND entry.origin_model NOT IN ('liquor.fund.transfer', 'liquor.benefit.funding')
UNION ALL
SELECT format('budget movement %s takes from member operations for the channel', transfer.id)
  FROM liquor_fund_transfer transfer
  JOIN liquor_fund source ON source.id = transfer.fund_from_id
  JOIN liquor_fund target ON target.id = transfer.fund_to_id
 WHERE source.kind = 'member_operations' AND target.kind = 'channel'
"""

APPROVED = """
SELECT format('budget movement %s was approved by its author (user %s)', id, author_id)
  FROM liquor_fund_transfer WHERE state = 'approved' AND approved_by_id IS NOT DISTINCT FROM author_id
UNION ALL
SELECT format('budget movement %s is approved by nobody', id)
  FROM liquor_fund_transfer WHERE state = 'approved' AND approved_by_id IS NULL
UNION ALL
SELECT format('budget movement %s is %s and moved %s times', transfer.id, transfer.state, count(entry.id))
  FROM liquor_fund_transfer transfer
  LEFT JOIN liquor_fund_entry entry ON entry.origin_model = 'liquor.fund.transfer' AND entry.origin_id = transfer.id
       AND entry.stage_from || entry.stage_to IN ('allocatedfree', 'freeallocated') AND entry.amount = transfer.amount
 GROUP BY transfer.id, transfer.state, transfer.fund_from_id, transfer.fund_to_id
HAVING count(entry.id) <> CASE WHEN transfer.state = 'approved'
                          THEN num_nonnulls(transfer.fund_from_id, transfer.fund_to_id) ELSE 0 END
"""

INVARIANTS = (
    by_sql(
        "funds.balances",
        "Each stage of a fund is the sum of its movements",
        ADDON,
        ("liquor_fund", "liquor_fund_entry"),
        BALANCES,
    ),
    by_sql("funds.free", "No fund that refuses promises more than it has", ADDON, ("liquor_fund",), OVERDRAWN),
    by_sql(
        "funds.reach",
        "Sales take nothing from the budget of member operations (C54)",
        ADDON,
        ("liquor_fund", "liquor_fund_entry", "liquor_fund_transfer", "liquor_policy"),
        OUT_OF_REACH,
    ),
    by_sql(
        "funds.approved",
        "Budget moves once, approved by another person than its author",
        ADDON,
        ("liquor_fund_transfer", "liquor_fund_entry"),
        APPROVED,
    ),
)
