"""Steps of roles, their history, and who may take them."""

from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import DAY, ChannelCase

NOON = "2026-03-10 04:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestLifeCycle(ChannelCase):
    def make_candidate(self, name="New Trading", kind="distributor", **values):
        partner = self.make_partner(name, kind, state="candidate", **values)
        return self.env["liquor.channel.role"].search([("partner_id", "=", partner.id)])

    def test_every_step_has_a_day_a_reason_and_an_author(self):
        role = self.make_candidate().with_user(self.clerk)
        role.action_trial(reason="Good shop front")
        role.action_formal()
        role.action_suspend(reason="Sold across the border")
        with self.assertRaises(UserError):
            role.action_end()
        role.action_end("2026-03-10", "Contract over")
        self.assertEqual(role.state, "ended")
        events = role.event_ids.sorted("id")
        self.assertEqual(events.mapped("state_to"), ["trial", "formal", "suspended", "ended"])
        self.assertEqual(events.mapped("state_from"), ["candidate", "trial", "formal", "suspended"])
        self.assertEqual(set(events.mapped("day")), {DAY})
        self.assertEqual(events.user_id, self.clerk)
        self.assertEqual(events[2].reason, "Sold across the border")
        with self.assertRaises(UserError):
            events[0].reason = "Other"
        with self.assertRaises(UserError):
            role.action_formal()

    def test_the_state_is_not_typed(self):
        role = self.make_candidate().with_user(self.clerk)
        with self.assertRaises(AccessError):
            role.write({"state": "formal"})
        made = (
            self
            .env["liquor.channel.role"]
            .with_user(self.clerk)
            .with_context(default_state="formal")
            .create({
                "partner_id": self.env["res.partner"].create({"name": "D", "is_company": True}).id,
                "kind": "distributor",
                "state": "formal",
            })
        )
        self.assertEqual(made.state, "candidate")
        with self.assertRaises(AccessError):
            role.with_user(self.finance).action_formal()

    def test_days_of_an_accepted_role_are_not_typed(self):
        role = self.shop._liquor_role("terminal", self.company).with_user(self.clerk)
        for values in ({"date_start": "2025-01-01"}, {"date_end": "2026-01-31"}, {"partner_id": self.second_shop.id}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                role.write(values)

    def test_a_suspension_that_is_over_earned_nothing(self):
        role = self.shop._liquor_role("terminal", self.company)
        role.action_suspend(reason="Case")
        with freeze_time("2026-03-15 04:00:00"):
            role.action_formal()
        live = self.env["liquor.channel.role"]._live
        self.assertTrue(live(self.shop, "terminal", date(2026, 3, 9), self.company))
        for day in (DAY, date(2026, 3, 14)):
            self.assertFalse(live(self.shop, "terminal", day, self.company))
            self.assertFalse(role._is_live_on(day))
        self.assertTrue(live(self.shop, "terminal", date(2026, 3, 15), self.company))

    def test_facts_of_a_suspension_pay_nothing_afterwards(self):
        self.make_version(rate=15.0)
        role = self.shop._liquor_role("terminal", self.company)
        role.action_suspend(reason="Case")
        with freeze_time("2026-03-15 04:00:00"):
            role.action_formal()
        earned = self.env["liquor.policy"]._earn([
            self.make_fact(1),
            self.make_fact(2, business_day=DAY - timedelta(1)),
            self.make_fact(3, business_day=DAY + timedelta(5)),
        ])
        self.assertEqual([len(earned[f"test/{number}"]) for number in (1, 2, 3)], [0, 1, 1])

    def test_a_refused_candidate_never_was_in_force(self):
        role = self.make_candidate(kind="terminal")
        role.action_end(reason="No licence")
        self.assertFalse(role.date_end)
        self.assertFalse(role._is_live_on(DAY))

    def test_whoever_registered_does_not_accept(self):
        role = self.make_candidate(kind="terminal", registered_by_id=self.clerk.id)
        with self.assertRaises(UserError):
            role.with_user(self.clerk).action_formal()
        role.with_user(self.manager).action_formal()
        self.assertEqual(role.state, "formal")

    def test_the_tree_of_distributors(self):
        sub = self.make_candidate("Second Hand", "sub_distributor")
        with self.assertRaises(UserError):
            sub.action_formal()
        with self.assertRaises(ValidationError):
            sub.parent_distributor_id = self.shop
        with self.assertRaises(ValidationError):
            sub.parent_distributor_id = sub.partner_id
        sub.parent_distributor_id = self.distributor
        sub.action_formal()
        self.assertEqual(self.env["liquor.channel.role"]._above(self.company), {sub.partner_id.id: self.distributor.id})
        lower = self.make_candidate("Third Hand", "sub_distributor", parent_distributor_id=sub.partner_id.id)
        with self.assertRaises(ValidationError):
            sub.parent_distributor_id = lower.partner_id

    def test_the_wizard_takes_the_step(self):
        role = self.make_candidate()
        wizard = self.env["liquor.channel.role.step"].with_user(self.clerk)
        wizard = wizard.with_context(active_ids=role.ids).create({
            "step": "trial",
            "reason": "Trial of half a year",
            "trial_until": "2026-09-10",
        })
        wizard.action_apply()
        self.assertEqual((role.state, role.trial_until), ("trial", date(2026, 9, 10)))


@tagged("post_install", "-at_install")
class TestTerritoryStatus(ChannelCase):
    def setUp(self):
        super().setUp()
        self.status = self.env["liquor.territory.status"]

    def make(self, territory, value, first, last=False):
        kind = "maturity" if value in ("new", "growing", "mature") else "under_attack"
        return self.status.create({
            "territory_id": territory.id,
            "kind": kind,
            "value": value,
            "date_start": first,
            "date_end": last,
            "reason": "Seen",
        })

    def test_the_nearest_status_of_the_day_holds(self):
        wide = self.make(self.province, "mature", "2025-01-01")
        self.make(self.county, "new", "2025-06-01", "2026-02-28")
        growing = self.make(self.county, "growing", "2026-03-01")
        attack = self.make(self.city, "attacked", "2026-03-05", "2026-03-20")
        places = self.province | self.city | self.county
        found = self.status._of(self.company, places, DAY)
        self.assertEqual(
            found,
            {
                self.province.id: {"maturity": wide},
                self.city.id: {"maturity": wide, "under_attack": attack},
                self.county.id: {"maturity": growing, "under_attack": attack},
            },
        )
        later = self.status._of(self.company, self.county, date(2026, 3, 21))
        self.assertEqual(later, {self.county.id: {"maturity": growing}})

    @freeze_time(NOON)
    def test_history_stays(self):
        row = self.make(self.county, "new", "2026-01-01").with_user(self.manager)
        for values in ({"value": "mature"}, {"date_start": "2026-02-01"}, {"date_end": "2026-02-01"}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                row.write(values)
        with self.assertRaises(UserError):
            row.unlink()
        row.date_end = "2026-03-31"
        with self.assertRaises(AccessError):
            row.with_user(self.clerk).reason = "Mine"

    def test_kind_and_value_fit_and_days_do_not_overlap(self):
        self.make(self.county, "new", "2026-01-01")
        self.make(self.county, "watched", "2026-01-01")
        common = {"territory_id": self.county.id, "kind": "maturity", "date_start": "2026-05-01", "reason": "Seen"}
        for values, error in (({"value": "growing"}, ExclusionViolation), ({"value": "watched"}, CheckViolation)):
            with mute_logger("odoo.sql_db"), self.assertRaises(error), self.env.cr.savepoint():
                self.status.create({**common, **values})
