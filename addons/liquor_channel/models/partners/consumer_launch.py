from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

#: a checklist is good for so many days
FRESH_DAYS = 30
LEAST_WORDS = 10


class LiquorConsumerLaunch(models.Model):
    """Money for consumers of a region is let go after a look at its channel; without, somebody writes why (C23)."""

    _name = "liquor.consumer.launch"
    _description = "Launch of Consumer Spend"
    _inherit = ("liquor.guarded.mixin", "mail.thread")
    _check_company_auto = True
    _order = "id desc"

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    territory_id = fields.Many2one(
        "liquor.territory", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    planned_amount = fields.Monetary(tracking=True)
    reason = fields.Text(help="Why consumers are paid although the region is not ready.", tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("launched", "Launched")], required=True, readonly=True, default="draft", tracking=True
    )
    check_id = fields.Many2one("liquor.readiness", readonly=True, copy=False, ondelete="restrict", check_company=True)
    verdict = fields.Selection(related="check_id.verdict")
    words = fields.Text(related="check_id.words")
    checked_at = fields.Datetime(related="check_id.checked_at")
    checked_by_id = fields.Many2one(related="check_id.user_id")
    launched_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    launched_at = fields.Datetime(readonly=True, copy=False)

    _bounds = models.Constraint(
        "CHECK (COALESCE(planned_amount, 0) BETWEEN 0 AND 1000000000000)",
        "An amount lies between 0 and 1,000,000,000,000.",
    )
    _launched_by_somebody = models.Constraint(
        "CHECK (state = 'draft' OR (launched_by_id IS NOT NULL AND launched_at IS NOT NULL))",
        "A launch names who let it go.",
    )

    def write(self, vals):
        """Refuse to change what was launched."""
        if not self.env.su and self.filtered(lambda launch: launch.state == "launched"):
            raise UserError(self.env._("This was launched already: plan another launch."))
        result = super().write(vals)
        if {"territory_id", "company_id"} & vals.keys():
            # another region was not looked at
            self.sudo().check_id = False
        return result

    def action_check(self):
        """Look at the region now and keep the checklist."""
        self.check_access("write")
        for launch in self.filtered(lambda one: one.state == "draft"):
            check = self.env["liquor.readiness"]._check(launch.company_id, launch.territory_id)
            launch.sudo().check_id = check

    def action_launch(self):
        """Let the money go: with a fresh checklist that says ready, or with a reason.

        :raises AccessError: somebody who is no channel manager
        :raises UserError: no checklist of the last 30 days that says ready, and no reason
        """
        self.check_access("write")
        if not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager launches consumer spend."))
        for launch in self:
            if launch.state != "draft":
                raise UserError(self.env._("This was launched already: plan another launch."))
            if not launch._is_ready() and len((launch.reason or "").strip()) < LEAST_WORDS:
                raise UserError(
                    self.env._(
                        "The checklist of %(region)s does not say ready, or is older than 30 days: look again, or "
                        "write why consumers are paid nevertheless.",
                        region=launch.territory_id.display_name,
                    )
                )
        self.sudo().write({
            "state": "launched", "launched_by_id": self.env.uid, "launched_at": fields.Datetime.now()
        })  # fmt: skip

    def _is_ready(self):
        """Tell whether the last checklist is fresh and says ready."""
        check = self.sudo().check_id
        oldest = fields.Date.subtract(today(self.company_id), days=FRESH_DAYS)
        return bool(check) and check.verdict == "ready" and check.day >= oldest
