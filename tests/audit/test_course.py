"""Money of policies in their funds, expenses taken back, charges reversed, currencies: a violation planted for each."""

from tools.audit.invariants.course import IN_MONEY

from odoo.tests import tagged

from .common import AuditCase

FUND, ENTRY, EARNING, ACCRUED = "liquor_fund", "liquor_fund_entry", "liquor_earning", "liquor_accrual_line"
SETTLEMENT, SETTLED = "liquor_settlement", "liquor_settlement_line"
PAYOUT, PAID = "liquor_payout", "liquor_payout_line"
GIVEN, POSTED = "liquor_benefit_funding", "liquor_benefit_posting"
EXPENSE, CLAWBACK = "liquor_expense", "liquor_expense_clawback"


@tagged("post_install", "-at_install")
class TestFundCourse(AuditCase):
    def setUp(self):
        super().setUp()
        for table in (FUND, ENTRY, EARNING, ACCRUED, SETTLEMENT, SETTLED, PAYOUT, PAID, GIVEN, POSTED):
            self.copy_of(table)

    def fund(self, earned, settled=0, paid=0, **values):
        return self.plant(
            FUND, name="East", kind="channel", course_earned=earned, course_settled=settled, course_paid=paid, **values
        )

    def earned(self, fund, amount, share=0):
        earning = self.plant(EARNING, company_id=1, amount=amount, funder_amount=share)
        self.plant(ACCRUED, company_id=1, earning_id=earning, fund_id=fund, amount=amount)
        return earning

    def test_documents_of_a_settlement(self):
        fund = self.fund(600)
        earning = self.earned(fund, 600)
        self.assert_clean("funds.course")
        paper = self.plant(SETTLEMENT, name="S", state="approved")
        self.plant(SETTLED, settlement_id=paper, earning_id=earning, live=True)
        self.assert_clean("funds.course")
        self.change(SETTLEMENT, paper, state="posted")
        self.assert_reported("funds.course", f"fund {fund}: its documents say owed 600, settled 0, paid 0")
        self.change(FUND, fund, course_settled=600)
        self.assert_clean("funds.course")
        self.change(SETTLEMENT, paper, state="paid")
        self.assert_reported("funds.course", "the sub-ledger 600, 600, 600")

    def test_documents_of_a_payout_carry_the_brands_part(self):
        fund = self.fund(420, 420, 420)
        earning = self.earned(fund, 600, 180)
        self.assert_reported("funds.course", "the sub-ledger 420, 0, 0")
        payout = self.plant(PAYOUT, state="sent")
        line = self.plant(PAID, payout_id=payout, earning_id=earning, approved=True, live=True)
        self.assert_clean("funds.course")
        self.change(PAYOUT, payout, state="failed")
        self.change(PAID, line, live=False)
        self.assert_reported("funds.course", "the sub-ledger 420, 420, 0")

    def test_benefits_handed_over_go_the_whole_way(self):
        """50.00 less the distributor's 15.00 are 35.00: owed, settled and paid at once."""
        fund = self.plant(FUND, name="Members", kind="member_operations", course_earned=35)
        given = self.plant(GIVEN, fund_id=fund, amount=50, funder_amount=15)
        self.plant(POSTED, funding_id=given)
        self.assert_reported("funds.course", f"fund {fund} of members: owed 35, settled 0, paid 0", "cost it 35")
        self.change(FUND, fund, course_settled=35, course_paid=35)
        self.assert_clean("funds.course")

    def test_stages_follow(self):
        fund = self.fund(420, 300, 100)
        self.change(FUND, fund, accrued=120, settled=200, paid=100)
        self.assert_clean("funds.standing")
        self.change(FUND, fund, settled=199)
        self.assert_reported("funds.standing", f"fund {fund} shows 199 as settled, its documents and expenses say 200")
        self.change(FUND, fund, settled=250)
        self.plant(
            ENTRY, fund_id=fund, stage_from="accrued", stage_to="settled", amount=50, origin_model="liquor.expense"
        )
        self.assert_reported("funds.standing", "shows 120 as accrued, its documents and expenses say 70")
        self.change(FUND, fund, accrued=70)
        self.assert_clean("funds.standing")


@tagged("post_install", "-at_install")
class TestTakenBack(AuditCase):
    def setUp(self):
        super().setUp()
        for table in (EXPENSE, CLAWBACK, EARNING, ENTRY):
            self.copy_of(table)

    def test_clawbacks(self):
        expense = self.plant(EXPENSE, name="FY1", allowed_amount=600, clawed_amount=200, fund_id=1)
        self.assert_reported("expenses.clawbacks", "expense FY1: 200 taken back of 600, its clawbacks say 0")
        earning = self.plant(EARNING, company_id=1, amount=-200)
        clawback = self.plant(
            CLAWBACK, expense_id=expense, amount=200, state="done", author_id=1, decided_by_id=2, earning_id=earning
        )
        self.assert_reported("expenses.clawbacks", f"clawback {clawback} takes 200 back, its fund has 0 again")
        self.plant(ENTRY, amount=200, origin_model="liquor.expense.clawback", origin_id=clawback)
        self.assert_clean("expenses.clawbacks")
        self.change(CLAWBACK, clawback, decided_by_id=1)
        self.assert_reported("expenses.clawbacks", f"clawback {clawback} was decided by its author (user 1)")
        self.change(CLAWBACK, clawback, decided_by_id=2)
        self.change(EARNING, earning, amount=-199)
        self.assert_reported("expenses.clawbacks", f"clawback {clawback} takes 200 back and its earning says -199")
        self.change(EARNING, earning, amount=-200)
        self.change(EXPENSE, expense, allowed_amount=199)
        self.assert_reported("expenses.clawbacks", "expense FY1: 200 taken back of 199")


@tagged("post_install", "-at_install")
class TestReversedCharges(AuditCase):
    def test_nothing_is_left(self):
        for table in ("liquor_charge", "account_move", "account_move_line", "liquor_rebate_entry"):
            self.copy_of(table)
        charge = self.plant("liquor_charge", name="C1", state="reversed", approved_by_id=1, reversed_by_id=2)
        move = self.plant("account_move", liquor_charge_id=charge, state="posted")
        self.plant("account_move_line", move_id=move, account_id=9, balance=180)
        self.assert_reported("shares.reversed", "charge C1 is reversed and leaves 180 on account 9")
        mirror = self.plant("account_move", liquor_charge_id=charge, state="posted")
        self.plant("account_move_line", move_id=mirror, account_id=9, balance=-180)
        self.assert_clean("shares.reversed")
        self.plant("liquor_rebate_entry", origin_model="liquor.charge", origin_id=charge, amount=-50)
        self.assert_reported("shares.reversed", "charge C1 is reversed and leaves -50 in the rebate account")
        self.plant("liquor_rebate_entry", origin_model="liquor.charge", origin_id=charge, amount=50)
        self.assert_clean("shares.reversed")
        self.change("liquor_charge", charge, reversed_by_id=1)
        self.assert_reported("shares.reversed", "charge C1 was reversed by who posted it (user 1)")


@tagged("post_install", "-at_install")
class TestCurrency(AuditCase):
    def test_each_table(self):
        for table in (*IN_MONEY, "res_company"):
            self.copy_of(table)
        company = self.plant("res_company", name="C", currency_id=6)
        for table in IN_MONEY:
            row = self.plant(table, company_id=company, currency_id=6)
            self.assert_clean("money.currency")
            self.change(table, row, currency_id=1)
            self.assert_reported("money.currency", f"{table} {row} is in currency 1, its company {company} counts in 6")
            self.change(table, row, currency_id=6)
