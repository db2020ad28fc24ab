"""Rebate accounts: their entries, the orders and invoices that use them, and what expired."""

from ..frame import by_sql
from .money import ACCOUNTS, ADDON

REBATE_BALANCES = """
SELECT format('rebate account %s: balance %s, entries sum to %s', account.id, account.balance,
              coalesce(sum(entry.amount), 0))
  FROM liquor_rebate_account account LEFT JOIN liquor_rebate_entry entry ON entry.rebate_account_id = account.id
 GROUP BY account.id, account.balance HAVING coalesce(account.balance, 0) <> coalesce(sum(entry.amount), 0)
UNION ALL
SELECT format('rebate account %s is overdrawn: %s', id, balance) FROM liquor_rebate_account WHERE balance < 0
UNION ALL
SELECT format('rebate entry %s is of another partner than account %s', entry.id, account.id)
  FROM liquor_rebate_entry entry JOIN liquor_rebate_account account ON account.id = entry.rebate_account_id
 WHERE entry.partner_id <> account.partner_id OR entry.company_id <> account.company_id
"""

# What an order keeps: OrderRebate.held of engine/settlement/order_rebate.py.
ORDER_REBATES = """
WITH paper AS (
    SELECT line.order_id, -sum(net.amount) AS standing, sum(net.amount) FILTER (WHERE net.amount > 0) AS refunded
      FROM sale_order_line line
      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
      JOIN account_move_line item ON item.id = rel.invoice_line_id
      JOIN account_move entry ON entry.id = item.move_id AND entry.state = 'posted',
           LATERAL (SELECT CASE entry.move_type WHEN 'out_refund' THEN -item.price_subtotal
                                                ELSE item.price_subtotal END AS amount) net
     WHERE line.liquor_is_rebate GROUP BY line.order_id),
decided AS (
    SELECT order_id, -sum(price_subtotal) AS amount FROM sale_order_line WHERE liquor_is_rebate GROUP BY order_id),
kept AS (
    SELECT decided.order_id,
           greatest(coalesce(paper.standing, 0),
                    CASE sale.state WHEN 'sale' THEN decided.amount - coalesce(paper.refunded, 0) ELSE 0 END) AS amount
      FROM decided JOIN sale_order sale ON sale.id = decided.order_id LEFT JOIN paper USING (order_id)),
given AS (
    SELECT origin_id AS order_id, -sum(amount) AS amount FROM liquor_rebate_entry
     WHERE origin_model = 'sale.order' AND kind IN ('order', 'release') GROUP BY origin_id)
SELECT format('order %s keeps %s of rebate by its papers, the rebate account gave it %s', order_id,
              coalesce(kept.amount, 0), coalesce(given.amount, 0))
  FROM kept FULL JOIN given USING (order_id) WHERE coalesce(kept.amount, 0) <> coalesce(given.amount, 0)
"""

# An expiry is one entry of the account and one of the ledger, both of its amount; taken back, both sum to nothing.
EXPIRIES = f"""
WITH {ACCOUNTS}, moved AS (
    SELECT origin_id AS id, sum(amount) AS amount, count(*) FILTER (WHERE kind = 'expire') AS times
      FROM liquor_rebate_entry WHERE origin_model = 'liquor.rebate.expiry' GROUP BY 1),
booked AS (
    SELECT entry.liquor_rebate_expiry_id AS id, sum(item.balance) AS amount
      FROM account_move entry
      JOIN account_move_line item ON item.move_id = entry.id
      JOIN account_of ON account_of.account_id = item.account_id AND account_of.company_id = item.company_id
                     AND account_of.role = 'rebate_accrued'
     WHERE entry.state = 'posted' GROUP BY 1)
SELECT format('expiry %s is %s over %s: the account moved %s, the ledger %s', expiry.id, expiry.state, expiry.amount,
              coalesce(moved.amount, 0), coalesce(booked.amount, 0))
  FROM liquor_rebate_expiry expiry
  LEFT JOIN moved ON moved.id = expiry.id
  LEFT JOIN booked ON booked.id = expiry.id,
       LATERAL (SELECT CASE WHEN expiry.state = 'expired' THEN expiry.amount ELSE 0 END AS amount) due
 WHERE coalesce(moved.amount, 0) <> -due.amount OR coalesce(booked.amount, 0) <> due.amount
    OR coalesce(moved.times, 0) <> (expiry.state <> 'announced')::int
UNION ALL
SELECT format('entry %s expired on %s, but its credit could be used until %s', entry.id, entry.business_day,
              expiry.expires_on)
  FROM liquor_rebate_entry entry JOIN liquor_rebate_expiry expiry ON expiry.id = entry.origin_id
 WHERE entry.kind = 'expire' AND (entry.business_day <= expiry.expires_on OR entry.lot_id <> expiry.lot_id)
"""

INVARIANTS = (
    by_sql(
        "rebates.balance",
        "Each rebate account is the sum of its entries, never below zero",
        ADDON,
        ("liquor_rebate_account", "liquor_rebate_entry"),
        REBATE_BALANCES,
    ),
    by_sql(
        "rebates.orders",
        "What the rebate account gave to an order is what the order and its invoices use",
        ADDON,
        (
            "liquor_rebate_entry",
            "sale_order",
            "sale_order_line",
            "sale_order_line_invoice_rel",
            "account_move",
            "account_move_line",
        ),
        ORDER_REBATES,
    ),
    by_sql(
        "rebates.expiry",
        "What expired left the account and the rebates owed once, after its last day",
        ADDON,
        (
            "liquor_rebate_expiry",
            "liquor_rebate_entry",
            "liquor_account_mapping",
            "account_move",
            "account_move_line",
        ),
        EXPIRIES,
    ),
)
