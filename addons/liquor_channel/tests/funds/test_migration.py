"""What an earlier release left of funds, planted: the update lets accruals know their fund, and money stand right."""

import importlib.util
from pathlib import Path

from odoo.tests import tagged

from .test_fund_course import FundCourseCase

SCRIPT = Path(__file__).parents[2] / "migrations" / "19.0.2.0.0" / "post-funds.py"


def load():
    """The script, as Odoo loads it."""
    spec = importlib.util.spec_from_file_location("liquor_channel_post_funds", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestMigration(FundCourseCase):
    """600.00 settled and paid, 100.00 only accrued; the old release knew 700.00 as accrued, and no fund of a line."""

    def forget(self):
        """Put the rows back to what the earlier release wrote."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE liquor_accrual_line SET fund_id = NULL WHERE fund_id = %s", [self.fund.id])
        self.env.cr.execute(
            """UPDATE liquor_fund SET course_earned = 700, course_settled = NULL, course_paid = NULL,
                      accrued = 700, settled = 0, paid = 0 WHERE id = %s""",
            [self.fund.id],
        )
        self.env.invalidate_all()

    def plant(self):
        self.earn(600, self.distributor, "distributor")
        self.settle_and_post()
        self.earn(100)
        self.assertEqual(self.stands(), (300, 100, 0, 600))
        self.forget()
        self.assertEqual(self.stands(), (300, 700, 0, 0))

    def test_accruals_know_their_fund_and_money_stands_by_its_papers(self):
        self.plant()
        load().migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.stands(), (300, 100, 0, 600))
        lines = self.env["liquor.accrual.line"].search([("earning_id.policy_version_id", "=", self.version.id)])
        self.assertEqual((lines.fund_id, all(line.fund_id for line in lines)), (self.fund, True))
        self.assertEqual((self.fund.course_earned, self.fund.course_settled, self.fund.course_paid), (700, 600, 600))

    def test_twice_is_once_and_a_new_database_is_left_alone(self):
        self.plant()
        script = load()
        script.migrate(self.env.cr, None)
        self.env.invalidate_all()
        self.assertEqual(self.stands(), (300, 700, 0, 0))
        for _round in range(2):
            script.migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            self.assertEqual(self.stands(), (300, 100, 0, 600))

    def test_a_policy_that_has_another_fund_by_now(self):
        """The run knows from which fund it took the money: the new one is left alone."""
        self.plant()
        other = self.env["liquor.fund"].create({"name": "West", "date_start": "2026-01-01"})
        self.version.policy_id.sudo().fund_id = other
        load().migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((self.stands(), other.course_earned), ((300, 100, 0, 600), 0))
