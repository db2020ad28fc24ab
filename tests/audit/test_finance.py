"""Account statements, variances, closed months: a violation planted for each invariant."""

from odoo.tests import tagged

from odoo.addons.liquor_channel.engine.finance.account_statement import FIVE_ACCOUNTS, account_values
from odoo.addons.liquor_channel.engine.settlement.statement import canonical_json, snapshot_hash

from .common import AuditCase

STATEMENT, LINE = "liquor_account_statement", "liquor_account_statement_line"
VARIANCE, EARNING, PERIOD = "liquor_variance", "liquor_earning", "liquor_period"


@tagged("post_install", "-at_install")
class TestFinance(AuditCase):
    def setUp(self):
        super().setUp()
        for table in (STATEMENT, LINE, VARIANCE, EARNING, PERIOD):
            self.copy_of(table)

    def statement(self, state="sent"):
        text = canonical_json({"accounts": account_values({}, [])})
        number = self.plant(STATEMENT, name="WL1", state=state, snapshot=text, snapshot_hash=snapshot_hash(text))
        lines = [
            self.plant(
                LINE, statement_id=number, account=account, opening=0, incoming=0, outgoing=0, closing=0, state="open"
            )
            for account in FIVE_ACCOUNTS
        ]
        return number, lines

    def test_frozen_text_and_accounts(self):
        number, lines = self.statement()
        self.assert_clean("statements.frozen")
        self.change(LINE, lines[0], closing=5)
        self.assert_reported("statements.frozen", f"statement {number}: account goods")
        self.change(STATEMENT, number, snapshot_hash="0")
        self.assert_reported("statements.frozen", f"statement {number} does not have its fingerprint")

    def test_confirmed_by_all_accounts(self):
        number, lines = self.statement()
        self.assert_clean("statements.confirmed")
        self.change(STATEMENT, number, state="confirmed")
        self.assert_reported("statements.confirmed", "statement WL1 is confirmed, its account goods is open")
        for line in lines:
            self.change(LINE, line, state="confirmed")
        self.assert_clean("statements.confirmed")
        self.change(LINE, lines[0], statement_id=number + 1)
        self.assert_reported("statements.confirmed", "statement WL1 was sent and has 4 accounts")

    def test_variances(self):
        row = {"company_id": 1, "variance_class": "v01", "cause_key": "a"}
        first = self.plant(VARIANCE, state="closed", reason="found", decided_by_id=2, **row)
        self.assert_clean("variances.decided")
        self.change(VARIANCE, first, reason=" ")
        self.assert_reported("variances.decided", f"variance {first} is closed without reason")
        self.change(VARIANCE, first, reason="found")
        self.plant(VARIANCE, state="open", **row)
        self.assert_reported("variances.decided", "cause v01 a of company 1 stands 2 times")

    def test_nothing_into_a_closed_month(self):
        self.plant(
            PERIOD, name="2026-03", company_id=1, state="closed", date_start="2026-03-01", date_end="2026-03-31",
            closed_at="2026-04-10 01:00:00",
        )  # fmt: skip
        early = {"company_id": 1, "booked_day": "2026-03-31", "create_date": "2026-04-09 01:00:00"}
        earning = self.plant(EARNING, **early)
        self.assert_clean("periods.closed")
        self.change(EARNING, earning, create_date="2026-04-11 01:00:00")
        self.assert_reported("periods.closed", f"earning {earning} was booked on 2026-03-31 into 2026-03")
