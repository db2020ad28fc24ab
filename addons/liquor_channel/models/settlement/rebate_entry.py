from odoo import fields, models


class LiquorRebateEntry(models.Model):
    """One movement of a rebate account; append-only."""

    _name = "liquor.rebate.entry"
    _inherit = ["liquor.ledger.mixin"]
    _description = "Rebate Entry"
    _rec_name = "reason"

    rebate_account_id = fields.Many2one(
        "liquor.rebate.account", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    partner_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    amount = fields.Monetary(required=True, readonly=True, aggregator="sum")
    kind = fields.Selection(
        [
            ("settlement", "Settled rebate"),
            ("order", "Used on an order"),
            ("release", "Given back by an order"),
            ("reversal", "Settlement reversed"),
            ("expense", "Allowed expense"),
            ("charge", "Share charged"),
        ],
        required=True,
        readonly=True,
    )

    _amount_bounds = models.Constraint(
        "CHECK (amount BETWEEN -1000000000000 AND 1000000000000)", "The amount is out of bounds."
    )

    def _portal_domain(self, user):
        """Return the entries a portal user may see."""
        return [("partner_id", "=", user.partner_id.commercial_partner_id.id)]
