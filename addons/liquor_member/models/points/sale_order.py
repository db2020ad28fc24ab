from odoo import models

from .points_cause import PointsCause


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _liquor_caused(self):
        """Return the order with itself as the cause of what happens to points."""
        self.ensure_one()
        return self.with_context(liquor_points=PointsCause(self._name, self.id))

    def _liquor_with_cards(self):
        return self.filtered(lambda order: order.sudo().order_line.coupon_id.liquor_member_id)

    def action_confirm(self):
        """Confirm orders that spend members' points one by one: in bulk, native code would spend them twice (X7)."""
        special = self._liquor_with_cards()
        if not special:
            return super().action_confirm()
        others = self - special
        result = super(SaleOrder, others).action_confirm() if others else True
        for order in special:
            order._liquor_refresh_cards()
            result = super(SaleOrder, order._liquor_caused()).action_confirm()
        return result

    def _liquor_refresh_cards(self):
        """Close lots that expired since the last run, so that nobody spends them."""
        members = self.sudo().order_line.coupon_id.liquor_member_id
        self.env["liquor.point.entry"].sudo()._refresh(members)

    def _action_cancel(self):
        special = self._liquor_with_cards()
        if not special:
            return super()._action_cancel()
        others = self - special
        result = super(SaleOrder, others)._action_cancel() if others else True
        for order in special:
            result = super(SaleOrder, order._liquor_caused())._action_cancel()
        return result

    def _update_programs_and_rewards(self):
        return super(SaleOrder, self._liquor_caused())._update_programs_and_rewards()

    def _apply_program_reward(self, reward, coupon, **kwargs):
        return super(SaleOrder, self._liquor_caused())._apply_program_reward(reward, coupon, **kwargs)
