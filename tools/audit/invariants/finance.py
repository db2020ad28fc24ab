"""Account statements, variances, closed months."""

import json
from decimal import Decimal

from ..frame import Invariant, by_sql

ADDON = "liquor_channel"

# The accounts of a statement are those of its frozen text.
FIGURES = """
SELECT id, snapshot, snapshot_hash FROM liquor_account_statement WHERE snapshot IS NOT NULL
"""
LINES = """
SELECT statement_id, account, opening, incoming, outgoing, closing FROM liquor_account_statement_line
"""

CONFIRMED = """
SELECT format('statement %s is confirmed, its account %s is %s', statement.name, line.account, line.state)
  FROM liquor_account_statement statement
  JOIN liquor_account_statement_line line ON line.statement_id = statement.id
 WHERE statement.state = 'confirmed' AND line.state <> 'confirmed'
UNION ALL
SELECT format('statement %s was sent and has %s accounts', statement.name, count(line.id))
  FROM liquor_account_statement statement
  LEFT JOIN liquor_account_statement_line line ON line.statement_id = statement.id
 WHERE statement.state <> 'draft' GROUP BY statement.id, statement.name HAVING count(line.id) <> 5
"""

REASONS = """
SELECT format('variance %s is %s without reason or person', id, state) FROM liquor_variance
 WHERE state IN ('closed', 'carried') AND (coalesce(trim(reason), '') = '' OR decided_by_id IS NULL)
UNION ALL
SELECT format('cause %s %s of company %s stands %s times', variance_class, cause_key, company_id, count(*))
  FROM liquor_variance GROUP BY variance_class, cause_key, company_id HAVING count(*) > 1
"""

CLOSED = """
SELECT format('earning %s was booked on %s into %s after that month had closed', earning.id, earning.booked_day,
              period.name)
  FROM liquor_earning earning
  JOIN liquor_period period ON period.company_id = earning.company_id
   AND earning.booked_day BETWEEN period.date_start AND period.date_end
 WHERE period.state = 'closed' AND earning.create_date > period.closed_at
"""


def _statements(cursor) -> list[str]:
    """Texts keep their fingerprint, add up, and say what their accounts say."""
    from odoo.addons.liquor_channel.engine.settlement.statement import check_snapshot

    cursor.execute(LINES)
    lines = {(statement, account): tuple(figures) for statement, account, *figures in cursor.fetchall()}
    found = []
    cursor.execute(FIGURES)
    for number, text, mark in cursor.fetchall():
        if not check_snapshot(text, mark):
            found.append(f"statement {number} does not have its fingerprint, or does not add up")
            continue
        for section in json.loads(text)["accounts"]:
            said = tuple(Decimal(section[key]) for key in ("opening", "in", "out", "closing"))
            if lines.get((number, section["account"])) != said:
                found.append(f"statement {number}: account {section['account']} is not what its text says")
    return found


INVARIANTS = (
    Invariant(
        "statements.frozen",
        "Account statements keep their fingerprint, add up and say what their accounts say",
        ADDON,
        ("liquor_account_statement", "liquor_account_statement_line"),
        _statements,
    ),
    by_sql(
        "statements.confirmed",
        "A statement is confirmed by all five accounts",
        ADDON,
        ("liquor_account_statement", "liquor_account_statement_line"),
        CONFIRMED,
    ),
    by_sql(
        "variances.decided",
        "A cause stands once; closed and carried variances name reason and person",
        ADDON,
        ("liquor_variance",),
        REASONS,
    ),
    by_sql(
        "periods.closed",
        "Nothing was booked into a month after it had closed",
        ADDON,
        ("liquor_earning", "liquor_period"),
        CLOSED,
    ),
)
