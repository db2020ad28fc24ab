from odoo import fields
from odoo.exceptions import UserError, ValidationError

from ..common import MemberCase


class TestRedemption(MemberCase):
    """Points on a sales order by the native loyalty flow: 100 points are 1.00, of the earliest lots first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.club.loyalty_program_id.reward_ids
        cls.reward.write({"required_points": 100, "discount": 0.01})
        cls.sales = cls.env.ref("base.user_admin")
        cls.sales.company_ids |= cls.company

    def order(self, member, quantity=1):
        """Return a quotation of the member with bottles of 100.00."""
        return self.env["sale.order"].create({
            "partner_id": member.partner_id.id,
            "company_id": self.company.id,
            "order_line": [
                fields.Command.create({
                    "product_id": self.wine.id,
                    "product_uom_qty": quantity,
                    "price_unit": 100,
                    "tax_ids": False,
                })
            ],
        })

    def redeem(self, order):
        """Apply the club's reward as a clerk does."""
        order._update_programs_and_rewards()
        rewards = order._get_claimable_rewards()
        card = next(iter(rewards))
        return order._apply_program_reward(rewards[card], card)

    def spent(self, member):
        """Return (expiry, points) of what spendings took, net."""
        rows = self.env["liquor.point.allocation"].search([("entry_id.member_id", "=", member.id)])
        taken = {}
        for row in rows:
            taken[str(row.lot_id.expires_on)] = taken.get(str(row.lot_id.expires_on), 0) + row.points
        return {day: points for day, points in taken.items() if points}

    def member_with_points(self):
        """Return a member with 300 points to the end of 2030 and 200 to June."""
        member = self.join()
        self.earn(member, 300, "late", expires_on=fields.Date.to_date("2030-12-31"))
        self.earn(member, 200, "soon", expires_on=fields.Date.to_date("2030-06-30"))
        return member

    def test_confirm_spends_the_earliest_lots_and_cancel_gives_them_back(self):
        member = self.member_with_points()
        order = self.order(member)
        self.assertEqual(self.redeem(order), {})
        self.assertEqual((order.amount_total, member.card_id.points), (95, 500))
        order.action_confirm()
        self.assertEqual(member.card_id.points, 0)
        self.assertEqual(self.spent(member), {"2030-06-30": 200, "2030-12-31": 300})
        entry = member.point_entry_ids.filtered(lambda e: e.kind == "spend")
        self.assertEqual((entry.points, entry.origin_model, entry.origin_id), (-500, "sale.order", order.id))
        order._action_cancel()
        self.assertEqual((member.card_id.points, self.spent(member)), (500, {}))
        history = self.env["loyalty.history"].search([("card_id", "=", member.card_id.id)])
        self.assertEqual(sum(history.mapped("used")), 0)

    def test_part_of_the_points(self):
        # 500 points, goods of 2.00: the reward takes 500 natively for a discount capped at the order
        member = self.member_with_points()
        self.reward.discount_max_amount = 2
        order = self.order(member)
        self.redeem(order)
        order.action_confirm()
        self.assertEqual(sum(self.spent(member).values()) + member.card_id.points, 500)
        self.assertEqual(self.spent(member)["2030-06-30"], 200)

    def test_two_quotations_do_not_spend_the_same_points(self):
        member = self.member_with_points()
        orders = self.order(member) | self.order(member)
        for order in orders:
            self.redeem(order)
        with self.assertRaises(ValidationError):
            orders.action_confirm()
        self.env.invalidate_all()
        self.assertGreaterEqual(member.card_id.points, 0)

    def test_a_reward_of_a_confirmed_order_stays(self):
        member = self.member_with_points()
        order = self.order(member)
        self.redeem(order)
        order.action_confirm()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.order_line.filtered("is_reward_line").unlink()
        self.env.invalidate_all()
        self.assertEqual(member.card_id.points, 0)

    def test_the_cost_of_a_confirmed_line_is_not_typed(self):
        member = self.member_with_points()
        order = self.order(member)
        self.redeem(order)
        order.action_confirm()
        line = order.order_line.filtered("is_reward_line")
        for cost in (0, -100_000, 10):
            with self.subTest(cost=cost), self.assertRaises(UserError):
                line.write({"points_cost": cost})
        with self.assertRaises(UserError):
            line.with_context(liquor_points="sale.order,1").write({"points_cost": 0})
        self.assertEqual(member.card_id.points, 0)

    def test_points_of_another_member_are_out_of_reach(self):
        rich, poor = self.member_with_points(), self.join(1)
        order = self.order(poor)
        self.env["sale.order.line"].create({
            "order_id": order.id,
            "product_id": self.reward.discount_line_product_id.id,
            "name": "stolen",
            "price_unit": -5,
            "reward_id": self.reward.id,
            "coupon_id": rich.card_id.id,
            "points_cost": 500,
        })
        order.action_confirm()
        self.assertEqual(rich.card_id.points, 500)

    def test_expired_points_are_not_spent(self):
        with self.at("2026-03-01 02:00:00"):
            member = self.join()
            self.earn(member, 500, "a", expires_on=fields.Date.to_date("2026-03-31"))
            order = self.order(member)
            self.redeem(order)
        with self.at("2026-04-01 02:00:00"), self.assertRaises(ValidationError):
            order.action_confirm()
