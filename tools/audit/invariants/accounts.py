"""Expected rewards, red letters and withheld tax: the ledger says what our records say."""

from ..frame import by_sql
from .money import ACCOUNTS, ADDON, LEDGER_SUMS

# What was expected and not earned stands on 2241.E (trade.md R7); a closed campaign leaves nothing there.
EXPECTED = f"""
WITH {ACCOUNTS}, {LEDGER_SUMS},
campaign AS (
    SELECT expectation.id, expectation.company_id, expectation.state,
           coalesce((SELECT sum(entry.amount) FROM liquor_expectation_entry entry
                      WHERE entry.expectation_id = expectation.id), 0)
         - coalesce((SELECT sum(earning.amount - coalesce(earning.funder_amount, 0))
                       FROM liquor_accrual_line line JOIN liquor_earning earning ON earning.id = line.earning_id
                      WHERE line.expectation_id = expectation.id), 0)
         - coalesce((SELECT sum(posting.amount) FROM liquor_member_posting posting
                      WHERE posting.expectation_id = expectation.id), 0) AS rest
      FROM liquor_reward_expectation expectation)
SELECT format('company %s: %s on the account of expected rewards, its campaigns expect %s', company_id,
              coalesce(ledger.balance, 0), coalesce(expected.rest, 0))
  FROM (SELECT company_id, sum(balance) AS balance FROM general WHERE role = 'expected_reward' GROUP BY 1) ledger
  FULL JOIN (SELECT company_id, sum(rest) AS rest FROM campaign GROUP BY 1) expected USING (company_id)
 WHERE coalesce(ledger.balance, 0) + coalesce(expected.rest, 0) <> 0
UNION ALL
SELECT format('campaign %s is closed and still expects %s', id, rest) FROM campaign WHERE state = 'closed' AND rest <> 0
"""

# What runs booked for members is what their ledgers say: cash-back to the cent, a lot of points at its worth, of which
# what was taken is the cumulative part (trade.md R7).
MEMBERS = f"""
WITH {ACCOUNTS},
booked AS (
    SELECT item.company_id, account_of.role, coalesce(item.partner_id, 0) AS partner_id, sum(item.balance) AS balance
      FROM account_move_line item
      JOIN account_move entry ON entry.id = item.move_id AND entry.liquor_accrual_run_id IS NOT NULL
      JOIN account_of ON account_of.company_id = item.company_id AND account_of.account_id = item.account_id
                     AND account_of.role IN ('member_cash', 'member_points')
     WHERE item.parent_state = 'posted' GROUP BY 1, 2, 3),
posted AS (
    SELECT company_id, CASE WHEN cash_entry_id IS NULL THEN 'member_points' ELSE 'member_cash' END AS role,
           coalesce(partner_id, 0) AS partner_id, sum(amount) AS amount
      FROM liquor_member_posting GROUP BY 1, 2, 3),
lot AS (
    SELECT lot.id, lot.points, posting.amount + coalesce(taken.amount, 0) AS amount, worth.worth::numeric AS worth,
           coalesce(taken.points, 0) AS taken, currency.decimal_places AS digits
      FROM liquor_member_posting posting
      JOIN liquor_point_entry lot ON lot.id = posting.point_entry_id
      JOIN liquor_point_worth worth ON worth.id = posting.worth_id
      JOIN res_company company ON company.id = posting.company_id
      JOIN res_currency currency ON currency.id = company.currency_id
 LEFT JOIN (SELECT allocation.lot_id, sum(part.amount) AS amount, sum(allocation.points) AS points
              FROM liquor_member_posting part
              JOIN liquor_point_allocation allocation ON allocation.id = part.allocation_id
             GROUP BY 1) taken ON taken.lot_id = lot.id)
SELECT format('company %s, %s of member %s: the runs booked %s, the postings are %s', company_id, role, partner_id,
              coalesce(booked.balance, 0), coalesce(posted.amount, 0))
  FROM booked FULL JOIN posted USING (company_id, role, partner_id)
 WHERE coalesce(booked.balance, 0) + coalesce(posted.amount, 0) <> 0
UNION ALL
SELECT format('cash-back %s of %s is booked with %s', entry.id, entry.amount, posting.amount)
  FROM liquor_member_posting posting JOIN liquor_cash_entry entry ON entry.id = posting.cash_entry_id
 WHERE posting.amount <> entry.amount
UNION ALL
SELECT format('lot %s: %s of %s points at %s are left, the books say %s', id, points - taken, points, worth, amount)
  FROM lot WHERE abs(amount - (points - taken) * worth) > power(10::numeric, -digits)
              OR taken = points AND amount <> 0
"""

# Of points at their full worth nobody is expected to use what the books took back, month by month (IFRS 15 B46).
POINT_USE = f"""
WITH {ACCOUNTS},
booked AS (
    SELECT entry.liquor_point_use_entry_id AS id, sum(item.balance) AS balance
      FROM account_move_line item
      JOIN account_move entry ON entry.id = item.move_id AND entry.liquor_point_use_entry_id IS NOT NULL
      JOIN account_of ON account_of.company_id = item.company_id AND account_of.account_id = item.account_id
                     AND account_of.role = 'member_points'
     WHERE item.parent_state = 'posted' GROUP BY 1)
SELECT format('unused points %s: %s were booked, its entry says %s', use.id, use.amount, coalesce(booked.balance, 0))
  FROM liquor_point_use_entry use LEFT JOIN booked USING (id) WHERE use.amount <> coalesce(booked.balance, 0)
UNION ALL
SELECT format('unused points of club %s are %s after number %s, its rows sum to %s', program_id, unused, number, total)
  FROM (SELECT use.*, sum(amount) OVER (PARTITION BY program_id ORDER BY number) AS total
          FROM liquor_point_use_entry use) use
 WHERE unused <> total
"""

