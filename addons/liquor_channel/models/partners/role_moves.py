from odoo import api, fields, models

from odoo.addons.liquor_member.tools.business_day import today


class LiquorChannelRole(models.Model):
    """The territory of a role is dated: each change of an accepted role says since when, also one of days to come."""

    _inherit = "liquor.channel.role"

    has_moved = fields.Boolean(
        readonly=True, copy=False, help="Spares whoever asks for the territory of a day a query."
    )
    place_ids = fields.One2many("liquor.role.place", "role_id", string="Territories", readonly=True)
    move_ids = fields.One2many("liquor.role.move", "role_id", string="Planned Moves", readonly=True)
    next_territory_id = fields.Many2one(
        "liquor.territory", string="Moves To", compute="_compute_next", store=True, compute_sudo=True
    )
    next_day = fields.Date("Moves On", compute="_compute_next", store=True, compute_sudo=True)

    @api.depends("move_ids.state", "move_ids.territory_id", "move_ids.date_start")
    def _compute_next(self):
        for role in self:
            planned = role.move_ids.filtered(lambda move: move.state == "planned")[:1]
            role.next_territory_id, role.next_day = planned.territory_id, planned.date_start

    def write(self, vals):
        """Note since when an accepted role has another territory; plans whose day has come go first."""
        if "territory_id" not in vals:
            return super().write(vals)
        self._follow_plans()
        before = {role: role.territory_id for role in self if role.state != "candidate"}
        result = super().write(vals)
        for role, old in before.items():
            day = today(role.company_id)
            if role.territory_id != old and not (role.has_moved and role._territory_on(day) == role.territory_id):
                role._note_place(old, role.territory_id, day, self.env.user)
        return result

    def _follow_plans(self):
        due = self.filtered(lambda role: role.next_day and role.next_day <= today(role.company_id))
        due.sudo().move_ids.filtered(lambda move: move.state == "planned")._follow()

    def _note_place(self, old, new, day, user):
        """Write since which business day a role stands elsewhere; where it stood before, when it moves first."""
        self.ensure_one()
        common = {"role_id": self.id, "company_id": self.company_id.id, "user_id": user.id}
        rows = [{**common, "territory_id": new.id, "date_start": day}]
        if not self.has_moved:
            rows.insert(0, {**common, "territory_id": old.id, "date_start": min(self.date_start, day)})
            self.sudo().has_moved = True
        self.env["liquor.role.place"].sudo().create(rows)

    def _territory_on(self, day):
        """Return the territory that this role had, or will have, on a business day; before the first one the first."""
        self.ensure_one()
        if self.next_day and self.next_day <= day:
            return self.next_territory_id
        if not self.has_moved:
            return self.territory_id
        places = self.sudo().place_ids
        at = max(places, key=lambda one: (one.date_start <= day, -abs((one.date_start - day).days), one.id))
        return at.territory_id.with_env(self.env)

    def action_plan_move(self):
        """Open the form that plans a move of this role."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.role_move_plan_action")
        return {**action, "context": {"default_role_id": self.id}}
