from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.liquor_channel.tools.dates import in_force
from odoo.addons.liquor_member.tools.business_day import today

REWARDS = [("points", "Points"), ("cash_back", "Cash-back"), ("gift", "Gift")]
TERMS = {"program_id", "product_id", "category_id", "reward", "points", "amount", "benefit_id"}


class LiquorClaimRule(models.Model):
    """What an opened bottle gives its opener: points in a national club, cash-back at the cap in a regional one."""

    _name = "liquor.claim.rule"
    _description = "Claim Rule"
    _inherit = ["mail.thread"]
    _check_company_auto = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10, help="Of several rules for a bottle the first one counts.")
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    program_id = fields.Many2one(
        "liquor.member.program",
        "Club",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    product_id = fields.Many2one("product.product", ondelete="restrict", check_company=True, help="Empty: any product.")
    category_id = fields.Many2one("product.category", ondelete="restrict", help="Empty: any category.")
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company), tracking=True)
    date_end = fields.Date(help="Last day, included.", tracking=True)
    reward = fields.Selection(REWARDS, required=True, default="points", tracking=True)
    points = fields.Integer(tracking=True)
    amount = fields.Monetary(tracking=True)
    benefit_id = fields.Many2one("liquor.benefit", ondelete="restrict", check_company=True, tracking=True)
    version = fields.Integer(default=1, readonly=True, copy=False)
    claim_count = fields.Integer(compute="_compute_claim_count")

    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "The last day lies before the first one."
    )
    _bounds = models.Constraint(
        "CHECK (COALESCE(points, 0) BETWEEN 0 AND 1000000 AND COALESCE(amount, 0) BETWEEN 0 AND 50000)",
        "A bottle gives at most 1,000,000 points or 50,000 in money.",
    )
    _something = models.Constraint(
        "CHECK ((reward = 'points' AND points > 0) OR (reward = 'cash_back' AND amount > 0)"
        " OR (reward = 'gift' AND benefit_id IS NOT NULL))",
        "Say how many points, how much money or which gift a bottle gives.",
    )

    def _compute_claim_count(self):
        counts = dict(
            self.env["liquor.code.claim"]._read_group([("rule_id", "in", self.ids)], ["rule_id"], ["__count"])
        )
        for rule in self:
            rule.claim_count = counts.get(rule, 0)

    @api.constrains("reward", "program_id")
    def _check_club_has_points(self):
        for rule in self:
            if rule.reward == "points" and not rule.program_id.use_points:
                raise ValidationError(self.env._("The club %(club)s has no points.", club=rule.program_id.name))

    def write(self, vals):
        """Number the versions: every claim names the one it was rewarded by."""
        if TERMS & set(vals):
            for rule in self:
                super(LiquorClaimRule, rule).write({**vals, "version": rule.version + 1})
            return True
        return super().write(vals)

    @api.model
    def _rule_for(self, company, product, day):
        """Return the rule for a bottle opened on a business day, in sudo; empty where there is none.

        :param record company: company of the code batch
        """
        path = [int(step) for step in (product.sudo().categ_id.parent_path or "").split("/") if step]
        return self.sudo().search_fetch(
            Domain("company_id", "=", company.id)
            & Domain("product_id", "in", (product.id, False))
            & Domain("category_id", "in", (*path, False))
            & in_force(day),
            ["company_id", "name", "version", "program_id", "reward", "points", "amount", "benefit_id"],
            limit=1,
        )

    def _version_name(self):
        self.ensure_one()
        return f"{self.name} #{self.id}.{self.version}"

    def _prepare_grant(self, claim):
        """Return the grant of a claim as ``liquor.reward._grant`` takes it."""
        return {
            "kind": claim.reward,
            "member": claim.member_id,
            "points": claim.points,
            "amount": claim.amount,
            "benefit": claim.benefit_id,
            "product": claim.product_id,
            "key": f"claim/{claim.id}",
            "origin": claim,
            "reason": self.env._("Bottle %(bottle)s opened", bottle=claim.display_name),
            "rule_version": claim.rule_version,
            "event_time": claim.claimed_at,
        }
