"""Accruals, settlements, rebate accounts, payouts: sub-ledger and general ledger, and who approved what."""

import json
from decimal import Decimal

from ..frame import Invariant, by_sql

ADDON = "liquor_channel"

# Where accounts and journals of a company play a part (channel.md Acc-1).
ACCOUNTS = "account_of AS (SELECT company_id, role, account_id FROM liquor_account_mapping WHERE kind = 'account')"
LEDGER_SUMS = """
general AS (
    SELECT item.company_id, account_of.role, item.partner_id, sum(item.balance) AS balance
      FROM account_move_line item
      JOIN account_of ON account_of.company_id = item.company_id AND account_of.account_id = item.account_id
     WHERE item.parent_state = 'posted' GROUP BY 1, 2, 3)
"""
# An earning is approved for payout once, however often its payment came back.
APPROVED = """
approved AS (
    SELECT earning.id, earning.company_id, earning.partner_id, earning.amount
      FROM liquor_earning earning
     WHERE EXISTS (SELECT FROM liquor_payout_line line WHERE line.earning_id = earning.id AND line.approved))
"""

ACCRUED_ONCE = """
SELECT format('earning %s is accrued %s times', earning_id, count(*))
  FROM liquor_accrual_line GROUP BY earning_id HAVING count(*) > 1
UNION ALL
SELECT format('accrual %s: %s booked for earning %s of %s', line.id, line.amount, earning.id, earning.amount)
  FROM liquor_accrual_line line LEFT JOIN liquor_earning earning ON earning.id = line.earning_id
 WHERE earning.amount IS DISTINCT FROM line.amount
"""

ACCRUED = """
SELECT format('journal item %s: %s booked, its earnings are %s', item.id, item.balance, -sum(line.amount))
  FROM liquor_accrual_line line LEFT JOIN account_move_line item ON item.id = line.move_line_id
 GROUP BY item.id, item.balance, item.parent_state
HAVING item.balance IS DISTINCT FROM -sum(line.amount) OR item.parent_state <> 'posted'
UNION ALL
SELECT format('journal item %s of an accrual owes partner %s, earning %s is of partner %s',
              item.id, item.partner_id, earning.id, earning.partner_id)
  FROM liquor_accrual_line line
  JOIN liquor_earning earning ON earning.id = line.earning_id
  JOIN account_move_line item ON item.id = line.move_line_id
 WHERE item.partner_id IS DISTINCT FROM earning.partner_id
"""

# What is owed and not approved stands on 2241.A, what is approved and not sent on 2241.P (channel.md Acc-2 #5 to #7).
SUB_LEDGER = f"""
WITH {ACCOUNTS}, {LEDGER_SUMS}, {APPROVED},
accrued AS (
    SELECT line.company_id, account_of.role, item.partner_id, line.earning_id, line.amount
      FROM liquor_accrual_line line
      JOIN account_move_line item ON item.id = line.move_line_id
      JOIN account_of ON account_of.company_id = line.company_id AND account_of.account_id = item.account_id),
sub AS (
    SELECT company_id, role, partner_id, -amount AS balance FROM accrued WHERE role = 'reward_accrued'
    UNION ALL
    SELECT approved.company_id, side.role, approved.partner_id, side.sign * approved.amount
      FROM approved
      JOIN accrued ON accrued.earning_id = approved.id AND accrued.role = 'reward_accrued',
           (VALUES ('reward_accrued', 1), ('reward_payable', -1)) side (role, sign)
    UNION ALL
    SELECT payout.company_id, 'reward_payable', payout.partner_id, line.amount
      FROM liquor_payout payout
      JOIN liquor_payout_line line ON line.payout_id = payout.id
      JOIN accrued ON accrued.earning_id = line.earning_id AND accrued.role = 'reward_accrued'
     WHERE payout.state IN ('sent', 'ok')
    UNION ALL
    SELECT payout.company_id, 'reward_payable', payout.partner_id, -payout.amount
      FROM liquor_payout payout JOIN liquor_payout_batch batch ON batch.id = payout.batch_id
     WHERE payout.kind IN ('cash_back', 'rebate') AND batch.state = 'approved')
SELECT format('company %s, %s of partner %s: general ledger %s, sub-ledger %s', company_id, role, partner_id,
              coalesce(general.balance, 0), coalesce(sub.balance, 0))
  FROM (SELECT * FROM general WHERE role IN ('reward_accrued', 'reward_payable')) general
  FULL JOIN (SELECT company_id, role, partner_id, sum(balance) AS balance FROM sub GROUP BY 1, 2, 3) sub
       USING (company_id, role, partner_id)
 WHERE coalesce(general.balance, 0) <> coalesce(sub.balance, 0)
"""

