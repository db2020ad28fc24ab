from odoo import fields, models


class LiquorVarianceDecision(models.TransientModel):
    """Closes variances, or carries them over, with a reason."""

    _name = "liquor.variance.decision"
    _description = "Decide on Variances"

    variance_ids = fields.Many2many(
        "liquor.variance", required=True, default=lambda self: self.env.context.get("active_ids")
    )
    decision = fields.Selection(
        [("closed", "Close"), ("carried", "Carry over into the next month")], required=True, default="closed"
    )
    reason = fields.Char(required=True, size=500)

    def action_decide(self):
        """Decide on all of them, or on none."""
        self.ensure_one()
        self.variance_ids._decide(self.decision, self.reason)
        return {"type": "ir.actions.act_window_close"}
