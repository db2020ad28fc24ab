from odoo import models


class AccountMove(models.Model):
    """Invoices and credit notes of orders that carry rebate: the rebate account follows."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._liquor_follow_rebate()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._liquor_follow_rebate()
        return result

    def _liquor_follow_rebate(self):
        for move in self.filtered(lambda move: move.move_type in ("out_invoice", "out_refund")):
            for order in move.invoice_line_ids.sale_line_ids.sudo().order_id:
                order._liquor_check_payer(move)
                order._liquor_follow_invoices(self.env._("By invoice or credit note %(name)s", name=move.name))
