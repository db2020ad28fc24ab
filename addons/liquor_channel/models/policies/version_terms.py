from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.earnings.periods import period_of

MOST = 10**12
# kinds that are computed on what a period has given so far
CUMULATIVE = ("tiered", "growth", "target", "fixed")
WITH_TIERS = ("tiered", "growth", "target")


class LiquorPolicyVersion(models.Model):
    """More terms: what they are read with, when they pay, in what form, and how much at most."""

    _inherit = "liquor.policy.version"

    basis = fields.Selection(selection_add=[("paid_in", "Money Received (打款)")], ondelete={"paid_in": "cascade"})
    rate_kind = fields.Selection(selection_add=[("goods", "Goods for Full Blocks")], ondelete={"goods": "cascade"})
    tax_basis = fields.Selection(
        [("included", "With Tax"), ("excluded", "Without Tax")],
        string="Tax in Amounts",
        required=True,
        default="included",
    )
    tax_rate = fields.Float(
        string="Tax Rate (%)",
        digits=(5, 2),
        default=lambda self: self._default_tax_rate(),
        help="For money received and other facts that do not say their amount without tax.",
    )
    growth_on = fields.Selection(
        [("increase", "Only the Increase"), ("whole", "Everything")],
        string="Growth Pays On",
        required=True,
        default="increase",
    )
    baseline_minimum = fields.Float(
        string="Lowest Baseline",
        digits=(16, 2),
        help="The baseline is the same time of the year before, at least this much. Without either there is no growth.",
    )
    pay_at = fields.Selection(
        [("running", "While the Period Runs"), ("end", "When the Period Has Ended")],
        string="When It Pays",
        required=True,
        default="running",
        help="While it runs: earnings grow with what has been reached so far. When it has ended: once, for all of it.",
    )
    goods_block = fields.Float(
        string="For Each", digits=(16, 2), default=10.0, help="10 + 1: for each 10, the rate says 1."
    )
    goods_product_id = fields.Many2one("product.product", string="Goods Given", ondelete="restrict", check_company=True)
    form = fields.Selection(
        [("money", "Money"), ("goods", "Goods")],
        string="Form of Payment",
        compute="_compute_form",
        store=True,
        help="Goods are owed in cases and at the price of the day on which they are earned.",
    )
    minimum_payout = fields.Monetary(help="What a period owes below this is not paid; 0 = none.")
    rounding_step = fields.Monetary(string="Rounded To", help="A multiple of this, e.g. 1 or 10; 0 = to the cent.")
    rounding_down = fields.Boolean(help="Towards zero instead of to the nearest.")
    cap_total = fields.Monetary(string="Cap of the Programme", help="Most that all parties get in a period; 0 = none.")
    cap_supplier = fields.Monetary(
        string="Cap per Distributor", help="Most that all shops of a distributor get in a period; 0 = none."
    )
    condition_ids = fields.One2many("liquor.policy.condition", "version_id", string="Conditions", copy=True)
    uplift_ids = fields.One2many("liquor.policy.uplift", "version_id", string="Uplifts", copy=True)
    is_uplifted = fields.Boolean(compute="_compute_is_uplifted", store=True, help="Spares scans a query.")

    _terms_bounds = models.Constraint(
        f"""CHECK (COALESCE(tax_rate, 0) BETWEEN 0 AND 100 AND COALESCE(baseline_minimum, 0) BETWEEN 0 AND {MOST}
                   AND COALESCE(goods_block, 0) BETWEEN 0 AND {MOST}
                   AND COALESCE(minimum_payout, 0) BETWEEN 0 AND {MOST}
                   AND COALESCE(rounding_step, 0) BETWEEN 0 AND 1000000
                   AND COALESCE(cap_total, 0) BETWEEN 0 AND {MOST}
                   AND COALESCE(cap_supplier, 0) BETWEEN 0 AND {MOST})""",
        "Caps, minimum, baseline and rounding lie between 0 and 1,000,000,000,000, a tax rate between 0 and 100.",
    )

    def _default_tax_rate(self):
        tax = self.env.company.account_sale_tax_id
        return tax.amount if tax.amount_type == "percent" else 13.0

    @api.depends("rate_kind")
    def _compute_form(self):
        for version in self:
            version.form = "goods" if version.rate_kind == "goods" else "money"

    @api.depends("uplift_ids")
    def _compute_is_uplifted(self):
        for version in self:
            version.is_uplifted = bool(version.uplift_ids)

    @api.constrains(
        "rate_kind", "goods_product_id", "goods_block", "measure", "cap_amount", "cap_total", "cap_supplier",
        "minimum_payout", "rounding_step", "policy_id", "state",
    )  # fmt: skip
    def _check_form(self):
        for version in self:
            if version.rate_kind == "goods":
                version._check_goods()
            if version.policy_id.kind == "per_unit" and version.minimum_payout:
                raise ValidationError(self.env._("A policy per unit pays each fact: it has no minimum payout."))
            if version.policy_id.kind != "per_unit" and version.cap_supplier:
                raise ValidationError(self.env._("Only a policy per unit is capped per distributor."))

    def _check_goods(self):
        if self.policy_id.kind != "tiered" or self.measure == "amount":
            raise ValidationError(self.env._("Goods are given by tiers in bottles or cases."))
        if self.policy_id.beneficiary_kind not in ("distributor", "sub_distributor"):
            raise ValidationError(self.env._("Goods are delivered to distributors: pay shops in money."))
        if not self.goods_product_id or self.goods_block <= 0:
            raise ValidationError(self.env._("Say which goods are given, and for how many."))
        if self.cap_amount or self.cap_total or self.minimum_payout or self.rounding_step:
            raise ValidationError(self.env._("Goods are counted in full units: amounts cannot cap or round them."))

    @api.constrains("policy_id", "method", "condition_ids", "state")
    def _check_kind_of_terms(self):
        for version in self:
            kind = version.policy_id.kind
            if kind == "per_unit" and version.condition_ids:
                raise ValidationError(
                    self.env._("Conditions are about a period: a policy per unit pays at once and has none.")
                )

    def _check_tiers(self):
        result = super()._check_tiers()
        if self.policy_id.kind in ("growth", "target") and self.method == "progressive" and self.growth_on == "whole":
            raise ValidationError(self.env._("With each tier paying for its part, growth pays on the increase only."))
        return result

    def action_activate(self):
        """Refuse terms that cannot be computed, then put them in force."""
        for version in self:
            version._check_complete()
        return super().action_activate()

    def _check_complete(self):
        if self.policy_id.kind == "fixed" and not self.rate:
            raise UserError(self.env._("Say what %(version)s pays.", version=self.display_name))
        group = self.policy_id.group_id
        others = (group.policy_ids - self.policy_id).version_ids.filtered(lambda one: one.state != "draft")
        for other in others:
            same_way = (other.kind == "per_unit") == (self.kind == "per_unit") and other.form == self.form
            same_period = self.kind == "per_unit" or other.period == self.period
            if not (same_way and same_period and other.beneficiary_kind == self.beneficiary_kind):
                raise UserError(
                    self.env._(
                        "%(version)s excludes %(other)s: both must pay the same kind of party, over the same period.",
                        version=self.display_name,
                        other=other.display_name,
                    )
                )

    # --- for the engine --------------------------------------------------------------------------------------

    def _caps_of(self, rule, partner_id, day, supplier_id):
        """Caps that an amount of a per-unit policy falls under: {key of the counter: cap}."""
        if rule.cap is None and rule.cap_total is None and rule.cap_supplier is None:
            return {}
        label = period_of(day, self.period).label
        caps = {
            self._cap_key(partner_id, day): rule.cap,
            f"policy/{self.id}/all/{label}": rule.cap_total,
            f"policy/{self.id}/supplier/{supplier_id}/{label}": rule.cap_supplier if supplier_id else None,
        }
        return {key: cap for key, cap in caps.items() if cap is not None}

    def _cap_keys(self, partner_id, day, supplier_id):
        """Keys of every counter that an amount may have been taken from; those without a counter do not matter."""
        label = period_of(day, self.period).label
        keys = [self._cap_key(partner_id, day), f"policy/{self.id}/all/{label}"]
        return [*keys, f"policy/{self.id}/supplier/{supplier_id}/{label}"] if supplier_id else keys

    def _is_for(self, partner, role, territory_path):
        """Tell whether these terms are for a party of ``role``, as far as this is known without a fact."""
        self.ensure_one()
        return (
            (not self.partner_ids or partner in self.partner_ids)
            and (not self.territory_ids or bool(set(self.territory_ids.ids) & set(territory_path)))
            and (not self.terminal_kind_ids or role.terminal_kind_id in self.terminal_kind_ids)
        )
