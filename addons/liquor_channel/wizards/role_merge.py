from odoo import api, fields, models


class LiquorChannelRoleMerge(models.TransientModel):
    """Merges a shop that was registered twice into the one that goes on."""

    _name = "liquor.channel.role.merge"
    _description = "Merge Shops"

    role_ids = fields.Many2many("liquor.channel.role", required=True, default=lambda self: self._default_role_ids())
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    target_id = fields.Many2one("liquor.channel.role", string="Goes On As", required=True)
    likely_ids = fields.Many2many("liquor.channel.role", compute="_compute_company_id", string="Likely Duplicates")
    reason = fields.Char(required=True)

    def _default_role_ids(self):
        return self.env["liquor.channel.role"].browse(self.env.context.get("active_ids", ()))

    @api.depends("role_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.role_ids.company_id[:1]
            wizard.likely_ids = wizard.role_ids.duplicate_ids

    def action_apply(self):
        """Merge the chosen shops."""
        self.ensure_one()
        (self.role_ids - self.target_id)._merge_into(self.target_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
