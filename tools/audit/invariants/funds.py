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

# An expense's money stands where its state says.
EXPENSES = """
WITH moved AS (
    SELECT origin_id AS expense_id, stage_to AS stage, amount FROM liquor_fund_entry
     WHERE origin_model = 'liquor.expense'
    UNION ALL SELECT origin_id, stage_from, -amount FROM liquor_fund_entry WHERE origin_model = 'liquor.expense'),
stands AS (
    SELECT expense_id, coalesce(sum(amount) FILTER (WHERE stage = 'reserved'), 0) AS reserved,
           coalesce(sum(amount) FILTER (WHERE stage = 'accrued'), 0) AS accrued,
           coalesce(sum(amount) FILTER (WHERE stage = 'settled'), 0) AS settled,
           coalesce(sum(amount) FILTER (WHERE stage = 'paid'), 0) AS paid
      FROM moved GROUP BY expense_id),
wanted AS (
    SELECT id, name, state,
           CASE WHEN state IN ('approved', 'executing', 'claimed') THEN approved_amount ELSE 0 END AS reserved,
           CASE WHEN state = 'checked' THEN allowed_amount ELSE 0 END AS accrued,
           CASE WHEN state = 'paying' THEN allowed_amount ELSE 0 END AS settled,
           CASE WHEN state = 'paid' THEN allowed_amount ELSE 0 END AS paid
      FROM liquor_expense)
SELECT format('expense %s is %s and its money stands as reserved %s, accrued %s, settled %s, paid %s', wanted.name,
              wanted.state, stands.reserved, stands.accrued, stands.settled, stands.paid)
  FROM wanted LEFT JOIN stands ON stands.expense_id = wanted.id
 WHERE (coalesce(wanted.reserved, 0), coalesce(wanted.accrued, 0), coalesce(wanted.settled, 0),
        coalesce(wanted.paid, 0))
       IS DISTINCT FROM (coalesce(stands.reserved, 0), coalesce(stands.accrued, 0), coalesce(stands.settled, 0),
                         coalesce(stands.paid, 0))
"""

# Claimed less cuts is allowed; what is allowed is earned once.
CLAIMS = """
SELECT format('expense %s: %s claimed, %s cut, %s allowed', expense.name, expense.asked_amount,
              coalesce(sum(cut.amount), 0), expense.allowed_amount)
  FROM liquor_expense expense LEFT JOIN liquor_expense_cut cut ON cut.expense_id = expense.id
 WHERE expense.state IN ('checked', 'paying', 'paid')
 GROUP BY expense.id, expense.name, expense.asked_amount, expense.allowed_amount
HAVING expense.asked_amount - coalesce(sum(cut.amount), 0) IS DISTINCT FROM expense.allowed_amount
UNION ALL
SELECT format('expense %s allows %s and earned %s', expense.name, expense.allowed_amount,
              coalesce(sum(earning.amount), 0))
  FROM liquor_expense expense
  LEFT JOIN liquor_earning earning ON earning.origin_model = 'liquor.expense' AND earning.origin_id = expense.id
 GROUP BY expense.id, expense.name, expense.allowed_amount
HAVING coalesce(expense.allowed_amount, 0) <> coalesce(sum(earning.amount), 0)
"""

UNCLAIMED = """
SELECT format('expense %s is %s and %s stand accrued as unclaimed', expense.name, expense.state, sum(accrual.amount))
  FROM liquor_expense expense JOIN liquor_expense_accrual accrual ON accrual.expense_id = expense.id
 GROUP BY expense.id, expense.name, expense.state, expense.approved_amount
HAVING sum(accrual.amount) NOT IN (0, expense.approved_amount)
    OR (sum(accrual.amount) <> 0 AND expense.state NOT IN ('approved', 'executing', 'claimed'))
UNION ALL
SELECT format('company %s: %s stand on the account of unclaimed expenses, their rows sum to %s', company_id,
              coalesce(general.balance, 0), coalesce(own.amount, 0))
  FROM (SELECT item.company_id, -sum(item.balance) AS balance FROM account_move_line item
          JOIN liquor_account_mapping part ON part.company_id = item.company_id AND part.account_id = item.account_id
                                          AND part.role = 'expense_unclaimed'
         WHERE item.parent_state = 'posted' GROUP BY 1) general
  FULL JOIN (SELECT company_id, sum(amount) AS amount FROM liquor_expense_accrual GROUP BY 1) own USING (company_id)
 WHERE coalesce(general.balance, 0) <> coalesce(own.amount, 0)
"""

