"""Scans take codes in every form; one unit written in two ways is still one unit."""

from odoo.tests import tagged

from .common import FlowCase


@tagged("post_install", "-at_install")
class TestForms(FlowCase):
    def test_a_shop_receives_by_link_and_element_string(self):
        self.policy()
        self.ship(f"https://q7.cn/b/{self.pallet()}")
        for number, text in enumerate(["(01)16901234567899(21){}", "01169012345678991026" + "03A\x1d21{}"]):
            answer = self.one(self.shop_user, "receive", text.format(self.case(number)))
            self.assertAnswer(answer, "accepted")
            self.assertEqual(answer["rewards"][0]["amount"], "15.00")

    def test_one_case_written_twice_earns_nothing(self):
        self.policy()
        self.ship(self.pallet())
        case = self.case()
        for twin in (case.lower(), f"(01)16901234567899(21){case}", self.codes._code("case_inner", 0)):
            answer = self.one(self.shop_user, "receive", [case, twin])
            self.assertAnswer(answer, "rejected", "same_code_twice")
        self.assertAnswer(self.one(self.shop_user, "receive", case), "accepted")

    def test_the_number_of_a_pallet_is_for_the_maker_only(self):
        self.company.liquor_gs1_prefix = "690123456"
        pallets = self.batch()
        number = f"(00){pallets._sscc(0)}"
        self.assertAnswer(self.one(self.warehouse, "ship", number, to="D001"), "accepted")
        self.assertAnswer(self.one(self.shop_user, "receive", number), "rejected", "unknown_code")
        self.assertAnswer(self.one(self.shop_user, "receive", pallets._code("pallet", 0)), "accepted")
