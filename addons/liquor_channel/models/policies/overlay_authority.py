from dataclasses import replace

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import decimal
from ...engine.policies.authority import breaches


class LiquorPolicyOverlay(models.Model):
    """Who may give one shop its own values: head office everybody, a region its shops within its limits (C19, C20)."""

    _inherit = "liquor.policy.overlay"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a region's author where policies are head office's, or for shops that are not his."""
        overlays = super().create(vals_list)
        overlays._check_author()
        return overlays

    def write(self, vals):
        """The same for changes, before and after."""
        self._check_author()
        result = super().write(vals)
        self._check_author()
        return result

    def _check_author(self):
        user = self.env.user
        if self.env.su or not user._liquor_is_regional():
            return
        for overlay in self:
            if overlay.company_id.liquor_policy_mode == "national":
                raise AccessError(self.env._("Policies of this company are written by head office."))
            if not user._liquor_covers(overlay._territories()):
                raise AccessError(
                    self.env._("%(partner)s is not in your territories.", partner=overlay.partner_id.name)
                )

    def _territories(self):
        """Where the party is, by its role that the policy pays."""
        kind = self.policy_id.sudo().beneficiary_kind
        day = max(today(self.company_id), self.date_start)
        roles = self.env["liquor.channel.role"].sudo()
        return roles._live(self.partner_id, kind, day, self.company_id).territory_id

    def action_approve(self):
        """Approve within one's authority; what is above the limit of the region is for head office."""
        self._check_author()
        if not self.env.su and self.env.user._liquor_is_regional():
            for overlay in self:
                overlay._check_limit()
        return super().action_approve()

    def _check_limit(self):
        version = self.policy_id.sudo().current_version_id
        promise = self._promise(version)
        if promise is None:
            return
        territories = self._territories()
        limits = self.env["liquor.policy.limit"]._limit_of(
            self.company_id, version.beneficiary_kind, version._limit_kind(), territories, self.date_start
        )
        if any(breaches(promise, limits[territory.id]) for territory in territories):
            raise UserError(
                self.env._(
                    "%(name)s is above the limit of its region: head office approves it.", name=self.display_name
                )
            )

    def _promise(self, version):
        """What the policy promises this party with its own value; None for values that promise nothing more."""
        promise, value = version._promise(), decimal(self.value)
        if self.kind == "rate":
            return replace(promise, rate=value)
        if self.kind == "strength":
            return replace(promise, uplift=promise.uplift + value)
        return replace(promise, cap=value) if self.kind == "cap" else None
