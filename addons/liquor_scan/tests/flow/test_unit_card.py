from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FlowCase


@tagged("post_install", "-at_install")
class TestUnitCard(FlowCase):
    """One code tells what the unit is, whether its code counts, and who held it."""

    def card(self, code):
        card = self.env["liquor.unit.card"].with_user(self.warehouse).create({"name": code})
        card.action_look_up()
        return card

    def test_chain_of_a_case_that_a_shop_received(self):
        self.ship(self.pallet())
        self.one(self.shop_user, "receive", self.case())
        card = self.card(self.case())
        self.assertEqual((card.code_state, card.bottles, card.holder_id), ("active", 6, self.shop))
        self.assertEqual(card.line_ids.holder_id, self.company.partner_id + self.distributor + self.shop)

    def test_state_of_the_code_is_a_word_of_the_list(self):
        other = self.batch(active=False)
        self.assertEqual(self.card(other._code("case_outer", 0)).code_state, "inactive")
        self.env["liquor.code.range"]._book(other, "active", 0, 719)
        self.env["liquor.code.range"]._book(other, "void", 3, 3, reason="broken")
        self.assertEqual(self.card(other._code("case_outer", 0)).code_state, "void")
        self.assertEqual(self.card(other._code("case_outer", 1)).code_state, "active")

    def test_foreign_code_is_refused(self):
        with self.assertRaises(UserError):
            self.card("4000000000000000X")
