from odoo import api, fields, models
from odoo.exceptions import UserError

from .policy_condition import CHECKS


class LiquorPolicyCheck(models.Model):
    """Somebody's word that a party passed a check of a period (deposit, price, diversion). The last word counts."""

    _name = "liquor.policy.check"
    _description = "Check of a Party"
    _inherit = ("liquor.guarded.mixin", "liquor.append.mixin")
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "partner_id"

    _guarded_in_create = frozenset({"user_id", "checked_at"})

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict", check_company=True)
    kind = fields.Selection(CHECKS, required=True)
    period_label = fields.Char(string="Period", required=True, help="As on the policy: 2026, 2026-Q1, 2026-01.")
    passed = fields.Boolean(default=True)
    note = fields.Char(required=True, help="What was looked at.")
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    checked_at = fields.Datetime(required=True, readonly=True)

    _party_idx = models.Index("(company_id, period_label, partner_id)")

    @api.model_create_multi
    def create(self, vals_list):
        """Sign each word by who says it, now: whoever may add one is told by the access rights."""
        signed = {"user_id": self.env.uid, "checked_at": fields.Datetime.now()}
        return super().create([{**vals, **signed} for vals in vals_list])

    @api.constrains("partner_id", "user_id")
    def _check_is_not_own(self):
        for check in self:
            if check.user_id.partner_id.commercial_partner_id == check.partner_id:
                raise UserError(self.env._("Nobody checks his own company."))

    @api.model
    def _passed(self, company, labels, partner_ids=None):
        """Checks that stand: {(partner id, period label): frozenset of kinds}, in one query."""
        domain = [("company_id", "=", company.id), ("period_label", "in", list(labels))]
        if partner_ids is not None:
            domain.append(("partner_id", "in", list(partner_ids)))
        last = {}
        for row in self.sudo().search(domain, order="id"):
            last[row.partner_id.id, row.period_label, row.kind] = row.passed
        found = {}
        for (partner, label, kind), passed in last.items():
            if passed:
                found.setdefault((partner, label), set()).add(kind)
        return {key: frozenset(kinds) for key, kinds in found.items()}
