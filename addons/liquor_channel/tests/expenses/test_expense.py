"""费用核销 (trade.md R1): applied, approved with a reserve, proven, claimed, cut, allowed; who may what; how old."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..expense_case import ExpenseCase


@tagged("post_install", "-at_install")
class TestExpense(ExpenseCase):
    def test_approval_reserves_the_fund(self):
        expense = self.approved()
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 400, "reserved": 600})
        self.assertEqual(expense.approved_by_id, self.manager)
        self.assertEqual(str(expense.deadline), "2026-05-15")

    def test_less_may_be_approved_than_was_applied_for(self):
        expense = self.expense()
        expense.action_apply()
        expense.with_user(self.manager).grant_amount = 450
        expense.with_user(self.manager).action_approve()
        self.assertEqual((expense.approved_amount, self.fund.reserved), (450, 450))
        expense = self.expense()
        expense.action_apply()
        with self.assertRaises(UserError):
            expense.with_user(self.manager)._approve(601)

    def test_nothing_beyond_the_fund_is_approved(self):
        self.approved()
        second = self.expense(amount=400.01)
        second.action_apply()
        with self.assertRaises(UserError), self.cr.savepoint():
            second.with_user(self.manager).action_approve()
        second.invalidate_recordset()
        self.assertEqual(second.state, "applied")
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 400, "reserved": 600})

    def leakage(self):
        """Planned, earned, paid, unpaid, not claimed, unproven of the whole company (C8)."""
        self.env.flush_all()
        measures = [f"{name}:sum" for name in ("planned", "earned", "paid", "unpaid", "unclaimed", "unproven")]
        return self.env["liquor.spend"]._read_group([("company_id", "=", self.company.id)], [], measures)[0]

    def test_leakage_from_the_approval_to_the_payment(self):
        """C8: 600.00 approved; 80.00 of it are cut, 520.00 allowed and paid; of 400.00 more nothing is claimed."""
        expense = self.approved()
        self.assertEqual(self.leakage(), (600, 0, 0, 0, 600, 0))
        self.prove(expense)
        expense.action_claim()
        self.assertEqual(self.leakage(), (600, 0, 0, 0, 600, 0))
        self.cut(expense, 80)
        expense.with_user(self.second_clerk).action_check()
        self.assertEqual(self.leakage(), (520, 520, 0, 520, 0, 0))
        expense.with_user(self.finance).action_pay()
        self.approved(amount=400)
        self.assertEqual(self.leakage(), (920, 520, 520, 0, 400, 0))

    def test_the_author_does_not_approve(self):
        own = self.env["liquor.expense"].with_user(self.manager).create({
            "title": "Mine", "kind_id": self.display.id, "distributor_id": self.distributor.id, "amount": 10,
            "fund_id": self.fund.id, "date_start": "2026-03-01", "date_end": "2026-03-31",
        })  # fmt: skip
        own.action_apply()
        with self.assertRaises(UserError):
            own.action_approve()
        with self.assertRaises(AccessError):
            own.with_user(self.second_clerk).action_approve()

    def test_sales_take_nothing_from_member_operations(self):
        with self.assertRaises(ValidationError):
            self.expense(fund_id=self.operations.id)

    def test_a_fund_of_other_days_is_refused(self):
        self.fund.date_end = "2026-02-28"
        expense = self.expense()
        expense.action_apply()
        with self.assertRaises(UserError):
            expense.with_user(self.manager).action_approve()

    def test_refused_with_a_reason_and_released(self):
        expense = self.expense()
        expense.action_apply()
        with self.assertRaises(UserError):
            expense.with_user(self.manager).action_refuse(" ")
        self.env["liquor.expense.refusal"].with_user(self.manager).create({
            "expense_ids": [Command.set(expense.ids)], "reason": "Too late in the season",
        }).action_refuse()  # fmt: skip
        self.assertEqual((expense.state, expense.refusal), ("refused", "Too late in the season"))
        claimed = self.claimed()
        self.assertEqual(self.fund.reserved, 600)
        claimed.with_user(self.manager).action_refuse("Not executed")
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 1000})

    def test_terms_are_fixed_once_applied_for(self):
        expense = self.approved()
        for values in ({"amount": 9999}, {"distributor_id": self.shop.id}, {"fund_id": self.fund.id}):
            with self.assertRaises(UserError):
                expense.write(values)
        # what the approver decided on stays as he saw it
        with self.assertRaises(UserError):
            expense.write({"grant_amount": 1})
        for values in ({"state": "paid"}, {"allowed_amount": 600}, {"approved_amount": 1}, {"paid_by_id": 1}):
            with self.assertRaises(AccessError):
                expense.write(values)

    @mute_logger("odoo.sql_db")
    def test_no_proposal_is_out_of_bounds(self):
        """600.00 applied for: nothing below 0 and no more than that is proposed, by whatever number."""
        expense = self.expense()
        for column, amounts in (("grant_amount", (-5, 600.01, 1e300)), ("claim_amount", (-5, 1e15, 1e300))):
            for amount in amounts:
                with self.assertRaises(IntegrityError), self.env.cr.savepoint(flush=False):
                    expense.write({column: amount})
                    expense.flush_recordset()
                expense.invalidate_recordset(flush=False)
        expense.write({"grant_amount": 500, "claim_amount": 480})
        claimed = self.claimed()
        with self.assertRaises(UserError):
            claimed.write({"claim_amount": 1})

    def test_facts_of_the_server_are_not_given_at_creation(self):
        expense = self.expense(state="checked", allowed_amount=600, approved_by_id=self.manager.id)
        self.assertEqual((expense.state, expense.allowed_amount), ("draft", 0))
        self.assertFalse(expense.approved_by_id)
        self.assertEqual(expense.author_id, self.clerk)

    def test_claimed_cut_and_allowed(self):
        """600.00 claimed, 80.00 cut for the standard: 520.00 allowed and earned, 80.00 free again."""
        expense = self.checked(cut=80)
        self.assertEqual((expense.asked_amount, expense.cut_amount, expense.allowed_amount), (600, 80, 520))
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 480, "accrued": 520})
        earning = expense.earning_id
        self.assertEqual((earning.amount, earning.partner_id, earning.component), (520, self.distributor, "expense"))
        self.assertTrue(any(expense.name in line for line in earning._why()))

    def test_more_claimed_than_approved_is_cut_with_its_reason(self):
        """700.00 claimed of 600.00: 100.00 is cut as above what was approved."""
        expense = self.checked(asked=700)
        self.assertEqual((expense.allowed_amount, expense.cut_amount), (600, 100))
        self.assertEqual(expense.cut_ids.reason_id.code, "above_approved")

    def test_who_claimed_does_not_check(self):
        expense = self.claimed()
        with self.assertRaises(UserError):
            expense.with_user(self.clerk).action_check()
        outsider = new_test_user(
            self.env, login="expenses_executive", groups="liquor_member.group_executive", company_id=self.company.id
        )
        with self.assertRaises(AccessError):
            expense.with_user(outsider).action_check()

    def test_photos_are_judged_before_the_check(self):
        expense = self.approved()
        proofs = self.prove(expense, verdict=None)
        expense.claim_amount = 600
        expense.action_claim()
        with self.assertRaises(UserError):
            expense.with_user(self.second_clerk).action_check()
        proofs.with_user(self.second_clerk).action_judge("rejected", "place")
        with self.assertRaises(UserError):
            expense.with_user(self.second_clerk).action_check()
        self.cut(expense, 600)
        expense.with_user(self.second_clerk).action_check()
        self.assertEqual((expense.state, expense.allowed_amount), ("paid", 0))
        self.assertFalse(expense.earning_id)
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 1000})

    def test_no_claim_without_photos(self):
        expense = self.approved()
        with self.assertRaises(UserError):
            expense.action_claim()

    def test_after_the_deadline_it_expires_and_nothing_is_claimed(self):
        expense = self.approved()
        self.prove(expense)
        with self.at("2026-05-15 15:59:59"):
            self.env["liquor.expense"]._late(200)._expire()
            self.assertEqual(expense.state, "executing")
        with self.at("2026-05-15 16:00:00"):  # the 16th in Shanghai
            with self.assertRaises(UserError):
                expense.action_claim()
            self.env["liquor.expense"]._late(200)._expire()
        self.assertEqual(expense.state, "expired")
        self.assertEqual(self.stages(self.fund), {"allocated": 1000, "free": 1000})

    def test_a_claim_is_cut_while_it_waits_only(self):
        expense = self.checked(cut=80)
        with self.assertRaises(UserError):
            self.cut(expense, 10)
        with self.assertRaises(UserError):
            expense.cut_ids.with_user(self.second_clerk).write({"amount": 1})
        with self.assertRaises(UserError):
            expense.cut_ids.with_user(self.second_clerk).unlink()

    def test_age_is_counted_in_days_of_the_company(self):
        """Claimed at 00:10 on 1 April in Shanghai, paid at 23:50 on 11 April: 10 days."""
        with self.at("2026-03-31 16:10:00"):
            expense = self.checked()
            self.assertEqual(expense.age_days, 0)
        with self.at("2026-04-11 15:50:00"):
            expense.invalidate_recordset()
            self.assertEqual(expense.age_days, 10)
            expense.with_user(self.finance).action_pay()
        with self.at("2026-06-01 00:00:00"):
            expense.invalidate_recordset()
            self.assertEqual((expense.age_days, expense.step_days), (10, 0))

    def test_age_report_shows_median_and_oldest(self):
        """Claims of 21, 11 and 1 days: median 11, oldest 21."""
        for day in ("2026-03-11", "2026-03-21", "2026-03-31"):
            with self.at(f"{day} 04:00:00"):
                self.claimed(amount=100, asked=100)
        with self.at("2026-04-01 04:00:00"):
            waiting = self.env["liquor.expense"]._waiting_of(self.company, self.distributor)
        self.assertEqual((waiting["count"], waiting["median"], waiting["oldest"]), (3, 11.0, 21))
        self.assertEqual(waiting["amount"], 300)
        self.env.flush_all()
        row = self.env["liquor.expense.age"].search([("kind_id", "=", self.display.id), ("state", "=", "claimed")])
        self.assertEqual(row.claim_count, 3)
        self.assertEqual(row.oldest_days - row.median_days, 10)
        with self.at("2026-03-31 04:00:00"):
            self.claimed(amount=100, asked=100, kind_id=self.env.ref("liquor_channel.expense_kind_signboard").id)
        self.env.flush_all()
        ages = self.env["liquor.expense.age"]
        claims = [("state", "=", "claimed"), ("company_id", "=", self.company.id)]
        [(median, count)] = ages._read_group(claims, [], ["median_days:avg", "claim_count:sum"])
        # with 1 more of one day: 21, 11, 1 and 1, whose middle lies between 11 and 1; the largest median would be 11
        self.assertEqual((row.oldest_days - median, count), (15, 4))

    def test_the_shop_is_paid_directly_into_its_wallet(self):
        expense = self.paid(paid_by="maker", payment_method="wallet", beneficiary_id=self.shop.id)
        self.assertEqual(expense.state, "paid")
        self.assertEqual(self.env["liquor.earning"]._wallet(self.shop, self.company)["available"], 600)
        with self.assertRaises(ValidationError):
            self.expense(paid_by="maker", payment_method="rebate_account", beneficiary_id=self.shop.id)
        with self.assertRaises(ValidationError):
            self.expense(paid_by="maker", payment_method="wallet", beneficiary_id=self.distributor.id)

    def test_a_claim_given_back_keeps_its_age(self):
        with self.at("2026-03-10 04:00:00"):
            expense = self.claimed()
        with self.at("2026-03-20 04:00:00"):
            expense.with_user(self.second_clerk).action_return()
            self.assertEqual(expense.state, "executing")
            expense.action_claim()
            expense.invalidate_recordset()
            self.assertEqual(expense.age_days, 10)


@tagged("post_install", "-at_install")
class TestEventMoney(ExpenseCase):
    """Events of a club get no money after three with less than 30 % new guests (channel.md C70)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.env["liquor.member.program"].create({"name": "Dream", "mode": "regional"})

    def event(self, guests, new):
        expense = self.approved(
            kind_id=self.env.ref("liquor_channel.expense_kind_tasting").id, program_id=self.program.id, amount=100
        )
        self.prove(expense, 3)
        expense.write({"claim_amount": 100, "guests": guests, "new_guests": new})
        expense.action_claim()
        expense.with_user(self.second_clerk).action_check()

    def test_the_fourth_waits_for_a_change(self):
        for _number in range(3):
            self.event(10, 2)
        expense = self.expense(
            kind_id=self.env.ref("liquor_channel.expense_kind_tasting").id, program_id=self.program.id, amount=100
        )
        expense.action_apply()
        with self.assertRaises(UserError):
            expense.with_user(self.manager).action_approve()
        self.env["liquor.event.review"].with_user(self.member_manager).create({
            "program_id": self.program.id, "change": "Guests come by invitation of members",
        })  # fmt: skip
        expense.with_user(self.manager).action_approve()
        self.assertEqual(expense.state, "approved")

    def test_thirty_per_cent_is_enough(self):
        for _number in range(3):
            self.event(10, 3)
        self.event(10, 2)

    def test_an_event_says_who_came(self):
        with self.assertRaises(UserError):
            self.event(0, 0)
