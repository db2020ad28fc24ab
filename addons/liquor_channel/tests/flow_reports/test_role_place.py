"""A role's territory is dated: facts of days gone by are judged by the place of their day."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.partners.role_place import place_on
from .report_case import MovingCase

MOVED = date(2026, 4, 10)


@tagged("post_install", "-at_install")
@freeze_time("2026-04-20 04:00:00")
class TestRolePlace(MovingCase):
    def move(self, day, territory, role=None):
        with freeze_time(f"{day} 04:00:00"):
            (role or self.role).with_user(self.clerk).territory_id = territory

    def test_the_place_of_each_day(self):
        """Home until 9 April, away until 14 April, home again; the database says the same on every day."""
        self.assertEqual((self.role.has_moved, self.role._territory_on(MOVED)), (False, self.home))
        self.move(MOVED, self.away)
        self.move("2026-04-15", self.home)
        # a slip of the pen on the day of the move: the last word of a day counts
        self.move("2026-04-15", self.away)
        self.move("2026-04-15", self.home)
        self.env.flush_all()
        for day, place in (
            (self.role.date_start - timedelta(days=3), self.home),
            (MOVED - timedelta(days=1), self.home),
            (MOVED, self.away),
            (date(2026, 4, 14), self.away),
            (date(2026, 4, 15), self.home),
            (date(2026, 5, 1), self.home),
        ):
            self.assertEqual(self.role._territory_on(day), place, day)
            asked = SQL("SELECT %s FROM liquor_channel_role r WHERE r.id = %s",
                        place_on(SQL("r"), SQL("%s::date", day)), self.role.id)  # fmt: skip
            self.assertEqual(self.env.execute_query(asked), [(place.id,)], day)
        self.assertEqual(self.role.place_ids.user_id, self.clerk)

    def test_a_late_report_is_judged_by_the_place_of_its_day(self):
        """2.00 a bottle at home only: 60 bottles of March, reported after the shop moved, are paid; April's are not."""
        version = self.make_version(
            basis="reported", measure="bottles", rate=2.0, payable="available",
            territory_ids=[Command.set(self.home.ids)],
        )  # fmt: skip
        self.move(MOVED, self.away)
        report = self.load(
            ["2026-03-20", "JC10", "60", "", "KA01", "销售", "CK1", ""],
            ["2026-04-12", "JC10", "36", "", "KA01", "销售", "CK2", ""],
        )
        lines = self.env["liquor.flow.report.line"].search([("report_id", "=", report.id)], order="id")
        self.assertEqual(lines.mapped("territory_id"), self.home | self.away)
        self.assertEqual(self.paid(version), {self.chain: 120})

    def test_money_that_came_in_is_of_the_place_of_its_day(self):
        role = self.distributor._liquor_role("distributor", self.company)
        home = role.territory_id
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        ) or self.env["account.journal"].create({"name": "Bank", "code": "PLC", "type": "bank"})
        for day in ("2026-04-01", "2026-04-15"):
            self.env["account.payment"].create({
                "partner_id": self.distributor.id, "partner_type": "customer", "payment_type": "inbound",
                "amount": 100, "date": day, "journal_id": journal.id,
            }).action_post()  # fmt: skip
        self.move(MOVED, self.away, role)
        facts = self.env["liquor.flow.fact"]._facts([
            ("kind", "=", "paid_in"), ("partner_id", "=", self.distributor.id)
        ])  # fmt: skip
        places = {fact["business_day"]: fact["territory_id"] for fact in facts}
        self.assertEqual(places, {date(2026, 4, 1): home.id, date(2026, 4, 15): self.away.id})

    def test_nobody_writes_the_history(self):
        self.move(MOVED, self.away)
        place = self.role.place_ids[:1]
        values = {"role_id": self.role.id, "company_id": self.company.id, "territory_id": self.home.id,
                  "date_start": "2026-01-01", "user_id": self.manager.id}  # fmt: skip
        for user in (self.clerk, self.manager):
            with self.assertRaises(AccessError):
                self.env["liquor.role.place"].with_user(user).create(values)
            with self.assertRaises(UserError):
                place.with_user(user).write({"date_start": "2026-01-01"})
            with self.assertRaises(AccessError):
                self.role.with_user(user).write({"has_moved": False})
        with self.assertRaises(UserError):
            place.sudo().unlink()
        candidate = self.env["liquor.channel.role"].create({
            "partner_id": self.env["res.partner"].create({"name": "New", "is_company": True}).id, "kind": "terminal",
            "terminal_kind_id": self.shop_kind.id, "territory_id": self.home.id,
        })  # fmt: skip
        candidate.with_user(self.clerk).territory_id = self.away
        self.assertFalse(candidate.has_moved)
