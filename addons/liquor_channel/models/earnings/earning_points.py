from odoo import api, fields, models

from ...engine.common.money import decimal


class LiquorEarning(models.Model):
    """Points that a policy gives (C11): handed out by the club when the reward can be had, taken back with it.

    Nobody is made a member on the way: without membership the reward is held, and the reason says why. Who lets it go
    later hands the points out then.
    """

    _inherit = "liquor.earning"

    member_points_ids = fields.Many2many("liquor.point.entry", compute="_compute_member_points_ids", compute_sudo=True)

    def _compute_member_points_ids(self):
        entries = self._point_entries().grouped("idempotency_key")
        for earning in self:
            earning.member_points_ids = entries.get(earning._points_key())

    def _counted(self):
        return decimal(self.points) if self.form == "points" else super()._counted()

    def _why_money(self, amount):
        if self.form == "points":
            return self.env._("%(number)s points", number=self._why_number(str(decimal(amount))))
        return super()._why_money(amount)

    def _points_key(self):
        return f"points/earning/{(self.reverses_id or self).id}"

    def _point_entries(self):
        """What the clubs have handed out for these earnings, in one query."""
        keys = [earning._points_key() for earning in self.filtered(lambda one: one.form == "points")]
        return self.env["liquor.point.entry"].sudo().search([("idempotency_key", "in", keys)])

    @api.model
    def _book(self, values_list, known=None):
        """Hand out the points of rewards that can be had at once."""
        earnings = super()._book(values_list, known)
        if not any(values.get("form") == "points" for values in values_list):
            return earnings
        points = earnings.filtered(lambda one: one.form == "points")
        points.filtered(lambda one: one.state == "available")._hand_out_points()
        return earnings

    def _hand_out_points(self):
        """Let the clubs give the points, each once; what has no member is held."""
        rows = self.sudo().filtered(lambda one: one.form == "points" and one.points > 0 and not one.reverses_id)
        given = set(rows._point_entries().mapped("idempotency_key"))
        rows = rows.filtered(lambda one: one._points_key() not in given)
        members = self._members_of({(row.policy_version_id.points_program_id.id, row.partner_id.id) for row in rows})
        waiting, grants, lowered = self.browse(), [], rows._lowered_while_waiting()
        for row in rows:
            if row.points + lowered.get(row.id, 0) <= 0:
                continue
            member = members.get((row.policy_version_id.points_program_id.id, row.partner_id.id))
            if member:
                grants.append(row._prepare_grant(member, row.points + lowered.get(row.id, 0)))
            else:
                waiting += row
        if grants:
            self.env["liquor.reward"].sudo()._grant(grants)
        if waiting:
            self.env["liquor.earning.state"]._set(waiting, "held", waiting._say_no_member())

    @api.model
    def _members_of(self, pairs):
        """Living members by (club id, partner id), of clubs that have points, in one query."""
        found = (
            self
            .env["liquor.member"]
            .sudo()
            .search([
                ("program_id", "in", [program for program, _partner in pairs]),
                ("partner_id", "in", [partner for _program, partner in pairs]),
                ("state", "!=", "closed"),
                ("program_id.use_points", "=", True),
            ])
        )
        return {(member.program_id.id, member.partner_id.id): member for member in found}

    def _say_no_member(self):
        clubs = ", ".join(self.policy_version_id.points_program_id.mapped("name"))
        return self.env._("No member of %(club)s yet: points wait.", club=clubs)

    def _lowered_while_waiting(self):
        """What was taken back of these rewards while they waited, so that no club gave it: {id: points, negative}."""
        lowered = {}
        for row in self._with_differences() - self:
            for origin in self.filtered(lambda one, row=row: one._is_lowered_by(row)) if row.points < 0 else ():
                lowered[origin.id] = lowered.get(origin.id, 0) + row.points
        return lowered

    def _prepare_grant(self, member, points):
        return {
            "kind": "points",
            "member": member,
            "points": points,
            "key": f"earning/{self.id}",
            "origin": self,
            "reason": self.policy_version_id.policy_id.name,
            "rule_version": self.rule_version,
            "event_time": self.event_time,
        }

    @api.model
    def _claw_back(self, fact_keys, reason, event_time=None):
        """Take the points back as well; what was spent of them becomes debt of the member (M41)."""
        reversals = super()._claw_back(fact_keys, reason, event_time)
        entries = reversals.sudo()._point_entries()
        if entries:
            entries._take_back(reason)
        return reversals
