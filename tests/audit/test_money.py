"""Accruals, settlements, payouts: a violation planted for each invariant."""

from datetime import date, datetime

from odoo.tests import tagged

from odoo.addons.liquor_channel.engine.settlement.statement import canonical_json, snapshot_hash

from .common import AuditCase

EARNING, ACCRUAL, ITEM, MOVE = "liquor_earning", "liquor_accrual_line", "account_move_line", "account_move"
SETTLEMENT, LINE = "liquor_settlement", "liquor_settlement_line"
PAYOUT, BATCH, PAID = "liquor_payout", "liquor_payout_batch", "liquor_payout_line"
TABLES = (EARNING, ACCRUAL, ITEM, MOVE, SETTLEMENT, LINE, PAYOUT, BATCH, PAID, "liquor_account_mapping")
SHOP = 7


class MoneyCase(AuditCase):
    def setUp(self):
        super().setUp()
        for table in TABLES:
            self.copy_of(table)
        self.accounts = {"reward_accrued": 101, "reward_payable": 102, "rebate_accrued": 103, "clawback_due": 104}
        for role, account in self.accounts.items():
            self.plant("liquor_account_mapping", company_id=1, kind="account", role=role, account_id=account)

    def item(self, role, balance, partner=SHOP, **move):
        """A posted journal item."""
        entry = self.plant(MOVE, name="M", state="posted", move_type="entry", **move)
        given = {"account_id": self.accounts[role], "partner_id": partner, "parent_state": "posted"}
        return self.plant(ITEM, move_id=entry, company_id=1, balance=balance, **given)

    def earned(self, amount, role="reward_accrued"):
        """An earning that is accrued."""
        earning = self.plant(EARNING, company_id=1, partner_id=SHOP, amount=amount)
        item = self.item(role, -amount, liquor_accrual_run_id=1)
        accrual = self.plant(ACCRUAL, company_id=1, earning_id=earning, move_line_id=item, amount=amount)
        return earning, item, accrual


