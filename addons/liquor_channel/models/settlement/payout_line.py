from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorPayoutLine(models.Model):
    """One earning in a payout; an earning is in at most one live line (channel.md Acc-4)."""

    _name = "liquor.payout.line"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Payout Line"
    _order = "payout_id, id"
    _check_company_auto = True
    _rec_name = "earning_id"

    payout_id = fields.Many2one(
        "liquor.payout", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    earning_id = fields.Many2one(
        "liquor.earning", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    amount = fields.Monetary(required=True, readonly=True, aggregator="sum")
    live = fields.Boolean(readonly=True, default=True, help="Off: the money went back to the balance.")
    approved = fields.Boolean(readonly=True, help="The earning was made payable in the ledger by this line.")

    _one_live = models.UniqueIndex("(earning_id) WHERE live", "This earning is being paid already.")
    _amount_bounds = models.Constraint(
        "CHECK (amount BETWEEN -1000000000000 AND 1000000000000)", "The amount is out of bounds."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Lines of payouts stay."))
