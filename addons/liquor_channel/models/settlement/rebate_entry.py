from odoo import fields, models

from ...engine.common.money import decimal
from ...engine.settlement.rebate_lots import Movement


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
            ("expire", "Expired"),
            ("restore", "Expiry taken back"),
        ],
        required=True,
        readonly=True,
    )
    expires_on = fields.Date(
        string="Usable Until",
        readonly=True,
        help="Last day of what was credited, by the rule of that day; of what an order gives back, the earliest one.",
    )
    lot_id = fields.Many2one(
        "liquor.rebate.entry", "About the Credit", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _amount_bounds = models.Constraint(
        "CHECK (amount BETWEEN -1000000000000 AND 1000000000000)", "The amount is out of bounds."
    )
    _expiring_idx = models.Index("(rebate_account_id, expires_on) WHERE expires_on IS NOT NULL")

    def _to_movement(self):
        of_order = self.origin_model == "sale.order"
        return Movement(
            self.id,
            decimal(self.amount),
            self.business_day,
            self.expires_on or None,
            self.lot_id.id or None,
            f"order/{self.origin_id}" if of_order else "",
            gives_back=self.kind == "release",
        )

    def _portal_domain(self, user):
        """Return the entries a portal user may see."""
        return [("partner_id", "=", user.partner_id.commercial_partner_id.id)]
