"""What holds for every table of the suite."""

from collections import defaultdict

from .. import catalog, structure
from ..frame import Invariant, by_sql

# Columns of a ledger that name whose money or points it is; a reversal names the same.
OWNERS = ("company_id", "currency_id", "partner_id", "member_id", "card_id", "account_id", "fund_id", "beneficiary_id")
AMOUNTS = ("amount", "points", "funder_amount")
# A ledger is known by these columns, so that one whose trigger is gone is still found.
LEDGER = ("idempotency_key", "reverses_id", "booked_day")
APPEND_ONLY = ("xid", "create_date", "write_date")


def _rows(cursor, statement: str) -> list[tuple]:
    cursor.execute(statement)
    return cursor.fetchall()


SEAL = "id, table_name, columns, xid_from, xid_to, row_count, root, previous, seal_hash"
NOT_FINITE = "('NaN', 'Infinity', '-Infinity')"


def not_finite(cursor) -> list[str]:
    """Find NaN and Infinity (I3)."""
    found, keyed = [], set(catalog.tables_with(cursor, "id"))
    for table, column in catalog.columns(cursor, ("numeric", "double precision", "real")):
        # a plain table of ours has no id
        key = "id" if table in keyed else "ctid::text"
        rows = _rows(
            cursor,
            f"SELECT {key}, {column}::text FROM {table} WHERE {column} IN {NOT_FINITE} ORDER BY 1 LIMIT 100",
        )
        found += [f"{table} {key}: {column} is {value}" for key, value in rows]
    return found


def changed_after_posting(cursor) -> list[str]:
    """Find rows of append-only tables that were written after they were created (I8)."""
    found = []
    for table in catalog.tables_with(cursor, *APPEND_ONLY):
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


def broken_seals(cursor) -> list[str]:
    """Find sealed rows that are gone or changed, and seals that do not follow each other (I8)."""
    from odoo.addons.liquor_member.engine.shared.seals import Seal, find_breaks

    tables = defaultdict(list)
    for row in _rows(cursor, f"SELECT {SEAL} FROM liquor_seal ORDER BY id"):
        tables[row[1]].append(row)
    found = []
    for table, rows in tables.items():
        seals = [(Seal(table, row[2], int(row[3]), int(row[4]), *row[5:8]), row[8]) for row in rows]
        today = _sealed_today(cursor, table, rows)
        breaks = find_breaks(seals, [today[row[0]] for row in rows])
        found += [f"{table}: seal {rows[place][0]} does not fit ({kind})" for place, kind in breaks]
    return found


def _sealed_today(cursor, table: str, rows: list[tuple]) -> dict[int, tuple[int, str]]:
    """Return seal id -> (rows, root hash) of the same transactions as the table is now."""
    today = {}
    for columns in {row[2] for row in rows}:
        names = ", ".join(f'sealed."{name}"' for name in columns.split(","))
        row_hash = f"sha256(convert_to(jsonb_build_array({names})::text, 'UTF8'))"
        root = f"string_agg({row_hash}, ''::bytea ORDER BY sealed.id) FILTER (WHERE sealed.id IS NOT NULL)"
        statement = (
            f"SELECT seal.id, count(sealed.id), encode(sha256(coalesce({root}, ''::bytea)), 'hex')"
            f" FROM liquor_seal seal LEFT JOIN {table} sealed"
            " ON sealed.xid >= seal.xid_from::xid8 AND sealed.xid < seal.xid_to::xid8"
            f" WHERE seal.table_name = '{table}' AND seal.columns = '{columns}' GROUP BY seal.id"
        )
        today.update({key: (count, digest) for key, count, digest in _rows(cursor, statement)})
    return today


PUBLIC_FILES = """
SELECT format('attachment %s (%s) of %s %s is public', id, name, res_model, res_id)
  FROM ir_attachment WHERE public AND starts_with(res_model, 'liquor.')
"""


def structure_of(kind: str):
    """Return the check that all expected objects of a kind exist and are in force (I18)."""

    def find(cursor) -> list[str]:
        return structure.differences(cursor, kind)

    return find


INVARIANTS = (
    Invariant("numbers.finite", "No NaN or Infinity in any amount", "liquor_member", (), not_finite),
    Invariant(
        "ledgers.unchanged",
        "No append-only row was written after it was posted",
        "liquor_member",
        (),
        changed_after_posting,
    ),
    Invariant("ledgers.keys", "Each idempotency key has one ledger row", "liquor_member", (), repeated_keys),
    Invariant(
        "ledgers.reversals", "Each reversal undoes one row, once, to the cent", "liquor_member", (), unpaired_reversals
    ),
    Invariant("ledgers.seals", "What was sealed is unchanged", "liquor_member", ("liquor_seal",), broken_seals),
    by_sql("files.private", "No file of ours is public", "liquor_member", ("ir_attachment",), PUBLIC_FILES),
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
