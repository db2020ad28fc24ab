"""Funds: a violation planted for each invariant."""

from odoo.tests import tagged

from .common import AuditCase

FUND, ENTRY, TRANSFER = "liquor_fund", "liquor_fund_entry", "liquor_fund_transfer"


@tagged("post_install", "-at_install")
class TestFunds(AuditCase):
    def setUp(self):
        super().setUp()
        for table in (FUND, ENTRY, TRANSFER, "liquor_policy"):
            self.copy_of(table)

    def fund(self, **values):
        given = {"name": "East", "kind": "channel", "stop": "hard", "allocated": 0, "free": 0}
        return self.plant(FUND, **{**given, **values})

    def entry(self, fund, stage_from, stage_to, amount, model="liquor.fund.transfer", origin=1):
        return self.plant(
            ENTRY, fund_id=fund, stage_from=stage_from, stage_to=stage_to, amount=amount, origin_model=model,
            origin_id=origin,
        )  # fmt: skip

    def test_balances(self):
        fund = self.fund(allocated=100, free=60, reserved=40)
        self.entry(fund, "allocated", "free", 100)
        entry = self.entry(fund, "free", "reserved", 40)
        self.assert_clean("funds.balances")
        self.change(ENTRY, entry, amount=41)
        self.assert_reported("funds.balances", f"fund {fund} shows 60 as free, its movements say 59")

    def test_free(self):
        fund = self.fund(free=-1, stop="warning")
        self.assert_clean("funds.free")
        self.change(FUND, fund, stop="hard")
        self.assert_reported("funds.free", f"fund {fund} (East) refuses when empty and has -1 free")
        self.fund(reserved=-5)
        self.assert_reported("funds.free", "has less than nothing in a stage")

    def test_reach(self):
        fund = self.fund(kind="member_operations")
        self.entry(fund, "allocated", "free", 100)
        self.assert_clean("funds.reach")
        self.entry(fund, "free", "reserved", 40, model="liquor.expense", origin=7)
        self.assert_reported("funds.reach", f"takes from fund {fund} of member operations for liquor.expense 7")
        policy = self.plant("liquor_policy", fund_id=fund)
        self.assert_reported("funds.reach", f"policy {policy} takes from fund {fund}")
        transfer = self.plant(TRANSFER, fund_from_id=fund, fund_to_id=self.fund(), amount=1, state="draft")
        self.assert_reported("funds.reach", f"budget movement {transfer} takes from member operations")

    def test_approved(self):
        fund = self.fund()
        transfer = self.plant(TRANSFER, fund_to_id=fund, amount=100, state="approved", author_id=1, approved_by_id=2)
        self.entry(fund, "allocated", "free", 100, origin=transfer)
        self.assert_clean("funds.approved")
        self.change(TRANSFER, transfer, approved_by_id=1)
        self.assert_reported("funds.approved", f"budget movement {transfer} was approved by its author")
        self.change(TRANSFER, transfer, approved_by_id=None)
        self.assert_reported("funds.approved", f"budget movement {transfer} is approved by nobody")
        self.change(TRANSFER, transfer, approved_by_id=2)
        self.entry(fund, "allocated", "free", 100, origin=transfer)
        self.assert_reported("funds.approved", f"budget movement {transfer} is approved and moved 2 times")


