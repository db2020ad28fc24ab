from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    liquor_expense_waiting = fields.Monetary(
        "Allowed Claims", compute="_compute_liquor_expense_waiting", compute_sudo=True,
        help="Claims of this distributor that are paid as a discount of his next order.",
    )  # fmt: skip

    def _compute_liquor_expense_waiting(self):
        for order in self:
            order.liquor_expense_waiting = sum(order._liquor_waiting_expenses().mapped("allowed_amount"))

    def _liquor_waiting_expenses(self):
        """Claims that wait for an order as a discount, the oldest first, without those that lie on one already."""
        if self.state not in ("draft", "sent") or self.liquor_kind != "normal":
            return self.env["liquor.expense"]
        waiting = self.env["liquor.expense"].sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("distributor_id", "=", self.partner_id.commercial_partner_id.id),
                ("payment_method", "=", "discount"),
                ("state", "=", "paying"),
            ],
            order="claimed_at, id",
        )  # fmt: skip
        return waiting.filtered(lambda expense: all(line.order_id.state == "cancel" for line in expense.order_line_ids))

    def action_liquor_use_expenses(self):
        """Put waiting claims on the order as discount lines, each whole, as far as the goods carry them (票折)."""
        for order in self:
            order.check_access("write")
            left = order.amount_untaxed
            lines = []
            for expense in order._liquor_waiting_expenses():
                if expense.currency_id == order.currency_id and expense.allowed_amount <= left:
                    left -= expense.allowed_amount
                    lines.append(fields.Command.create(order._prepare_liquor_expense_line(expense)))
            if not lines:
                raise UserError(self.env._("There is no allowed claim this order could carry."))
            order.sudo().write({"order_line": lines})

    def _prepare_liquor_expense_line(self, expense):
        return {
            "product_id": self.company_id._liquor_rebate_product().id,
            "name": self.env._("Allowed expense %(name)s", name=expense.display_name),
            "product_uom_qty": 1.0,
            "price_unit": -expense.allowed_amount,
            "liquor_expense_id": expense.id,
            "sequence": 9998,
        }

    def _action_confirm(self):
        """The claims on the order are paid by it, once."""
        expenses = self.order_line.sudo().liquor_expense_id
        for expense in expenses:
            if expense.state != "paying":
                raise UserError(self.env._("%(name)s was paid already.", name=expense.display_name))
        result = super()._action_confirm()
        expenses._mark_paid()
        return result

    def _action_cancel(self):
        """Claims of an order that was confirmed and is cancelled wait for another one."""
        confirmed = self.filtered(lambda order: order.state == "sale")
        expenses = confirmed.order_line.sudo().liquor_expense_id.filtered(lambda expense: expense.state == "paid")
        result = super()._action_cancel()
        expenses._wait_again()
        return result
