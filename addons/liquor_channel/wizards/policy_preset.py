from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.liquor_member.tools.business_day import today


class LiquorPolicyPreset(models.TransientModel):
    """A region's policies in a day (C21): one rebate, one scan reward, one monthly statement, as drafts to approve."""

    _name = "liquor.policy.preset"
    _description = "Regional Preset"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    territory_ids = fields.Many2many("liquor.territory", string="Territories", check_company=True)
    category_ids = fields.Many2many("product.category", string="Product Categories")
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company))
    rebate_percent = fields.Float(string="Rebate (%)", digits=(5, 2), default=2.0, help="Of the money received.")
    rebate_threshold = fields.Monetary(string="From a Year of", default=500000.0)
    rebate_percent_above = fields.Float(string="Rebate Then (%)", digits=(5, 2), default=3.0)
    reward_per_case = fields.Monetary(string="Reward per Case", default=10.0, help="For each case a shop scans.")
    reward_cap = fields.Monetary(string="At Most per Shop and Month", default=2000.0)
    confirm_days = fields.Integer(string="Days to Confirm the Statement", default=10)
    order_percent = fields.Float(string="Rebate per Order (%)", digits=(5, 2), default=20.0)

    @api.constrains("rebate_percent", "rebate_percent_above", "rebate_threshold", "reward_per_case", "reward_cap")
    def _check_figures(self):
        for preset in self:
            if not (0 < preset.rebate_percent <= preset.rebate_percent_above <= 100 and preset.rebate_threshold > 0):
                raise ValidationError(self.env._("The rebate lies above 0 % and does not fall above the threshold."))
            if preset.reward_per_case <= 0 or preset.reward_cap < preset.reward_per_case:
                raise ValidationError(self.env._("The reward lies above 0 and its cap is at least one case."))

    def action_create(self):
        """Write the drafts and the settings of the statement, and show the drafts.

        :raises AccessError: not the company or not the right to write policies
        :raises UserError: the preset was used for this company before
        """
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This company is not among yours."))
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager sets a region up."))
        self._set_up_statement()
        versions = self._make_rebate() | self._make_reward()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Drafts to Approve"),
            "res_model": "liquor.policy.version",
            "view_mode": "list,form",
            "domain": [("id", "in", versions.ids)],
        }

    def _set_up_statement(self):
        """Who may approve for one company sets its days; a region's manager leaves the company as it is."""
        if self.env.user._liquor_is_regional():
            return
        self.company_id.sudo().write({
            "liquor_policy_mode": "regional",
            "liquor_confirm_days": self.confirm_days,
            "liquor_order_rebate_percent": self.order_percent,
        })

    def _make_rebate(self):
        tiers = [
            {"from_value": 0, "to_value": self.rebate_threshold, "rate": self.rebate_percent},
            {"from_value": self.rebate_threshold, "rate": self.rebate_percent_above},
        ]
        return self._make(
            {
                "name": self.env._("Yearly Rebate"),
                "kind": "tiered",
                "beneficiary_kind": "distributor",
                "nature": "rebate",
            },
            {
                "basis": "shipped" if self.category_ids else "paid_in",
                "measure": "amount",
                "rate_kind": "percent",
                "method": "retrospective",
                "period": "year",
                "payable": "available",
                "tier_ids": [Command.create(tier) for tier in tiers],
            },
        )

    def _make_reward(self):
        return self._make(
            {"name": self.env._("Scan Reward"), "kind": "per_unit", "beneficiary_kind": "terminal", "nature": "reward"},
            {
                "basis": "received",
                "measure": "cases",
                "rate_kind": "per_unit",
                "rate": self.reward_per_case,
                "period": "month",
                "cap_amount": self.reward_cap,
                "payable": "pending",
            },
        )

    def _make(self, policy, terms):
        known = self.env["liquor.policy"].search([
            ("name", "=", policy["name"]),
            ("company_id", "=", self.company_id.id),
        ])
        if known.version_ids.filtered(lambda one: one.territory_ids == self.territory_ids):
            raise UserError(
                self.env._("There is a policy “%(name)s” for these territories already.", name=policy["name"])
            )
        policy = self.env["liquor.policy"].create({**policy, "company_id": self.company_id.id})
        return self.env["liquor.policy.version"].create({
            **terms,
            "policy_id": policy.id,
            "currency_id": self.currency_id.id,
            "date_start": self.date_start,
            "territory_ids": [Command.set(self.territory_ids.ids)],
            "category_ids": [Command.set(self.category_ids.ids)],
        })
