"""A cause has one row: found again, gone, closed, carried over; whose it is and who may decide."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .variance_case import VarianceCase


@tagged("post_install", "-at_install")
class TestVariance(VarianceCase):
    def plant(self, bottles=6):
        self.planted.clear()
        self.fact("received", self.shop, bottles, self.distributor)
        return self.match("v01")

    def decide(self, variances, reason, decision="closed", user=None):
        wizard = self.env["liquor.variance.decision"].with_user(user or self.finance).with_context(
            active_ids=variances.ids
        )  # fmt: skip
        wizard.create({"decision": decision, "reason": reason}).action_decide()

    def test_one_row_however_often_it_is_found(self):
        first = self.plant()
        self.assertEqual(self.match("v01"), first)
        self.assertEqual(self.plant(12), first)
        self.assertEqual((first.quantity, first.amount), (12, 1200))
        self.planted.clear()
        self.assertFalse(self.match("v01"))
        self.assertEqual(first.state, "resolved")
        self.assertEqual(self.plant(), first)
        self.assertEqual(first.state, "open")

    def test_closed_with_a_reason_until_it_grows(self):
        found = self.plant()
        with self.assertRaises(UserError):
            self.decide(found, "   ")
        with self.assertRaises(AccessError):
            self.decide(found, "mine", user=self.clerk)
        self.decide(found, "Delivery note came a day late")
        self.assertEqual((found.state, found.decided_by_id), ("closed", self.finance))
        self.assertFalse(self.match("v01"))
        with self.assertRaises(UserError):
            self.decide(found, "again")
        self.assertEqual(self.plant(7), found)
        self.assertEqual((found.state, found.reason), ("open", False))

    def test_carried_over_by_the_clerk(self):
        found = self.plant()
        self.decide(found, "waits for the count", "carried", self.clerk)
        self.assertEqual(self.match("v01"), found)
        self.assertEqual(found.state, "carried")
        found.with_user(self.clerk).action_take()
        self.assertEqual(found.owner_id, self.clerk)

    def test_figures_are_the_servers(self):
        found = self.plant()
        for values in ({"amount": 0}, {"state": "resolved"}, {"reason": "x"}):
            with self.assertRaises(AccessError):
                found.with_user(self.finance).write(values)
        with self.assertRaises(AccessError):
            self.variances.with_user(self.finance).create({"variance_class": "v01"})
        with self.assertRaises(AccessError):
            self.variances.with_user(self.outsider).search([])

    def test_as_many_queries_for_one_as_for_many(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.match()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.match()
        self.fact("received", self.shop, 6, self.distributor)
        one = count()
        for number in range(7):
            self.fact("received", self.shop, 6, self.make_partner(f"D{number}", "distributor"))
        self.assertEqual(count(), one)

    def test_in_the_background(self):
        self.env["liquor.run"].search([("state", "in", ("queued", "running"))]).state = "cancelled"
        self.fact("received", self.shop, 6, self.distributor)
        run = self.env["liquor.run"].browse(self.variances.with_user(self.finance).action_match()["res_id"])
        self.assertEqual(run.company_id, self.company)
        with self.enter_registry_test_mode():
            self.env.ref("liquor_member.liquor_run_cron").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done", run.message)
        self.assertTrue(self.variances.search([("variance_class", "=", "v01"), ("state", "=", "open")]))

    def test_each_opens_what_it_is_about(self):
        found = self.plant()
        self.assertEqual(found.action_open_origin()["res_model"], "liquor.flow.fact")
        self.book(self.shop, 15, policy_version_id=False, trace={"kind": "per_unit", "amount": "1.00"})
        wrong = self.match("v08")
        self.assertEqual(wrong.action_open_origin()["res_model"], "liquor.earning")
