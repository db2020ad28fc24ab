"""Red letters: which invoices carry a credit note, the 72 hours, the number (trade.md R6)."""

import doctest
from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...engine.settlement import goods, payout_bill, red_letter
from ..accounts.test_examples import ExampleCase


def test_worked_examples():
    for module in (red_letter, goods, payout_bill):
        result = doctest.testmod(module)
        assert result.attempted and not result.failed


money = st.integers(0, 10**7).map(lambda cents: Decimal(cents) / 100)


@given(money, st.lists(st.tuples(st.sampled_from([Decimal(13), Decimal(9)]), money, money, st.booleans()), max_size=12))
def test_never_more_than_is_left_and_all_is_told(amount, rows):
    invoices = [
        red_letter.BlueInvoice(number, rate, max(total, left), left, used)
        for number, (rate, total, left, used) in enumerate(rows)
    ]
    found = red_letter.allocate(amount, Decimal(13), invoices)
    assert sum((part for _number, part in found.parts), Decimal(0)) + found.missing == amount
    for number, part in found.parts:
        invoice = invoices[number]
        assert invoice.rate == 13 and part <= invoice.left and (invoice.used or part == invoice.total)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestRedLetters(ExampleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queue = cls.env["liquor.red.allocation"]

    def note(self, amount=20000):
        self.book(self.distributor, amount, "distributor")
        return self.settle_and_post(method="credit_note").move_ids

    def test_spread_over_used_invoices_oldest_first(self):
        first = self.sell(12000, invoice_date="2026-03-01", liquor_buyer_use="used")
        unused = self.sell(90000, invoice_date="2026-03-02")
        last = self.sell(30000, invoice_date="2026-03-03", liquor_buyer_use="used")
        rows = self.note().liquor_red_ids.sorted("id")
        self.assertEqual(rows.mapped(lambda row: (row.invoice_id, row.amount, row.amount_tax)),
                         [(first, 12000, 1560), (last, 8000, 1040)])  # fmt: skip
        self.assertEqual((first.liquor_red_amount, unused.liquor_red_amount, last.liquor_red_amount), (12000, 0, 8000))
        # the next note finds 22,000 on the last one
        self.assertEqual(self.queue._blue(rows.note_id, Decimal(13))[-1].left, 90000)

    def test_capacity_is_taken_once(self):
        invoice = self.sell(10000, liquor_buyer_use="used")
        self.assertTrue(invoice._liquor_take_red(7000))
        self.assertFalse(invoice._liquor_take_red(3000.01))
        self.assertTrue(invoice._liquor_take_red(3000))
        self.assertTrue(invoice._liquor_take_red(-10000))

    def test_form_confirmed_and_issued(self):
        self.sell(50000, liquor_buyer_use="used")
        row = self.note().liquor_red_ids.with_user(self.finance)
        with self.assertRaises(UserError):
            row.action_send()
        row.form_number = "3201262600000001"
        row.action_send()
        self.assertEqual(row.deadline, fields.Datetime.now() + timedelta(hours=72))
        domain = self.queue._portal_domain(self.distributor_user)
        self.assertEqual(self.queue.sudo().search_count(domain), 1)
        row.action_confirm()
        row.red_number = "123"
        with self.assertRaises(UserError):
            row.action_issue()
        row.red_number = "2632 2000 0000 1234 5678"
        row.action_issue()
        self.assertEqual((row.state, row.red_number), ("issued", "26322000000012345678"))
        with self.assertRaises(UserError):
            row.action_drop()

    def test_a_lapsed_form_returns_to_the_queue(self):
        self.sell(50000, liquor_buyer_use="used")
        row = self.note().liquor_red_ids.with_user(self.finance)
        row.form_number = "3201262600000001"
        row.action_send()
        with freeze_time("2026-04-03 04:00:01"):
            with self.assertRaises(UserError):
                row.action_confirm()
            self.assertEqual(self.queue._lapse(), 1)
        self.assertEqual((row.state, row.form_number, row.lapse_count), ("waiting", False, 1))

    def test_reversal_gives_the_capacity_back(self):
        invoice = self.sell(50000, liquor_buyer_use="used")
        note = self.note()
        self.assertEqual(invoice.liquor_red_amount, 20000)
        note.liquor_settlement_id.with_user(self.finance).action_reverse()
        self.assertEqual((invoice.liquor_red_amount, note.liquor_red_ids.state), (0, "dropped"))

    def test_rights_and_numbers(self):
        self.sell(50000, liquor_buyer_use="used")
        row = self.note().liquor_red_ids
        with self.assertRaises(AccessError):
            row.with_user(self.clerk).action_send()
        with self.assertRaises(AccessError):
            row.with_user(self.finance).write({"amount": 1})
        with self.assertRaises(ValidationError):
            row.invoice_id.liquor_fapiao_number = "12345678"
