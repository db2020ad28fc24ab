"""V13: credit notes without red letter, and more red than a blue invoice can carry (trade.md R6, channel.md d2)."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..accounts.test_examples import ExampleCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestVarianceRedLetter(ExampleCase):
    def note(self, amount=20000):
        self.book(self.distributor, amount, "distributor")
        return self.settle_and_post(method="credit_note").move_ids

    def match(self, day=date(2026, 4, 3)):
        """What of V13 is open on a day: {cause: amount}."""
        self.env["liquor.variance.match"]._match(self.company, day, ["v13"])
        found = self.env["liquor.variance"].search([
            ("company_id", "=", self.company.id), ("variance_class", "=", "v13"), ("state", "=", "open")
        ])  # fmt: skip
        return {row.cause_key: row.amount for row in found}

    def issue(self, row, number):
        row = row.with_user(self.finance)
        row.write({"form_number": f"3201{number}", "red_number": number})
        row.action_send()
        row.action_confirm()
        row.action_issue()

    def test_a_note_waits_three_days_for_its_red_letter(self):
        self.sell(50000, liquor_buyer_use="used")
        note = self.note()
        self.assertFalse(self.match(date(2026, 4, 2)))
        # 20,000.00 and 13 % tax
        self.assertEqual(self.match(), {f"note/{note.id}": 22600})
        self.issue(note.liquor_red_ids, "26322000000012345678")
        self.assertFalse(self.match())

    def test_what_is_issued_in_part_leaves_the_rest(self):
        self.sell(12000, invoice_date="2026-03-01", liquor_buyer_use="used")
        self.sell(30000, invoice_date="2026-03-02", liquor_buyer_use="used")
        note = self.note()
        first, second = note.liquor_red_ids.sorted("id")
        self.issue(first, "26322000000012345678")
        # 22,600.00 less 12,000.00 with 1,560.00 tax
        self.assertEqual(self.match(), {f"note/{note.id}": 9040})
        self.issue(second, "26322000000012345679")
        self.assertFalse(self.match())

    def test_what_nobody_carries_stays_open(self):
        """Only 5,000.00 of 20,000.00 find a blue invoice: 15,000.00 and tax stay a variance."""
        self.sell(5000, liquor_buyer_use="used")
        note = self.note()
        self.issue(note.liquor_red_ids, "26322000000012345678")
        self.assertEqual(self.match(), {f"note/{note.id}": 16950})

    def test_a_note_that_was_reversed_needs_none(self):
        self.sell(50000, liquor_buyer_use="used")
        note = self.note()
        self.assertTrue(self.match())
        note.liquor_settlement_id.with_user(self.finance).action_reverse()
        self.assertFalse(self.match())

    def test_goods_that_come_back_after_the_note_leave_too_little(self):
        """20,000.00 are taken by the note; 2,000.00 of the same invoice come back: 2,000.00 more than it says."""
        blue = self.sell(20000, liquor_buyer_use="used")
        note = self.note()
        self.issue(note.liquor_red_ids, "26322000000012345678")
        self.assertFalse(self.match())
        self.sell(2000, move_type="out_refund", reversed_entry_id=blue.id)
        self.assertEqual(self.match(), {f"blue/{blue.id}": 2000})

    def test_a_counter_that_says_something_else(self):
        blue = self.sell(50000, liquor_buyer_use="used")
        self.issue(self.note().liquor_red_ids, "26322000000012345678")
        self.env.cr.execute("UPDATE account_move SET liquor_red_amount = 19000 WHERE id = %s", [blue.id])
        blue.invalidate_recordset()
        self.assertEqual(self.match(date(2026, 3, 31) + timedelta(days=1)), {f"blue/{blue.id}": 1000})
