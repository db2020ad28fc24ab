from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW, FlowCase


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

    def test_packing_with_method_and_time_and_holder_at_a_past_time(self):
        """Bottle 18 lay in case 3 by number until the line saw it in case 0 of the spare batch, two hours ago."""
        spare, start = self.batch(360), NOW - timedelta(hours=2)
        self.env["liquor.code.link"]._store([
            [self.company.id, self.codes.id, 1, 18, spare.id, 6, 0, "inferred", start, "u", "L1", self.env.uid]
        ])
        self.one(self.warehouse, "ship", spare._code("case_outer", 0), to="D001", minutes=60)
        card = self.card(self.cap(18))
        rows = [(row.method, row.start, row.end, row.is_now) for row in card.packing_ids]
        self.assertIn(("arithmetic", False, start, False), rows)
        self.assertIn(("inferred", start, False, True), rows)
        self.assertEqual(card.holder_id, self.distributor)
        self.assertTrue(card.line_ids[-1].inferred, "only an inferred link says that the distributor has it")
        card.at = NOW - timedelta(hours=1, minutes=30)
        card.action_look_up()
        self.assertFalse(card.holder_id)

    def test_recall_is_shown(self):
        author, second = self.user("card_author", "group_scan_manager"), self.user("card_second", "group_scan_manager")
        recall = self.env["liquor.recall"].with_user(author).create({
            "reason": "x", "selection_ids": [(0, 0, {"kind": "batch", "batch_id": self.codes.id})],
        })  # fmt: skip
        recall.action_prepare()
        self.assertFalse(self.card(self.case()).recall_id)
        recall.with_user(second).action_activate()
        self.assertEqual(self.card(self.case()).recall_id, recall)