@tagged("post_install", "-at_install")
class TestAccruals(MoneyCase):
    def test_once_and_to_the_cent(self):
        earning, item, accrual = self.earned(600)
        self.assert_clean("accruals.once")
        self.change(ACCRUAL, accrual, amount=599.99)
        self.assert_reported("accruals.once", f"accrual {accrual}: 599.99 booked for earning {earning} of 600")
        self.plant(ACCRUAL, company_id=1, earning_id=earning, move_line_id=item, amount=600)
        self.assert_reported("accruals.once", f"earning {earning} is accrued 2 times")

    def test_item_is_the_sum_of_its_earnings(self):
        _earning, item, _accrual = self.earned(600)
        second = self.plant(EARNING, company_id=1, partner_id=SHOP, amount=-150)
        self.plant(ACCRUAL, company_id=1, earning_id=second, move_line_id=item, amount=-150)
        self.assert_reported("accruals.items", f"journal item {item}: -600")
        self.change(ITEM, item, balance=-450)
        self.assert_clean("accruals.items")
        self.change(ITEM, item, parent_state="cancel")
        self.assert_reported("accruals.items", f"journal item {item}: -450")

    def test_item_of_another_partner(self):
        earning, item, _accrual = self.earned(600)
        self.change(EARNING, earning, partner_id=SHOP + 1)
        self.assert_reported("accruals.items", f"journal item {item} of an accrual owes partner {SHOP}")

    def test_sub_ledger_through_approval_payment_and_return(self):
        earning, _item, _accrual = self.earned(600)
        self.earned(40)
        self.assert_clean("accounts.sub_ledger")
        batch = self.plant(BATCH, state="approved")
        payout = self.plant(PAYOUT, company_id=1, partner_id=SHOP, batch_id=batch, state="batched", kind="reward")
        self.plant(PAID, payout_id=payout, earning_id=earning, amount=600, live=True, approved=True)
        self.assert_reported("accounts.sub_ledger", "reward_accrued of partner 7: general ledger -640")
        self.item("reward_accrued", 600)
        payable = self.item("reward_payable", -600)
        self.assert_clean("accounts.sub_ledger")
        self.change(PAYOUT, payout, state="sent")
        self.assert_reported("accounts.sub_ledger", "reward_payable of partner 7: general ledger -600")
        self.item("reward_payable", 600)
        self.assert_clean("accounts.sub_ledger")
        self.change(PAYOUT, payout, state="failed")
        self.item("reward_payable", -600)
        self.assert_clean("accounts.sub_ledger")
        self.change(ITEM, payable, balance=-599)
        self.assert_reported("accounts.sub_ledger", "reward_payable of partner 7: general ledger -599")

    def test_sub_ledger_of_cash_back(self):
        batch = self.plant(BATCH, state="approved")
        self.plant(PAYOUT, company_id=1, partner_id=9, batch_id=batch, state="batched", kind="cash_back", amount=8)
        self.assert_reported("accounts.sub_ledger", "reward_payable of partner 9: general ledger 0, sub-ledger -8")
        self.item("reward_payable", -8, partner=9)
        self.assert_clean("accounts.sub_ledger")

    def test_rebates_owed(self):
        self.earned(100, "rebate_accrued")
        self.item("rebate_accrued", 60, liquor_settlement_id=5)
        entry = self.item("rebate_accrued", 40)
        self.assert_reported("accounts.rebates", f"journal item {entry} (40")
        self.env.cr.execute(f"UPDATE pg_temp.{MOVE} SET move_type = 'out_invoice'")
        self.assert_clean("accounts.rebates")

    def test_balanced_and_posted(self):
        entry = self.plant(MOVE, name="RBA/1", state="posted", liquor_accrual_run_id=1)
        item = self.plant(ITEM, move_id=entry, balance=600)
        self.plant(ITEM, move_id=entry, balance=-600)
        self.assert_clean("accounts.balanced")
        self.change(ITEM, item, balance=600.01)
        self.assert_reported("accounts.balanced", f"entry RBA/1 (id {entry}) is off by 0.01")
        self.change(MOVE, entry, state="cancel")
        self.assert_reported("accounts.balanced", f"entry RBA/1 (id {entry}) is cancel")

    def test_closed_month(self):
        closed = {"date_start": date(2026, 3, 1), "date_end": date(2026, 3, 31)}
        self.plant("liquor_period", company_id=1, state="closed", closed_at=datetime(2026, 4, 5), **closed)
        earning = self.plant(EARNING, company_id=1, booked_day=date(2026, 3, 31), create_date=datetime(2026, 4, 4))
        self.assert_clean("earnings.closed")
        self.change(EARNING, earning, create_date=datetime(2026, 4, 6))
        self.assert_reported("earnings.closed", f"earning {earning} is booked on 2026-03-31")


