from odoo import api, fields, models

TRADE = ("distributor", "sub_distributor")
PERSONS = ("guide", "waiter")
# What a new draft begins with, by who is paid: money received for distributors (R2), receipts for shops, openings
# for guides and waiters.
USUAL = {
    "trade": {"basis": "paid_in", "measure": "amount", "rate_kind": "percent", "payable": "available"},
    "shop": {"basis": "received", "measure": "cases", "rate_kind": "per_unit", "payable": "pending"},
    "person": {"basis": "opened", "measure": "bottles", "rate_kind": "per_unit", "payable": "available"},
}


class LiquorPolicyVersion(models.Model):
    """What the screen proposes for a new draft, so that the clerk changes little and misses nothing."""

    _inherit = "liquor.policy.version"

    # where a new tier begins: where the one before ends
    next_tier_from = fields.Float(compute="_compute_next_tier_from")

    @api.depends("tier_ids.to_value")
    def _compute_next_tier_from(self):
        for version in self:
            version.next_tier_from = max(version.tier_ids.mapped("to_value"), default=0.0)

    @api.onchange("policy_id")
    def _onchange_policy_id(self):
        """Begin as parties of this kind are usually paid; everything may be changed."""
        if self._origin or not self.policy_id:
            return
        for name, value in USUAL[self._usual_party()].items():
            self[name] = value

    @api.onchange("rate_kind")
    def _onchange_rate_kind(self):
        """Goods (10 + 1) are counted in cases that were shipped: money paid in ahead of its invoice has no cases."""
        if self._origin or self.rate_kind != "goods":
            return
        if self.measure == "amount":
            self.measure = "cases"
        if self.basis == "paid_in":
            self.basis = "shipped"

    @api.onchange("basis")
    def _onchange_basis(self):
        """What the consumer opened is proven by the opening: nothing is waited for."""
        if not self._origin and self.basis == "opened":
            self.payable = "available"

    def _usual_party(self):
        kind = self.policy_id.beneficiary_kind
        return "trade" if kind in TRADE else "person" if kind in PERSONS else "shop"
