"""Bills of WeChat and the bank: matched once, refunds and fees booked, the rest listed (trade.md R8)."""

import base64

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...engine.settlement.payout_bill import read_bill
from ...tools import tables
from ..money_case import MoneyCase

HEADER = ["交易单号", "商户单号", "交易类型", "金额", "手续费"]


def test_bank_bill_reads_the_reference_out_of_its_text():
    rows = [
        ["招商银行 账户明细"],
        ["交易日期", "借方发生额", "贷方发生额", "摘要", "流水号"],
        ["2026-03-20", "600.00", "", "奖励 TX2026032000000001", "A1"],
        ["2026-03-21", "", "600.00", "退票 TX2026032000000001", "A2"],
        ["2026-03-21", "5.00", "", "手续费", "A3"],
    ]
    good, bad = read_bill(rows)
    assert [(row.serial, row.reference, row.kind, str(row.amount)) for row in good] == [
        ("A1", "TX2026032000000001", "payment", "600.00"),
        ("A2", "TX2026032000000001", "refund", "600.00"),
        ("A3", "", "fee", "5.00"),
    ]
    assert not bad


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestPayoutBill(MoneyCase):
    def load(self, *rows, channel="wechat"):
        bill = (
            self
            .env["liquor.payout.bill"]
            .with_user(self.finance)
            .create({
                "channel": channel,
                "file": base64.b64encode(tables.write_csv([HEADER, *rows])),
                "filename": "bill.csv",
            })
        )
        bill.action_load()
        return bill

    def sent(self, partner=None, amount=600):
        self.book(partner or self.shop, amount)
        payout = self.ask(partner or self.shop)
        self.batch()
        return payout

    def test_matched_once_with_fee(self):
        payout = self.sent()
        bill = self.load(["w1", payout.name, "转账", "600.00", "0.60"])
        self.assertEqual((payout.state, payout.batch_id.state), ("ok", "done"))
        self.assertEqual((bill.matched_count, bill.left_count, bill.amount_fee), (1, 0, 0.6))
        self.assertEqual(self.sums(bill.move_id), {("payout_fee", ""): 0.6, ("asset_cash", ""): -0.6})
        again = self.load(["w1", payout.name, "转账", "600.00", "0.60"])
        self.assertEqual((again.repeated_count, again.matched_count, len(again.move_id)), (1, 0, 0))
        twice = self.load(["w2", payout.name, "转账", "600.00", "0"])
        self.assertEqual(twice.line_ids.reason, "twice")

    def test_left_over_rows_are_listed_and_change_nothing(self):
        payout = self.sent()
        bill = self.load(["w1", "TX0000000000", "转账", "10", "0"], ["w2", payout.name, "转账", "599.00", "0"])
        self.assertEqual(bill.line_ids.mapped("reason"), ["unknown_reference", "other_amount"])
        self.assertEqual((payout.state, bill.move_id.ids), ("sent", []))

    def test_refund_returns_to_the_balance_and_is_paid_once(self):
        payout = self.sent()
        self.load(["w1", payout.name, "转账", "600.00", "0"], ["w2", payout.name, "退款", "600.00", "0"])
        self.assertEqual(payout.state, "returned")
        self.assertEqual(self.env["liquor.earning"]._wallet(self.shop, self.company)["available"], 600)
        self.assertEqual(self.balance("reward_payable", self.shop), -600)
        second = self.ask(self.shop)
        self.batch()
        # money for the one that came back would be paid twice
        bill = self.load(["w3", payout.name, "转账", "600.00", "0"], ["w4", second.name, "转账", "600.00", "0"])
        self.assertEqual(bill.line_ids.mapped("reason"), ["twice", False])
        self.assertEqual(self.balance("reward_payable", self.shop), 0)

    def test_money_left_although_it_failed(self):
        payout = self.sent()
        payout.batch_id._apply_results([["reference", "status"], [payout.name, "failed"]])
        bill = self.load(["w1", payout.name, "转账", "600.00", "0"])
        self.assertEqual(bill.line_ids.reason, "contradicts")

    def test_as_many_queries_for_one_as_for_twenty(self):
        def cost(count):
            rows = []
            for _number in range(count):
                partner = self.make_partner(f"Shop {next(self.numbers)}", "terminal")
                self.book(partner, 20)
                rows.append([f"s{next(self.numbers)}", self.ask(partner).name, "转账", "20.00", "0"])
            self.batch()
            bill = self.env["liquor.payout.bill"].create({
                "channel": "bank", "file": base64.b64encode(tables.write_csv([HEADER, *rows])), "filename": "b.csv"
            })  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            bill.action_load()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(1), cost(20))

    def test_only_finance(self):
        with self.assertRaises(AccessError):
            self.env["liquor.payout.bill"].with_user(self.clerk).create({"channel": "bank"})
