"""Looks at and changes of grades and payee accounts leave rows that stay (C73)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestAccessLog(MoneyCase):
    def setUp(self):
        super().setUp()
        # looks are written by a cursor of their own: here it sees what the test made
        self.registry_enter_test_mode()
        self.role = self.shop._liquor_role("terminal", self.company)
        self.role.grade = "B"
        self.last = self.env["liquor.channel.access"].search([], limit=1)

    def rows(self):
        found = self.env["liquor.channel.access"].search([("id", ">", self.last.id)], order="id")
        return [(row.login, row.action, row.model, row.subject, row.record_count) for row in found]

    def test_reading_a_grade_is_written_down_whatever_the_context(self):
        role = self.role.with_user(self.clerk).with_context(tracking_disable=True, mail_notrack=True)
        role.read(["partner_id", "state"])
        self.assertEqual(self.rows(), [])
        role.read(["partner_id", "grade"])
        role.web_search_read([("id", "=", role.id)], {"grade": {}})
        role.search_read([("id", "=", role.id)], ["grade"])
        seen = (self.clerk.login, "view", "liquor.channel.role", "grade", 1)
        self.assertEqual(self.rows(), [seen] * 3)

    def test_grouping_and_exporting_are_looks(self):
        self.clerk.group_ids += self.env.ref("base.group_allow_export")
        roles = self.env["liquor.channel.role"].with_user(self.clerk)
        roles.formatted_read_group([("kind", "=", "terminal")], ["grade"], ["__count"])
        roles.browse(self.role.id).export_data(["partner_id/name", "grade"])
        self.assertEqual([row[1] for row in self.rows()], ["view", "export"])
        detail = self.env["liquor.channel.access"].search([("id", ">", self.last.id)], order="id", limit=1).detail
        self.assertIn("terminal", detail)

    def test_a_change_names_old_and_new(self):
        self.role.with_user(self.clerk).grade = "A"
        self.role.with_user(self.clerk).grade = "A"
        row = self.env["liquor.channel.access"].search([("id", ">", self.last.id)])
        self.assertEqual(
            (row.login, row.action, row.detail), (self.clerk.login, "change", f"{self.role.id}: grade 'B' → 'A'")
        )

    def test_payee_accounts_are_watched(self):
        payee = self.payee(self.shop)
        payee.with_user(self.finance).read(["masked_account"])
        self.payee(self.shop, "6222020000007654321")
        found = self.rows()
        self.assertEqual([row[1] for row in found], ["change", "view", "change", "change"])
        self.assertEqual(found[1], (self.finance.login, "view", "liquor.payee", "masked_account", 1))
        self.assertNotIn("6222020000007654321", str(self.env["liquor.channel.access"].search([]).mapped("detail")))

    def test_rows_stay_and_are_not_everybodys(self):
        self.role.with_user(self.clerk).read(["grade"])
        row = self.env["liquor.channel.access"].search([], limit=1)
        for action in (lambda: row.write({"action": "export"}), row.unlink):
            with self.assertRaises(UserError):
                action()
        self.assertTrue(row.with_user(self.manager).action)
        for user in (self.clerk, self.finance, self.distributor_user):
            with self.assertRaises(AccessError):
                row.with_user(user).read(["action"])
        with self.assertRaises(AccessError):
            row.with_user(self.manager).create({"action": "view", "model": "x"})
