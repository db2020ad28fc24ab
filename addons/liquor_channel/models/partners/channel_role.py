from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.partners.roles import RoleSpan, last_day

ROLE_KINDS = [
    ("distributor", "Distributor"),
    ("sub_distributor", "Sub-distributor"),
    ("terminal", "Terminal"),
    ("guide", "Shopping Guide"),
    ("waiter", "Waiter"),
]
PERSON_KINDS = ("guide", "waiter")
LIVE_STATES = ("trial", "formal")


class LiquorChannelRole(models.Model):
    """What a partner is to one company: one role that is not ended per partner, company and kind."""

    _name = "liquor.channel.role"
    _description = "Channel Role"
    _inherit = ("liquor.guarded.mixin", "mail.thread", "mail.activity.mixin")
    _check_company_auto = True
    _order = "kind, partner_id, id"
    _rec_names_search = ("partner_id.name",)

    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    kind = fields.Selection(ROLE_KINDS, required=True, tracking=True)
    terminal_kind_id = fields.Many2one("liquor.terminal.kind", ondelete="restrict", tracking=True, check_company=True)
    state = fields.Selection(
        [
            ("candidate", "Candidate"),
            ("trial", "Trial"),
            ("formal", "Formal"),
            ("suspended", "Suspended"),
            ("ended", "Ended"),
        ],
        required=True,
        default="candidate",
        tracking=True,
        copy=False,
    )
    territory_id = fields.Many2one(
        "liquor.territory", index=True, ondelete="restrict", tracking=True, check_company=True
    )
    parent_distributor_id = fields.Many2one(
        "res.partner", string="Supplied By", ondelete="restrict", help="Distributor above a sub-distributor."
    )
    outward_title = fields.Char(help="What the shop reads about itself; the grade is internal.")
    grade = fields.Selection(
        [("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], tracking=True, help="Internal: never shown to the shop."
    )
    user_id = fields.Many2one("res.users", string="Salesperson", default=lambda self: self.env.user)
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company))
    date_end = fields.Date(copy=False)
    suspended_on = fields.Date(readonly=True, copy=False)
    note = fields.Html()

    _one_open = models.UniqueIndex(
        "(partner_id, company_id, kind) WHERE state <> 'ended'",
        "This partner has this role already.",
    )
    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A role cannot end before it starts.",
    )

    @api.depends("partner_id.name", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for role in self:
            role.display_name = f"{role.partner_id.name} ({labels.get(role.kind, '')})"

    @api.constrains("partner_id", "kind", "terminal_kind_id")
    def _check_partner_shape(self):
        for role in self:
            partner = role.partner_id
            if partner.parent_id:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is a contact of another partner: it would see that partner's orders and "
                        "invoices. Register it as a partner of its own.",
                        partner=partner.display_name,
                    )
                )
            if (role.kind in PERSON_KINDS) == partner.is_company:
                raise ValidationError(
                    self.env._(
                        "%(partner)s: guides and waiters are individuals, all other roles are companies.",
                        partner=partner.display_name,
                    )
                )
            if role.kind == "terminal" and not role.terminal_kind_id:
                raise ValidationError(
                    self.env._("Say what kind of terminal %(partner)s is.", partner=partner.display_name)
                )

    @api.constrains("partner_id", "company_id")
    def _check_partner_company(self):
        for role in self:
            if role.partner_id.company_id and role.partner_id.company_id != role.company_id:
                raise ValidationError(
                    self.env._("%(partner)s belongs to another company.", partner=role.partner_id.display_name)
                )

    def action_trial(self):
        """Start a trial."""
        self.check_access("write")
        self.sudo().write({"state": "trial", "suspended_on": False})

    def action_formal(self):
        """Accept for good, also after a suspension."""
        self.check_access("write")
        self.sudo().write({"state": "formal", "suspended_on": False})

    def action_suspend(self):
        """Stop earning from today on, until accepted again."""
        self.check_access("write")
        for company, roles in self.sudo().grouped("company_id").items():
            roles.write({"state": "suspended", "suspended_on": today(company)})

    def action_end(self):
        """End today, unless an end was set."""
        for role in self:
            role.write({"state": "ended", "date_end": role.date_end or max(today(role.company_id), role.date_start)})

    @api.model
    def _live(self, partners, kind, day, company):
        """Roles in force on a day: trial or formal, or suspended or ended later than that day.

        :param partners: res.partner recordset, or None for all partners
        :param kind: one kind or several
        :param day: a business day of ``company``
        """
        kinds = [kind] if isinstance(kind, str) else list(kind)
        domain = Domain("company_id", "=", company.id) & Domain("kind", "in", kinds)
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.ids)
        return self.search(domain & self._domain_live(day, day))

    @api.model
    def _domain_live(self, first, last):
        """Roles that are in force on at least one day from ``first`` to ``last``."""
        return (
            Domain("date_start", "<=", last)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", first))
            & (
                Domain("state", "in", LIVE_STATES)
                | (Domain("state", "=", "ended") & Domain("date_end", "!=", False))
                | (Domain("state", "=", "suspended") & Domain("suspended_on", ">", first))
            )
        )

    def _to_span(self):
        """Days on which one role is in force, for the engine; None when it never was."""
        self.ensure_one()
        last = last_day(self.state, self.date_end or None, self.suspended_on or None)
        return RoleSpan(self.kind, self.date_start, last, self.terminal_kind_id.id or None) if last else None

    def _is_live_on(self, day):
        """Tell whether one loaded role is in force on ``day``: the judgement of ``_live`` without a query."""
        span = self._to_span()
        return bool(span and span.holds(day))