EXPENSE, CUT, EARNING, ACCRUAL, PROOF = (
    "liquor_expense", "liquor_expense_cut", "liquor_earning", "liquor_expense_accrual", "liquor_expense_proof",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestExpenses(AuditCase):
    def setUp(self):
        super().setUp()
        for table in (ENTRY, EXPENSE, CUT, EARNING, ACCRUAL, PROOF, "account_move_line", "liquor_account_mapping"):
            self.copy_of(table)

    def expense(self, **values):
        return self.plant(EXPENSE, **{"name": "FY1", "state": "approved", "approved_amount": 600, **values})

    def moved(self, expense, stage_from, stage_to, amount):
        return self.plant(
            ENTRY, stage_from=stage_from, stage_to=stage_to, amount=amount, origin_model="liquor.expense",
            origin_id=expense,
        )  # fmt: skip

    def test_fund(self):
        expense = self.expense()
        self.assert_reported("expenses.fund", "expense FY1 is approved")
        self.moved(expense, "free", "reserved", 600)
        self.assert_clean("expenses.fund")
        self.change(EXPENSE, expense, state="checked", allowed_amount=520)
        self.moved(expense, "reserved", "accrued", 520)
        self.assert_reported("expenses.fund", "reserved 80")
        self.moved(expense, "reserved", "free", 80)
        self.assert_clean("expenses.fund")

    def test_claims(self):
        expense = self.expense(state="checked", asked_amount=600, allowed_amount=520)
        earning = self.plant(EARNING, origin_model="liquor.expense", origin_id=expense, amount=520)
        self.assert_reported("expenses.claims", "expense FY1: 600")
        self.plant(CUT, expense_id=expense, amount=80)
        self.assert_clean("expenses.claims")
        self.change(EARNING, earning, amount=521)
        self.assert_reported("expenses.claims", "expense FY1 allows 520 and earned 521")

    def test_unclaimed(self):
        self.plant("liquor_account_mapping", company_id=1, kind="account", role="expense_unclaimed", account_id=9)
        expense = self.expense()
        self.plant(ACCRUAL, company_id=1, expense_id=expense, amount=600)
        self.assert_reported("expenses.unclaimed", "company 1: 0 stand")
        self.plant("account_move_line", company_id=1, account_id=9, balance=-600, parent_state="posted")
        self.assert_clean("expenses.unclaimed")
        self.change(EXPENSE, expense, state="checked")
        self.assert_reported("expenses.unclaimed", "expense FY1 is checked")

    def test_people(self):
        expense = self.expense(author_id=1, claimed_by_id=1, approved_by_id=2, checked_by_id=3, paid_by_id=4)
        self.assert_clean("expenses.people")
        self.change(EXPENSE, expense, approved_by_id=1)
        self.assert_reported("expenses.people", "was approved by its author")
        self.change(EXPENSE, expense, approved_by_id=2, checked_by_id=1)
        self.assert_reported("expenses.people", "was checked by who applied or claimed")
        self.change(EXPENSE, expense, checked_by_id=3, paid_by_id=3)
        self.assert_reported("expenses.people", "was paid by who approved or checked it")
        photo = self.plant(PROOF, sent_by_id=5, judged_by_id=5)
        self.assert_reported("expenses.people", f"photo {photo} was judged by its sender")


CHARGE, LINE, AGREEMENT, SOURCE = (
    "liquor_charge", "liquor_charge_line", "liquor_agreement", "liquor_agreement_source",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestShares(AuditCase):
    def setUp(self):
        super().setUp()
        for table in (
            CHARGE, LINE, AGREEMENT, SOURCE, EARNING, "liquor_accrual_line", "liquor_benefit_funding",
            "liquor_benefit_posting", "account_move_line", "liquor_account_mapping", "sale_order_line",
            "sale_order_line_invoice_rel",
        ):  # fmt: skip
            if table == "sale_order_line_invoice_rel":
                self.env.cr.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table}) ON COMMIT DROP")
            else:
                self.copy_of(table)
        self.plant("liquor_account_mapping", company_id=1, kind="account", role="cofunding_due", account_id=9)

    def item(self, balance):
        return self.plant(
            "account_move_line", company_id=1, account_id=9, partner_id=7, balance=balance, parent_state="posted"
        )

    def test_due(self):
        earning = self.plant(EARNING, company_id=1, funder_id=7, funder_amount=180)
        self.plant("liquor_accrual_line", earning_id=earning)
        self.assert_reported("shares.due", "shares of partner 7: general ledger 0, sub-ledger 180")
        self.item(180)
        funding = self.plant("liquor_benefit_funding", company_id=1, funder_id=7, funder_amount=7.5)
        self.assert_clean("shares.due")
        self.plant("liquor_benefit_posting", funding_id=funding)
        self.item(7.5)
        self.plant(CHARGE, company_id=1, distributor_id=7, state="posted", amount=100)
        self.item(-100)
        line = self.plant("sale_order_line", liquor_share_agreement_id=1)
        item = self.item(-87.5)
        self.assert_reported("shares.due", "shares of partner 7")
        self.env.cr.execute(
            "INSERT INTO sale_order_line_invoice_rel (invoice_line_id, order_line_id) VALUES (%s, %s)", [item, line]
        )
        self.assert_clean("shares.due")

    def test_charged(self):
        agreement = self.plant(AGREEMENT, accepted_at="2026-01-01")
        source = self.plant(SOURCE, agreement_id=agreement, kind="deposit")
        charge = self.plant(
            CHARGE, name="RL1", agreement_id=agreement, amount=100, state="posted", author_id=1, approved_by_id=2
        )
        line = self.plant(LINE, charge_id=charge, kind="deposit", amount=100)
        self.assert_clean("shares.charged")
        self.change(LINE, line, amount=99)
        self.assert_reported("shares.charged", "charge RL1 says 100, its sources sum to 99")
        self.change(LINE, line, amount=100)
        self.change(CHARGE, charge, approved_by_id=1)
        self.assert_reported("shares.charged", "charge RL1 was posted by its author")
        self.change(CHARGE, charge, approved_by_id=2)
        self.change(SOURCE, source, kind="rebate")
        self.assert_reported("shares.charged", "charge RL1 takes from “deposit”")
        self.change(SOURCE, source, kind="deposit")
        self.change(AGREEMENT, agreement, accepted_at=None)
        self.assert_reported("shares.charged", "nobody accepted")


@tagged("post_install", "-at_install")
class TestProviderBills(AuditCase):
    def test_each_use_is_paid_once_as_agreed(self):
        """A trip of 80.00, billed and posted; then whatever can be wrong with it."""
        bills, rows, uses, moves = (
            "liquor_provider_bill", "liquor_provider_bill_line", "liquor_benefit_claim", "account_move"
        )  # fmt: skip
        use = self.plant(uses, cost=80, state="done")
        entry = {"amount_total": 80, "state": "posted", "move_type": "in_invoice", "partner_id": 7}
        move = self.plant(moves, name="B", **entry)
        bill = self.plant(
            bills, state="posted", amount_allowed=80, author_id=5, approved_by_id=6, move_id=move, partner_id=7
        )  # fmt: skip
        row = self.plant(rows, bill_id=bill, claim_id=use, allowed=80, live=True)
        self.assert_clean("funds.provider_bills")
        for table, key, wrong, said in (
            (bills, bill, {"approved_by_id": 5}, f"bill {bill} was approved by user 5"),
            (moves, move, {"amount_total": 95}, f"bill {bill}: 80 to pay, its rows are 80, its entry 95"),
            (moves, move, {"state": "draft"}, f"bill {bill}: 80 to pay"),
            (uses, use, {"cost": 70}, f"row {row} of bill {bill} is paid 80 for use {use}, which cost 70"),
            (uses, use, {"state": "ready"}, f"row {row} of bill {bill}"),
        ):
            with self.subTest(wrong), self.env.cr.savepoint() as savepoint:
                self.change(table, key, **wrong)
                self.assert_reported("funds.provider_bills", said)
                savepoint.close(rollback=True)
        self.plant(rows, bill_id=bill + 1, claim_id=use, allowed=0, live=True)
        self.assert_reported("funds.provider_bills", f"use {use} is billed 2 times")