PEOPLE = """
SELECT format('expense %s was approved by its author (user %s)', name, author_id)
  FROM liquor_expense WHERE approved_by_id = author_id
UNION ALL
SELECT format('expense %s was checked by who applied or claimed (user %s)', name, checked_by_id)
  FROM liquor_expense WHERE checked_by_id IN (author_id, claimed_by_id)
UNION ALL
SELECT format('expense %s was paid by who approved or checked it (user %s)', name, paid_by_id)
  FROM liquor_expense WHERE paid_by_id IN (approved_by_id, checked_by_id)
UNION ALL
SELECT format('photo %s was judged by its sender (user %s)', id, sent_by_id)
  FROM liquor_expense_proof WHERE judged_by_id = sent_by_id
"""

# Shares due stand on 1221.F: accrued with earnings and benefits, released by charges and by lines of invoices.
SHARES = """
WITH due AS (
    SELECT item.company_id, item.partner_id, sum(item.balance) AS balance
      FROM account_move_line item
      JOIN liquor_account_mapping part ON part.company_id = item.company_id AND part.account_id = item.account_id
                                      AND part.role = 'cofunding_due'
     WHERE item.parent_state = 'posted' GROUP BY 1, 2),
own AS (
    SELECT company_id, partner_id, sum(amount) AS amount FROM (
        SELECT earning.company_id, earning.funder_id AS partner_id, earning.funder_amount AS amount
          FROM liquor_earning earning JOIN liquor_accrual_line line ON line.earning_id = earning.id
         WHERE earning.funder_amount <> 0
        UNION ALL
        SELECT funding.company_id, funding.funder_id, funding.funder_amount
          FROM liquor_benefit_funding funding JOIN liquor_benefit_posting posting ON posting.funding_id = funding.id
         WHERE funding.funder_amount <> 0
        UNION ALL
        SELECT company_id, distributor_id, -amount FROM liquor_charge WHERE state = 'posted'
        UNION ALL
        SELECT item.company_id, item.partner_id, item.balance
          FROM account_move_line item
          JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = item.id
          JOIN sale_order_line line ON line.id = link.order_line_id AND line.liquor_share_agreement_id IS NOT NULL
         WHERE item.parent_state = 'posted') parts
     GROUP BY 1, 2)
SELECT format('company %s, shares of partner %s: general ledger %s, sub-ledger %s', company_id, partner_id,
              coalesce(due.balance, 0), coalesce(own.amount, 0))
  FROM due FULL JOIN own USING (company_id, partner_id)
 WHERE coalesce(due.balance, 0) <> coalesce(own.amount, 0)
"""

CHARGES = """
SELECT format('charge %s says %s, its sources sum to %s', charge.name, charge.amount, coalesce(sum(line.amount), 0))
  FROM liquor_charge charge LEFT JOIN liquor_charge_line line ON line.charge_id = charge.id
 GROUP BY charge.id, charge.name, charge.amount HAVING coalesce(charge.amount, 0) <> coalesce(sum(line.amount), 0)
UNION ALL
SELECT format('charge %s was posted by its author (user %s)', name, author_id)
  FROM liquor_charge WHERE state = 'posted' AND (approved_by_id IS NULL OR approved_by_id = author_id)
UNION ALL
SELECT format('charge %s takes from “%s”, which agreement %s does not name', charge.name, line.kind,
              charge.agreement_id)
  FROM liquor_charge charge JOIN liquor_charge_line line ON line.charge_id = charge.id
 WHERE NOT EXISTS (SELECT FROM liquor_agreement_source source
                    WHERE source.agreement_id = charge.agreement_id AND source.kind = line.kind)
UNION ALL
SELECT format('charge %s is by agreement %s, which nobody accepted', charge.name, agreement.id)
  FROM liquor_charge charge JOIN liquor_agreement agreement ON agreement.id = charge.agreement_id
 WHERE agreement.accepted_at IS NULL
"""