@tagged("post_install", "-at_install")
class TestSettlements(MoneyCase):
    def setUp(self):
        super().setUp()
        self.earning = self.plant(EARNING, company_id=1, partner_id=SHOP, amount=100)
        given = {"name": "S1", "partner_id": SHOP, "state": "sent", "amount_total": 100}
        self.settlement = self.plant(SETTLEMENT, author_id=5, **given)
        self.line = self.plant(LINE, settlement_id=self.settlement, earning_id=self.earning, amount=100, live=True)

    def test_header(self):
        self.plant(LINE, settlement_id=self.settlement, earning_id=self.earning, amount=9, live=False)
        self.assert_clean("settlements.header")
        self.change(SETTLEMENT, self.settlement, amount_total=109)
        self.assert_reported("settlements.header", "settlement S1 says 109")
        self.change(SETTLEMENT, self.settlement, state="cancelled")
        self.assert_reported("settlements.header", "settlement S1 was cancelled and has live lines")

    def test_mirror(self):
        self.change(SETTLEMENT, self.settlement, state="reversed")
        self.change(LINE, self.line, live=False)
        mirror = {"name": "S2", "partner_id": SHOP, "state": "closed", "reverses_id": self.settlement}
        mirror = self.plant(SETTLEMENT, amount_total=-100, **mirror)
        self.assert_clean("settlements.header")
        self.change(SETTLEMENT, mirror, amount_total=-99)
        self.assert_reported("settlements.header", "settlement S2 takes back -99")

    def test_once(self):
        self.assert_clean("settlements.once")
        second = self.plant(LINE, settlement_id=self.settlement, earning_id=self.earning, amount=99, live=True)
        self.assert_reported("settlements.once", f"earning {self.earning} is in 2 live settlements")
        self.assert_reported("settlements.once", f"settlement line {second}: 99")
        self.change(EARNING, self.earning, partner_id=SHOP + 1)
        self.assert_reported("settlements.once", f"settlement line {self.line}: 100")

    def test_snapshot(self):
        lines = [{"id": self.earning, "amount": "100.00", "held": False}, {"id": 0, "amount": "3.00", "held": True}]
        text = canonical_json({"accounts": [], "lines": lines})
        frozen = {"snapshot": text, "snapshot_hash": snapshot_hash(text)}
        self.assert_reported("settlements.snapshot", "does not match its fingerprint")
        self.change(SETTLEMENT, self.settlement, **frozen)
        self.assert_clean("settlements.snapshot")
        self.change(SETTLEMENT, self.settlement, snapshot=text.replace("100.00", "900.00"))
        self.assert_reported("settlements.snapshot", "S1: the frozen statement does not match its fingerprint")
        self.change(SETTLEMENT, self.settlement, **frozen)
        self.change(LINE, self.line, amount=99)
        self.assert_reported("settlements.snapshot", "S1: its lines are not those of the frozen statement")

    def test_people(self):
        self.change(SETTLEMENT, self.settlement, state="approved", approved_by_id=6)
        batch = self.plant(BATCH, name="B1", state="sent", author_id=5, approved_by_id=6, sent_by_id=5)
        self.assert_clean("people.approver")
        self.change(SETTLEMENT, self.settlement, approved_by_id=5)
        self.assert_reported("people.approver", "settlement S1 was approved by its author (user 5)")
        self.change(SETTLEMENT, self.settlement, approved_by_id=None)
        self.assert_reported("people.approver", "settlement S1 is approved and nobody approved it")
        self.change(BATCH, batch, sent_by_id=6)
        self.assert_reported("people.approver", "batch B1 was approved and paid by the same person (user 6)")
        self.change(BATCH, batch, approved_by_id=5)
        self.assert_reported("people.approver", "payout batch B1 was approved by its author (user 5)")
        self.change(BATCH, batch, approved_by_id=None)
        self.assert_reported("people.approver", "payout batch B1 is sent and nobody approved it")


@tagged("post_install", "-at_install")
class TestPayouts(MoneyCase):
    def setUp(self):
        super().setUp()
        self.earning = self.plant(EARNING, company_id=1, partner_id=SHOP, amount=100)
        self.payout = self.plant(PAYOUT, name="P1", partner_id=SHOP, kind="reward", state="sent", amount=100)
        self.line = self.plant(PAID, payout_id=self.payout, earning_id=self.earning, amount=100, live=True)

    def test_sums_and_references(self):
        self.assert_clean("payouts.sums")
        self.change(PAYOUT, self.payout, amount=101)
        self.assert_reported("payouts.sums", "payout P1: 101")
        self.change(PAYOUT, self.payout, state="failed")
        self.assert_reported("payouts.sums", f"payout P1 is failed and line {self.line} is live")
        self.plant(PAYOUT, name="P1", kind="cash_back")
        self.assert_reported("payouts.sums", "payout reference P1 is used 2 times")

    def test_once(self):
        self.plant(PAID, payout_id=self.payout, earning_id=self.earning, amount=100, live=False)
        self.assert_clean("payouts.once")
        self.plant(PAID, payout_id=self.payout, earning_id=self.earning, amount=100, live=True)
        self.assert_reported("payouts.once", f"earning {self.earning} is paid 2 times")
        self.change(PAID, self.line, amount=99)
        self.assert_reported("payouts.once", f"payout line {self.line}: 99")
        self.change(PAYOUT, self.payout, partner_id=SHOP + 1)
        self.assert_reported("payouts.once", f"payout line {self.line}")

    def test_account_of_somebody_else(self):
        payee = self.plant("liquor_payee", company_id=1, partner_id=SHOP)
        self.change(PAYOUT, self.payout, payee_id=payee, company_id=1)
        self.assert_clean("payouts.once")
        self.change("liquor_payee", payee, partner_id=SHOP + 1)
        self.assert_reported("payouts.once", f"payout P1 of partner {SHOP} goes to account {payee}")
        self.change("liquor_payee", payee, partner_id=SHOP, company_id=2)
        self.assert_reported("payouts.once", f"payout P1 of partner {SHOP} goes to account {payee}")

    def test_cash(self):
        taken = self.plant("liquor_cash_entry", kind="withdraw", amount=-8)
        payout = self.plant(PAYOUT, name="P2", kind="cash_back", cash_entry_id=taken, amount=8, state="sent")
        self.assert_clean("payouts.cash")
        self.change(PAYOUT, payout, state="failed")
        self.assert_reported("payouts.cash", f"withdrawal {taken} of 8", "given back f")
        back = self.plant("liquor_cash_entry", kind="returned", amount=8, origin_id=taken)
        self.assert_clean("payouts.cash")
        self.change(PAYOUT, payout, state="ok")
        self.assert_reported("payouts.cash", "is ok, given back t")
        self.change("liquor_cash_entry", back, origin_id=None)
        self.plant(PAYOUT, name="P3", kind="cash_back", cash_entry_id=taken, amount=8, state="sent")
        self.assert_reported("payouts.cash", f"withdrawal {taken} has 2 payouts")
        self.change("liquor_cash_entry", self.plant("liquor_cash_entry", kind="withdraw", amount=-3), amount=-4)
        self.assert_reported("payouts.cash", "of 4")


