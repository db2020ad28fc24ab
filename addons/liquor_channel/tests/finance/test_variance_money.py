"""V8 to V15, each planted."""

from datetime import date

from odoo.tests import tagged

from .variance_case import VarianceCase


@tagged("post_install", "-at_install")
class TestVarianceMoney(VarianceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.env["account.account"].search(
            [("company_ids", "in", cls.company.ids), ("account_type", "=", "asset_cash")], limit=1
        )

    def entry(self, role, partner, balance, day="2026-03-10"):
        move = self.env["account.move"].create({
            "date": day,
            "line_ids": [
                (0, 0, {"account_id": self.accounts[role].id, "partner_id": partner.id, "balance": balance}),
                (0, 0, {"account_id": self.cash.id, "balance": -balance}),
            ],
        })
        move.action_post()
        return move

    def test_v08_paid_is_not_what_its_trace_computes(self):
        trace = {"kind": "per_unit", "amount": "15.00"}
        self.book(self.shop, 15, trace=trace)
        self.assertFalse(self.match("v08"))
        wrong = self.book(self.shop, 16, trace=trace)
        found = self.match("v08")
        self.assertEqual((found.amount, found.origin_id), (1, wrong.id))
        wrong._reverse("booked wrong")
        self.assertFalse(self.match("v08"))

    def test_v08_period_policy_owes_more_than_was_paid(self):
        version = self.make_version(
            [(0, 0, 3)], basis="received", measure="amount", rate_kind="percent", period="month"
        )
        self.fact("received", self.shop, 100, self.distributor)
        march = date(2026, 3, 31)
        found = self.match("v08", day=march)
        # 3 % of 10,000.00 and nothing was booked
        self.assertEqual((found.partner_id, found.amount, found.origin_id), (self.shop, 300, version.id))
        # in the middle of a month only the month before has to be computed
        self.assertFalse(self.match("v08", day=date(2026, 3, 30)))
        self.assertTrue(self.match("v08", day=march))
        version._bring_up_to_date(march)
        self.assertFalse(self.match("v08", day=march))

    def test_v09_settlement_is_not_its_lines(self):
        self.book(self.distributor, 6000, "distributor")
        settlement = self.settle()
        self.assertFalse(self.match("v09"))
        settlement.sudo().amount_total = 6001
        found = self.match("v09")
        self.assertEqual((found.amount, found.origin_id), (1, settlement.id))

    def test_v10_something_typed_onto_an_account(self):
        self.book(self.distributor, 6000, "distributor")
        self.accrue()
        self.assertFalse(self.match("v10"))
        self.entry("rebate_accrued", self.distributor, -113)
        found = self.match("v10")
        self.assertEqual((found.partner_id, found.amount, found.note), (self.distributor, 113, "rebate_accrued"))

    def test_v11_payout_whose_result_never_came(self):
        self.book(self.shop, 600)
        batch = self.batch(self.ask(self.shop))
        self.assertFalse(self.match("v11"))
        batch.sudo().sent_at = f"{self.ago(31)} 04:00:00"
        found = self.match("v11")
        self.assertEqual((found.partner_id, found.amount, found.age_days), (self.shop, 600, 31))

    def test_v12_share_that_stays_open(self):
        self.book(self.shop, 600, funder_id=self.distributor.id, funder_amount=180)
        self.accrue()
        # booked in March, more than 30 days before the match
        found = self.match("v12", day=date(2026, 6, 1))
        self.assertEqual((found.partner_id, found.amount), (self.distributor, 180))
        self.assertFalse(self.match("v12", day=date(2026, 4, 15)))

    def test_v12_more_than_the_cap(self):
        agreement = self.make_agreement(share=30, cap=100)
        terms = {"funder_id": self.distributor.id, "agreement_id": agreement.id}
        self.book(self.shop, 300, funder_amount=90, **terms)
        self.assertFalse(self.match("v12", day=date(2026, 3, 20)))
        self.book(self.shop, 100, funder_amount=30, **terms)
        found = self.match("v12", day=date(2026, 3, 20))
        self.assertEqual((found.amount, found.origin_id), (20, agreement.id))

    def test_v13_note_without_red_letter(self):
        self.book(self.distributor, 6000, "distributor")
        settlement = self.settle_and_post(method="credit_note")
        note = settlement.sudo().move_ids
        self.assertFalse(self.match("v13", day=note.invoice_date))
        later = date.fromordinal(note.invoice_date.toordinal() + 4)
        found = self.match("v13", day=later)
        self.assertEqual((found.origin_id, found.amount), (note.id, note.amount_total))

    def test_v14_fund_overdrawn(self):
        fund = self.env["liquor.fund"].create({"name": "Spring", "kind": "channel", "stop": "hard"})
        version = self.make_version(basis="received", rate=15.0)
        version.policy_id.sudo().fund_id = fund
        self.book(self.shop, 50, policy_version_id=version.id)
        self.assertFalse(self.match("v14"))
        # what is owed already is carried although the fund has nothing
        self.accrue()
        found = self.match("v14")
        self.assertEqual((found.amount, found.origin_id), (50, fund.id))

    def test_v15_policy_ended(self):
        version = self.make_version(basis="received", rate=15.0)
        self.book(self.shop, 15, policy_version_id=version.id)
        self.assertFalse(self.match("v15"))
        self.env.cr.execute("UPDATE liquor_policy_version SET date_end = '2026-03-09' WHERE id = %s", [version.id])
        version.invalidate_recordset()
        found = self.match("v15")
        self.assertEqual((found.amount, found.origin_id), (15, version.id))
