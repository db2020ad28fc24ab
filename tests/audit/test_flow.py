"""The audit of a month that was really booked: the suite's own services leave nothing to report at any step."""

from freezegun import freeze_time
from tools.audit.frame import check
from tools.audit.invariants import INVARIANTS

from odoo.tests import tagged

from odoo.addons.liquor_channel.tests.money_case import MoneyCase

ROOMS = {
    "earnings",
    "accruals",
    "accounts",
    "settlements",
    "rebates",
    "payouts",
    "people",
    "ledgers",
    "numbers",
    "cash",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestBookedMonth(MoneyCase):
    def assert_clean(self):
        """No invariant of the money rooms is violated."""
        self.env.flush_all()
        chosen = [one for one in INVARIANTS if one.key.split(".")[0] in ROOMS]
        for finding in check(self.env.cr, chosen):
            with self.subTest(finding.invariant.key):
                self.assertEqual(finding.violations, [])

    def answer(self, batch, payout, status):
        batch._apply_results([["reference", "status", "amount", "message"], [payout.name, status, "", ""]])

    def test_reward_failed_paid_and_clawed_back(self):
        earning = self.book(self.shop, 600, **self.shared(180))
        self.accrue()
        self.assert_clean()
        first = self.ask(self.shop)
        batch = self.batch()
        self.assert_clean()
        self.answer(batch, first, "failed")
        self.assert_clean()
        second = self.ask(self.shop)
        self.answer(self.batch(), second, "ok")
        self.assert_clean()
        earning._reverse("goods returned")
        self.accrue()
        self.assert_clean()

    def shared(self, amount):
        """Of an earning so much is carried by the distributor, who agreed."""
        return {"funder_id": self.distributor.id, "funder_amount": amount, "agreement_id": self.make_agreement().id}

    def test_settlement_by_both_ways_and_back(self):
        self.book(self.distributor, 20000, "distributor")
        settlement = self.settle_and_post()
        self.assert_clean()
        settlement.with_user(self.second_finance).action_reverse()
        self.assert_clean()
        self.settle_and_post(method="credit_note")
        self.assert_clean()

    def test_cash_back_of_a_member(self):
        program = self.env["liquor.member.program"].create({"name": "Club"})
        member = self.env["liquor.member"]._join(program, "13800138000", "desk", "1")
        cash = self.env["liquor.cash.entry"]
        cash._earn([{"member": member, "amount": 50.0, "key": "cash/test"}])
        cash._withdraw(member, 50.0, "withdraw/test")
        self.assert_clean()
        self.payee(member.partner_id)
        payout = self.env["liquor.payout"].search([("partner_id", "=", member.partner_id.id)])
        batch = self.batch()
        self.assert_clean()
        self.answer(batch, payout, "failed")
        self.assert_clean()
        self.assertEqual(self.balance("member_cash", member.partner_id), 0)
        cash._withdraw(member, 50.0, "withdraw/again")
        self.batch()
        self.assert_clean()
        self.assertEqual(self.balance("member_cash", member.partner_id), 50)
