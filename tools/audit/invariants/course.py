"""Money of policies in their funds, expenses taken back, charges reversed, and one currency a company."""

from ..frame import by_sql

ADDON = "liquor_channel"

# Owed, settled and paid are sums of documents; where a fund's money stands follows from them (minimum bar: funds).
COURSE = """
WITH part AS (
    SELECT line.fund_id, line.earning_id, earning.amount - coalesce(earning.funder_amount, 0) AS amount
      FROM liquor_accrual_line line JOIN liquor_earning earning ON earning.id = line.earning_id
     WHERE line.fund_id IS NOT NULL),
stands AS (
    SELECT part.fund_id, part.amount,
           EXISTS (SELECT FROM liquor_settlement_line line JOIN liquor_settlement paper ON paper.id = line.settlement_id
                    WHERE line.earning_id = part.earning_id AND line.live
                      AND paper.state IN ('posted', 'paid', 'closed'))
        OR EXISTS (SELECT FROM liquor_payout_line line WHERE line.earning_id = part.earning_id AND line.approved)
           AS settled,
           EXISTS (SELECT FROM liquor_settlement_line line JOIN liquor_settlement paper ON paper.id = line.settlement_id
                    WHERE line.earning_id = part.earning_id AND line.live AND paper.state IN ('paid', 'closed'))
        OR EXISTS (SELECT FROM liquor_payout_line line JOIN liquor_payout paper ON paper.id = line.payout_id
                    WHERE line.earning_id = part.earning_id AND line.live AND paper.state IN ('sent', 'ok'))
           AS paid
      FROM part),
own AS (
    SELECT fund_id, sum(amount) AS earned, sum(amount) FILTER (WHERE settled) AS settled,
           sum(amount) FILTER (WHERE paid) AS paid
      FROM stands GROUP BY 1)
SELECT format('fund %s: its documents say owed %s, settled %s, paid %s; the sub-ledger %s, %s, %s', fund.id,
              coalesce(fund.course_earned, 0), coalesce(fund.course_settled, 0), coalesce(fund.course_paid, 0),
              coalesce(own.earned, 0), coalesce(own.settled, 0), coalesce(own.paid, 0))
  FROM liquor_fund fund LEFT JOIN own ON own.fund_id = fund.id
 WHERE fund.kind = 'channel'
   AND (coalesce(fund.course_earned, 0), coalesce(fund.course_settled, 0), coalesce(fund.course_paid, 0))
       IS DISTINCT FROM (coalesce(own.earned, 0), coalesce(own.settled, 0), coalesce(own.paid, 0))
UNION ALL
SELECT format('fund %s of members: owed %s, settled %s, paid %s; benefits handed over cost it %s', fund.id,
              coalesce(fund.course_earned, 0), coalesce(fund.course_settled, 0), coalesce(fund.course_paid, 0),
              coalesce(given.amount, 0))
  FROM liquor_fund fund
  LEFT JOIN (SELECT funding.fund_id, sum(funding.amount - coalesce(funding.funder_amount, 0)) AS amount
               FROM liquor_benefit_funding funding
               JOIN liquor_benefit_posting posting ON posting.funding_id = funding.id GROUP BY 1) given
       ON given.fund_id = fund.id
 WHERE fund.kind = 'member_operations'
   AND (coalesce(fund.course_earned, 0), coalesce(fund.course_settled, 0), coalesce(fund.course_paid, 0))
       IS DISTINCT FROM (coalesce(given.amount, 0), coalesce(given.amount, 0), coalesce(given.amount, 0))
"""

STANDING = """
WITH other AS (
    SELECT fund_id, stage, sum(amount) AS amount FROM (
        SELECT fund_id, stage_to AS stage, amount, origin_model FROM liquor_fund_entry
        UNION ALL SELECT fund_id, stage_from, -amount, origin_model FROM liquor_fund_entry) moved
     WHERE origin_model IN ('liquor.expense', 'liquor.expense.clawback') GROUP BY 1, 2),
course AS (
    SELECT id, total, settled, least(greatest(coalesce(course_paid, 0), 0), settled) AS paid FROM (
        SELECT id, course_paid, total, least(greatest(coalesce(course_settled, 0), 0), total) AS settled FROM (
            SELECT id, course_settled, course_paid, greatest(coalesce(course_earned, 0), 0) AS total
              FROM liquor_fund) earned) inside),
wanted AS (
    SELECT course.id, pair.stage, pair.amount
      FROM course, LATERAL (VALUES ('accrued', total - settled), ('settled', settled - paid), ('paid', paid))
           pair (stage, amount))
SELECT format('fund %s shows %s as %s, its documents and expenses say %s', fund.id, shown.amount, shown.stage,
              wanted.amount + coalesce(other.amount, 0))
  FROM liquor_fund fund
 CROSS JOIN LATERAL (VALUES ('accrued', coalesce(fund.accrued, 0)), ('settled', coalesce(fund.settled, 0)),
                            ('paid', coalesce(fund.paid, 0))) shown (stage, amount)
  JOIN wanted ON wanted.id = fund.id AND wanted.stage = shown.stage
  LEFT JOIN other ON other.fund_id = fund.id AND other.stage = shown.stage
 WHERE shown.amount <> wanted.amount + coalesce(other.amount, 0)
"""

