import base64
import io
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.liquor_member.models.shared import liquor_run as module


@tagged("post_install", "-at_install")
class TestRun(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "run_clerk", "base.group_user", lang="en_US")
        cls.other = new_test_user(cls.env, "run_other", "base.group_user")
        cls.manager = new_test_user(cls.env, "run_manager", "liquor_member.group_member_manager")
        cls.Run = cls.env["liquor.run"].with_user(cls.user)
        cls.cron = cls.env.ref("liquor_member.liquor_run_cron")
        cls.env["liquor.run"].search([("state", "in", ("queued", "running"))]).state = "cancelled"

    def start(self, total=10, batch=4, **parameters):
        return self.Run._start("test_rows", "Rows", total, {"batch": batch, **parameters})

    def work(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def one_batch(self):
        """Let the cron stop after one batch, as when its time is up or its worker is killed."""
        progress = type(self.env["ir.cron"])._commit_progress

        def stop(cron, *args, **kwargs):
            progress(cron, *args, **kwargs)
            return 0

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", stop), self.enter_registry_test_mode():
            with self.registry.cursor() as cr:
                self.env(cr=cr, user=self.env.ref("base.user_root"))["liquor.run"]._process_queue()

    def numbers(self, run):
        return self.env["test_liquor.row"].search([("name", "=", f"run {run.id}")], order="id").mapped("bottles")

    def test_runs_to_its_end(self):
        run = self.start()
        self.assertEqual((run.state, run.user_id, run.progress), ("queued", self.user, 0))
        self.work()
        self.assertEqual((run.state, run.done, run.progress, run.message), ("done", 10, 100, False))
        self.assertEqual(self.numbers(run), list(range(10)))
        self.assertTrue(run.started_at and run.finished_at)

    def test_acts_as_its_user_and_company(self):
        run = self.start()
        self.work()
        rows = self.env["test_liquor.row"].search([("name", "=", f"run {run.id}")])
        self.assertEqual(rows.create_uid, self.user)
        self.assertEqual(rows.company_id, self.user.company_id)

    def test_resumes_behind_the_last_batch(self):
        run = self.start()
        self.one_batch()
        self.assertEqual((run.state, run.done, run.cursor, run.progress), ("running", 4, 4, 40))
        self.work()
        self.assertEqual(self.numbers(run), list(range(10)))
        self.assertEqual(run.state, "done")

    def test_cancel_between_batches(self):
        run = self.start()
        self.one_batch()
        run.with_user(self.user).action_cancel()
        self.work()
        self.assertEqual((run.state, run.done), ("cancelled", 4))
        with self.assertRaises(UserError):
            run.action_cancel()

    def test_failure_keeps_good_batches_and_can_be_tried_again(self):
        run = self.start(fails_at=4, text="no further")
        self.work()
        self.assertEqual((run.state, run.done, run.message), ("failed", 4, "no further"))
        self.assertEqual(self.numbers(run), list(range(4)))
        run.sudo().parameters = {"batch": 4}
        run.with_user(self.user).action_retry()
        self.work()
        self.assertEqual((run.state, run.message), ("done", False))
        self.assertEqual(self.numbers(run), list(range(10)))

    def test_unexpected_error_is_named_without_its_text(self):
        run = self.start(breaks_at=0)
        with mute_logger(module.__name__):
            self.work()
        self.assertEqual((run.state, run.done), ("failed", 0))
        self.assertIn("ZeroDivisionError", run.message)

    def test_conflict_is_tried_five_times(self):
        run = self.start(conflicts_at=4)
        self.one_batch()
        self.one_batch()
        self.assertEqual((run.state, run.attempt_count, run.done), ("running", 1, 4))
        self.work()
        self.assertEqual((run.state, run.attempt_count), ("failed", 5))
        self.assertEqual(self.numbers(run), list(range(4)))

    def test_no_progress_is_a_failure(self):
        run = self.Run._start("test_stuck", "Stuck", 1)
        with mute_logger(module.__name__):
            self.work()
            self.work()
        self.assertEqual(run.state, "failed")

    def test_failing_run_does_not_stop_the_next(self):
        first, second = self.start(fails_at=0, text="no further"), self.start()
        self.work()
        self.assertEqual((first.state, second.state), ("failed", "done"))

    def test_error_file_names_every_bad_row(self):
        run = self.start(bad=[2, 7])
        self.work()
        self.assertEqual((run.state, run.error_count, run.done), ("done", 2, 10))
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(run.error_file)))
        rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
        self.assertEqual(
            rows,
            [
                ["Line", "code", "note", "Reason"],
                [3, "002", "=1+1", "is bad"],
                [8, "007", "=1+1", "is bad"],
            ],
        )
        self.assertEqual(book.active["C2"].data_type, "s")  # text, no formula

    def test_one_live_run_per_key(self):
        first = self.Run._start("test_rows", "Rows", 1, key="2026-11")
        self.assertEqual(self.Run._start("test_rows", "Rows", 1, key="2026-11"), first)
        other = self.Run._start("test_rows", "Rows", 1, key="2026-12")
        self.assertNotEqual(other, first)
        self.work()
        self.assertNotEqual(self.Run._start("test_rows", "Rows", 1, key="2026-11"), first)

    def test_unknown_kind(self):
        with self.assertRaises(ValueError):
            self.Run._start("nonsense", "x")

    def test_who_sees_and_stops_it(self):
        run = self.start()
        self.assertTrue(run.with_user(self.manager).has_access("read"))
        self.assertFalse(run.with_user(self.other).has_access("read"))
        for method in ("action_cancel", "action_retry"):
            with self.assertRaises(AccessError):
                getattr(run.with_user(self.other), method)()
        for values in ({"state": "done"}, {"kind": "test_stuck"}):
            with self.assertRaises(AccessError):
                run.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.Run.create({"name": "x", "kind": "test_rows", "company_id": 1, "user_id": self.user.id})
        run.with_user(self.manager).action_cancel()
        self.assertEqual(run.state, "cancelled")
