import math
import threading
import time
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...tools import own_transaction
from ...tools.rate_limit import DAY, MINUTE, Limit, take

RACE = "test/race"


@tagged("post_install", "-at_install")
class TestRateLimit(TransactionCase):
    def take(self, *limits):
        with self.enter_registry_test_mode():
            return take(self.env, None, list(limits))

    def age(self, bucket, seconds):
        self.env.cr.execute(
            "UPDATE liquor_rate_hit SET hit_at = hit_at - make_interval(secs => %s) WHERE bucket = %s",
            [seconds, bucket],
        )

    def assert_waits(self, refusal, seconds, begun):
        """The refusal lasts so long, less what a busy machine has used since ``begun``."""
        self.assertLessEqual(refusal.wait, seconds)
        self.assertGreaterEqual(refusal.wait, seconds - math.ceil(time.monotonic() - begun))

    def test_sliding_window(self):
        limit = Limit("test/a", 2, MINUTE)
        begun = time.monotonic()
        self.assertIsNone(self.take(limit))
        self.age("test/a", 40)
        self.assertIsNone(self.take(limit))
        refusal = self.take(limit)
        # the first hit is 40 s old and what this test took so far: room again after 20 s
        self.assertEqual(refusal.limit, limit)
        self.assert_waits(refusal, 20, begun)
        self.age("test/a", 21)
        self.assertIsNone(self.take(limit))

    def test_refused_hits_are_not_counted(self):
        limit = Limit("test/b", 1, MINUTE)
        self.take(limit)
        for _ in range(3):
            self.assertTrue(self.take(limit, Limit("test/other", 5, MINUTE)))
        self.env.cr.execute("SELECT bucket, count(*) FROM liquor_rate_hit WHERE bucket LIKE 'test/%' GROUP BY 1")
        self.assertEqual(self.env.cr.fetchall(), [("test/b", 1)])

    def test_longest_refusal_and_one_hit_per_bucket(self):
        limits = [Limit("test/c", 1, MINUTE), Limit("test/c", 1, DAY)]
        begun = time.monotonic()
        self.assertIsNone(self.take(*limits))
        self.assert_waits(self.take(*limits), DAY, begun)
        self.env.cr.execute("SELECT count(*) FROM liquor_rate_hit WHERE bucket = 'test/c'")
        self.assertEqual(self.env.cr.fetchone(), (1,))

    def test_old_hits_are_collected(self):
        self.take(Limit("test/d", 9, MINUTE))
        self.age("test/d", 3 * DAY)
        self.take(Limit("test/d", 9, MINUTE))
        self.env["liquor.rate.hit"]._gc_hits()
        self.env.cr.execute("SELECT count(*) FROM liquor_rate_hit WHERE bucket = 'test/d'")
        self.assertEqual(self.env.cr.fetchone(), (1,))

    def test_parallel_hits_on_real_connections(self):
        """20 at once on a limit of 5: exactly 5 pass."""

        def clean():
            with self.registry.cursor() as cr:
                cr.execute("DELETE FROM liquor_rate_hit WHERE bucket = %s", [RACE])

        self.addCleanup(clean)
        barrier, passed, failures = threading.Barrier(20), [], []

        def run():
            barrier.wait()
            try:
                passed.append(take(self.env, None, [Limit(RACE, 5, DAY)]) is None)
            except Exception as error:
                failures.append(error)

        self.enterContext(patch.object(own_transaction, "LOCK_TIMEOUT", "120s"))  # slow is no failure
        threads = [threading.Thread(target=run) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(passed.count(True), 5)
