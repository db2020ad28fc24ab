from odoo import api, fields, models
from odoo.exceptions import AccessError


class LiquorEventReview(models.Model):
    """What a club changes after events that brought too few new guests; counting begins anew (C70)."""

    _name = "liquor.event.review"
    _description = "Review of Events"
    _inherit = ("liquor.guarded.mixin",)
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ("program_id.name",)
    _guarded_in_create = frozenset({"user_id"})

    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True, precompute=True)
    change = fields.Text("What Changes", required=True)
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    result_ids = fields.One2many("liquor.event.result", "review_id", "Events Before", readonly=True)

    @api.depends("program_id.name", "create_date")
    def _compute_display_name(self):
        for review in self:
            review.display_name = f"{review.program_id.name or ''} {fields.Date.to_string(review.create_date) or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        """Close the row of misses: by a member manager, in his own name."""
        if not self.env.su and not self.env.user.has_group("liquor_member.group_member_manager"):
            raise AccessError(self.env._("Only a member manager reviews events."))
        reviews = super().create([{**vals, "user_id": self.env.uid} for vals in vals_list])
        for review in reviews:
            open_results = self.env["liquor.event.result"].sudo().search([
                ("program_id", "=", review.program_id.id), ("review_id", "=", False)
            ])  # fmt: skip
            open_results.review_id = review
        return reviews
