"""Plants rows on copies of tables: empty temporary tables of the same columns hide the real ones from the audit."""

from tools.audit.frame import Invariant
from tools.audit.invariants import INVARIANTS

from odoo.tests import TransactionCase


class AuditCase(TransactionCase):
    """Gives the audit a cursor on which the tests plant what they like; everything is rolled back."""

    def setUp(self):
        super().setUp()
        self.copies = {}

    def invariant(self, key: str) -> Invariant:
        """The invariant of that name."""
        return next(one for one in INVARIANTS if one.key == key)

    def find(self, key: str) -> list[str]:
        """What the audit reports for one invariant."""
        return self.invariant(key).find(self.env.cr)

    def copy_of(self, table: str) -> None:
        """Hide a table behind an empty copy that lets anything in."""
        if table in self.copies:
            return
        cr = self.env.cr
        cr.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING DEFAULTS) ON COMMIT DROP")
        cr.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull",
            [f"pg_temp.{table}"],
        )
        for (column,) in cr.fetchall():
            cr.execute(f'ALTER TABLE pg_temp.{table} ALTER COLUMN "{column}" DROP NOT NULL')
        self.copies[table] = True

    def plant(self, table: str, **values) -> int:
        """Put a row into the copy of a table and return its first column: the id, where it is no relation."""
        self.copy_of(table)
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(["%s"] * len(values))
        self.env.cr.execute(
            f"INSERT INTO pg_temp.{table} ({names}) VALUES ({marks}) RETURNING *", list(values.values())
        )
        return self.env.cr.fetchone()[0]

    def change(self, table: str, key: int, **values) -> None:
        """Change a planted row."""
        sets = ", ".join(f'"{name}" = %s' for name in values)
        self.env.cr.execute(f"UPDATE pg_temp.{table} SET {sets} WHERE id = %s", [*values.values(), key])

    def assert_clean(self, key: str) -> None:
        """What is planted so far is in order."""
        self.assertEqual(self.find(key), [])

    def assert_reported(self, key: str, *fragments: str) -> None:
        """The audit reports a violation that names each fragment."""
        found = self.find(key)
        self.assertTrue(found, f"{key} reports nothing")
        for fragment in fragments:
            self.assertTrue(any(fragment in line for line in found), f"{key}: {fragment!r} is not in {found}")
