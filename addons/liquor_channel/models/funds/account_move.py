from odoo import fields, models
from odoo.exceptions import UserError

from ..accounts.account_move import OWN_HAND, STANDS_FOR

STANDS_FOR.update({"liquor_charge_id", "liquor_benefit_shares"})


class AccountMove(models.Model):
    _inherit = "account.move"

    liquor_charge_id = fields.Many2one(
        "liquor.charge", "Charge of a Share", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    liquor_benefit_shares = fields.Boolean("Charges Benefits", readonly=True, copy=False)

    def _liquor_check_free(self):
        """Refuse a hand on entries that stand for a distributor's share."""
        result = super()._liquor_check_free()
        if self.env.context.get("liquor_own_hand") is OWN_HAND:
            return result
        bound = self.sudo().filtered(
            lambda move: move.state == "posted" and (move.liquor_charge_id or move.liquor_benefit_shares)
        )
        if bound:
            raise UserError(self.env._("%(move)s stands for a distributor's share: it stays.", move=bound[0].name))
        return result
