from odoo import fields, models

from ..accounts.account_move import PAPERS

PAPERS.update({"liquor_charge_id", "liquor_benefit_shares", "liquor_provider_bill_id"})


class AccountMove(models.Model):
    _inherit = "account.move"

    liquor_charge_id = fields.Many2one(
        "liquor.charge", "Charge of a Share", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    liquor_provider_bill_id = fields.Many2one(
        "liquor.provider.bill",
        "Bill of a Provider",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    liquor_benefit_shares = fields.Boolean("Charges Benefits", readonly=True, copy=False)
