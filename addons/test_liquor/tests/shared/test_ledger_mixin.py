from contextlib import contextmanager
from datetime import date, datetime

import psycopg2
from psycopg2 import errors

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.liquor_member.tools.maintenance import maintenance

TABLE = "test_liquor_entry"


@tagged("post_install", "-at_install")
class TestLedgerMixin(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Ledger"})
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.partner = cls.env["res.partner"].create({"name": "Party"})
        cls.Entry = cls.env["test_liquor.entry"]

    def values(self, key, **changes):
        return {
            "company_id": self.company.id,
            "currency_id": self.company.currency_id.id,
            "partner_id": self.partner.id,
            "amount": 12.34,
            "points": 5,
            "event_time": datetime(2026, 10, 31, 16, 30),
            "idempotency_key": key,
            **changes,
        }

    @contextmanager
    def assertRefusedByDatabase(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.RestrictViolation) as caught:
            with self.env.cr.savepoint(flush=False):
                yield
        self.assertIn("append-only", str(caught.exception))

    # --- posting

    def test_post_fills_days_and_defaults(self):
        entry = self.Entry._post([self.values("a")])
        # 31 October 16:30 UTC is 1 November 00:30 in Shanghai
        self.assertEqual(entry.business_day, date(2026, 11, 1))
        self.assertEqual(entry.booked_day, date(2026, 11, 1))
        self.assertFalse(entry.origin_period)
        self.assertEqual(entry.channel, "shop")
        self.assertEqual(entry.amount, 12.34)
        self.assertEqual(entry.create_uid, self.env.user)

    def test_order_and_repeated_keys(self):
        first = self.Entry._post([self.values("k1", points=1)])
        entries = self.Entry._post([
            self.values("k3", points=3),
            self.values("k1", points=99),
            self.values("k2", points=2),
            self.values("k3"),
        ])
        self.assertEqual(entries.mapped("points"), [3, 1, 2, 3])
        self.assertEqual(list(entries._ids), [entries[0].id, first.id, entries[2].id, entries[0].id])
        self.assertEqual(self.Entry.search_count([("partner_id", "=", self.partner.id)]), 3)

    def test_nothing_to_post(self):
        self.assertFalse(self.Entry._post([]))

    def test_closed_period_moves_the_booked_day(self):
        self.company.fiscalyear_lock_date = date(2026, 11, 30)
        entry = self.Entry._post([self.values("late")])
        self.assertEqual(entry.business_day, date(2026, 11, 1))
        self.assertEqual(entry.booked_day, date(2026, 12, 1))
        self.assertEqual(entry.origin_period, "2026-11")

    def test_what_the_caller_may_not_give(self):
        for name in ("booked_day", "origin_period", "reverses_id", "id", "create_uid", "nonsense"):
            with self.subTest(name), self.assertRaises(ValueError):
                self.Entry._post([self.values(name, **{name: 1})])
        for name in ("idempotency_key", "company_id"):
            with self.subTest(name), self.assertRaises(ValueError):
                self.Entry._post([self.values("x", **{name: False})])

    def test_context_does_not_decide(self):
        entry = self.Entry.with_context(default_channel="web", tz="Pacific/Kiritimati")._post([self.values("ctx")])
        self.assertEqual(entry.channel, "shop")
        self.assertEqual(entry.business_day, date(2026, 11, 1))

    def test_bounds_are_judged_by_the_database(self):
        for amount in (float("nan"), float("inf"), 1000000000.01):
            with self.subTest(amount), mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
                with self.env.cr.savepoint(flush=False):
                    self.Entry._post([self.values(str(amount), amount=amount)])

    def test_other_company_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.env["res.partner"].create({"name": "Stranger", "company_id": other.id})
        with self.assertRaises(UserError):
            self.Entry._post([self.values("c", partner_id=stranger.id)])

    def test_query_count_does_not_grow(self):
        self.Entry._post([self.values("warm")])
        self.env.flush_all()
        counts = []
        for size in (1, 100):
            before = self.env.cr.sql_log_count
            self.Entry._post([self.values(f"q{size}/{n}") for n in range(size)])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # --- reversing

    def test_reverse_turns_the_signs(self):
        entry = self.Entry._post([self.values("r", origin_model="res.partner", origin_id=self.partner.id)])
        reversal = entry._reverse("returned", datetime(2026, 12, 1, 1, 0))
        self.assertEqual((reversal.amount, reversal.points), (-12.34, -5))
        self.assertEqual(reversal.reverses_id, entry)
        self.assertEqual(reversal.reason, "returned")
        self.assertEqual(reversal.business_day, date(2026, 12, 1))
        self.assertEqual((reversal.origin_model, reversal.origin_id), ("res.partner", self.partner.id))

    def test_reverse_twice_gives_one_reversal(self):
        entries = self.Entry._post([self.values("r1"), self.values("r2")])
        once = entries[1]._reverse("first")
        both = entries._reverse("second")
        self.assertEqual(both[1], once)
        self.assertEqual(both.mapped("reason"), ["second", "first"])
        with self.assertRaises(UserError):
            once._reverse("again")

    def test_second_reversal_refused_by_the_database(self):
        entry = self.Entry._post([self.values("r")])
        entry._reverse("once")
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.UniqueViolation):
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    f"INSERT INTO {TABLE} (company_id, currency_id, channel, event_time, business_day, booked_day,"
                    f" idempotency_key, reverses_id) SELECT company_id, currency_id, channel, event_time, business_day,"
                    f" booked_day, 'other', id FROM {TABLE} WHERE id = %s",
                    [entry.id],
                )

    # --- append-only

    def test_orm_refuses(self):
        entry = self.Entry._post([self.values("o")])
        with self.assertRaises(UserError):
            entry.write({"amount": 1})
        with self.assertRaises(UserError):
            entry.sudo().unlink()
        with self.assertRaises(UserError):
            entry.points = 7

    def test_database_refuses(self):
        entry = self.Entry._post([self.values("d")])
        for statement in (
            f"UPDATE {TABLE} SET amount = 1 WHERE id = {entry.id}",
            f"DELETE FROM {TABLE} WHERE id = {entry.id}",
            f"TRUNCATE {TABLE}",
        ):
            with self.subTest(statement), self.assertRefusedByDatabase():
                self.env.cr.execute(statement)

    def test_maintenance_opens_and_closes(self):
        entry = self.Entry._post([self.values("m")])
        with maintenance(self.env):
            self.env.cr.execute(f"UPDATE {TABLE} SET reason = 'mended' WHERE id = %s", [entry.id])
        entry.invalidate_recordset()
        self.assertEqual(entry.reason, "mended")
        with self.assertRefusedByDatabase():
            self.env.cr.execute(f"DELETE FROM {TABLE} WHERE id = %s", [entry.id])

    def test_maintenance_ends_with_a_failure(self):
        entry = self.Entry._post([self.values("f")])
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint(flush=False), maintenance(self.env):
            raise ZeroDivisionError
        with self.assertRefusedByDatabase():
            self.env.cr.execute(f"DELETE FROM {TABLE} WHERE id = %s", [entry.id])

    def test_new_column_with_a_default_on_a_table_with_rows(self):
        entry = self.Entry._post([self.values("old")])
        self.env.cr.execute(f"ALTER TABLE {TABLE} DROP COLUMN late")
        self.registry.init_models(self.env.cr, ["test_liquor.entry"], {"module": "test_liquor"})
        entry.invalidate_recordset()
        self.assertEqual(entry.late, "since 2")
        with self.assertRefusedByDatabase():
            self.env.cr.execute(f"UPDATE {TABLE} SET late = 'x' WHERE id = %s", [entry.id])

    def test_trigger_comes_back(self):
        self.env.cr.execute(f"DROP TRIGGER liquor_append_only ON {TABLE}")
        self.Entry.init()
        entry = self.Entry._post([self.values("t")])
        with self.assertRefusedByDatabase():
            self.env.cr.execute(f"DELETE FROM {TABLE} WHERE id = %s", [entry.id])

    def test_every_ledger_has_its_triggers(self):
        names = self.env["liquor.append.mixin"]._append_models()
        self.assertIn("test_liquor.entry", names)
        for name in names:
            for trigger in ("liquor_append_only", "liquor_no_truncate"):
                self.assertTrue(self.env[name]._append_has_trigger(trigger), (name, trigger))

    def test_transaction_id_is_kept(self):
        entry = self.Entry._post([self.values("x")])
        self.env.cr.execute(f"SELECT xid = pg_current_xact_id() FROM {TABLE} WHERE id = %s", [entry.id])
        self.assertEqual(self.env.cr.fetchall(), [(True,)])

    def test_user_who_posted_cannot_vanish(self):
        user = self.env["res.users"].create({"name": "Poster", "login": "poster@ledger"})
        self.Entry.with_user(user)._post([self.values("u")])
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
            user.unlink()

    def test_visible_key_is_no_race(self):
        """A key that is visible gives the row; one that is not and is taken makes Odoo try again."""
        self.Entry._post([self.values("taken")])
        self.patch(self.registry["test_liquor.entry"], "_ledger_known", lambda self, keys: {})
        with mute_logger("odoo.sql_db"), self.assertRaises(ConcurrencyError):
            self.Entry._post([self.values("taken")])
        # the savepoint was rolled back: the transaction goes on
        self.assertEqual(self.Entry.search_count([("idempotency_key", "=", "taken")]), 1)
