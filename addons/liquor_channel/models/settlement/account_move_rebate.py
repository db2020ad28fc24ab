from odoo import models
from odoo.exceptions import UserError

CUSTOMER = ("out_invoice", "out_refund")


class AccountMove(models.Model):
    """Invoices and credit notes of orders that carry rebate or papers of ours: what we owe follows them."""

    _inherit = "account.move"

    def _post(self, soft=True):
        self._liquor_check_released()
        posted = super()._post(soft)
        posted._liquor_check_parts()
        posted._liquor_follow_rebate()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._liquor_follow_rebate()
        return result

    def _liquor_check_released(self):
        """Refuse customers' invoices that release what we owe without the order or document that decided it.

        A copy of an invoice would give its discount a second time.

        :raises UserError: naming the line and what to do
        """
        moves = self.filtered(lambda move: move.move_type in CUSTOMER and not move.sudo()._liquor_is_ours())
        owed = self.env["liquor.account.mapping"].sudo()._released_accounts(moves.company_id)
        for item in moves.invoice_line_ids.filtered(lambda item: item.account_id in owed):
            if not any(line._liquor_released_role() for line in item.sale_line_ids.sudo()):
                raise UserError(
                    self.env._(
                        "“%(line)s” on %(move)s releases what is owed on %(account)s, and no order or document of the "
                        "channel says so. Remove the line; use rebate or claims on an order instead.",
                        line=item.name,
                        move=item.move_id.display_name,
                        account=item.account_id.display_name,
                    )
                )

    def _liquor_check_parts(self):
        """Refuse invoices whose discounts are more than their goods carry."""
        for move in self.filtered(lambda move: move.move_type == "out_invoice"):
            for order in move.invoice_line_ids.sale_line_ids.sudo().order_id:
                if order._liquor_carried():
                    order._liquor_check_invoice(move)

    def _liquor_follow_rebate(self):
        """Tell the orders of these invoices; whoever cancels such an order at the same time waits or runs again."""
        for move in self.filtered(lambda move: move.move_type in CUSTOMER):
            for order in move.invoice_line_ids.sale_line_ids.sudo().order_id:
                order._liquor_check_payer(move)
                order._liquor_follow_invoices(self.env._("By invoice or credit note %(name)s", name=move.name))
