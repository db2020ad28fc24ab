from odoo import fields, models

from ..accounts.account_move import PAPERS

PAPERS.add("liquor_rebate_expiry_id")


class AccountMove(models.Model):
    _inherit = "account.move"

    liquor_rebate_expiry_id = fields.Many2one(
        "liquor.rebate.expiry", "Expired Rebate", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    def _post(self, soft=True):
        """Settle what is owed in goods when the invoice that carries it is posted."""
        posted = super()._post(soft)
        owed = posted.invoice_line_ids.sale_line_ids.sudo().liquor_settlement_id
        if owed:
            owed._goods_invoiced()
        return posted
