from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class LiquorEarningHold(models.TransientModel):
    """Holds earnings, or lets them go, with a reason that the party can read.

    Whoever works with earnings may hold them: that costs nothing. Money is let go by a channel manager who did not
    hold it himself (spec/channel.md, clawback: hold -> notice -> appeal -> decision by another user).
    """

    _name = "liquor.earning.hold"
    _description = "Hold or Release Earnings"

    action = fields.Selection(
        [("held", "Hold"), ("released", "Release"), ("available", "Make Available")], required=True, default="held"
    )
    reason = fields.Char(required=True)
    earning_ids = fields.Many2many("liquor.earning", default=lambda self: self._default_earning_ids())
    currency_id = fields.Many2one("res.currency", compute="_compute_total")
    total = fields.Monetary(compute="_compute_total")

    def _default_earning_ids(self):
        return self.env["liquor.earning"].browse(self.env.context.get("active_ids", ()))

    def _compute_total(self):
        for wizard in self:
            wizard.currency_id = wizard.earning_ids.currency_id[:1]
            wizard.total = sum(wizard.earning_ids.mapped("amount"))

    def action_apply(self):
        """Say the new state of the chosen earnings."""
        self.ensure_one()
        # the user must be allowed to read what he decides on; the words are written by the ledger itself
        self.earning_ids.check_access("read")
        if self.action != "held":
            self._check_may_let_go()
        if not self.env["liquor.earning.state"]._set(self.earning_ids, self.action, self.reason):
            raise UserError(self.env._("Nothing changes: these earnings are in that state already."))
        return {"type": "ir.actions.act_window_close"}

    def _check_may_let_go(self):
        """Refuse a user who only holds, and one who would decide on his own hold."""
        if not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager releases earnings or makes them available."))
        targets = self.sudo().earning_ids.mapped(lambda earning: earning.reverses_id or earning)
        on_hold = targets.filtered(lambda earning: earning.state == "held")
        holds = (
            self
            .env["liquor.earning.state"]
            .sudo()
            .search([("earning_id", "in", on_hold.ids), ("state", "=", "held")], order="id")
        )
        last_holders = {word.earning_id: word.user_id for word in holds}
        if self.env.user in last_holders.values():
            raise UserError(self.env._("You held some of these earnings yourself. Another manager decides on them."))