EXPECTATION, EXPECTED, RED, TAX = (
    "liquor_reward_expectation", "liquor_expectation_entry", "liquor_red_allocation", "liquor_withholding_line",
)  # fmt: skip
POSTING, CASH, LOT, TAKEN, WORTH = (
    "liquor_member_posting", "liquor_cash_entry", "liquor_point_entry", "liquor_point_allocation",
    "liquor_point_worth",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestExpectedAndRed(MoneyCase):
    def setUp(self):
        super().setUp()
        for table in (EXPECTATION, EXPECTED, RED, TAX, POSTING, CASH, LOT, TAKEN, WORTH):
            self.copy_of(table)

    def test_points_that_nobody_will_use(self):
        self.copy_of("liquor_point_use_entry")
        self.plant("liquor_account_mapping", company_id=1, kind="account", role="member_points", account_id=105)
        self.accounts["member_points"] = 105
        rows = {}
        for number, amount, unused in ((1, 2, 2), (2, -0.33, 1.67)):
            rows[number] = self.plant(
                "liquor_point_use_entry", company_id=1, program_id=4, number=number, amount=amount, unused=unused
            )
            self.assert_reported("accounts.point_use", f"unused points {rows[number]}: {amount} were booked")
            self.item("member_points", amount, partner=None, liquor_point_use_entry_id=rows[number])
            self.assert_clean("accounts.point_use")
        self.change("liquor_point_use_entry", rows[2], unused=1.66)
        self.assert_reported("accounts.point_use", "unused points of club 4 are 1.66 after number 2")

    def test_what_is_expected_stands_on_its_account(self):
        self.accounts["expected_reward"] = 105
        self.plant("liquor_account_mapping", company_id=1, kind="account", role="expected_reward", account_id=105)
        campaign = self.plant(EXPECTATION, company_id=1, state="open")
        self.plant(EXPECTED, company_id=1, expectation_id=campaign, amount=630)
        item = self.item("expected_reward", -630, partner=None)
        self.assert_clean("accounts.expected")
        _earning, _item, accrual = self.earned(600)
        self.change(ACCRUAL, accrual, expectation_id=campaign)
        self.assert_reported("accounts.expected", "-630", "its campaigns expect 30")
        self.change(ITEM, item, balance=-30)
        self.assert_clean("accounts.expected")
        self.plant(POSTING, company_id=1, expectation_id=campaign, amount=10)
        self.assert_reported("accounts.expected", "-30", "its campaigns expect 20")
        self.change(ITEM, item, balance=-20)
        self.change(EXPECTATION, campaign, state="closed")
        self.assert_reported("accounts.expected", f"campaign {campaign} is closed and still expects 20")

    def test_members_are_owed_what_their_ledgers_say(self):
        """50.00 of cash-back; 1,000 points at 0.01 less 300 are 7.00."""
        for role, account in (("member_cash", 106), ("member_points", 107)):
            self.accounts[role] = account
            self.plant("liquor_account_mapping", company_id=1, kind="account", role=role, account_id=account)
        cash = self.plant(CASH, company_id=1, amount=50)
        worth = self.plant(WORTH, company_id=1, worth=0.01)
        lot = self.plant(LOT, company_id=1, points=1000)
        taken = self.plant(TAKEN, company_id=1, lot_id=lot, points=300)
        paid = self.plant(POSTING, company_id=1, cash_entry_id=cash, partner_id=SHOP, amount=50)
        self.plant(POSTING, company_id=1, point_entry_id=lot, worth_id=worth, amount=10)
        part = self.plant(POSTING, company_id=1, allocation_id=taken, worth_id=worth, amount=-3)
        self.item("member_cash", -50, liquor_accrual_run_id=1)
        points = self.item("member_points", -7, partner=None, liquor_accrual_run_id=1)
        self.assert_clean("accounts.members")
        self.change(ITEM, points, balance=-10)
        self.assert_reported("accounts.members", "member_points of member 0: the runs booked -10", "postings are 7")
        self.change(ITEM, points, balance=-8)
        self.change(POSTING, part, amount=-2)
        self.assert_reported("accounts.members", f"lot {lot}: 700 of 1000 points", "the books say 8")
        self.change(POSTING, paid, amount=49)
        self.assert_reported("accounts.members", f"cash-back {cash} of 50", "with 49")

    def test_goods_of_shops_leave_once_at_what_was_earned(self):
        """Ten bottles worth 2,990.00, taken off by the order in kind."""
        paper, line = "liquor_shop_delivery", "liquor_shop_delivery_line"
        for table in (paper, line, "sale_order_line"):
            self.copy_of(table)
        earning = self.plant(EARNING, company_id=1, amount=2990)
        number = self.plant(paper, name="MH1", state="approved", amount=2990, author_id=5, approved_by_id=6)
        self.plant(line, delivery_id=number, earning_id=earning, live=True)
        worth = self.plant("sale_order_line", liquor_shop_delivery_id=number, price_unit=-2990, product_uom_qty=1)
        self.assert_clean("accounts.shop_goods")
        self.change("sale_order_line", worth, price_unit=-2989)
        self.assert_reported("accounts.shop_goods", "MH1 are worth 2990", "take 2989")
        self.change("sale_order_line", worth, price_unit=-2990)
        self.change(EARNING, earning, amount=1000)
        self.assert_reported("accounts.shop_goods", "its earnings 1000")
        self.change(EARNING, earning, amount=2990)
        self.change(paper, number, approved_by_id=5)
        self.assert_reported("accounts.shop_goods", "approved by its author")

    def test_red_letters_take_what_they_say(self):
        invoice = self.plant(MOVE, name="I", state="posted", amount_untaxed=1000, liquor_red_amount=400)
        note = self.plant(MOVE, name="N", state="posted", amount_untaxed=400)
        row = self.plant(RED, invoice_id=invoice, note_id=note, amount=400, state="waiting")
        self.assert_clean("accounts.red_letters")
        self.change(RED, row, state="dropped")
        self.assert_reported("accounts.red_letters", f"(id {invoice}): red letters took 400")
        self.change(MOVE, invoice, liquor_red_amount=0)
        self.assert_clean("accounts.red_letters")
        self.change(RED, row, state="sent", amount=500)
        self.change(MOVE, invoice, liquor_red_amount=500)
        self.assert_reported("accounts.red_letters", "credit note N: 500")
        self.change(RED, row, amount=400, asked_code="1" * 19, goods_code="1" * 19)
        self.change(MOVE, invoice, liquor_red_amount=400)
        self.assert_clean("accounts.red_letters")
        self.change(RED, row, goods_code="2" * 19)
        self.assert_reported("accounts.red_letters", f"red letter {row} is for goods of code 1")

    def test_tax_is_listed(self):
        payout = self.plant(PAYOUT, name="TX1", state="sent", tax_withheld=120)
        self.assert_reported("payouts.tax", "payout TX1 (sent): tax of 120")
        self.plant(TAX, payout_id=payout, tax=120)
        self.assert_clean("payouts.tax")
        self.change(PAYOUT, payout, state="failed")
        self.assert_reported("payouts.tax", "payout TX1 (failed)")
        self.plant(TAX, payout_id=payout, tax=-120)
        self.assert_clean("payouts.tax")
