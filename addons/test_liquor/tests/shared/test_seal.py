from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.liquor_member.models.shared import liquor_seal as module
from odoo.addons.liquor_member.tools.maintenance import maintenance

TABLE = "test_liquor_entry"


@tagged("post_install", "-at_install")
class TestSeal(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Seal = cls.env["liquor.seal"]
        cls.Entry = cls.env["test_liquor.entry"]
        cls.company = cls.env.company
        with maintenance(cls.env):
            cls.env.cr.execute(f"DELETE FROM {TABLE}")
            cls.env.cr.execute("DELETE FROM liquor_seal")

    def setUp(self):
        super().setUp()
        # rows of a test are of one running transaction: each call of the test ends one more
        self.upper = 0
        self.patch(self.registry["liquor.seal"], "_get_upper", lambda model: self.upper)

    def post(self, *keys, xid):
        values = {"company_id": self.company.id, "currency_id": self.company.currency_id.id, "amount": 12.30}
        entries = self.Entry._post([{**values, "idempotency_key": key} for key in keys])
        with maintenance(self.env):
            self.env.cr.execute(f"UPDATE {TABLE} SET xid = %s::xid8 WHERE id = ANY(%s)", [str(xid), entries.ids])
        return entries

    def seal(self, upper):
        self.upper = upper
        return self.Seal._seal_model(self.Entry)

    def tamper(self, statement):
        with maintenance(self.env):
            self.env.cr.execute(statement)

    def test_ranges_follow_each_other(self):
        self.post("a", "b", xid=10)
        first = self.seal(11)
        self.assertEqual((first.xid_from, first.xid_to, first.row_count), ("0", "11", 2))
        self.assertFalse(self.seal(20))  # nothing came: no seal
        self.post("c", xid=15)
        second = self.seal(21)
        self.assertEqual((second.xid_from, second.xid_to, second.row_count), ("11", "21", 1))
        self.assertEqual(second.previous, first.seal_hash)
        self.assertEqual(self.Seal._verify(), [])

    def test_running_transaction_waits_for_the_next_seal(self):
        self.post("a", xid=10)
        self.post("b", xid=12)
        self.assertEqual(self.seal(12).row_count, 1)
        self.assertEqual(self.seal(13).row_count, 1)

    def test_change_and_removal_show(self):
        entries = self.post("a", "b", xid=10)
        seal = self.seal(11)
        for statement, kind in (
            (f"UPDATE {TABLE} SET amount = 99 WHERE id = {entries[0].id}", "content"),
            (f"UPDATE {TABLE} SET amount = 12.3 WHERE id = {entries[0].id}", None),
            (f"UPDATE {TABLE} SET xid = '99'::xid8 WHERE id = {entries[0].id}", "count"),
            (f"DELETE FROM {TABLE} WHERE id = {entries[0].id}", "count"),
        ):
            self.tamper(statement)
            self.assertEqual(self.Seal._verify(), [(TABLE, seal.id, kind)] if kind else [], statement)

    def test_row_slipped_in_later_shows(self):
        self.post("a", xid=10)
        seal = self.seal(11)
        self.post("b", xid=9)
        self.assertEqual(self.Seal._verify(), [(TABLE, seal.id, "count")])

    def test_rewritten_seal_shows(self):
        self.post("a", xid=10)
        first = self.seal(11)
        self.post("b", xid=12)
        self.seal(13)
        self.tamper(f"UPDATE liquor_seal SET row_count = 2 WHERE id = {first.id}")
        self.Seal.invalidate_model()
        self.assertIn((TABLE, first.id, "hash"), self.Seal._verify())

    def test_new_column_leaves_old_seals_valid(self):
        self.post("a", xid=10)
        self.seal(11)
        self.env.cr.execute(f"ALTER TABLE {TABLE} ADD COLUMN later_still varchar DEFAULT 'x'")
        self.assertEqual(self.Seal._verify(), [])

    def test_seals_are_kept(self):
        self.post("a", xid=10)
        seal = self.seal(11)
        with self.assertRaises(UserError):
            seal.write({"row_count": 7})
        with self.assertRaises(UserError):
            seal.unlink()

    def test_younger_cluster_is_told(self):
        self.post("a", xid=10)
        self.seal(11)
        with self.assertLogs(module.__name__, "ERROR"):
            self.assertFalse(self.seal(5))

    def test_cron_seals_every_table(self):
        self.post("a", xid=10)
        self.upper = 11
        with self.enter_registry_test_mode(), mute_logger("odoo.addons.base.models.ir_cron"):
            self.env.ref("liquor_member.liquor_seal_cron").method_direct_trigger()
        self.assertEqual(self.Seal.search([("table_name", "=", TABLE)]).row_count, 1)
        self.assertFalse(self.Seal.search([("table_name", "=", "liquor_seal")]))


@tagged("post_install", "-at_install")
class TestSealUpper(TransactionCase):
    def test_below_every_running_transaction(self):
        self.env.cr.execute("SELECT pg_current_xact_id()::text::bigint")
        [own] = self.env.cr.fetchone()
        self.assertLessEqual(self.env["liquor.seal"]._get_upper(), own)
