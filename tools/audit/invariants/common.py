"""What holds for every table of the suite."""

from .. import catalog, structure
from ..frame import Invariant

# Columns of a ledger that name whose money or points it is; a reversal names the same.
OWNERS = ("company_id", "currency_id", "partner_id", "member_id", "card_id", "account_id", "fund_id", "beneficiary_id")
AMOUNTS = ("amount", "points", "funder_amount")
# A ledger is known by these columns, so that one whose trigger is gone is still found.
LEDGER = ("idempotency_key", "reverses_id", "booked_day")


def _rows(cursor, statement: str) -> list[tuple]:
    cursor.execute(statement)
    return cursor.fetchall()


NOT_FINITE = "('NaN', 'Infinity', '-Infinity')"


def not_finite(cursor) -> list[str]:
    """Find NaN and Infinity (I3)."""
    found = []
    for table, column in catalog.columns(cursor, ("numeric", "double precision", "real")):
        rows = _rows(
            cursor,
            f"SELECT id, {column}::text FROM {table} WHERE {column} IN {NOT_FINITE} ORDER BY id LIMIT 100",
        )
        found += [f"{table} {key}: {column} is {value}" for key, value in rows]
    return found


def changed_after_posting(cursor) -> list[str]:
    """Find ledger rows written after they were created (I8)."""
    found = []
    for table in catalog.tables_with(cursor, *LEDGER, "create_date", "write_date"):
        rows = _rows(cursor, f"SELECT id, write_date FROM {table} WHERE write_date IS DISTINCT FROM create_date")
        found += [f"{table} {key}: written {moment}" for key, moment in rows]
    return found


def repeated_keys(cursor) -> list[str]:
    """Find ledger rows without an idempotency key, or that share one (I3, I7)."""
    found = []
    for table in catalog.tables_with(cursor, *LEDGER):
        rows = _rows(
            cursor,
            f"SELECT coalesce(idempotency_key, '(none)'), count(*) FROM {table}"
            " GROUP BY idempotency_key HAVING count(*) > 1 OR idempotency_key IS NULL",
        )
        found += [f"{table}: key {key} on {count} rows" for key, count in rows]
    return found


def unpaired_reversals(cursor) -> list[str]:
    """Find reversals that do not undo exactly one row: twice, of a reversal, other owner, other amount (I8)."""
    found = []
    for table in catalog.tables_with(cursor, *LEDGER):
        columns = {column for name in (*OWNERS, *AMOUNTS) for column in [name] if catalog.has(cursor, table, name)}
        same = [f"back.{name} IS DISTINCT FROM origin.{name}" for name in OWNERS if name in columns]
        opposite = [f"coalesce(back.{name}, 0) <> -coalesce(origin.{name}, 0)" for name in AMOUNTS if name in columns]
        wrong = " OR ".join(["origin.id IS NULL", "origin.reverses_id IS NOT NULL", *same, *opposite])
        rows = _rows(
            cursor,
            f"SELECT back.id, back.reverses_id FROM {table} back LEFT JOIN {table} origin"
            f" ON origin.id = back.reverses_id WHERE back.reverses_id IS NOT NULL AND ({wrong})",
        )
        found += [f"{table} {key} does not undo {origin}" for key, origin in rows]
        rows = _rows(
            cursor,
            f"SELECT reverses_id, count(*) FROM {table} WHERE reverses_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
        )
        found += [f"{table} {origin} is reversed {count} times" for origin, count in rows]
    return found


def foreign_companies(cursor) -> list[str]:
    """Find rows that point to a row of another company (I14)."""
    found = []
    for table, column, target in catalog.relations(cursor):
        rows = _rows(
            cursor,
            f"SELECT child.id, child.company_id, parent.company_id FROM {table} child JOIN {target} parent"
            f" ON parent.id = child.{column} WHERE parent.company_id <> child.company_id ORDER BY 1 LIMIT 100",
        )
        found += [f"{table} {key} (company {own}): {column} is of company {other}" for key, own, other in rows]
    return found


def structure_of(kind: str):
    """Return the check that all expected objects of a kind exist and are in force (I18)."""

    def find(cursor) -> list[str]:
        return structure.differences(cursor, kind)

    return find


INVARIANTS = (
    Invariant("numbers.finite", "No NaN or Infinity in any amount", "liquor_member", (), not_finite),
    Invariant(
        "ledgers.unchanged", "No ledger row was written after it was posted", "liquor_member", (), changed_after_posting
    ),
    Invariant("ledgers.keys", "Each idempotency key has one ledger row", "liquor_member", (), repeated_keys),
    Invariant(
        "ledgers.reversals", "Each reversal undoes one row, once, to the cent", "liquor_member", (), unpaired_reversals
    ),
    Invariant("companies.agree", "No row points to a row of another company", "liquor_member", (), foreign_companies),
    Invariant(
        "structure.index", "Every expected index exists and is valid", "liquor_member", (), structure_of("index")
    ),
    Invariant(
        "structure.check", "Every expected check exists and is valid", "liquor_member", (), structure_of("check")
    ),
    Invariant(
        "structure.trigger", "Every expected trigger exists and is on", "liquor_member", (), structure_of("trigger")
    ),
)
