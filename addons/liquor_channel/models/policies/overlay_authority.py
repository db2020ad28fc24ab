from datetime import date

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.policies.authority import breaches, with_own_values
from .policy_version import PAYING


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
        """Refuse what lifts this party above the limit of its region, on any day, together with its other values."""
        if self.kind not in ("rate", "strength", "cap"):
            return
        territories = self._territories()
        for version in self._versions_meant():
            first = max(self.date_start, version.date_start)
            last = min(self.date_end or date.max, version.date_end or date.max)
            promise = with_own_values(version._promise(), [*self._other_values(), self._to_engine()])
            limits = self.env["liquor.policy.limit"]._limits_of(
                self.company_id,
                version.beneficiary_kind,
                version._limit_kind(),
                territories,
                first,
                None if last == date.max else last,
            )
            if any(breaches(promise, limit) for place in territories for limit in limits[place.id]):
                raise UserError(
                    self.env._(
                        "%(name)s is above the limit of its region: head office approves it.", name=self.display_name
                    )
                )

    def _versions_meant(self):
        """Versions in force on one of its days; where there is none yet, the terms that are being written."""
        policy = self.policy_id.sudo()
        living = policy.version_ids.filtered(
            lambda version: (
                version.state in PAYING
                and version.date_start <= (self.date_end or date.max)
                and (version.date_end or date.max) >= self.date_start
            )
        )
        return living or policy.current_version_id

    def _other_values(self):
        """Values of the same party that hold on one of these days."""
        found = self._in_force(self.policy_id, self.date_start, self.date_end or date.max, self.partner_id.ids)
        return found.get((self.policy_id.id, self.partner_id.id), [])
