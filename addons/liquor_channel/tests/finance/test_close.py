"""A month closes by its checklist; what is left needs a reason; what comes late is listed."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .variance_case import VarianceCase

FEBRUARY = datetime(2026, 2, 10, 4, 0)


@tagged("post_install", "-at_install")
class TestClose(VarianceCase):
    def setUp(self):
        super().setUp()
        self.period = self.env["liquor.period"]._for_day(self.company, date(2026, 2, 10)).with_user(self.finance)

    def steps(self):
        self.period.step_ids.invalidate_recordset()
        return {step.kind: (step.state, step.left_count) for step in self.period.step_ids}

    def do(self, kind):
        step = self.period.step_ids.filtered(lambda item: item.kind == kind).with_user(self.finance)
        result = step.action_do()
        self.env.invalidate_all()
        return result

    def test_rebate_that_is_computed_is_booked_before_it_is_accrued(self):
        """3 % of 10,000.00 received in February: the step books and accrues 300.00; without it no reason closes."""
        version = self.make_version(
            [(0, 0, 3)], basis="received", measure="amount", rate_kind="percent", period="month"
        )
        self.fact("shipped", self.distributor, 100, day="2026-02-09")
        self.fact("received", self.shop, 100, self.distributor, day="2026-02-10")
        self.period.carry_reason = "whatever else there is"
        with self.assertRaises(UserError) as refused:
            self.period.action_close()
        self.assertIn("300", str(refused.exception))
        self.assertEqual(self.period.state, "open")
        self.do("accrual")
        earning = self.env["liquor.earning"].search([("policy_version_id", "=", version.id)])
        self.assertEqual((earning.partner_id, earning.amount, str(earning.booked_day)), (self.shop, 300, "2026-02-28"))
        self.assertEqual(self.balance("reward_accrued", self.shop), -300)
        self.do("accrual")
        self.assertEqual(self.balance("reward_accrued", self.shop), -300)
        self.assertFalse(self.match("v08", day=date(2026, 2, 28)))
        self.period.action_close()
        self.assertEqual(self.period.state, "closed")

    def test_a_month_is_over_when_its_last_day_is_over_where_the_company_is(self):
        """23:59 in Shanghai is 15:59 UTC; two minutes later it is March there, and still February in UTC."""
        with freeze_time("2026-02-28 15:59:00"), self.assertRaises(UserError):
            self.period.action_close()
        with freeze_time("2026-02-28 16:01:00"):
            self.period.action_close()
        self.assertEqual(self.period.state, "closed")

    def test_steps_in_their_order(self):
        self.assertEqual(
            self.period.step_ids.mapped("kind"),
            [
                "accrual", "match", "variances", "settlements", "payouts", "statements", "tie_out", "lock",
                "ledger_lock",
            ],
        )  # fmt: skip

    def test_each_step_does_its_work_and_is_done(self):
        self.book(self.shop, 600, day=FEBRUARY)
        self.assertEqual(self.steps()["accrual"], ("todo", 1))
        self.do("accrual")
        self.assertEqual(self.steps()["accrual"], ("done", 0))
        self.fact("received", self.shop, 6, self.distributor, day="2026-02-10")
        self.assertEqual(self.steps()["match"][0], "todo")
        self.do("match")
        steps = self.steps()
        self.assertEqual((steps["match"][0], steps["variances"][0]), ("done", "todo"))
        self.assertGreaterEqual(steps["variances"][1], 1)
        with self.assertRaises(UserError):
            self.do("variances")
        with self.assertRaises(UserError):
            self.period.action_close()
        self.period.carry_reason = "the delivery note follows"
        self.do("variances")
        self.assertEqual(self.steps()["variances"], ("done", 0))
        carried = self.env["liquor.variance"].search([("state", "=", "carried"), ("variance_class", "=", "v01")])
        self.assertEqual((carried.reason, carried.decided_by_id), ("the delivery note follows", self.finance))
        self.do("lock")
        self.assertEqual((self.period.state, self.steps()["lock"][0]), ("closed", "done"))
        with self.assertRaises(UserError):
            self.do("match")
        self.do("ledger_lock")
        self.assertEqual(self.company.fiscalyear_lock_date, date(2026, 2, 28))
        self.assertEqual(self.steps()["ledger_lock"][0], "done")

    def test_done_again_nothing_changes(self):
        self.book(self.shop, 600, day=FEBRUARY)
        runs = self.env["liquor.accrual.run"]
        for _time in range(3):
            self.do("accrual")
            self.do("match")
        self.assertEqual(runs.search_count([("date_to", "=", "2026-02-28")]), 1)
        self.assertEqual(len(self.env["liquor.accrual.line"].search([("company_id", "=", self.company.id)])), 1)

    def test_ledger_is_locked_after_its_months(self):
        self.env["liquor.period"]._for_day(self.company, date(2026, 1, 10))
        self.period.carry_reason = "x"
        with self.assertRaises(UserError):
            self.do("ledger_lock")

    def test_late_events_go_to_the_next_month_and_are_listed(self):
        self.period.carry_reason = "x"
        self.period.action_close()
        late = self.book(self.shop, 50, day=FEBRUARY)
        self.period.invalidate_recordset()
        self.assertEqual(late.booked_day, date(2026, 3, 1))
        self.assertEqual((self.period.late_count, self.period.late_amount), (1, 50))
        self.assertEqual(self.env["liquor.earning"].search(self.period.action_open_late()["domain"]), late)

    def test_closed_once(self):
        self.period.carry_reason = "x"
        self.period.action_close()
        with self.assertRaises(UserError):
            self.period.with_user(self.second_finance).action_close()
        self.assertEqual(self.period.closed_by_id, self.finance)

    def test_opened_again_by_somebody_else_and_matched_anew(self):
        self.period.carry_reason = "x"
        self.period.action_close()
        self.period.reopen_reason = "a bill came"
        with self.assertRaises(UserError):
            self.period.action_reopen()
        self.period.with_user(self.second_finance).action_reopen()
        self.assertEqual((self.period.state, self.steps()["match"][0]), ("open", "todo"))

    def test_every_step_opens_what_it_is_about(self):
        self.book(self.shop, 600, day=FEBRUARY)
        for step in self.period.step_ids:
            action = step.with_user(self.finance).action_open()
            self.env[action["res_model"]].with_user(self.finance).search(action["domain"])
        opened = self.period._open_step("accrual")
        self.assertEqual(self.env[opened["res_model"]].search_count(opened["domain"]), 1)

    def test_clerk_looks_and_does_nothing(self):
        step = self.period.step_ids[0].with_user(self.clerk)
        with self.assertRaises(AccessError):
            step.action_do()
        with self.assertRaises(AccessError):
            step.write({"owner_id": self.clerk.id})
        step.with_user(self.finance).owner_id = self.clerk
        with self.assertRaises(AccessError):
            step.with_user(self.finance).write({"done_at": "2026-03-01"})
