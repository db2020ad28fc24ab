"""A move to another territory is planned ahead: it holds from the first minute of its day, and is given up before."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.partners.role_place import place_on
from .report_case import MovingCase

DAY = date(2026, 5, 1)
EVE = date(2026, 4, 30)


@tagged("post_install", "-at_install")
@freeze_time("2026-04-20 04:00:00")
class TestRoleMove(MovingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.moves = cls.env["liquor.role.move"]
        cls.cron = cls.env.ref("liquor_channel.role_move_cron")

    def plan(self, user=None, **values):
        asked = {"role_id": self.role.id, "territory_id": self.away.id, "date_start": DAY, "reason": "New district"}
        return self.moves.with_user(user or self.manager).create({**asked, **values})

    def places(self, *days):
        """Where the role stands on each day, by the record and by the database."""
        self.env.flush_all()
        found = []
        for day in days:
            asked = SQL("SELECT %s FROM liquor_channel_role r WHERE r.id = %s",
                        place_on(SQL("r"), SQL("%s::date", day)), self.role.id)  # fmt: skip
            here = self.role._territory_on(day)
            self.assertEqual(self.env.execute_query(asked), [(here.id,)], day)
            found.append(here)
        return found

    def test_the_day_itself(self):
        """1 May begins on 30 April at 16:00 UTC in Shanghai; the job is called then, and nothing happens before."""
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        move = self.plan()
        called = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]) - triggers
        self.assertEqual(called.mapped("call_at"), [datetime(2026, 4, 30, 16)])
        self.assertEqual(self.role.territory_id, self.home)
        self.assertEqual(self.places(EVE, DAY), [self.home, self.away])
        with freeze_time("2026-04-30 15:59:00"):
            self.moves._cron_follow()
            self.assertEqual((move.state, self.role.territory_id), ("planned", self.home))
        with freeze_time("2026-04-30 16:00:00"):
            self.assertEqual(self.places(EVE, DAY), [self.home, self.away], "also before the job ran")
            self.moves._cron_follow()
            self.moves._cron_follow()
        self.assertEqual((move.state, move.territory_before_id), ("done", self.home))
        self.assertEqual((self.role.territory_id, self.role.next_day), (self.away, False))
        self.assertEqual(self.places(EVE, DAY), [self.home, self.away])
        rows = [(place.territory_id, place.date_start, place.user_id) for place in self.role.place_ids.sorted("id")]
        self.assertEqual(rows, [(self.home, self.role.date_start, self.manager), (self.away, DAY, self.manager)])

    def test_the_day_is_that_of_the_company(self):
        """In New York 1 May begins at 04:00 UTC, twelve hours after Shanghai."""
        self.company.partner_id.tz = "America/New_York"
        move = self.plan()
        with freeze_time("2026-05-01 03:59:00"):
            self.moves._cron_follow()
            self.assertEqual(move.state, "planned")
        with freeze_time("2026-05-01 04:00:00"):
            self.moves._cron_follow()
            self.assertEqual(move.state, "done")

    def test_a_late_job_dates_it_rightly(self):
        """The server stood still for two days: history says the planned day, and a hand on the third comes after it."""
        self.plan()
        with freeze_time("2026-05-03 04:00:00"):
            self.role.with_user(self.clerk).territory_id = self.home
            self.assertEqual(self.role.move_ids.state, "done")
        self.assertEqual(
            self.places(EVE, DAY, date(2026, 5, 2), date(2026, 5, 3)), [self.home, self.away, self.away, self.home]
        )

    def test_a_move_of_today_does_not_touch_the_plan(self):
        other = self.env["liquor.territory"].load_divisions([("9502", "Near City")])[-1]
        self.plan()
        self.role.with_user(self.clerk).territory_id = other
        self.assertEqual(self.places(date(2026, 4, 19), EVE, DAY), [self.home, other, self.away])

    def test_cancelled_before_its_day(self):
        move = self.plan()
        with self.assertRaises(AccessError):
            move.with_user(self.clerk).action_cancel()
        move.with_user(self.manager).action_cancel("Put off")
        self.assertEqual((move.state, move.note, move.closed_by_id), ("cancelled", "Put off", self.manager))
        self.assertEqual(self.places(EVE, DAY), [self.home, self.home])
        self.assertFalse(self.role.has_moved)
        with freeze_time("2026-05-02 04:00:00"):
            self.moves._cron_follow()
        self.assertEqual(self.role.territory_id, self.home)
        again = self.plan(date_start=date(2026, 6, 1))
        again.with_user(self.manager).write({"date_start": DAY})
        with freeze_time("2026-04-30 16:00:00"), self.assertRaises(UserError):
            again.with_user(self.manager).action_cancel()

    def test_what_is_no_move_is_refused(self):
        for values in ({"date_start": date(2026, 4, 20)}, {"date_start": EVE, "territory_id": self.home.id}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.plan(**values)
        for user in (self.clerk, self.finance):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.plan(user)
        move = self.plan()
        with self.assertRaises(UserError):
            self.plan(date_start=date(2026, 6, 1))
        for values in ({"state": "done"}, {"company_id": self.env.ref("base.main_company").id}):
            with self.assertRaises(AccessError):
                move.with_user(self.manager).write(values)
        with self.assertRaises(UserError):
            other = self.distributor._liquor_role("distributor", self.company)
            move.with_user(self.manager).write({"role_id": other.id})
        with self.assertRaises(AccessError):
            move.with_user(self.manager).unlink()

    def test_not_of_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        role = self.env["liquor.channel.role"].sudo().create({
            "partner_id": self.env["res.partner"].create({"name": "Far Trading", "is_company": True}).id,
            "company_id": elsewhere.id, "kind": "distributor", "territory_id": self.home.id, "state": "formal",
        })  # fmt: skip
        with self.assertRaises(AccessError):
            self.plan(role_id=role.id)

    @mute_logger("odoo.addons.liquor_channel.models.partners.role_move")
    def test_a_role_that_ended_meanwhile(self):
        """The plan is given up with why, and others of the day are followed."""
        move = self.plan()
        other = self.distributor._liquor_role("distributor", self.company)
        second = self.plan(role_id=other.id)
        self.role.sudo().action_end(reason="Closed")
        with freeze_time("2026-05-01 04:00:00"):
            self.moves._cron_follow()
        self.assertEqual((move.state, second.state), ("cancelled", "done"))
        self.assertTrue(move.note)
        self.assertEqual((self.role.territory_id, other.territory_id), (self.home, self.away))
