"""What money brought (C9): lines against the ledger, ratios against their parts; cost against analytic lines."""

from ..frame import by_sql

ADDON = "liquor_channel"
RETURN, LINE, MARGIN = "liquor_spend_return", "liquor_spend_return_line", "liquor_spend_return_margin"

# The money of a line is that of the ledger when the return was read: of a policy or action, at a shop (a guide's at the
# employer); what a distributor got stands in parts at his shops, so all of it together.
MONEY = """
WITH said AS (
    SELECT line.return_id, line.policy_id, line.expense_id,
           CASE WHEN NOT line.is_spread THEN line.partner_id END AS shop,
           sum(line.earned) AS earned, sum(line.carried) AS carried
      FROM liquor_spend_return_line line GROUP BY 1, 2, 3, 4),
placed AS (
    SELECT whole.id AS return_id, version.policy_id, expense.id AS expense_id, earning.amount, earning.funder_amount,
           CASE WHEN earning.beneficiary_kind = 'terminal' THEN earning.partner_id ELSE (
                SELECT job.employer_id FROM liquor_employment job
                 WHERE job.person_id = earning.partner_id AND job.company_id = earning.company_id
                   AND earning.business_day >= job.date_start
                   AND (job.date_end IS NULL OR earning.business_day <= job.date_end)
                 ORDER BY job.id LIMIT 1) END AS shop
      FROM liquor_spend_return whole
      JOIN liquor_earning earning ON earning.company_id = whole.company_id
       AND earning.business_day BETWEEN whole.date_from AND whole.computed_to
       AND earning.create_date < whole.computed_at + interval '1 second'
       AND pg_visible_in_snapshot(earning.xid, whole.computed_snapshot::pg_snapshot)
      LEFT JOIN liquor_policy_version version ON version.id = earning.policy_version_id
      LEFT JOIN liquor_expense expense ON earning.origin_model = 'liquor.expense' AND expense.id = earning.origin_id
     WHERE whole.state = 'done' AND whole.computed_snapshot IS NOT NULL),
own AS (
    SELECT return_id, policy_id, expense_id, shop, sum(amount) AS earned, sum(coalesce(funder_amount, 0)) AS carried
      FROM placed GROUP BY 1, 2, 3, 4)
SELECT format('return %s, policy %s, action %s, shop %s: earned %s, carried %s; the ledger says %s, %s',
              coalesce(said.return_id, own.return_id), coalesce(said.policy_id, own.policy_id),
              coalesce(said.expense_id, own.expense_id), coalesce(said.shop, own.shop), coalesce(said.earned, 0),
              coalesce(said.carried, 0), coalesce(own.earned, 0), coalesce(own.carried, 0))
  FROM said
  FULL JOIN own ON own.return_id = said.return_id
        AND (coalesce(own.policy_id, 0), coalesce(own.expense_id, 0), coalesce(own.shop, 0))
            = (coalesce(said.policy_id, 0), coalesce(said.expense_id, 0), coalesce(said.shop, 0))
  LEFT JOIN liquor_spend_return whole ON whole.id = said.return_id
 WHERE (coalesce(said.earned, 0), coalesce(said.carried, 0)) <> (coalesce(own.earned, 0), coalesce(own.carried, 0))
   AND (said.return_id IS NULL OR whole.state = 'done' AND whole.computed_snapshot IS NOT NULL)
"""

# Ratios once more from the columns beside them; two roundings may part by a unit of the last digit.
RATIOS = """
WITH figures AS (
    SELECT format('line %s of return %s', id, return_id) AS name, spend, measured_spend, incremental_margin,
           opened_bottles, received_cases, return_percent, cost_per_opened, cost_per_case
      FROM liquor_spend_return_line WHERE reason IS DISTINCT FROM 'waiting'
    UNION ALL
    SELECT format('return %s', id), spend, measured_spend, incremental_margin, opened_bottles, received_cases,
           return_percent, cost_per_opened, cost_per_case
      FROM liquor_spend_return WHERE state = 'done')
SELECT format('%s: %s is %s, its parts say %s', name, what, coalesce(stored, 0), round(coalesce(part / whole, 0), 4))
  FROM figures, LATERAL (VALUES
       ('return_percent', return_percent, 100 * (incremental_margin - measured_spend), nullif(measured_spend, 0)),
       ('cost_per_opened', cost_per_opened, spend, nullif(greatest(opened_bottles, 0), 0)),
       ('cost_per_case', cost_per_case, spend, nullif(greatest(received_cases, 0), 0))
  ) ratio (what, stored, part, whole)
 WHERE abs(coalesce(stored, 0) - coalesce(part / whole, 0)) > 0.0101
"""

