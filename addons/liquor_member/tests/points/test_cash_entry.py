from psycopg2 import errors

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..common import MemberCase


class TestCashEntry(MemberCase):
    def give(self, member, amount, key):
        """Grant cash-back and return the entry."""
        return self.env["liquor.reward"]._grant([
            {"kind": "cash_back", "member": member, "amount": amount, "key": key, "reason": "cap"}
        ])[0]

    def test_cash_back_without_points(self):
        member = self.join(club=self.regional)
        entry = self.give(member, 2.88, "cap 1")
        self.assertEqual(self.give(member, 2.88, "cap 1"), entry)
        self.give(member, 1.12, "cap 2")
        self.assertEqual(member.cash_balance, 4.0)

    def test_withdrawal_and_its_return(self):
        member = self.join(club=self.regional)
        self.give(member, 10, "a")
        ledger = self.env["liquor.cash.entry"]
        out = ledger._withdraw(member, 7.5, "w1")
        self.assertEqual(ledger._withdraw(member, 7.5, "w1"), out, "a repeated tap")
        self.assertEqual((out.amount, member.cash_balance), (-7.5, 2.5))
        with self.assertRaises(UserError):
            ledger._withdraw(member, 2.51, "w2")
        out._return_withdrawal("account closed")
        out._return_withdrawal("account closed")
        member.invalidate_recordset()
        self.assertEqual(member.cash_balance, 10.0)

    def test_odd_amounts(self):
        member = self.join(club=self.regional)
        for amount in (0, -1, 0.001, 1.005, float("nan"), float("inf"), 10**8, "7", True, None, [1]):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self.give(member, amount, f"odd {amount}")

    def test_sign_is_the_databases_business_too(self):
        member = self.join(club=self.regional)
        values = self.env["liquor.cash.entry"]._prepare_cash_values(
            {"member": member, "amount": 5.0, "key": "x"}, "withdraw", 1
        )
        with self.assertRaises(errors.CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["liquor.cash.entry"]._post([values])
