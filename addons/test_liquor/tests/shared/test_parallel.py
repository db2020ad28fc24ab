"""Two real connections: what a TransactionCase alone cannot show. Each test removes what it committed."""

import threading

from odoo import api
from odoo.exceptions import ConcurrencyError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.liquor_member.tools.maintenance import maintenance

KEY = "test/parallel"


@tagged("post_install", "-at_install")
class TestParallel(TransactionCase):
    def environment(self):
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, self.env.uid, {})

    def remove(self):
        with self.registry.cursor() as cr, maintenance(api.Environment(cr, self.env.uid, {})):
            cr.execute("DELETE FROM test_liquor_entry WHERE idempotency_key = %s", [KEY])
            cr.execute("DELETE FROM liquor_run WHERE key = %s", [KEY])
            cr.execute("DELETE FROM test_liquor_row WHERE name LIKE 'run %'")

    def post(self, env):
        company = env.ref("base.main_company")
        values = {"company_id": company.id, "currency_id": company.currency_id.id, "idempotency_key": KEY}
        return env["test_liquor.entry"]._post([values])

    def test_loser_of_a_key_is_run_again(self):
        self.addCleanup(self.remove)
        first, second, outcome = self.environment(), self.environment(), []
        second.cr.execute("SELECT 1")  # its snapshot does not know the winner
        winner = self.post(first)

        def lose():
            try:
                self.post(second)
            except ConcurrencyError as error:
                outcome.append(error)

        with mute_logger("odoo.sql_db"):
            thread = threading.Thread(target=lose)
            thread.start()  # waits for the first transaction to end
            thread.join(0.2)
            self.assertEqual(outcome, [])
            first.cr.commit()
            thread.join()
        self.assertEqual(len(outcome), 1)
        second.cr.rollback()
        self.assertEqual(self.post(second).id, winner.id)

    def test_cancel_while_a_batch_runs(self):
        self.addCleanup(self.remove)
        worker, screen = self.environment(), self.environment()
        run = worker["liquor.run"]._start("test_rows", "Rows", 10, {"batch": 4}, key=KEY)
        worker.cr.commit()

        def cancel_meanwhile(rows, first):
            screen["liquor.run"].browse(run.id).action_cancel()
            screen.cr.commit()

        self.patch(self.registry["liquor.run"], "_test_mishap", cancel_meanwhile)
        with mute_logger("odoo.sql_db"):
            self.assertEqual(run.sudo()._process_batch(), 0)
        worker.cr.commit()
        self.assertEqual((run.state, run.done), ("cancelled", 0))
        self.assertFalse(worker["test_liquor.row"].search([("name", "=", f"run {run.id}")]))
