"""Consumers are paid after a launch (channel.md C23): a rule that a person writes names one that was let go."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ClaimCase


@tagged("post_install", "-at_install")
class TestClaimLaunch(ClaimCase):
    def test_a_rule_needs_a_launch_that_was_let_go(self):
        launch = self.env["liquor.consumer.launch"].create({
            "name": "Autumn", "territory_id": self.county.id, "company_id": self.company.id
        })  # fmt: skip
        rules = self.env["liquor.claim.rule"].with_user(self.user("launch_manager", "group_scan_manager"))
        terms = {"name": "Autumn cap", "program_id": self.club.id, "reward": "points", "points": 10}
        for missing in ({}, {"launch_id": launch.id}):
            with self.assertRaises(UserError):
                rules.create({**terms, **missing})
        launch.sudo().write({
            "state": "launched", "launched_by_id": self.env.uid, "launched_at": "2026-03-01 00:00:00"
        })  # fmt: skip
        rule = rules.create({**terms, "launch_id": launch.id})
        self.assertEqual(rule.launch_id, launch)
        with self.assertRaises(UserError):
            rule.launch_id = False
        # terms of a rule that was there before the launches stay editable
        self.rule.with_user(rules.env.user).points = 60
        self.assertEqual(self.rule.points, 60)
