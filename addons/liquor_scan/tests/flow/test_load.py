import logging
from time import CLOCK_MONOTONIC, clock_gettime

import pytest

from odoo.tests import tagged

from .common import FlowCase

_logger = logging.getLogger(__name__)


@pytest.mark.load
@tagged("post_install", "-at_install", "-standard")
class TestLoad(FlowCase):
    """Volumes; only in make test-full."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.policy()
        cls.large = cls.batch(36000)

    def test_five_thousand_receipts_in_one_call(self):
        pallets = [self.large._code("pallet", number) for number in range(100)]
        shipped = self.take(self.warehouse, *[self.event("ship", code, to="D001", minutes=1) for code in pallets])
        self.assertEqual({answer["status"] for answer in shipped}, {"accepted"})
        cases = [self.large._code("case_outer", number) for number in range(5000)]
        events = [self.event("receive", code, minutes=5, lat=34.7, lon=113.6) for code in cases]
        self.env.flush_all()
        before, started = self.env.cr.sql_log_count, clock_gettime(CLOCK_MONOTONIC)
        answers = self.take(self.shop_user, *events)
        self.env.flush_all()
        seconds, queries = clock_gettime(CLOCK_MONOTONIC) - started, self.env.cr.sql_log_count - before
        self.assertEqual({answer["status"] for answer in answers}, {"accepted"})
        self.assertEqual({answer["rewards"][0]["amount"] for answer in answers}, {"15.00"})
        # 51 when it was written; a query per event would be thousands
        self.assertLess(queries, 80)
        _logger.info("5,000 receipts: %.2f s, %s queries", seconds, queries)
        self.assertCustodyProven()
