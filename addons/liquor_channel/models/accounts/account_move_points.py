from odoo import fields, models

from .account_move import PAPERS

PAPERS.add("liquor_point_use_entry_id")


class AccountMove(models.Model):
    _inherit = "account.move"

    liquor_point_use_entry_id = fields.Many2one(
        "liquor.point.use.entry",
        "Points Nobody Will Use",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
