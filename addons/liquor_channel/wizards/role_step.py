from odoo import api, fields, models

from odoo.addons.liquor_member.tools.business_day import today


class LiquorChannelRoleStep(models.TransientModel):
    """Asks for day and reason of a step: accept, suspend, end."""

    _name = "liquor.channel.role.step"
    _description = "Step of a Role"

    step = fields.Selection(
        [("trial", "Start a Trial"), ("formal", "Accept"), ("suspended", "Suspend"), ("ended", "End")],
        required=True,
        default="formal",
    )
    role_ids = fields.Many2many("liquor.channel.role", default=lambda self: self._default_role_ids())
    day = fields.Date(required=True, default=lambda self: today(self.env.company))
    trial_until = fields.Date()
    reason = fields.Char(required=True)
    duplicate_note = fields.Text(compute="_compute_duplicate_note")
    despite_duplicates = fields.Boolean(string="These are different shops")

    def _default_role_ids(self):
        return self.env["liquor.channel.role"].browse(self.env.context.get("active_ids", ()))

    @api.depends("role_ids", "step")
    def _compute_duplicate_note(self):
        for wizard in self:
            waiting = wizard.role_ids.filtered(lambda role: role.state == "candidate")
            notes = waiting.mapped("duplicate_note") if wizard.step in ("trial", "formal") else []
            wizard.duplicate_note = "\n".join(note for note in notes if note)

    def action_apply(self):
        """Take the step with the chosen roles."""
        self.ensure_one()
        self.role_ids._step_as_user(self.step, self.day, self.reason, self.despite_duplicates)
        if self.step == "trial" and self.trial_until:
            self.role_ids.write({"trial_until": self.trial_until})
        return {"type": "ir.actions.act_window_close"}