# Rebates leave 2241.R by credit notes and by discounts of orders: both are invoices of the same partner.
REBATES = f"""
WITH {ACCOUNTS}
SELECT format('journal item %s (%s) of the rebates owed comes from no accrual, note or order', item.id, item.balance)
  FROM account_move_line item
  JOIN account_move entry ON entry.id = item.move_id
  JOIN account_of ON account_of.account_id = item.account_id AND account_of.company_id = item.company_id
                 AND account_of.role = 'rebate_accrued'
 WHERE item.parent_state = 'posted' AND entry.liquor_accrual_run_id IS NULL AND entry.liquor_settlement_id IS NULL
   AND entry.liquor_expense_id IS NULL AND entry.liquor_payout_batch_id IS NULL AND entry.liquor_charge_id IS NULL
   AND entry.liquor_rebate_expiry_id IS NULL AND entry.move_type NOT IN ('out_invoice', 'out_refund')
"""

BALANCED = """
SELECT format('entry %s (id %s) is off by %s', entry.name, entry.id, sum(item.balance))
  FROM account_move entry JOIN account_move_line item ON item.move_id = entry.id
 WHERE coalesce(entry.liquor_accrual_run_id, entry.liquor_settlement_id, entry.liquor_payout_batch_id) IS NOT NULL
 GROUP BY entry.id, entry.name HAVING sum(item.balance) <> 0
UNION ALL
SELECT format('entry %s (id %s) is %s', name, id, state) FROM account_move
 WHERE coalesce(liquor_accrual_run_id, liquor_payout_batch_id) IS NOT NULL AND state <> 'posted'
"""

HEADERS = """
SELECT format('settlement %s says %s, its lines sum to %s', settlement.name, settlement.amount_total,
              coalesce(sum(line.amount) FILTER (WHERE line.live), 0))
  FROM liquor_settlement settlement LEFT JOIN liquor_settlement_line line ON line.settlement_id = settlement.id
 WHERE settlement.state NOT IN ('cancelled', 'reversed') AND settlement.reverses_id IS NULL
 GROUP BY settlement.id, settlement.name, settlement.amount_total
HAVING coalesce(settlement.amount_total, 0) <> coalesce(sum(line.amount) FILTER (WHERE line.live), 0)
UNION ALL
SELECT format('settlement %s was %s and has live lines', settlement.name, settlement.state)
  FROM liquor_settlement settlement
 WHERE settlement.state IN ('cancelled', 'reversed')
   AND EXISTS (SELECT FROM liquor_settlement_line line WHERE line.settlement_id = settlement.id AND line.live)
UNION ALL
SELECT format('settlement %s takes back %s of settlement %s over %s', mirror.name, mirror.amount_total, origin.name,
              origin.amount_total)
  FROM liquor_settlement mirror LEFT JOIN liquor_settlement origin ON origin.id = mirror.reverses_id
 WHERE mirror.reverses_id IS NOT NULL
   AND (origin.state IS DISTINCT FROM 'reversed' OR mirror.amount_total IS DISTINCT FROM -origin.amount_total
        OR mirror.partner_id IS DISTINCT FROM origin.partner_id)
"""

SETTLED_ONCE = """
SELECT format('earning %s is in %s live settlements', earning_id, count(*))
  FROM liquor_settlement_line WHERE live GROUP BY earning_id HAVING count(*) > 1
UNION ALL
SELECT format('settlement line %s: %s of earning %s over %s', line.id, line.amount, earning.id, earning.amount)
  FROM liquor_settlement_line line
  LEFT JOIN liquor_earning earning ON earning.id = line.earning_id
  LEFT JOIN liquor_settlement settlement ON settlement.id = line.settlement_id
 WHERE earning.amount IS DISTINCT FROM line.amount OR earning.partner_id IS DISTINCT FROM settlement.partner_id
"""

