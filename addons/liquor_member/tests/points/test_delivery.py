from odoo import fields

from ..common import MemberCase


class TestDelivery(MemberCase):
    """A member's own order: delivered = bought, points on hold; a return takes its share back (M41)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env["liquor.point.rule"].create({
            "name": "订单积分",
            "program_id": cls.club.id,
            "source": "order",
            "basis": "amount",
            "points": 1,
            "hold_days": 15,
            "expiry_months": 24,
        })
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.env["stock.quant"]._update_available_quantity(cls.wine, cls.warehouse.lot_stock_id, 100)

    def deliver(self, member, bottles):
        """Confirm and ship an order of bottles at 100.00."""
        order = self.env["sale.order"].create({
            "partner_id": member.partner_id.id,
            "company_id": self.company.id,
            "order_line": [
                fields.Command.create({
                    "product_id": self.wine.id,
                    "product_uom_qty": bottles,
                    "price_unit": 100,
                    "tax_ids": False,
                })
            ],
        })
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.quantity = bottles
        picking.move_ids.picked = True
        picking._action_done()
        return picking

    def give_back(self, picking, bottles):
        """Return bottles of a delivery."""
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = bottles
        back = wizard._create_return()
        back.move_ids.quantity = bottles
        back.move_ids.picked = True
        back._action_done()
        return back

    def test_delivery_earns_on_hold_and_returns_take_their_share(self):
        with self.at("2026-03-01 02:00:00"):
            member = self.join()
            picking = self.deliver(member, 6)
            self.assertEqual((member.points_pending, member.card_id.points), (600, 0))
            event = member.event_ids
            self.assertEqual((event.source, event.credit, event.bottles, event.amount), ("order", "purchase", 6, 600))
            entry = member.point_entry_ids
            self.assertIn(f"#{self.rule.id}.1", entry.rule_version)
            # a third of the bottles: 200 of 600 points
            self.give_back(picking, 2)
            self.assertEqual(member.points_pending, 400)
            self.give_back(picking, 4)
            self.assertEqual((member.points_pending, member.cases_12m), (0, 0))

    def test_strangers_earn_nothing(self):
        stranger = self.env["res.partner"].create({"name": "路人"})
        order = self.env["sale.order"].create({"partner_id": stranger.id, "company_id": self.company.id})
        self.assertTrue(order)
        self.assertFalse(self.env["liquor.point.entry"].search([("company_id", "=", self.company.id)]))

    def test_rule_versions_count_up(self):
        self.rule.points = 2
        self.assertEqual(self.rule.version, 2)
        self.rule.name = "x"
        self.assertEqual(self.rule.version, 2)
