"""Prizes above a limit ask name and ID before they leave (trade.md R20): gifts, cash-back, incidental income."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..money_case import MoneyCase

#: the example of GB 11643
NUMBER = "11010519491231002X"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestPrizeIdentity(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.liquor_prize_identity_limit = 1000
        cls.club = cls.env["liquor.member.program"].create({"name": "Dream", "company_id": cls.company.id})
        cls.member = cls.env["liquor.member"]._join(cls.club, "13800138000", "desk", "1").with_env(cls.env)

    def identify(self, partner, number=NUMBER, name="王小芳"):
        return self.env["liquor.prize.identity"]._give(self.company, partner, "resident", name, number)

    def gift(self, cost):
        benefit = self.env["liquor.benefit"].create({
            "name": "Vase", "program_id": self.club.id, "unit_cost": cost, "valid_days": 30
        })  # fmt: skip
        entitlement = self.env["liquor.reward"]._grant([
            {"kind": "gift", "member": self.member, "benefit": benefit, "key": f"g/{next(self.numbers)}"}
        ])[0]
        return self.env["liquor.benefit.claim"]._take(entitlement)

    def hand_over(self, claim):
        return self.env["liquor.benefit.claim"]._redeem(claim._code(), self.shop, self.env.user)

    def collected(self):
        batch = self.env["liquor.payout.batch"].with_user(self.finance).create({})
        batch.action_collect()
        return batch

    def test_a_gift_above_the_limit_waits_for_name_and_id(self):
        """1,000.00 is not above the limit; 1,000.01 is refused, its code stays good, then it is handed over."""
        self.assertEqual(self.hand_over(self.gift(1000)).state, "done")
        claim = self.gift(1000.01)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.hand_over(claim)
        claim.invalidate_recordset()
        self.assertEqual((claim.state, claim._needs_identity()), ("ready", True))
        self.identify(self.member.partner_id)
        self.assertEqual(self.hand_over(claim).state, "done")

    def test_zero_asks_nobody(self):
        self.company.liquor_prize_identity_limit = 0
        self.assertEqual(self.hand_over(self.gift(5000)).state, "done")

    def test_cash_back_above_the_limit_is_left_out_of_the_batch(self):
        self.payee(self.member.partner_id)
        self.env["liquor.cash.entry"]._earn([{"member": self.member, "amount": 1500, "key": "c"}])
        self.env["liquor.cash.entry"]._withdraw(self.member, 1500.0, "w")
        payout = self.env["liquor.payout"].search([("partner_id", "=", self.member.partner_id.id)])
        batch = self.collected()
        self.assertEqual((payout.needs_identity, payout.state, len(batch.payout_ids)), (True, "requested", 0))
        # what got into a batch all the same is not approved
        payout.sudo().write({"state": "batched", "batch_id": batch.id})
        with self.assertRaises(UserError), self.cr.savepoint():
            batch.with_user(self.second_finance).action_approve()
        self.identify(self.member.partner_id)
        payout.invalidate_recordset()
        batch.with_user(self.second_finance).action_approve()
        self.assertEqual((payout.needs_identity, batch.state), (False, "approved"))

    def test_incidental_income_of_individuals_only(self):
        """1,500.00 for a guide: as a discount nobody asks, as incidental income they do; the list shows the mask."""
        version = self.make_version(name="Spring campaign", rate=15.0)
        self.payee(self.guide)
        version.policy_id.tax_treatment = "discount"
        self.book(self.guide, 1500, "guide", policy_version_id=version.id)
        payout = self.ask(self.guide)
        self.assertFalse(payout.needs_identity)
        version.policy_id.tax_treatment = "withheld"
        payout.invalidate_recordset()
        self.assertTrue(payout.needs_identity)
        self.assertFalse(self.collected().payout_ids)
        self.identify(self.guide, name=self.guide.name)
        self.batch()
        self.assertEqual(payout.tax_withheld, 300)  # 20 %
        lines = self.env["liquor.withholding.line"]
        header, row = lines._sheet(self.company, self.env.cr.now().date().replace(2026, 3, 1), "2026-03-31")
        self.assertEqual(len(header), len(row))
        self.assertEqual(row[3], "1****************X")

    def test_sealed_masked_and_noted(self):
        # looks are written by a cursor of their own: here it sees what the test made
        self.registry_enter_test_mode()
        row = self.identify(self.member.partner_id)
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(i)::text FROM liquor_prize_identity i WHERE id = %s", [row.id])
        stored = self.env.cr.fetchone()[0]
        self.assertNotIn(NUMBER, stored)
        self.assertNotIn("小芳", stored)
        self.assertEqual((row.masked_name, row.masked_number), ("王**", "1****************X"))
        clerk = row.with_user(self.clerk)
        with self.assertRaises(AccessError):
            clerk.read(["masked_number"])
        with self.assertRaises(AccessError):
            clerk.action_reveal()
        finance = row.with_user(self.finance)
        with self.assertRaises(AccessError):
            finance.write({"partner_id": self.guide.id})
        with self.assertRaises(AccessError):
            finance.read(["secret"])
        shown = finance.action_reveal()["params"]
        self.assertEqual((shown["title"], shown["message"]), ("王小芳", NUMBER))
        looks = self.env["liquor.channel.access"].search([("model", "=", row._name), ("subject", "=", "secret")])
        self.assertEqual(looks.login, self.finance.login)
        with self.assertRaises(UserError):
            row.sudo().unlink()

    def test_no_number_no_name(self):
        for number, name in (("110105194912310020", "王小芳"), (NUMBER, "王"), ("", "王小芳"), ("1" * 200, "王小芳")):
            with self.subTest(number=number), self.assertRaises(ValidationError):
                self.identify(self.guide, number, name)

    def test_given_again_replaces_and_shared_numbers_are_told(self):
        first = self.identify(self.guide)
        self.assertEqual(self.identify(self.guide, name="王芳芳"), first)
        self.identify(self.member.partner_id)
        first.invalidate_recordset()
        self.assertEqual(first.shared_count, 1)
