"""A posted charge is taken back: entries in red, the sources hold again what they gave (Acc-2 #8a to #8c, Acc-4)."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_charge import ChargeCase

SUNNY = "Sunny Trading"


@tagged("post_install", "-at_install")
class TestChargeStorno(ChargeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_storno = True

    def reverse(self, charge):
        charge.with_user(self.finance).action_reverse()
        return charge.sudo().move_ids.filtered("reversed_entry_id")

    def left(self, domain):
        lines = self.env["account.move.line"].search([("partner_id", "=", self.distributor.id), *domain])
        return round(sum(lines.mapped("amount_residual")), 2)

    def test_each_source_holds_again_what_it_gave(self):
        """50.00 of the rebate account, 100.00 of the deposit and 30.00 of the advance come back; 180.00 are due."""
        self.agreement("rebate", "deposit", "prepayment")
        self.book(self.distributor, 50, "distributor")
        self.settle_and_post()
        self.share()
        self.entry("deposit", 100)
        self.entry("receivable", 500)
        charge = self.posted()
        self.assertEqual(self.parts(charge), [("rebate", 50), ("deposit", 100), ("prepayment", 30)])
        mirror = self.reverse(charge)
        self.assertEqual(self.sums(mirror), {
            ("rebate_accrued", SUNNY): -50.0, ("deposit", SUNNY): -100.0, ("asset_receivable", SUNNY): -30.0,
            ("cofunding_due", SUNNY): 180.0,
        })  # fmt: skip
        self.assertEqual(self.sums(charge.sudo().move_ids), {})
        # red: what was a debit is a negative debit
        self.assertTrue(all(line.debit < 0 or line.credit < 0 for line in mirror.line_ids))
        account = self.env["liquor.rebate.account"]._of(self.company, self.distributor)
        self.assertEqual((account.balance, self.balance("deposit", self.distributor)), (50, -100))
        receivable = self.distributor.property_account_receivable_id
        self.assertEqual(self.left([("account_id", "=", receivable.id)]), -500)
        self.assertEqual(self.env["liquor.charge"]._due(self.company, self.distributor), {self.distributor.id: 180})
        self.assertEqual(self.parts(self.posted()), [("rebate", 50), ("deposit", 100), ("prepayment", 30)])
        self.assertEqual(self.balance("cofunding_due", self.distributor), 0)

    def test_a_debit_note_goes_back_by_its_credit_note(self):
        """190.80 with 10.80 of tax (#8c): all of it back, and 180.00 due on 1221.F."""
        self.take_service_back(invoiced=False)

    def test_an_invoiced_debit_note_waits_in_the_red_letter_queue(self):
        self.take_service_back(invoiced=True)

    def take_service_back(self, invoiced):
        account = self.env["account.account"].create({
            "name": "VAT", "code": "2221.6", "account_type": "liability_current",
        })  # fmt: skip
        tax = self.env["account.tax"].create({
            "name": "6 %", "amount": 6, "amount_type": "percent", "type_tax_use": "sale",
            "price_include_override": "tax_excluded",
        })  # fmt: skip
        parts = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
        parts.filtered(lambda part: part.repartition_type == "tax").account_id = account
        self.agreement("open", charge_mode="service", charge_tax_id=tax.id)
        self.share()
        charge = self.posted()
        note = charge.sudo().move_ids
        if invoiced:
            note.liquor_fapiao_number = "2" * 20
        mirror = self.reverse(charge)
        row = mirror.liquor_red_ids
        if invoiced:
            # R6: 180.00 and 10.80 of tax wait for their red letter, against this very invoice
            self.assertEqual((row.invoice_id, row.amount, row.amount_tax, row.rate), (note, 180, 10.8, 6))
            self.assertEqual((row.state, note.liquor_red_amount), ("waiting", 180))
            late = mirror.invoice_date + timedelta(days=4)
            self.env["liquor.variance.match"]._match(self.company, late, classes=["v13"])
            rows = self.env["liquor.variance"].search([("variance_class", "=", "v13")])
            self.assertEqual([(one.cause_key, one.amount) for one in rows], [(f"note/{mirror.id}", 190.8)])
        else:
            self.assertFalse(row)
        self.assertEqual((mirror.move_type, mirror.amount_total, mirror.state), ("out_refund", 190.8, "posted"))
        self.assertEqual(self.sums(charge.sudo().move_ids), {})
        self.assertEqual(self.balance("cofunding_due", self.distributor), 180)

    def test_once_and_by_another_hand(self):
        self.agreement("open")
        self.share()
        charge = self.posted()
        with self.assertRaises(UserError):
            charge.with_user(self.second_finance).action_reverse()
        with self.assertRaises(AccessError):
            charge.with_user(self.clerk).action_reverse()
        self.reverse(charge)
        with self.assertRaises(UserError):
            charge.with_user(self.finance).action_reverse()
        with self.assertRaises(UserError):
            charge.with_user(self.finance).unlink()
        self.assertEqual((charge.state, charge.reversed_by_id), ("reversed", self.finance))

    def test_its_entries_stay_out_of_other_hands(self):
        self.agreement("deposit")
        self.share()
        self.entry("deposit", 500)
        charge = self.posted()
        with self.assertRaises(UserError):
            charge.sudo().move_ids._reverse_moves()
        mirror = self.reverse(charge)
        with self.assertRaises(UserError):
            mirror.button_draft()

    def test_a_locked_month_takes_the_mirror_on_the_first_open_day(self):
        """design.md 3.8: the entry's own month is locked; its mirror is booked later, and Odoo moves nothing."""
        self.agreement("open")
        self.share()
        charge = self.posted()
        day = charge.sudo().move_ids.date
        self.company.sudo().fiscalyear_lock_date = day
        mirror = self.reverse(charge)
        self.assertGreater(mirror.date, day)
        self.assertEqual((mirror.date - day).days, 1)
