from odoo import models

from .points_cause import PointsCause, cause_of, refuse

POINTS_FIELDS = {"points_cost", "coupon_id", "reward_id"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _liquor_spending(self):
        """Return lines of confirmed orders that hold points of a member."""
        return self.filtered(lambda line: line.state == "sale" and line.sudo().coupon_id.liquor_member_id)

    def write(self, vals):
        """Points of a confirmed order change through its rewards, never by typing a cost."""
        if vals.keys() & POINTS_FIELDS and cause_of(self.env) is None and self._liquor_spending():
            refuse(self.env)
        return super().write(vals)

    def unlink(self):
        """Removing a reward line of a confirmed order gives its points back to the same lots."""
        if not self._liquor_spending():
            return super().unlink()
        for order, lines in self.grouped("order_id").items():
            caused = lines.with_context(liquor_points=PointsCause(order._name, order.id))
            super(SaleOrderLine, caused).unlink()
        return True
