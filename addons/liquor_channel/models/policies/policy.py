from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.business_day import today

from ..partners.channel_role import ROLE_KINDS


class LiquorPolicy(models.Model):
    """What the brand promises to one kind of party; its terms are in its versions."""

    _name = "liquor.policy"
    _description = "Policy"
    _inherit = ("mail.thread", "mail.activity.mixin")
    _check_company_auto = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("per_unit", "Per Unit"),
            ("tiered", "Tiered"),
            ("growth", "Growth over the Year Before"),
            ("target", "Completion of the Target"),
            ("fixed", "Fixed per Period"),
        ],
        required=True,
        default="per_unit",
        tracking=True,
        help="Per unit pays at once for each fact; the others are computed on what a period has given so far.",
    )
    group_id = fields.Many2one(
        "liquor.policy.group",
        string="Exclusive Group",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Policies outside a group add up; of those in a group one pays.",
    )
    beneficiary_kind = fields.Selection(ROLE_KINDS, string="Paid To", required=True, default="terminal", tracking=True)
    nature = fields.Selection(
        [("rebate", "Rebate"), ("reward", "Reward"), ("service", "Paid Service")],
        required=True,
        default="reward",
        tracking=True,
        help="Rebates and rewards reduce revenue; a distinct service with the payee's invoice is an expense.",
    )
    note = fields.Html()
    version_ids = fields.One2many("liquor.policy.version", "policy_id", string="Versions")
    current_version_id = fields.Many2one("liquor.policy.version", compute="_compute_current_version_id")
    sentence = fields.Text(string="In Words", compute="_compute_sentence")
    version_count = fields.Integer(compute="_compute_version_count")

    @api.depends("version_ids.state", "version_ids.date_start", "version_ids.date_end")
    def _compute_current_version_id(self):
        for policy in self:
            day = today(policy.company_id or self.env.company)
            living = policy.version_ids.filtered(
                lambda v, day=day: (
                    v.state in ("active", "frozen") and v.date_start <= day and (not v.date_end or v.date_end >= day)
                )
            )
            policy.current_version_id = living[:1] or policy.version_ids[:1]

    @api.depends_context("lang")
    @api.depends("version_ids.sentence", "current_version_id")
    def _compute_sentence(self):
        for policy in self:
            policy.sentence = policy.current_version_id.sentence

    @api.depends("version_ids")
    def _compute_version_count(self):
        for policy in self:
            policy.version_count = len(policy.version_ids)

    @api.onchange("beneficiary_kind")
    def _onchange_beneficiary_kind(self):
        """Propose what parties of this kind usually get: distributors a rebate by tiers, others a reward per unit."""
        if not self._origin:
            trade = self.beneficiary_kind in ("distributor", "sub_distributor")
            self.nature = "rebate" if trade else "reward"
            self.kind = "tiered" if trade else "per_unit"

    def write(self, vals):
        terms = {"kind", "beneficiary_kind", "company_id", "group_id"}
        if not self.env.su:
            # the account that its rewards are booked on: what is taken back has to meet what was accrued
            terms.add("nature")
        if terms & vals.keys() and self.version_ids.filtered(lambda version: version.state != "draft"):
            raise UserError(
                self.env._(
                    "A version of this policy is in force: its kind, its group, its nature and whom it pays cannot"
                    " change any more."
                )
            )
        if "sequence" in vals:
            self._check_order_is_free()
        return super().write(vals)

    def _check_order_is_free(self):
        """Between policies that exclude each other the order is a term: it stays while one of them pays."""
        bound = self.filtered("group_id").group_id.policy_ids.version_ids.filtered(lambda one: one.state != "draft")
        if bound and self.filtered("group_id"):
            raise UserError(
                self.env._(
                    "%(version)s is in force: the order of its exclusive group stays.", version=bound[0].display_name
                )
            )

    def action_write_terms(self):
        """Open the draft that waits, else a copy of the terms in force, else a fresh version."""
        self.ensure_one()
        drafts = self.version_ids.filtered(lambda version: version.state == "draft")
        if self.version_ids and not drafts:
            return self.current_version_id.action_new_version()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Terms"),
            "res_model": "liquor.policy.version",
            "res_id": drafts[:1].id,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_policy_id": self.id},
        }

    def action_open_versions(self):
        """Open the versions as a list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.policy_version_action")
        return {
            **action,
            "domain": [("policy_id", "=", self.id)],
            "context": {"default_policy_id": self.id},
        }
