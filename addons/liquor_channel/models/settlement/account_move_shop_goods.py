from odoo import fields, models

from ..accounts.account_move import PAPERS

PAPERS.add("liquor_shop_delivery_id")


class AccountMove(models.Model):
    _inherit = "account.move"

    liquor_shop_delivery_id = fields.Many2one(
        "liquor.shop.delivery",
        "Goods Owed to a Shop",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _post(self, soft=True):
        """Goods of shops are delivered when the invoice that carries them is posted."""
        posted = super()._post(soft)
        posted.invoice_line_ids.sale_line_ids.sudo().liquor_shop_delivery_id._goods_invoiced()
        return posted