SUMS = """
SELECT format('return %s: %s is %s, its lines sum to %s', whole.id, what, stored, coalesce(lines, 0))
  FROM liquor_spend_return whole
  LEFT JOIN (SELECT return_id, sum(spend) AS spend, sum(measured_spend) AS measured_spend,
                    sum(incremental_bottles) AS bottles, sum(incremental_margin) AS margin,
                    sum(opened_bottles) AS opened, sum(received_cases) AS cases
               FROM liquor_spend_return_line GROUP BY 1) own ON own.return_id = whole.id,
       LATERAL (VALUES
           ('spend', whole.spend, own.spend), ('measured_spend', whole.measured_spend, own.measured_spend),
           ('incremental_bottles', whole.incremental_bottles, own.bottles),
           ('incremental_margin', whole.incremental_margin, own.margin),
           ('opened_bottles', whole.opened_bottles, own.opened),
           ('received_cases', whole.received_cases, own.cases)
       ) sums (what, stored, lines)
 WHERE whole.state = 'done' AND stored IS DISTINCT FROM coalesce(lines, 0)
UNION ALL
SELECT format('return %s is computed, line %s is still to measure', line.return_id, line.id)
  FROM liquor_spend_return_line line JOIN liquor_spend_return whole ON whole.id = line.return_id
 WHERE whole.state = 'done' AND line.reason = 'waiting'
UNION ALL
SELECT format('return %s: a distributor''s %s of policy %s stand at his shops in parts from %s to %s', return_id,
              sum(earned), policy_id, min(earned), max(earned))
  FROM liquor_spend_return_line WHERE is_spread
 GROUP BY return_id, policy_id, expense_id, pilot_id, programme, source, region_id, distributor_id
HAVING max(earned) - min(earned) > 0.01 OR max(carried) - min(carried) > 0.01
"""

# As many days are compared, before the measured ones; the same days of last year may have a 29 February in between.
BASELINES = """
SELECT format('line %s of return %s: %s days from %s on are compared with %s days up to %s', id, return_id,
              date_to - date_from + 1, date_from, baseline_to - baseline_from + 1, baseline_to)
  FROM liquor_spend_return_line
 WHERE reason IS NULL
   AND ((baseline_from <= baseline_to AND baseline_to < date_from) IS NOT TRUE
        OR abs((date_to - date_from) - (baseline_to - baseline_from))
           > CASE baseline_kind WHEN 'year_before' THEN 1 ELSE 0 END)
UNION ALL
SELECT format('margin %s of return %s is %s: price %s, cost %s (%s)', id, return_id, margin, price, cost, source)
  FROM liquor_spend_return_margin
 WHERE source IN ('cost', 'cost_today') AND abs(margin - (price - cost)) > 0.005
    OR source = 'none' AND margin <> 0
"""

# Cost is what earnings are less what distributors carry; what was expected at shipment has cost before (R7).
ANALYTIC = """
WITH item AS (
    SELECT item.id, item.move_id, item.balance
      FROM account_move_line item
      JOIN account_move entry ON entry.id = item.move_id AND entry.liquor_accrual_run_id IS NOT NULL
      JOIN account_account account ON account.id = item.account_id
     WHERE account.account_type ~ '^(income|expense)' AND item.parent_state = 'posted')
SELECT format('journal item %s costs %s, its analytic lines say %s', item.id, item.balance,
              coalesce(-sum(part.amount), 0))
  FROM item LEFT JOIN account_analytic_line part ON part.move_line_id = item.id
 GROUP BY item.id, item.balance HAVING coalesce(-sum(part.amount), 0) <> item.balance
UNION ALL
SELECT format('entry %s costs %s, its earnings less what is carried are %s', own.move_id,
              coalesce(booked.cost, 0), own.cost)
  FROM (SELECT owed.move_id, coalesce(sum(earning.amount - coalesce(earning.funder_amount, 0))
                                      FILTER (WHERE line.expectation_id IS NULL), 0) AS cost
          FROM liquor_accrual_line line
          JOIN liquor_earning earning ON earning.id = line.earning_id
          JOIN account_move_line owed ON owed.id = line.move_line_id
         GROUP BY 1) own
  LEFT JOIN (SELECT move_id, sum(balance) AS cost FROM item GROUP BY 1) booked ON booked.move_id = own.move_id
 WHERE coalesce(booked.cost, 0) <> own.cost
"""

INVARIANTS = (
    by_sql(
        "returns.money",
        "Money of a return on spend is that of the ledger, programme by programme and shop by shop",
        ADDON,
        (RETURN, LINE, "liquor_earning", "liquor_employment", "liquor_policy_version", "liquor_expense"),
        MONEY,
    ),
    by_sql(
        "returns.ratios", "Returns and costs a bottle or case are what their parts say", ADDON, (RETURN, LINE), RATIOS
    ),
    by_sql(
        "returns.sums",
        "A return is the sum of its lines; parts of a distributor's are equal",
        ADDON,
        (RETURN, LINE),
        SUMS,
    ),
    by_sql(
        "returns.baselines",
        "As many days before are compared; a margin is price less cost",
        ADDON,
        (LINE, MARGIN),
        BASELINES,
    ),
    by_sql(
        "spend.analytic",
        "What rewards cost is in analytic lines, and is what was earned less what distributors carry",
        ADDON,
        ("account_move", "account_move_line", "account_analytic_line", "liquor_accrual_line", "liquor_earning"),
        ANALYTIC,
    ),
)
