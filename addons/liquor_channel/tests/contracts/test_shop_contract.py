"""A shop's 签约: display by verdict and approval, volume by what it received."""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.liquor_channel.engine.policies.bases import FactSum

from ..common import DAY
from .test_contracts import ContractCase

NOON = "2026-04-10 04:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestShopContract(ContractCase):
    def setUp(self):
        super().setUp()
        self.user = self.portal_user("shop_contract", self.shop)
        self.contract = self.make_contract(
            kind="terminal",
            terminal_id=self.shop.id,
            payment_ids=[
                Command.create({"label": "2026-Q1", "amount": 600, "kind": "display"}),
                Command.create({
                    "label": "2026-Q1", "amount": 1200, "kind": "volume", "goal_cases": 40, "floor_percent": 80
                }),
            ],
        )  # fmt: skip
        self.display, self.volume = self.contract.payment_ids

    def test_the_payments_of_a_quarter_are_written_until_the_contract_ends(self):
        """Two rows of the first quarter give six more; once they stand, or without a last day, nothing is written."""
        draft = self.contract.with_user(self.clerk)
        draft.action_repeat_payments()
        rows = [(row.label, row.kind, row.amount, row.goal_cases, row.floor_percent) for row in draft.payment_ids]
        quarters = [f"2026-Q{number}" for number in (1, 2, 3, 4)]
        displays = [(quarter, "display", 600.0, 0.0, 100.0) for quarter in quarters]
        volumes = [(quarter, "volume", 1200.0, 40.0, 80.0) for quarter in quarters]
        self.assertCountEqual(rows, displays + volumes)
        with self.assertRaises(UserError):
            draft.action_repeat_payments()
        draft.payment_ids.filtered(lambda row: row.label != "2026-Q1").unlink()
        draft.date_end = False
        with self.assertRaises(UserError):
            draft.action_repeat_payments()
        with self.assertRaises(AccessError):
            draft.with_user(self.user).action_repeat_payments()
        draft.date_end = "2026-12-31"
        self.sign(self.contract, self.user)
        with self.assertRaises(UserError):
            draft.action_repeat_payments()

    def earned(self):
        earnings = self.env["liquor.earning"].search([("partner_id", "=", self.shop.id)], order="id")
        return earnings.mapped("amount")

    def receive(self, bottles, number):
        """Put receipts of the first quarter in front of the facts that other add-ons give."""
        row = FactSum(
            self.shop.id,
            self.distributor.id,
            self.product.id,
            None,
            "normal",
            self.currency.id,
            str(bottles),
            "0",
            number,
        )
        self.rows = [*getattr(self, "rows", []), row]
        self.patch(
            type(self.env["liquor.flow.fact"]),
            "_sums",
            lambda model, company, kinds, first, last, partner_ids=None: (
                self.rows if kinds == ["received", "returned"] and first <= DAY <= last else []
            ),
        )

    def test_a_display_is_paid_after_a_verdict_and_an_approval(self):
        self.sign(self.contract, self.user)
        with self.assertRaises(UserError):
            self.display.with_user(self.manager).action_approve()
        self.display.with_user(self.clerk).write({
            "verdict": "partly",
            "allowed_amount": 450,
            "verdict_reason": "One wall",
        })
        self.assertEqual(self.display.checked_by_id, self.clerk)
        with self.assertRaises(AccessError):
            self.display.with_user(self.clerk).action_approve()
        self.display.with_user(self.manager).action_approve()
        self.display.with_user(self.manager).action_approve()
        self.assertEqual(self.earned(), [450.0])
        with self.assertRaises(UserError):
            self.display.with_user(self.clerk).verdict = "kept"

    def test_a_display_is_a_service_and_a_volume_lowers_revenue(self):
        """Acc-1: 600.00 for a display are selling expense (6601), 1,200.00 for a volume reduce revenue (6001.T)."""
        self.sign(self.contract, self.user)
        self.display.with_user(self.clerk).verdict = "kept"
        self.display.with_user(self.manager).action_approve()
        self.assertEqual(
            self.sums(self.accrue().move_ids), {("service_expense", ""): 600, ("reward_accrued", "Fulai Shop"): -600}
        )
        self.receive(40 * 6, 1)
        self.env["liquor.agreement.payment"]._pay_volumes(self.company, self.volume.date_end.replace(month=4, day=1))
        self.assertEqual(
            self.sums(self.accrue().move_ids), {("reward_contra", ""): 1200, ("reward_accrued", "Fulai Shop"): -1200}
        )

    def test_finance_says_that_a_display_is_no_service(self):
        self.env.ref("liquor_channel.expense_kind_display").cost_role = "rebate_contra"
        self.sign(self.contract, self.user)
        self.display.with_user(self.clerk).verdict = "kept"
        self.display.with_user(self.manager).action_approve()
        self.assertEqual(
            self.sums(self.accrue().move_ids), {("reward_contra", ""): 600, ("reward_accrued", "Fulai Shop"): -600}
        )

    def test_whoever_checked_does_not_approve(self):
        self.sign(self.contract, self.user)
        self.display.with_user(self.manager).verdict = "kept"
        with self.assertRaises(UserError):
            self.display.with_user(self.manager).action_approve()

    def test_a_verdict_is_not_written_into_the_contract(self):
        """Nobody checked what was judged when the contract was drawn up: its author would approve his own verdict."""
        verdict = {"verdict": "kept", "allowed_amount": 600, "checked_by_id": self.clerk.id}
        payments = self.env["liquor.agreement.payment"].with_user(self.manager)
        payments = payments.with_context(default_verdict="kept")
        contract = self.make_contract(kind="terminal", terminal_id=self.second_shop.id)
        made = payments.create({"agreement_id": contract.id, "label": "2026-Q1", "amount": 600, **verdict})
        self.assertEqual((made.verdict, made.allowed_amount, made.checked_by_id.id), (False, 0, False))

    def test_a_volume_is_paid_in_proportion_once_its_period_is_over(self):
        """40 cases for 1,200, from 80 % on: 31 cases give nothing, 36 give 1,080, 42 the whole."""
        self.sign(self.contract, self.user)
        pay = self.env["liquor.agreement.payment"]._pay_volumes
        self.receive(31 * 6, 1)
        pay(self.company, DAY)
        self.assertEqual(self.earned(), [])
        pay(self.company, self.volume.date_end.replace(month=4, day=1))
        self.assertEqual(self.earned(), [])
        self.receive(5 * 6, 2)
        for _time in range(2):
            pay(self.company, self.volume.date_end.replace(month=4, day=1))
        self.assertEqual(self.earned(), [1080.0])
        self.assertEqual(self.volume.done, 36.0)
        # late data lift it, a return takes it back
        self.receive(6 * 6, 3)
        pay(self.company, self.volume.date_end.replace(month=4, day=2))
        self.receive(-20 * 6, 4)
        pay(self.company, self.volume.date_end.replace(month=4, day=3))
        self.assertEqual(self.earned(), [1080.0, 120.0, -1200.0])

    def test_the_cron_visits_companies_with_such_contracts_only(self):
        """One company has the contract of this test, another none, a third is archived: one is visited."""
        self.sign(self.contract, self.user)
        idle = self.env["res.company"].create({"name": "No Contracts"})
        payments = self.env["liquor.agreement.payment"]
        visited = self.env["res.company"]

        def note(model, company, day):
            nonlocal visited
            visited += company

        self.patch(type(payments), "_pay_volumes", note)
        payments._cron_pay_volumes()
        self.assertIn(self.company, visited)
        self.assertNotIn(idle, visited)
        self.assertEqual(len(visited), len(set(visited)))
        own = [("id", "in", self.volume.ids)]
        self.assertEqual(payments._companies(own), self.company)
        self.env.cr.execute("UPDATE res_company SET active = FALSE WHERE id = %s", [self.company.id])
        self.env.invalidate_all()
        self.assertFalse(payments._companies(own))

    def test_nothing_is_paid_without_acceptance(self):
        self.contract.action_send()
        self.receive(60 * 6, 1)
        self.env["liquor.agreement.payment"]._pay_volumes(self.company, self.volume.date_end.replace(month=4, day=1))
        self.assertEqual(self.earned(), [])
        with self.assertRaises(AccessError):
            self.contract._accept(self.distributor_user)