# What is taken back was paid, is earned back once, by two people, and the fund has it again (channel.md Acc-3).
CLAWBACKS = """
SELECT format('expense %s: %s taken back of %s, its clawbacks say %s', expense.name, coalesce(expense.clawed_amount, 0),
              coalesce(expense.allowed_amount, 0), coalesce(own.amount, 0))
  FROM liquor_expense expense
  LEFT JOIN (SELECT expense_id, sum(amount) AS amount FROM liquor_expense_clawback WHERE state = 'done' GROUP BY 1) own
       ON own.expense_id = expense.id
 WHERE coalesce(expense.clawed_amount, 0) <> coalesce(own.amount, 0)
    OR coalesce(expense.clawed_amount, 0) > coalesce(expense.allowed_amount, 0)
UNION ALL
SELECT format('clawback %s takes %s back and its earning says %s', clawback.id, clawback.amount, earning.amount)
  FROM liquor_expense_clawback clawback LEFT JOIN liquor_earning earning ON earning.id = clawback.earning_id
 WHERE clawback.state = 'done' AND earning.amount IS DISTINCT FROM -clawback.amount
UNION ALL
SELECT format('clawback %s was decided by its author (user %s)', id, author_id)
  FROM liquor_expense_clawback WHERE state <> 'draft' AND decided_by_id IS NOT DISTINCT FROM author_id
UNION ALL
SELECT format('clawback %s takes %s back, its fund has %s again', clawback.id, clawback.amount,
              coalesce(sum(entry.amount), 0))
  FROM liquor_expense_clawback clawback
  JOIN liquor_expense expense ON expense.id = clawback.expense_id AND expense.fund_id IS NOT NULL
  LEFT JOIN liquor_fund_entry entry ON entry.origin_model = 'liquor.expense.clawback' AND entry.origin_id = clawback.id
 WHERE clawback.state = 'done' GROUP BY clawback.id, clawback.amount
HAVING coalesce(sum(entry.amount), 0) <> clawback.amount
"""

# A charge that was reversed leaves nothing on any account, and its sources hold what they gave (Acc-2 #8a to #8c).
REVERSED = """
SELECT format('charge %s is reversed and leaves %s on account %s', charge.name, sum(item.balance), item.account_id)
  FROM liquor_charge charge
  JOIN account_move move ON move.liquor_charge_id = charge.id AND move.state = 'posted'
  JOIN account_move_line item ON item.move_id = move.id
 WHERE charge.state = 'reversed' GROUP BY charge.id, charge.name, item.account_id HAVING sum(item.balance) <> 0
UNION ALL
SELECT format('charge %s is reversed and leaves %s in the rebate account', charge.name, sum(entry.amount))
  FROM liquor_charge charge
  JOIN liquor_rebate_entry entry ON entry.origin_model = 'liquor.charge' AND entry.origin_id = charge.id
 WHERE charge.state = 'reversed' GROUP BY charge.id, charge.name HAVING sum(entry.amount) <> 0
UNION ALL
SELECT format('charge %s was reversed by who posted it (user %s)', name, reversed_by_id)
  FROM liquor_charge WHERE state = 'reversed' AND (reversed_by_id IS NULL OR reversed_by_id = approved_by_id)
"""

IN_MONEY = (
    "liquor_earning", "liquor_policy_version", "liquor_agreement", "liquor_price_ladder", "liquor_fund",
    "liquor_fund_entry", "liquor_settlement", "liquor_rebate_account", "liquor_payout",
)  # fmt: skip
CURRENCY = "\nUNION ALL\n".join(
    f"""SELECT format('{table} %s is in currency %s, its company %s counts in %s', row.id, row.currency_id, company.id,
              company.currency_id)
  FROM {table} row JOIN res_company company ON company.id = row.company_id
 WHERE row.currency_id IS DISTINCT FROM company.currency_id"""
    for table in IN_MONEY
)

INVARIANTS = (
    by_sql(
        "funds.course",
        "What a fund's documents owe, settle and pay is what the sub-ledger says",
        ADDON,
        (
            "liquor_fund",
            "liquor_accrual_line",
            "liquor_earning",
            "liquor_settlement",
            "liquor_settlement_line",
            "liquor_payout",
            "liquor_payout_line",
            "liquor_benefit_funding",
            "liquor_benefit_posting",
        ),
        COURSE,
    ),
    by_sql(
        "funds.standing",
        "Accrued, settled and paid follow from a fund's documents and expenses",
        ADDON,
        ("liquor_fund", "liquor_fund_entry"),
        STANDING,
    ),
    by_sql(
        "expenses.clawbacks",
        "What is taken back of an expense was paid, by two people, and its fund has it again",
        ADDON,
        ("liquor_expense", "liquor_expense_clawback", "liquor_earning", "liquor_fund_entry"),
        CLAWBACKS,
    ),
    by_sql(
        "shares.reversed",
        "A charge that was reversed leaves nothing behind",
        ADDON,
        ("liquor_charge", "liquor_rebate_entry", "account_move", "account_move_line"),
        REVERSED,
    ),
    by_sql("money.currency", "Money is in the currency of its company", ADDON, (*IN_MONEY, "res_company"), CURRENCY),
)
