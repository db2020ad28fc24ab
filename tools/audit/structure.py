"""The indexes, checks and triggers that must exist in PostgreSQL: Odoo only logs one it could not make.

The list is ``structure.csv``; a reviewer sees in its diff what a change does to the database's own guards.
"""

import csv
from pathlib import Path

from tools.environment.console import say

from .frame import ADDONS, installed, missing_tables

LIST = Path(__file__).with_name("structure.csv")
COLUMNS = ("table", "kind", "name", "definition")
PRESENT = r"""
SELECT relation.relname, 'index', index.relname, pg_get_indexdef(entry.indexrelid),
       entry.indisvalid AND entry.indisready
  FROM pg_index entry
  JOIN pg_class relation ON relation.oid = entry.indrelid
  JOIN pg_class index ON index.oid = entry.indexrelid
 WHERE relation.relnamespace = 'public'::regnamespace AND NOT relation.relispartition
   AND (relation.relname LIKE 'liquor\_%' OR index.relname LIKE '%liquor%')
UNION ALL
SELECT relation.relname, 'check', entry.conname, pg_get_constraintdef(entry.oid), entry.convalidated
  FROM pg_constraint entry
  JOIN pg_class relation ON relation.oid = entry.conrelid
 WHERE entry.contype = 'c' AND relation.relnamespace = 'public'::regnamespace AND NOT relation.relispartition
   AND (relation.relname LIKE 'liquor\_%' OR entry.conname LIKE '%liquor%')
UNION ALL
SELECT relation.relname, 'trigger', entry.tgname, pg_get_triggerdef(entry.oid), entry.tgenabled IN ('O', 'A')
  FROM pg_trigger entry
  JOIN pg_class relation ON relation.oid = entry.tgrelid
 WHERE NOT entry.tgisinternal AND relation.relnamespace = 'public'::regnamespace AND NOT relation.relispartition
   AND (relation.relname LIKE 'liquor\_%' OR entry.tgname LIKE '%liquor%')
 ORDER BY 1, 2, 3
"""


def present(cursor) -> dict[tuple[str, str, str], tuple[str, bool]]:
    """Return (table, kind, name) -> (definition, in force) of what the database has."""
    cursor.execute(PRESENT)
    rows = cursor.fetchall()
    return {(table, kind, name): (definition, valid) for table, kind, name, definition, valid in rows}


def expected() -> dict[tuple[str, str, str], str]:
    """Return (table, kind, name) -> definition of what must be there."""
    with LIST.open(encoding="utf-8", newline="") as stream:
        return {(row["table"], row["kind"], row["name"]): row["definition"] for row in csv.DictReader(stream)}


def differences(cursor, kind: str) -> list[str]:
    """Return what is missing, different or not in force among the expected objects of one kind."""
    found, problems = present(cursor), []
    absent = set() if installed(cursor) == set(ADDONS) else _absent_tables(cursor)
    for (table, its_kind, name), definition in expected().items():
        if its_kind != kind or table in absent:
            continue
        actual, valid = found.get((table, its_kind, name), (None, False))
        if actual is None:
            problems.append(f"{table}: {kind} {name} is missing")
        elif actual != definition:
            problems.append(f"{table}: {kind} {name} is {actual}, expected {definition}")
        elif not valid:
            problems.append(f"{table}: {kind} {name} is not in force")
    return problems


def _absent_tables(cursor) -> set[str]:
    """Return tables of add-ons that are not installed."""
    return set(missing_tables(cursor, {table for table, _kind, _name in expected()}))


def renew(cursor) -> None:
    """Write the list from a database that has just been installed, for a reviewer to read."""
    rows = [
        (*key, definition)
        for key, (definition, valid) in present(cursor).items()
        if valid and not key[0].startswith("test_liquor")
    ]
    with LIST.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    say(f"{LIST.name}: {len(rows)} indexes, checks and triggers")
