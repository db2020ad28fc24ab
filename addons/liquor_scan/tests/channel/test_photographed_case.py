"""Photographing a case in the distributor's warehouse earns a shop nothing that can be withdrawn (issue 4, R9 a)."""

from odoo.tests import tagged

from ..flow.common import FlowCase


@tagged("post_install", "-at_install")
class TestPhotographedCase(FlowCase):
    """Small at the receipt, pending until possession is proven; the main money at the opening."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.policy(0.5)  # 3.00 a case, "pending first" by default
        cls.main = cls.policy(3, basis="opened", payable="available")

    def wallet(self, shop):
        return self.env["liquor.earning"]._wallet(shop, self.company)

    def open(self, cap, phone):
        """A consumer claims a cap."""
        unit = self.env["liquor.code.batch"]._locate([cap])[cap]
        club = self.env["liquor.member.program"].search([("company_id", "=", self.company.id)]) or self.env[
            "liquor.member.program"
        ].create({"name": "云泉会", "company_id": self.company.id, "mode": "national"})
        member = self.env["liquor.member"]._join(club, phone, "cap", "1")
        return self.env["liquor.code.claim"]._claim(unit, member)

    def photograph(self, *numbers):
        """The shop scans pictures of cases that stand in the warehouse; it says no place."""
        self.ship(self.pallet())
        for number in numbers:
            self.one(self.shop_user, "receive", self.case(number))

    def test_nothing_to_withdraw_without_the_goods(self):
        self.photograph(0, 1, 2)
        self.assertEqual((self.wallet(self.shop)["available"], self.wallet(self.shop)["pending"]), (0, 9))
        # what the outside of the case shows opens nothing
        self.assertAnswer(self.one(self.shop_user, "unpack", self.case(0)), "accepted")
        self.assertEqual(self.wallet(self.shop)["available"], 0)
        # nor can it be handed on, sold back and forth, or undone for money
        self.assertAnswer(self.one(self.shop_user, "transfer", self.case(1), to="T002"), "accepted")
        self.assertAnswer(self.one(self.second_user, "receive", self.case(1)), "accepted")
        self.assertAnswer(self.one(self.shop_user, "return", self.case(2)), "accepted")
        wallets = [self.wallet(shop)["available"] for shop in (self.shop, self.second_shop)]
        self.assertEqual(wallets, [0, 0])
        plan = self.env["liquor.payout"].sudo()._plan(self.company, self.shop)
        self.assertFalse(plan.ids)

    def test_the_code_inside_is_what_proves(self):
        self.photograph(0)
        self.assertAnswer(self.one(self.shop_user, "unpack", self.codes._code("case_inner", 0)), "accepted")
        self.assertEqual(self.wallet(self.shop)["available"], 3)

    def test_the_case_goes_to_another_shop(self):
        """It scans the case too and asks for it; what is opened there proves nothing for who had the picture."""
        self.photograph(0)
        self.assertAnswer(self.one(self.second_user, "receive", self.case(0)), "held", "transfer_waits")
        self.open(self.cap(0), "13900000001")
        self.assertEqual(self.wallet(self.shop)["available"], 3, "3.00 of the opening itself, not of the receipt")
        row = self.env["liquor.custody"].search([("pending_id", "=", self.second_shop.id)])
        self.assertEqual(len(row), 1)

    def test_a_distributor_who_scans_out(self):
        """R9 f: a receipt before his outbound scan is held, and released when he names that very shop."""
        role = self.env["liquor.channel.role"].search([("partner_id", "=", self.distributor.id)])
        role.scans_out = True
        self.ship(self.pallet())
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(0)), "held", "not_shipped")
        self.assertAnswer(self.one(self.second_user, "receive", self.case(1)), "held", "not_shipped")
        self.assertEqual(self.wallet(self.shop)["pending"], 0)
        for number in (0, 1):  # both go to the second shop
            self.assertAnswer(self.one(self.distributor_user, "ship", self.case(number), to="T002"), "accepted")
        with self.enter_registry_test_mode():
            self.env.ref("liquor_scan.ir_cron_again").method_direct_trigger()
        self.assertEqual([self.wallet(shop)["pending"] for shop in (self.shop, self.second_shop)], [0, 3])
        self.assertEqual(self.holder(self.case(1)), self.second_shop)
