from odoo import fields, models

from ..settlement.sale_order_line import PAPERS

PAPERS["liquor_share_agreement_id"] = "cofunding_due"


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    liquor_share_agreement_id = fields.Many2one(
        "liquor.agreement", "Share by Agreement", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
