from odoo import fields, models
from odoo.exceptions import UserError


class LiquorEarningHold(models.TransientModel):
    """Holds earnings, or lets them go, with a reason that the party can read."""

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
        if not self.env["liquor.earning.state"]._set(self.earning_ids, self.action, self.reason):
            raise UserError(self.env._("Nothing changes: these earnings are in that state already."))
        return {"type": "ir.actions.act_window_close"}
