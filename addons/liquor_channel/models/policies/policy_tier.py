from odoo import api, fields, models

from ...engine.common.money import decimal
from ...engine.policies.tiers import Tier

MOST = 10**12


class LiquorPolicyTier(models.Model):
    """One rung of a tiered policy: from a value (included) to a value (excluded)."""

    _name = "liquor.policy.tier"
    _description = "Policy Tier"
    _inherit = ("liquor.policy.term",)
    _check_company_auto = True
    _order = "version_id, from_value, id"
    _rec_name = "from_value"

    from_value = fields.Float(
        string="Tier From", digits=(16, 2), help="Included: a value exactly on it is in this tier."
    )
    to_value = fields.Float(string="Tier Below", digits=(16, 2), help="Excluded. Empty in the last tier: no end.")
    rate = fields.Float(digits=(16, 6))
    words = fields.Char(string="In Words", compute="_compute_words")

    _bounds = models.Constraint(
        f"CHECK (from_value BETWEEN 0 AND {MOST} AND COALESCE(to_value, 0) BETWEEN 0 AND {MOST}"
        f" AND rate BETWEEN 0 AND {MOST})",
        "Values and rates of a tier lie between 0 and 1,000,000,000,000.",
    )

    @api.depends_context("lang")
    @api.depends(
        "from_value",
        "to_value",
        "rate",
        "version_id.measure",
        "version_id.rate_kind",
        "version_id.policy_id.kind",
        "version_id.goods_block",
        "version_id.goods_product_id",
        "version_id.currency_id",
    )
    def _compute_words(self):
        for tier in self:
            tier.words = tier.version_id._say_tier(tier)

    def _to_engine(self):
        """Tiers of the engine, in order."""
        return [tier._to_tier() for tier in self._in_order()]

    def _in_order(self):
        return self.sorted(lambda tier: (tier.from_value, tier.id))

    def _to_tier(self):
        upper = decimal(self.to_value) if self.to_value else None
        return Tier(decimal(self.from_value), upper, decimal(self.rate))
