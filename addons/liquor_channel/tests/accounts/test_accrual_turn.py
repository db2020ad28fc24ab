"""Two accruals at once: the second one waits, is run again, or is told what to do; nothing is lost."""

import threading
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import ConcurrencyError, UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged

from ...models.accounts import accrual_run
from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestAccrualTurn(MoneyCase):
    def setUp(self):
        super().setUp()
        self.earning = self.book(self.shop, 15)
        self.other = db_connect(self.cr.dbname).cursor()
        self.addCleanup(self.other.close)
        self.other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [accrual_run.ADVISORY_SPACE, self.company.id])

    def done_soon(self):
        """The other session is done as soon as this one waits for it."""
        over = threading.Event()

        def wait():
            while not over.wait(0.05) and not self.somebody_waits():
                pass
            self.other.rollback()

        thread = threading.Thread(target=wait)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(over.set)

    def somebody_waits(self):
        self.other.execute(
            """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = %s
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
            [accrual_run.ADVISORY_SPACE],
        )
        return self.other.fetchone()[0]

    def accrue_some(self):
        return self.env["liquor.accrual.run"]._accrue(self.company, earning_ids=self.earning.ids)

    def test_some_earnings_wait_for_their_turn_and_are_booked(self):
        self.done_soon()
        self.assertEqual(self.accrue_some().line_count, 1)
        self.assertEqual(self.balance("reward_accrued", self.shop), -15)

    def test_a_run_of_everything_is_read_again(self):
        self.done_soon()
        with self.assertRaises(ConcurrencyError):
            self.accrue()
        # as Odoo does
        self.assertEqual(self.accrue().line_count, 1)

    def test_who_waits_too_long_is_told_what_to_do(self):
        with patch.object(accrual_run, "TURN_SECONDS", 0.2), self.assertRaises(UserError):
            self.accrue_some()
        self.assertFalse(self.env["liquor.accrual.line"].search([("earning_id", "=", self.earning.id)]))
        self.other.rollback()
        self.assertEqual(self.accrue_some().line_count, 1)
