from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class LiquorPolicyOverride(models.Model):
    """A region asks head office for more than its limit; what was asked and decided is kept (C20)."""

    _name = "liquor.policy.override"
    _description = "Policy above the Limit"
    _inherit = ("liquor.guarded.mixin", "mail.thread", "mail.activity.mixin")
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "version_id"

    version_id = fields.Many2one(
        "liquor.policy.version", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True)
    sentence = fields.Text(related="version_id.sentence")
    breach = fields.Text(required=True, readonly=True, help="What is above the limit, when it was asked.")
    terms_hash = fields.Char(
        required=True, readonly=True, help="Of the terms that were asked for: others need a new one."
    )
    reason = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("asked", "Asked"), ("granted", "Granted"), ("refused", "Refused")],
        required=True,
        default="asked",
        readonly=True,
        tracking=True,
    )
    asked_by_id = fields.Many2one("res.users", readonly=True, required=True, ondelete="restrict")
    asked_at = fields.Datetime(readonly=True, required=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex(
        "(version_id) WHERE state = 'asked'", "Head office was asked for this version already."
    )
    _decided_by_another = models.Constraint(
        "CHECK (state = 'asked' OR (decided_by_id IS NOT NULL AND decided_by_id <> asked_by_id))",
        "Somebody else decides on what was asked.",
    )

    def action_grant(self):
        """Allow the region what it asked for."""
        self._decide("granted")

    def action_refuse(self):
        """Refuse what the region asked for."""
        self._decide("refused")

    def _decide(self, state):
        self.check_access("write")
        user = self.env.user
        if not user.has_group("liquor_channel.group_channel_manager") or user._liquor_is_regional():
            raise AccessError(self.env._("Head office decides on what is above a region's limit."))
        for override in self:
            if override.state != "asked":
                raise UserError(self.env._("This was decided already."))
            if override.asked_by_id == user:
                raise UserError(self.env._("Somebody else decides on what you asked for."))
        self.sudo().write({"state": state, "decided_by_id": user.id, "decided_at": fields.Datetime.now()})
