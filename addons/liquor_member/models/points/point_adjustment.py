from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.points.lots import MAX_POINTS, expiry_day
from ...tools.business_day import today

ASKED = {"name", "member_id", "points"}
DECIDED = {"state", "requested_by_id", "approved_by_id", "entry_id"}


class LiquorPointAdjustment(models.Model):
    """A request to add or take points by hand: another person, a manager, approves it (X8, design 3.11)."""

    _name = "liquor.point.adjustment"
    _description = "Points Adjustment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "id desc"

    name = fields.Char("Reason", required=True, tracking=True)
    member_id = fields.Many2one("liquor.member", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="member_id.company_id", store=True, index=True)
    points = fields.Integer(required=True, tracking=True, help="Positive to add, negative to take.")
    state = fields.Selection(
        [("draft", "Draft"), ("requested", "Requested"), ("approved", "Approved"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    requested_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_by_id = fields.Many2one("res.users", "Decided By", readonly=True, copy=False, ondelete="restrict")
    entry_id = fields.Many2one("liquor.point.entry", readonly=True, copy=False, ondelete="restrict", check_company=True)

    _bounds = models.Constraint(
        f"CHECK (points BETWEEN -{MAX_POINTS} AND {MAX_POINTS} AND points <> 0)", "Points are out of bounds."
    )
    _two_people = models.Constraint(
        "CHECK (approved_by_id IS NULL OR requested_by_id IS NULL OR approved_by_id <> requested_by_id)",
        "Somebody else has to approve the adjustment.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A request starts as a draft, whatever the client sends."""
        # named, so that default_* in a client's context does not reach them
        start = {"state": "draft", "requested_by_id": False, "approved_by_id": False, "entry_id": False}
        return super().create([{name: vals[name] for name in ASKED & set(vals)} | start for vals in vals_list])

    def write(self, vals):
        """What has been requested is not edited any more."""
        decided = DECIDED & set(vals)
        typed = self.filtered(lambda request: request.state != "draft") if ASKED & set(vals) else self.browse()
        if not self.env.su and (decided or typed):
            raise AccessError(self.env._("A requested adjustment cannot be changed. Refuse it and make a new one."))
        return super().write(vals)

    def action_request(self):
        """Button: send to approval."""
        self.check_access("write")
        for request in self.filtered(lambda request: request.state == "draft"):
            request.sudo().write({"state": "requested", "requested_by_id": self.env.uid})

    def action_approve(self):
        """Button: another manager approves, the points are posted."""
        self._check_may_decide()
        for request in self:
            request.sudo().write({"state": "approved", "approved_by_id": self.env.uid})
            request.sudo().flush_recordset()
            request.sudo().entry_id = self.env["liquor.point.entry"].sudo()._move([request._prepare_move()])

    def action_refuse(self):
        """Button: no."""
        self._check_may_decide()
        self.sudo().write({"state": "refused", "approved_by_id": self.env.uid})

    def _check_may_decide(self):
        if not self.env.user.has_group("liquor_member.group_member_manager"):
            raise AccessError(self.env._("A member manager decides on adjustments."))
        self.check_access("write")
        if self.filtered(lambda request: request.state != "requested"):
            raise UserError(self.env._("Only a requested adjustment can be decided."))
        if self.filtered(lambda request: request.requested_by_id == self.env.user):
            raise UserError(self.env._("Somebody else has to approve the adjustment."))

    def _prepare_move(self):
        member = self.sudo().member_id
        day = today(member.company_id)
        return {
            "member": member,
            "kind": "adjust" if self.points > 0 else "spend",
            "points": abs(self.points),
            "key": f"adjustment/{self.id}",
            "origin": self,
            "reason": self.name,
            "available_on": day,
            "expires_on": expiry_day(day, 24),
        }