# Goods of a shop leave on one paper, at what its earnings are worth, by an order of the same worth (R4, Acc-2 #13).
SHOP_GOODS = """
SELECT format('goods of paper %s are worth %s, its earnings %s', paper.name, paper.amount, coalesce(own.amount, 0))
  FROM liquor_shop_delivery paper
  LEFT JOIN (SELECT line.delivery_id, sum(earning.amount) AS amount
               FROM liquor_shop_delivery_line line JOIN liquor_earning earning ON earning.id = line.earning_id
              WHERE line.live GROUP BY 1) own ON own.delivery_id = paper.id
 WHERE paper.state IN ('approved', 'delivered') AND paper.amount <> coalesce(own.amount, 0)
UNION ALL
SELECT format('goods of paper %s are worth %s, its orders take %s off', paper.name, paper.amount,
              coalesce(sum(-worth.price_unit * worth.product_uom_qty), 0))
  FROM liquor_shop_delivery paper LEFT JOIN sale_order_line worth ON worth.liquor_shop_delivery_id = paper.id
 WHERE paper.state IN ('approved', 'delivered') GROUP BY paper.id, paper.name, paper.amount
HAVING paper.amount <> coalesce(sum(-worth.price_unit * worth.product_uom_qty), 0)
UNION ALL
SELECT format('paper %s was approved by its author (user %s)', name, author_id)
  FROM liquor_shop_delivery WHERE state IN ('approved', 'delivered') AND approved_by_id IS NOT DISTINCT FROM author_id
"""

# What red letters took of an invoice is what its allocations say, and never more than the invoice (trade.md R6).
RED_LETTERS = """
SELECT format('invoice %s (id %s): red letters took %s, its allocations are %s of %s', invoice.name, invoice.id,
              invoice.liquor_red_amount, coalesce(taken.amount, 0), invoice.amount_untaxed)
  FROM account_move invoice
  LEFT JOIN (SELECT invoice_id, sum(amount) AS amount FROM liquor_red_allocation WHERE state <> 'dropped' GROUP BY 1)
       taken ON taken.invoice_id = invoice.id
 WHERE coalesce(invoice.liquor_red_amount, 0) <> coalesce(taken.amount, 0)
    OR coalesce(taken.amount, 0) > coalesce(invoice.amount_untaxed, 0)
UNION ALL
SELECT format('credit note %s: %s in the red-letter queue, it says %s', note.name, sum(row.amount),
              note.amount_untaxed)
  FROM liquor_red_allocation row JOIN account_move note ON note.id = row.note_id
 WHERE row.state <> 'dropped' GROUP BY note.id, note.name, note.amount_untaxed
HAVING sum(row.amount) > note.amount_untaxed
UNION ALL
SELECT format('red letter %s is for goods of code %s, its invoice states %s', row.id, row.asked_code, row.goods_code)
  FROM liquor_red_allocation row
 WHERE row.state IN ('sent', 'confirmed', 'issued') AND row.asked_code <> row.goods_code
"""

# Tax is listed for each payment that left, and taken back for each that came back (trade.md R20).
WITHHELD = """
SELECT format('payout %s (%s): tax of %s, its list says %s', payout.name, payout.state,
              coalesce(payout.tax_withheld, 0) + coalesce(payout.tax_borne, 0), coalesce(listed.tax, 0))
  FROM liquor_payout payout
  LEFT JOIN (SELECT payout_id, sum(tax) AS tax FROM liquor_withholding_line GROUP BY 1) listed
       ON listed.payout_id = payout.id
 WHERE coalesce(listed.tax, 0) <> CASE WHEN payout.state IN ('sent', 'ok')
           THEN coalesce(payout.tax_withheld, 0) + coalesce(payout.tax_borne, 0) ELSE 0 END
"""

INVARIANTS = (
    by_sql(
        "accounts.point_use",
        "Points nobody will use are booked as the difference to the month before",
        ADDON,
        ("liquor_point_use_entry", "account_move", "account_move_line", "liquor_account_mapping"),
        POINT_USE,
    ),
    by_sql(
        "accounts.expected",
        "What was expected and not earned stands on its account",
        ADDON,
        (
            "liquor_account_mapping",
            "liquor_reward_expectation",
            "liquor_expectation_entry",
            "liquor_accrual_line",
            "liquor_earning",
            "liquor_member_posting",
            "account_move_line",
        ),
        EXPECTED,
    ),
    by_sql(
        "accounts.members",
        "Cash-back and points of members stand on their accounts",
        ADDON,
        (
            "liquor_account_mapping",
            "liquor_member_posting",
            "liquor_cash_entry",
            "liquor_point_entry",
            "liquor_point_allocation",
            "liquor_point_worth",
            "account_move",
            "account_move_line",
            "res_company",
            "res_currency",
        ),
        MEMBERS,
    ),
    by_sql(
        "accounts.shop_goods",
        "Goods of shops leave once, at what was earned",
        ADDON,
        ("liquor_shop_delivery", "liquor_shop_delivery_line", "liquor_earning", "sale_order_line"),
        SHOP_GOODS,
    ),
    by_sql(
        "accounts.red_letters",
        "Red letters take of an invoice what their allocations say",
        ADDON,
        ("liquor_red_allocation", "account_move"),
        RED_LETTERS,
    ),
    by_sql(
        "payouts.tax",
        "Tax is listed for each payment that left",
        ADDON,
        ("liquor_payout", "liquor_withholding_line"),
        WITHHELD,
    ),
)
