"""Returns on spend and what rewards cost: a fault planted for each invariant."""

from datetime import date, datetime

from odoo.tests import tagged

from .common import AuditCase

RETURN, LINE, MARGIN = "liquor_spend_return", "liquor_spend_return_line", "liquor_spend_return_margin"
EARNING, ITEM = "liquor_earning", "account_move_line"
SHOP, OTHER, DISTRIBUTOR, GUIDE = 7, 8, 9, 10
MARCH = {"date_from": date(2026, 3, 1), "date_to": date(2026, 3, 31)}
BEFORE = {"baseline_from": date(2026, 1, 29), "baseline_to": date(2026, 2, 28)}
DAY, NOON = date(2026, 3, 10), datetime(2026, 3, 10, 12)
#: 50 bottles instead of 30 at a margin of 40.00, for 400.00 of which 100.00 are carried: 500.00 more than it cost
FIGURES = {
    "spend": 300, "measured_spend": 300, "incremental_margin": 800, "opened_bottles": 50, "received_cases": 8,
    "return_percent": 166.67, "cost_per_opened": 6, "cost_per_case": 37.5, "incremental_bottles": 20,
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestReturns(AuditCase):
    def setUp(self):
        super().setUp()
        for table in (RETURN, LINE, MARGIN, EARNING, "liquor_employment", "liquor_policy_version", "liquor_expense"):
            self.copy_of(table)
        self.version = self.plant("liquor_policy_version", policy_id=3)
        self.whole = self.plant(
            RETURN, company_id=1, state="done", computed_to=MARCH["date_to"], computed_at=datetime(2026, 4, 1),
            computed_snapshot="100:100:", **MARCH, **FIGURES,
        )  # fmt: skip
        self.line = self.plant(
            LINE, return_id=self.whole, policy_id=3, partner_id=SHOP, is_spread=False, earned=400, carried=100,
            baseline_kind="before_programme", **MARCH, **BEFORE, **FIGURES,
        )  # fmt: skip
        self.earning = self.earn(400, SHOP, funder_amount=100)

    def earn(self, amount, partner, kind="terminal", **values):
        given = {
            "company_id": 1,
            "policy_version_id": self.version,
            "business_day": DAY,
            "create_date": NOON,
            "xid": "50",
        }
        return self.plant(EARNING, partner_id=partner, beneficiary_kind=kind, amount=amount, **{**given, **values})

    def test_money_is_that_of_the_ledger(self):
        self.earn(99, SHOP, business_day=date(2026, 4, 1))
        self.earn(99, SHOP, xid="100")
        self.earn(99, SHOP, create_date=datetime(2026, 4, 2))
        self.assert_clean("returns.money")
        self.change(LINE, self.line, carried=90)
        self.assert_reported(
            "returns.money", f"return {self.whole}, policy 3", "earned 400, carried 90; the ledger says 400"
        )
        self.change(LINE, self.line, carried=100, partner_id=OTHER)
        self.assert_reported("returns.money", f"shop {OTHER}: earned 400", f"shop {SHOP}: earned 0, carried 0")

    def test_money_of_distributors_and_guides(self):
        self.earn(80, DISTRIBUTOR, "distributor")
        self.assert_reported("returns.money", "shop : earned 0, carried 0; the ledger says 80")
        for shop in (SHOP, OTHER):
            self.plant(LINE, return_id=self.whole, policy_id=3, partner_id=shop, is_spread=True, earned=40, carried=0)
        self.assert_clean("returns.money")
        self.plant("liquor_employment", person_id=GUIDE, employer_id=OTHER, company_id=1, date_start=date(2026, 3, 1))
        self.earn(25, GUIDE, "guide")
        guide = self.plant(
            LINE, return_id=self.whole, policy_id=3, partner_id=OTHER, is_spread=False, earned=25, carried=0
        )
        self.assert_clean("returns.money")
        self.change(LINE, guide, earned=24)
        self.assert_reported("returns.money", f"shop {OTHER}: earned 24, carried 0; the ledger says 25")

    def test_ratios_are_what_their_parts_say(self):
        self.assert_clean("returns.ratios")
        for table, key, name in ((LINE, self.line, "line"), (RETURN, self.whole, "return")):
            for column, wrong in (("return_percent", 266.67), ("cost_per_opened", 8), ("cost_per_case", 0)):
                right = FIGURES[column]
                with self.subTest(table=table, column=column):
                    self.change(table, key, **{column: wrong})
                    self.assert_reported("returns.ratios", f"{name} {key}", f"{column} is {wrong}, its parts say")
                    self.change(table, key, **{column: right})

    def test_a_return_is_the_sum_of_its_lines(self):
        self.assert_clean("returns.sums")
        self.change(RETURN, self.whole, incremental_margin=840)
        self.assert_reported("returns.sums", f"return {self.whole}: incremental_margin is 840, its lines sum to 800")
        self.change(RETURN, self.whole, incremental_margin=800)
        self.change(LINE, self.line, reason="waiting")
        self.assert_reported("returns.sums", f"return {self.whole} is computed, line {self.line} is still to measure")
        self.change(LINE, self.line, reason=None)
        parts = [
            self.plant(
                LINE, return_id=self.whole, policy_id=3, partner_id=shop, distributor_id=DISTRIBUTOR, is_spread=True,
                earned=earned, carried=0,
            )
            for shop, earned in ((SHOP, 26.67), (OTHER, 26.67), (11, 26.66))
        ]  # fmt: skip
        self.assert_clean("returns.sums")
        self.change(LINE, parts[0], earned=26.68)
        self.assert_reported("returns.sums", "policy 3 stand at his shops in parts from 26.66 to 26.68")

    def test_as_many_days_before_are_compared(self):
        self.assert_clean("returns.baselines")
        for wrong in (date(2026, 1, 30), date(2026, 3, 1)):
            self.change(LINE, self.line, baseline_from=wrong)
            self.assert_reported("returns.baselines", f"line {self.line} of return {self.whole}: 31 days")
        self.change(LINE, self.line, baseline_from=BEFORE["baseline_from"], baseline_to=MARCH["date_from"])
        self.assert_reported("returns.baselines", f"line {self.line} of return {self.whole}: 31 days")

    def test_a_margin_is_price_less_cost(self):
        self.change(LINE, self.line, reason="no_shop")
        margin = self.plant(MARGIN, return_id=self.whole, source="cost", price=100, cost=60, margin=40)
        self.plant(MARGIN, return_id=self.whole, source="family", price=100, cost=0, margin=25)
        self.assert_clean("returns.baselines")
        self.change(MARGIN, margin, margin=60)
        self.assert_reported("returns.baselines", f"margin {margin} of return {self.whole} is 60: price 100, cost 60")
        self.change(MARGIN, margin, margin=60, source="none")
        self.assert_reported("returns.baselines", f"margin {margin} of return {self.whole} is 60")

    def test_cost_is_in_analytic_lines(self):
        """400.00 earned, 100.00 of them carried: 300.00 cost; 50.00 were expected at shipment and cost nothing now."""
        for table in ("account_move", "account_account", "account_analytic_line", "liquor_accrual_line"):
            self.copy_of(table)
        account = self.plant("account_account", account_type="expense")
        owing = self.plant("account_account", account_type="liability_payable")
        entry = self.plant("account_move", liquor_accrual_run_id=1)
        cost = self.plant(ITEM, move_id=entry, account_id=account, balance=300, parent_state="posted")
        owed = self.plant(ITEM, move_id=entry, account_id=owing, balance=-450, parent_state="posted")
        expected = self.earn(50, SHOP)
        self.plant("liquor_accrual_line", earning_id=self.earning, move_line_id=owed)
        line = self.plant("liquor_accrual_line", earning_id=expected, move_line_id=owed, expectation_id=4)
        part = self.plant("account_analytic_line", move_line_id=cost, amount=-200)
        self.plant("account_analytic_line", move_line_id=cost, amount=-100)
        self.assert_clean("spend.analytic")
        self.change("account_analytic_line", part, amount=-100)
        self.assert_reported("spend.analytic", f"journal item {cost} costs 300, its analytic lines say 200")
        self.change("account_analytic_line", part, amount=-200)
        self.change("liquor_accrual_line", line, expectation_id=None)
        self.assert_reported("spend.analytic", f"entry {entry} costs 300, its earnings less what is carried are 350")