PAYOUTS = """
SELECT format('payout %s: %s asked, its lines sum to %s', payout.name, payout.amount, coalesce(sum(line.amount), 0))
  FROM liquor_payout payout LEFT JOIN liquor_payout_line line ON line.payout_id = payout.id
 WHERE payout.kind = 'reward'
 GROUP BY payout.id, payout.name, payout.amount HAVING coalesce(sum(line.amount), 0) <> payout.amount
UNION ALL
SELECT format('payout %s is %s and line %s is %s', payout.name, payout.state, line.id,
              CASE WHEN line.live THEN 'live' ELSE 'not live' END)
  FROM liquor_payout payout JOIN liquor_payout_line line ON line.payout_id = payout.id
 WHERE line.live IS DISTINCT FROM (payout.state IN ('requested', 'batched', 'sent', 'ok'))
UNION ALL
SELECT format('payout reference %s is used %s times', coalesce(name, '(none)'), count(*))
  FROM liquor_payout GROUP BY name HAVING count(*) > 1 OR name IS NULL
"""

# A withdrawal of cash-back is on its way by one payout, or was given back by one entry.
CASH_PAYOUTS = """
SELECT format('withdrawal %s of %s: payout %s of %s is %s, given back %s', taken.id, -taken.amount, payout.id,
              payout.amount, payout.state, back.id IS NOT NULL)
  FROM liquor_cash_entry taken
  LEFT JOIN liquor_payout payout ON payout.cash_entry_id = taken.id
  LEFT JOIN liquor_cash_entry back ON back.kind = 'returned' AND back.origin_id = taken.id
 WHERE taken.kind = 'withdraw'
   AND (payout.id IS NULL OR payout.amount <> -taken.amount
        OR (payout.state IN ('failed', 'returned', 'cancelled')) <> (back.id IS NOT NULL))
UNION ALL
SELECT format('withdrawal %s has %s payouts', cash_entry_id, count(*))
  FROM liquor_payout WHERE cash_entry_id IS NOT NULL GROUP BY cash_entry_id HAVING count(*) > 1
"""

PAID_ONCE = """
SELECT format('earning %s is paid %s times', earning_id, count(*))
  FROM liquor_payout_line WHERE live GROUP BY earning_id HAVING count(*) > 1
UNION ALL
SELECT format('payout line %s: %s of earning %s over %s', line.id, line.amount, earning.id, earning.amount)
  FROM liquor_payout_line line
  JOIN liquor_payout payout ON payout.id = line.payout_id
  LEFT JOIN liquor_earning earning ON earning.id = line.earning_id
 WHERE earning.amount IS DISTINCT FROM line.amount OR earning.partner_id IS DISTINCT FROM payout.partner_id
UNION ALL
SELECT format('payout %s of partner %s goes to account %s of partner %s', payout.name, payout.partner_id, payee.id,
              payee.partner_id)
  FROM liquor_payout payout JOIN liquor_payee payee ON payee.id = payout.payee_id
 WHERE (payee.partner_id, payee.company_id) IS DISTINCT FROM (payout.partner_id, payout.company_id)
"""

PEOPLE = """
SELECT format('settlement %s was approved by its author (user %s)', name, author_id)
  FROM liquor_settlement WHERE approved_by_id = author_id
UNION ALL
SELECT format('settlement %s is %s and nobody approved it', name, state)
  FROM liquor_settlement
 WHERE state IN ('approved', 'posted', 'paid', 'closed', 'reversed') AND approved_by_id IS NULL AND reverses_id IS NULL
UNION ALL
SELECT format('payout batch %s was approved by its author (user %s)', name, author_id)
  FROM liquor_payout_batch WHERE approved_by_id = author_id
UNION ALL
SELECT format('payout batch %s is %s and nobody approved it', name, state)
  FROM liquor_payout_batch WHERE state IN ('approved', 'sent', 'done') AND approved_by_id IS NULL
UNION ALL
SELECT format('payout batch %s was approved and paid by the same person (user %s)', name, sent_by_id)
  FROM liquor_payout_batch WHERE sent_by_id = approved_by_id
"""

CLOSED = """
SELECT format('earning %s is booked on %s, in a month closed at %s before it was posted', earning.id,
              earning.booked_day, period.closed_at)
  FROM liquor_period period
  JOIN liquor_earning earning ON earning.company_id = period.company_id
   AND earning.booked_day BETWEEN period.date_start AND period.date_end AND earning.create_date > period.closed_at
 WHERE period.state = 'closed'
"""


