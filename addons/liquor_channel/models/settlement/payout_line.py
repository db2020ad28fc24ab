from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorPayoutLine(models.Model):
    """One earning in a payout; an earning is in at most one live line (channel.md Acc-4)."""

    _name = "liquor.payout.line"
    _inherit = ["liquor.earning.line.mixin"]
    _description = "Payout Line"
    _order = "payout_id, id"
    _rec_name = "earning_id"

    payout_id = fields.Many2one(
        "liquor.payout", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    product_id = fields.Many2one(related="earning_id.product_id")
    live = fields.Boolean(help="Off: the money went back to the balance.")
    approved = fields.Boolean(readonly=True, help="The earning was made payable in the ledger by this line.")

    _one_live = models.UniqueIndex("(earning_id) WHERE live", "This earning is being paid already.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Lines of payouts stay."))
