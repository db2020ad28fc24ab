"""Withdrawals, batches, files and what the bank answers; figures: channel.md Acc-2 #6, #7, #10, #11."""

from datetime import datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..money_case import MoneyCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestPayout(MoneyCase):
    def wallet(self, partner=None):
        return self.env["liquor.earning"]._wallet(partner or self.shop, self.company)

    def test_approve_and_pay(self):
        # Acc-2 #6 and #7: 600 accrued -> payable -> bank
        self.book(self.shop, 600, funder_id=self.distributor.id, funder_amount=180)
        payout = self.ask(self.shop)
        self.assertEqual((payout.state, payout.amount), ("requested", 600))
        self.assertEqual((self.wallet()["available"], self.wallet()["on_the_way"]), (0, 600))
        batch = self.batch()
        approval, payment = batch.move_ids.sorted("id")
        self.assertEqual(
            self.sums(approval), {("reward_accrued", "Fulai Shop"): 600, ("reward_payable", "Fulai Shop"): -600}
        )
        self.assertEqual(self.sums(payment), {("reward_payable", "Fulai Shop"): 600, ("asset_cash", ""): -600})
        self.assertEqual(self.balance("reward_accrued", self.shop), 0)
        self.assertEqual(self.balance("reward_payable", self.shop), 0)
        items = (approval | payment).line_ids.filtered(lambda line: line.account_id == self.accounts["reward_payable"])
        self.assertTrue(all(items.mapped("reconciled")))

    def answer(self, batch, *rows):
        return batch._apply_results([["reference", "status", "amount", "message"], *rows])

    def test_result_file_twice_changes_nothing(self):
        self.book(self.shop, 600)
        payout = self.ask(self.shop)
        batch = self.batch()
        row = [payout.name, "成功", "600.00", ""]
        self.assertEqual(len(self.answer(batch, row).changes), 1)
        self.assertEqual((payout.state, batch.state), ("ok", "done"))
        moves = batch.move_ids
        again = self.answer(batch, row)
        self.assertEqual((len(again.changes), again.repeated), (0, 1))
        self.assertEqual(batch.move_ids, moves)
        self.assertEqual(self.wallet()["paid"], 600)

    def test_failed_payment_returns_to_the_balance_and_is_paid_once(self):
        self.book(self.shop, 600)
        first = self.ask(self.shop)
        batch = self.batch()
        self.answer(batch, [first.name, "失败", "600", "账号不存在"], ["P-unknown", "ok", "", ""])
        self.assertEqual((first.state, first.result_message), ("failed", "账号不存在"))
        self.assertEqual(self.wallet()["available"], 600)
        # only step 7 went back: the reward stays payable
        self.assertEqual(self.balance("reward_payable", self.shop), -600)
        self.assertEqual(self.balance("reward_accrued", self.shop), 0)
        second = self.ask(self.shop)
        self.assertNotEqual(second.name, first.name)
        later = self.batch()
        # step 6 is not booked a second time
        self.assertEqual(len(later.move_ids), 1)
        self.assertEqual(self.balance("reward_payable", self.shop), 0)
        self.answer(later, [second.name, "ok", "600", ""])
        self.assertEqual(self.wallet()["paid"], 600)
        self.assertEqual(len(self.answer(batch, [first.name, "ok", "600", ""]).bad), 1)

    def test_unknown_rows_and_other_amounts_are_reported(self):
        self.book(self.shop, 600)
        payout = self.ask(self.shop)
        batch = self.batch()
        matched = self.answer(batch, ["nobody", "ok", "1", ""], [payout.name, "ok", "599", ""], ["", "ok", "", ""])
        self.assertEqual(len(matched.bad), 3)
        self.assertEqual((payout.state, batch.state), ("sent", "sent"))

    def test_money_that_came_back_later(self):
        self.book(self.shop, 600)
        payout = self.ask(self.shop)
        batch = self.batch()
        self.answer(batch, [payout.name, "ok", "", ""])
        self.answer(batch, [payout.name, "退票", "", "closed"])
        self.assertEqual((payout.state, self.wallet()["available"]), ("returned", 600))

    def test_clawback_after_payout_is_netted(self):
        # Acc-2 #10: the shop owes 150; #11: of the next 200 it gets 50
        earning = self.book(self.shop, 150, funder_id=self.distributor.id, funder_amount=45)
        payout = self.ask(self.shop)
        self.answer(self.batch(), [payout.name, "ok", "", ""])
        earning._reverse("goods returned")
        move = self.accrue().move_ids
        self.assertEqual(
            self.sums(move),
            {("reward_contra", ""): -105, ("cofunding_due", "Sunny Trading"): -45, ("clawback_due", "Fulai Shop"): 150},
        )
        self.assertEqual(self.wallet()["available"], -150)
        with self.assertRaises(UserError):
            self.ask(self.shop)
        self.book(self.shop, 200)
        second = self.ask(self.shop)
        self.assertEqual(second.amount, 50)
        payment = self.batch().move_ids.sorted("id")[-1]
        self.assertEqual(
            self.sums(payment),
            {("reward_payable", "Fulai Shop"): 200, ("clawback_due", "Fulai Shop"): -150, ("asset_cash", ""): -50},
        )
        self.assertEqual(self.balance("clawback_due", self.shop), 0)

    def test_asking_twice_is_asking_once(self):
        self.book(self.shop, 600)
        first = self.ask(self.shop, key="same")
        self.book(self.shop, 100)
        self.assertEqual(self.ask(self.shop, key="same"), first)

    def test_bounds_of_a_withdrawal(self):
        self.book(self.shop, 9.99)
        with self.assertRaises(UserError):
            self.ask(self.shop)
        self.company.liquor_withdraw_day_cap = 100
        self.book(self.shop, 80)
        self.book(self.shop, 90)
        self.assertEqual(self.ask(self.shop).amount, 89.99)  # 9.99 + 80; with 90 it would pass 100
        with self.assertRaises(UserError):
            self.ask(self.shop)

    def test_failed_payout_frees_the_cap_of_its_day(self):
        self.company.liquor_withdraw_day_cap = 600
        self.book(self.shop, 600)
        payout = self.ask(self.shop)
        self.answer(self.batch(), [payout.name, "failed", "", "x"])
        self.assertEqual(self.ask(self.shop).amount, 600)

    def test_results_of_many_cost_as_many_queries_as_of_one(self):
        def cost(count):
            partners = [self.make_partner(f"Shop {next(self.numbers)}", "terminal") for _number in range(count)]
            payouts = []
            for partner in partners:
                self.book(partner, 20)
                payouts.append(self.ask(partner))
            batch = self.batch()
            rows = [[payout.name, "ok", "", ""] for payout in payouts]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.answer(batch, *rows)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost(1)  # warm caches
        self.assertEqual(cost(1), cost(8))

    def test_pending_and_held_are_not_paid(self):
        self.book(self.shop, 600, payable="pending")
        held = self.book(self.shop, 300)
        self.env["liquor.earning.state"]._set(held, "held", "photo is old")
        with self.assertRaises(UserError):
            self.ask(self.shop)

    def test_foreign_and_retired_payee_is_refused(self):
        self.book(self.shop, 600)
        foreign = self.payee(self.second_shop)
        with self.assertRaises(UserError):
            self.env["liquor.payout"]._request(self.company, self.shop, foreign, None, "k", self.env.user)
        old = self.payee(self.shop)
        self.payee(self.shop, "6222020000009999999")
        self.assertFalse(old.active)
        with self.assertRaises(UserError):
            self.env["liquor.payout"]._request(self.company, self.shop, old, None, "k", self.env.user)

    def test_payee_and_requests_of_another_company_are_left_out(self):
        other = self.env["res.company"].create({"name": "Other Maker", "currency_id": self.currency.id})
        elsewhere = self.env["liquor.payee"]._store_account(other, self.shop, "bank", "Fulai", "6222020000007654321")
        self.book(self.shop, 600)
        with self.assertRaises(UserError):
            self.env["liquor.payout"]._request(self.company, self.shop, elsewhere, None, "k", self.env.user)
        own = self.ask(self.shop)
        self.book(self.shop, 40, company_id=other.id)
        foreign = self.env["liquor.payout"]._request(other, self.shop, elsewhere, None, "k2", self.env.user)
        self.assertEqual((own.amount, foreign.amount), (600, 40))
        batch = self.env["liquor.payout.batch"].with_user(self.finance).create({})
        batch.action_collect()
        self.assertEqual((batch.payout_ids, foreign.state), (own, "requested"))

    def test_account_is_encrypted_and_masked(self):
        payee = self.payee(self.shop)
        self.assertEqual(payee.masked_account, "62****4567")
        self.assertNotIn("6222020000001234567", payee.account_secret)
        self.assertEqual(payee._account(), "6222020000001234567")
        with self.assertRaises(AccessError):
            payee.with_user(self.finance).read(["account_secret"])
        self.assertEqual(payee.shared_count, 0)
        twin = self.payee(self.second_shop)
        self.assertEqual(twin.shared_count, 1)
        for account in ("abc", "12", "6222 0200 0000 1234 567x"):
            with self.assertRaises(ValidationError):
                self.env["liquor.payee"]._store_account(self.company, self.shop, "bank", "x", account)

    def test_batch_needs_two_people_and_finance(self):
        self.book(self.shop, 600)
        self.ask(self.shop)
        batch = self.env["liquor.payout.batch"].with_user(self.finance).create({"author_id": self.second_finance.id})
        self.assertEqual(batch.author_id, self.finance)
        batch.action_collect()
        with self.assertRaises(UserError):
            batch.action_approve()
        with self.assertRaises(AccessError):
            batch.with_user(self.clerk).action_approve()
        with self.assertRaises(UserError):
            batch.with_user(self.second_finance).action_send()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            batch.sudo().write({"approved_by_id": self.finance.id})
            batch.flush_recordset()
        batch.with_user(self.second_finance).action_approve()
        with self.assertRaises(UserError):
            batch.with_user(self.second_finance).action_send()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            batch.sudo().write({"sent_by_id": self.second_finance.id})
            batch.flush_recordset()

    def test_new_account_needs_a_call(self):
        self.book(self.shop, 600)
        payee = self.payee(self.shop)
        payee.created_at = datetime(2026, 3, 19)
        self.ask(self.shop)
        batch = self.env["liquor.payout.batch"].with_user(self.finance).create({})
        batch.action_collect()
        batch = batch.with_user(self.second_finance)
        with self.assertRaises(UserError):
            batch.action_approve()
        batch.fresh_payees_checked = True
        batch.action_approve()
        self.assertEqual(batch.state, "approved")

    def test_file_has_the_clear_account_for_finance_only(self):
        self.book(self.shop, 600)
        payout = self.ask(self.shop)
        batch = self.batch()
        header, row = batch._file_rows()
        self.assertEqual(header[0], "reference")
        self.assertEqual(row[:6], [payout.name, "Fulai Shop", "bank", "6222020000001234567", "ICBC", "600.00"])
        with self.assertRaises(AccessError):
            batch.with_user(self.clerk)._file_rows()

    def test_cancelled_request_is_in_the_balance_again(self):
        self.book(self.shop, 600)
        payout = self.ask(self.shop).with_user(self.finance)
        payout.action_cancel()
        self.assertEqual(self.wallet()["available"], 600)
        self.assertEqual(self.ask(self.shop).amount, 600)
        with self.assertRaises(UserError):
            payout.action_cancel()

    def test_a_payout_of_an_approved_batch_is_not_cancelled(self):
        self.book(self.shop, 50)
        self.accrue()
        payout = self.ask(self.shop)
        batch = self.env["liquor.payout.batch"].with_user(self.finance).create({})
        batch.action_collect()
        batch.with_user(self.second_finance).action_approve()
        with self.assertRaises(UserError):
            payout.with_user(self.finance).action_cancel()
        self.assertEqual((payout.state, payout.batch_id), ("batched", batch))

    def test_one_live_line_per_earning(self):
        self.book(self.shop, 600)
        line = self.ask(self.shop).line_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            line.sudo().copy()

    def test_member_withdrawal_goes_through_the_same_batch(self):
        program = self.env["liquor.member.program"].search([], limit=1) or self.env["liquor.member.program"].create({
            "name": "Club"
        })
        member = self.env["liquor.member"]._join(program, "13800138000", "desk", "1")
        self.env["liquor.cash.entry"]._earn([{"member": member, "amount": 50.0, "key": "cash/test"}])
        self.env["liquor.cash.entry"]._withdraw(member, 50.0, "withdraw/test")
        payout = self.env["liquor.payout"].search([("partner_id", "=", member.partner_id.id)])
        self.assertEqual((payout.amount, payout.kind, bool(payout.payee_id)), (50, "cash_back", False))
        self.payee(member.partner_id)
        self.assertTrue(payout.payee_id)
        batch = self.batch()
        self.assertEqual(
            self.sums(batch.move_ids), {("member_cash", member.partner_id.name): 50, ("asset_cash", ""): -50}
        )
        self.answer(batch, [payout.name, "failed", "", "x"])
        self.assertEqual(self.env["liquor.cash.entry"]._balances(member)[member.id], 50)