def tampered_statements(cursor) -> list[str]:
    """Find frozen statements that are not what was sent, or not what their lines say (I10)."""
    from odoo.addons.liquor_channel.engine.settlement.statement import check_snapshot

    cursor.execute(FROZEN)
    found = []
    for name, text, fingerprint, lines in cursor.fetchall():
        if not text or not check_snapshot(text, fingerprint):
            found.append(f"settlement {name}: the frozen statement does not match its fingerprint")
            continue
        frozen = sorted((line["id"], Decimal(line["amount"])) for line in json.loads(text)["lines"] if not line["held"])
        if frozen != sorted((earning, Decimal(str(amount))) for earning, amount in lines or []):
            found.append(f"settlement {name}: its lines are not those of the frozen statement")
    return found


FROZEN = """
SELECT settlement.name, settlement.snapshot, settlement.snapshot_hash,
       (SELECT json_agg(json_build_array(line.earning_id, line.amount::text))
          FROM liquor_settlement_line line WHERE line.settlement_id = settlement.id AND line.live)
  FROM liquor_settlement settlement
 WHERE settlement.state IN ('sent', 'confirmed', 'approved', 'posted', 'paid', 'closed')
   AND settlement.reverses_id IS NULL ORDER BY settlement.id
"""

INVARIANTS = (
    by_sql(
        "earnings.closed",
        "Nothing is booked into a closed month",
        ADDON,
        ("liquor_earning", "liquor_period"),
        CLOSED,
    ),
    by_sql(
        "accruals.once",
        "Each earning is accrued once, to the cent",
        ADDON,
        ("liquor_accrual_line", "liquor_earning"),
        ACCRUED_ONCE,
    ),
    by_sql(
        "accruals.items",
        "Each journal item of an accrual is the sum of its earnings",
        ADDON,
        ("liquor_accrual_line", "liquor_earning", "account_move_line"),
        ACCRUED,
    ),
    by_sql(
        "accounts.sub_ledger",
        "Sub-ledger = general ledger, account by account and partner by partner",
        ADDON,
        (
            "liquor_account_mapping",
            "liquor_accrual_line",
            "liquor_earning",
            "liquor_payout",
            "liquor_payout_batch",
            "liquor_payout_line",
            "account_move_line",
        ),
        SUB_LEDGER,
    ),
    by_sql(
        "accounts.rebates",
        "Rebates owed come from accruals and leave by notes and orders only",
        ADDON,
        ("liquor_account_mapping", "account_move", "account_move_line"),
        REBATES,
    ),
    by_sql(
        "accounts.balanced",
        "Our entries balance and stay posted",
        ADDON,
        ("account_move", "account_move_line"),
        BALANCED,
    ),
    by_sql(
        "settlements.header",
        "Each settlement is the sum of its lines; a reversal is its mirror",
        ADDON,
        ("liquor_settlement", "liquor_settlement_line"),
        HEADERS,
    ),
    by_sql(
        "settlements.once",
        "An earning is settled once, in full, with its own party",
        ADDON,
        ("liquor_settlement", "liquor_settlement_line", "liquor_earning"),
        SETTLED_ONCE,
    ),
    Invariant(
        "settlements.snapshot",
        "Each statement is what was sent, and so are its lines",
        ADDON,
        ("liquor_settlement", "liquor_settlement_line"),
        tampered_statements,
    ),
    by_sql(
        "payouts.sums",
        "Each payout is the sum of its lines and has one reference",
        ADDON,
        ("liquor_payout", "liquor_payout_line"),
        PAYOUTS,
    ),
    by_sql(
        "payouts.once",
        "An earning is paid once, in full, to its own party's account",
        ADDON,
        ("liquor_payout", "liquor_payout_line", "liquor_earning", "liquor_payee"),
        PAID_ONCE,
    ),
    by_sql(
        "payouts.cash",
        "Each withdrawal of cash-back has one payout, or came back",
        ADDON,
        ("liquor_cash_entry", "liquor_payout"),
        CASH_PAYOUTS,
    ),
    by_sql(
        "people.approver",
        "Who approves is neither author nor payer",
        ADDON,
        ("liquor_settlement", "liquor_payout_batch"),
        PEOPLE,
    ),
)