# A provider is paid for what members used, each use once, as somebody else than who matched the bill approved (C71).
PROVIDER_BILLS = """
SELECT format('bill %s: %s to pay, its rows are %s, its entry %s (%s)', bill.id, bill.amount_allowed,
              coalesce(own.allowed, 0), coalesce(entry.amount_total, 0), coalesce(entry.state, 'none'))
  FROM liquor_provider_bill bill
  LEFT JOIN (SELECT bill_id, sum(allowed) AS allowed FROM liquor_provider_bill_line GROUP BY 1) own
         ON own.bill_id = bill.id
  LEFT JOIN account_move entry ON entry.id = bill.move_id
 WHERE bill.state IN ('posted', 'reversed')
   AND (bill.amount_allowed IS DISTINCT FROM coalesce(own.allowed, 0)
        OR bill.amount_allowed IS DISTINCT FROM entry.amount_total OR entry.state <> 'posted'
        OR entry.move_type <> 'in_invoice' OR entry.partner_id <> bill.partner_id)
UNION ALL
SELECT format('bill %s was approved by user %s who matched it', id, author_id)
  FROM liquor_provider_bill WHERE state IN ('posted', 'reversed') AND approved_by_id IS NOT DISTINCT FROM author_id
UNION ALL
SELECT format('use %s is billed %s times', claim_id, count(*))
  FROM liquor_provider_bill_line WHERE live AND claim_id IS NOT NULL GROUP BY claim_id HAVING count(*) > 1
UNION ALL
SELECT format('row %s of bill %s is paid %s for use %s, which cost %s (%s)', line.id, line.bill_id, line.allowed,
              line.claim_id, use.cost, use.state)
  FROM liquor_provider_bill_line line LEFT JOIN liquor_benefit_claim use ON use.id = line.claim_id
 WHERE line.allowed > 0 AND (use.id IS NULL OR use.state <> 'done' OR line.allowed > use.cost)
"""

INVARIANTS = (
    by_sql(
        "funds.provider_bills",
        "A provider is paid once for what members used",
        ADDON,
        ("liquor_provider_bill", "liquor_provider_bill_line", "liquor_benefit_claim", "account_move"),
        PROVIDER_BILLS,
    ),
    by_sql(
        "shares.due",
        "What distributors owe of shares is what the ledger says, distributor by distributor",
        ADDON,
        (
            "liquor_account_mapping",
            "liquor_earning",
            "liquor_accrual_line",
            "liquor_benefit_funding",
            "liquor_benefit_posting",
            "liquor_charge",
            "account_move_line",
        ),
        SHARES,
    ),
    by_sql(
        "shares.charged",
        "A share is charged from the sources of an accepted agreement, by two people",
        ADDON,
        ("liquor_charge", "liquor_charge_line", "liquor_agreement", "liquor_agreement_source"),
        CHARGES,
    ),
    by_sql(
        "expenses.fund",
        "The money of each expense stands in the fund where its state says",
        ADDON,
        ("liquor_expense", "liquor_fund_entry"),
        EXPENSES,
    ),
    by_sql(
        "expenses.claims",
        "Claimed less cuts is allowed, and earned once",
        ADDON,
        ("liquor_expense", "liquor_expense_cut", "liquor_earning"),
        CLAIMS,
    ),
    by_sql(
        "expenses.unclaimed",
        "What stands accrued as unclaimed is executed and not checked, and is what the ledger says",
        ADDON,
        ("liquor_expense", "liquor_expense_accrual", "account_move_line", "liquor_account_mapping"),
        UNCLAIMED,
    ),
    by_sql(
        "expenses.people",
        "Author, approver, checker and payer of an expense differ",
        ADDON,
        ("liquor_expense", "liquor_expense_proof"),
        PEOPLE,
    ),
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
