from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Settle what is owed in goods when the invoice that carries it is posted."""
        posted = super()._post(soft)
        owed = posted.invoice_line_ids.sale_line_ids.sudo().liquor_settlement_id
        if owed:
            owed._goods_invoiced()
        return posted
