from types import SimpleNamespace
from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...tools import own_transaction as module
from ...tools.own_transaction import own_transaction


def isolation(cr):
    cr.execute("SELECT current_setting('transaction_isolation')")
    return cr.fetchone()[0]


@tagged("post_install", "-at_install")
class TestOwnTransaction(TransactionCase):
    def test_real_cursor_is_read_committed(self):
        self.assertEqual(isolation(self.env.cr), "repeatable read")
        self.assertEqual(own_transaction(self.env, None, isolation), "read committed")
        # the connection goes back to its pool as it was
        with self.registry.cursor() as cr:
            self.assertEqual(isolation(cr), "repeatable read")

    def test_works_on_a_test_cursor(self):
        def count(cr):
            cr.execute("INSERT INTO ir_config_parameter (key, value) VALUES ('liquor.test', '1')")
            return cr.rowcount

        with self.enter_registry_test_mode():
            self.assertEqual(own_transaction(self.env, None, count), 1)
        self.assertTrue(self.env["ir.config_parameter"].search([("key", "=", "liquor.test")]))

    def test_once_per_request(self):
        calls = []

        def work(cr):
            calls.append(cr)
            return len(calls)

        request = SimpleNamespace(httprequest=SimpleNamespace(environ={}))
        with patch.object(module, "request", request):
            self.assertEqual([own_transaction(self.env, "a", work) for _ in range(3)], [1, 1, 1])
            self.assertEqual(own_transaction(self.env, "b", work), 2)
            self.assertEqual(own_transaction(self.env, None, work), 3)
        self.assertEqual(own_transaction(self.env, "a", work), 4)
        other = SimpleNamespace(httprequest=SimpleNamespace(environ={}))
        with patch.object(module, "request", other):
            self.assertEqual(own_transaction(self.env, "a", work), 5)

    def test_failure_is_not_remembered(self):
        request = SimpleNamespace(httprequest=SimpleNamespace(environ={}))
        with patch.object(module, "request", request):
            with self.assertRaises(ZeroDivisionError):
                own_transaction(self.env, "a", lambda cr: 1 // 0)
            self.assertEqual(own_transaction(self.env, "a", lambda cr: 7), 7)

    def test_waiting_for_oneself_ends(self):
        parameter = self.env.ref("base.main_company").id
        self.env.cr.execute("SELECT 1 FROM res_company WHERE id = %s FOR UPDATE", [parameter])
        with (
            patch.object(module, "LOCK_TIMEOUT", "50ms"),
            mute_logger("odoo.sql_db"),
            self.assertRaises(errors.LockNotAvailable),
        ):
            own_transaction(
                self.env, None, lambda cr: cr.execute("SELECT 1 FROM res_company WHERE id = %s FOR UPDATE", [parameter])
            )
