import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.liquor_member.tools.business_day import day_bounds, today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

_logger = logging.getLogger(__name__)
TYPED = ("territory_id", "date_start", "reason")


class LiquorRoleMove(models.Model):
    """A move of a role to another territory that is planned for a day to come.

    From its first minute in the company's time zone the role stands there: ``role._territory_on`` and ``place_on`` read
    the plan. The role's own field and its history follow by a job that is called at that minute (``_cron_follow``).
    A channel manager plans and cancels; a move of today is a change of the role's territory, as before.
    """

    _name = "liquor.role.move"
    _description = "Planned Move of a Role"
    _inherit = ("liquor.guarded.mixin",)
    _check_company_auto = True
    _order = "date_start desc, id desc"
    _rec_names_search = ("role_id.partner_id.name", "territory_id.name", "date_start")
    _typed_while = {**dict.fromkeys(TYPED, ("planned",)), "role_id": ()}

    role_id = fields.Many2one("liquor.channel.role", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="role_id.company_id", store=True, readonly=True, index=True, precompute=True)
    territory_before_id = fields.Many2one("liquor.territory", readonly=True, ondelete="restrict", check_company=True)
    territory_id = fields.Many2one(
        "liquor.territory", string="New Territory", required=True, ondelete="restrict", check_company=True
    )
    date_start = fields.Date("First Day", required=True, help="From this day on, in the company's time zone.")
    reason = fields.Char(required=True)
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="planned",
    )
    user_id = fields.Many2one(
        "res.users", string="Planned By", required=True, readonly=True, ondelete="restrict",
        default=lambda self: self.env.user,
    )  # fmt: skip
    closed_by_id = fields.Many2one("res.users", string="Cancelled By", readonly=True, ondelete="restrict")
    note = fields.Char("Why It Was Cancelled", readonly=True)

    _one_planned = models.UniqueIndex(
        "(role_id) WHERE state = 'planned'", "A move of this role is planned already: cancel it first."
    )

    @api.depends("role_id.partner_id.name", "territory_id.name", "date_start")
    def _compute_display_name(self):
        for move in self:
            parts = (move.role_id.partner_id.name, move.territory_id.name, str(move.date_start or ""))
            move.display_name = " · ".join(part for part in parts if part)

    @api.constrains("role_id", "territory_id", "date_start")
    def _check_plan(self):
        """Refuse what is no move: a role that has not begun or is over, a day gone by, where the role stands anyway."""
        for move in self.filtered(lambda one: one.state == "planned"):
            role = move.role_id
            if role.state in ("candidate", "ended") or (role.date_end and role.date_end < move.date_start):
                raise ValidationError(
                    self.env._("%(partner)s is not in force on that day.", partner=role.partner_id.name)
                )
            if move.date_start <= today(role.company_id):
                raise ValidationError(
                    self.env._("A planned move begins tomorrow or later; for today, change the territory itself.")
                )
            if move.territory_id == role.territory_id:
                raise ValidationError(self.env._("%(partner)s stands there already.", partner=role.partner_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        """Plan moves, in one's own name; the job is called at the first minute of their days."""
        self._check_manager()
        roles = self.env["liquor.channel.role"].browse({vals["role_id"] for vals in vals_list if vals.get("role_id")})
        roles.check_access("write")
        self._check_free(roles)
        with loser_retries(self.env, self._one_planned.full_name(self)):
            moves = super().create(vals_list)
            moves.flush_recordset()
        moves._call_at_its_day()
        return moves

    def _check_free(self, roles):
        known = self.search([("role_id", "in", roles.ids), ("state", "=", "planned")], limit=1)
        if known:
            raise UserError(self.env._("%(move)s is planned already: cancel it first.", move=known.display_name))

    def write(self, vals):
        """Change a plan: by a channel manager, and only before its day."""
        if not self.env.su:
            self._check_manager()
            self._check_not_begun()
        result = super().write(vals)
        if "date_start" in vals:
            self._call_at_its_day()
        return result

    def action_cancel(self, reason=None):
        """Give a planned move up, before its day.

        :raises AccessError: by no channel manager
        :raises UserError: it is done or cancelled already, or its day has come
        """
        self._check_manager()
        self.check_access("write")
        self._check_not_begun()
        self.sudo()._close("cancelled", str(reason or "").strip()[:200], self.env.user)

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("A channel manager plans and cancels moves."))

    def _check_not_begun(self):
        for move in self:
            if move.state != "planned" or move.date_start <= today(move.company_id):
                raise UserError(self.env._("Its day has come: what is done stays. Move the role again."))

    def _close(self, state, note="", user=None):
        self.write({"state": state, "note": note or False, "closed_by_id": user.id if user else False})

    # --- the day ---------------------------------------------------------------------------------------------

    def _call_at_its_day(self):
        cron = self.env.ref("liquor_channel.role_move_cron").sudo()
        for moment in {day_bounds(move.company_id, move.date_start)[0] for move in self}:
            cron._trigger(at=moment)

    @api.model
    def _cron_follow(self):
        """Let roles follow the plans whose day has come in their company's time zone."""
        planned = self.sudo().search([("state", "=", "planned")], order="date_start, id")
        planned.filtered(lambda move: move.date_start <= today(move.company_id))._follow()

    def _follow(self):
        """Move the roles; history says since which day and by whom. One that is refused is cancelled with why."""
        for move in self.sudo():
            try:
                with self.env.cr.savepoint():
                    move._follow_one()
            except (UserError, ValidationError) as error:
                _logger.warning("Planned move %s of role %s was refused: %s", move.id, move.role_id.id, error)
                move._close("cancelled", str(error)[:200])
                move.role_id.message_post(body=str(error))

    def _follow_one(self):
        role, before = self.role_id, self.role_id.territory_id
        if role.state == "ended":
            raise UserError(self.env._("%(partner)s is not in force on that day.", partner=role.partner_id.name))
        self.write({"state": "done", "territory_before_id": before.id})
        role._note_place(before, self.territory_id, self.date_start, self.user_id)
        role.territory_id = self.territory_id
