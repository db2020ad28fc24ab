from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.partners.roles import RoleSpan, has_circle, last_day
from ...tools.dates import in_force
from .role_states import LIVE_STATES, STATES

ROLE_KINDS = [
    ("distributor", "Distributor"),
    ("sub_distributor", "Sub-distributor"),
    ("terminal", "Terminal"),
    ("guide", "Shopping Guide"),
    ("waiter", "Waiter"),
]
PERSON_KINDS = ("guide", "waiter")
# What earnings were decided by: once a role was accepted, its steps alone write them.
SPAN_FIELDS = (
    "partner_id", "kind", "state", "terminal_kind_id", "territory_id", "grade", "date_start", "date_end",
    "suspended_on", "pauses", "has_moved", "next_day", "next_territory_id",
)  # fmt: skip
"""What is mostly asked about a role in force: read with the search."""
DECIDED = {"partner_id", "company_id", "kind", "date_start", "date_end"}


class LiquorChannelRole(models.Model):
    """What a partner is to one company: one role that is not ended per partner, company and kind."""

    _name = "liquor.channel.role"
    _description = "Channel Role"
    _inherit = (
        "liquor.guarded.mixin",
        "liquor.channel.watched",
        "liquor.role.login",
        "liquor.role.registration",
        "liquor.role.merge",
        "liquor.role.life.cycle",
        "mail.thread",
        "mail.activity.mixin",
    )
    _check_company_auto = True
    _order = "kind, partner_id, id"
    _rec_names_search = ("partner_id.name",)

    _watched = frozenset({"grade"})

    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    kind = fields.Selection(ROLE_KINDS, required=True, tracking=True)
    terminal_kind_id = fields.Many2one("liquor.terminal.kind", ondelete="restrict", tracking=True, check_company=True)
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
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

    def action_open_earnings(self):
        """Open what the partner earned in this role."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.earning_action")
        return {**action, "domain": [*self._own_domain(), ("beneficiary_kind", "=", self.kind)]}

    def action_open_settlements(self):
        """Open the settlements of a distributor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.liquor_settlement_action")
        return {**action, "domain": self._own_domain()}

    def action_open_supply(self):
        """Open who supplies a shop, or whom a distributor supplies."""
        self.ensure_one()
        side = "terminal_id" if self.kind == "terminal" else "distributor_id"
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.channel_assignment_action")
        domain = [(side, "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]
        return {**action, "domain": domain, "context": {f"default_{side}": self.partner_id.id}}

    def _own_domain(self):
        return [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]

    @api.constrains("parent_distributor_id", "kind", "partner_id")
    def _check_tree(self):
        """Only a distributor of the same company supplies a sub-distributor, and nobody supplies himself."""
        for company, roles in self.filtered("parent_distributor_id").grouped("company_id").items():
            above = self._above(company)
            if has_circle(above, roles.partner_id.ids):
                raise ValidationError(self.env._("A sub-distributor cannot supply itself."))
            known = self._distributors_of(company)
            stranger = roles.parent_distributor_id - known
            if stranger:
                raise ValidationError(
                    self.env._("%(partner)s is no distributor of this company.", partner=stranger[0].display_name)
                )

    def _distributors_of(self, company):
        kinds = ("distributor", "sub_distributor")
        roles = self.search([("company_id", "=", company.id), ("kind", "in", kinds), ("state", "!=", "ended")])
        return roles.partner_id

    @api.model
    def _above(self, company):
        """Who supplies each sub-distributor of a company: {partner id: partner id}, in one query."""
        rows = self.sudo().search_read(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "sub_distributor"),
                ("state", "!=", "ended"),
                ("parent_distributor_id", "!=", False),
            ],
            ["partner_id", "parent_distributor_id"],
            load=None,
        )
        return {row["partner_id"]: row["parent_distributor_id"] for row in rows}

    def write(self, vals):
        """Refuse a hand on what decided earnings.

        :raises AccessError: partner, kind or days of a role that was accepted
        :raises UserError: a kind of shop whose purchases are proven in another way
        """
        self._check_proof_stays(vals)
        if not self.env.su and DECIDED & vals.keys() and self.filtered(lambda role: role.state != "candidate"):
            raise AccessError(self.env._("Partner, kind and days of an accepted role change by its steps only."))
        return super().write(vals)

    def _check_proof_stays(self, vals):
        """Purchases of an accepted shop were proven one way, scans or reports; the other would pay them again."""
        kind = self.env["liquor.terminal.kind"].browse(vals.get("terminal_kind_id") or False)
        accepted = self.filtered(lambda role: role.state != "candidate" and role.terminal_kind_id) if kind else ()
        changed = [role for role in accepted if role.terminal_kind_id.must_scan != kind.must_scan]
        if changed:
            raise UserError(
                self.env._(
                    "%(shop)s changes between scanning and reports: what was delivered would be paid twice. End the "
                    "role and register the shop anew from a day on.",
                    shop=changed[0].partner_id.display_name,
                )
            )

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
        roles = self.search_fetch(domain & self._domain_live(day, day), SPAN_FIELDS)
        return roles.filtered(lambda role: role._is_live_on(day))

    @api.model
    def _running(self, company, partners, domain):
        """The role by which papers of a partner are stamped: {partner: role}; who has none is left out.

        :param list domain: which of a partner's roles that have not ended
        """
        roles = self.sudo().search([
            ("company_id", "=", company.id),
            ("partner_id", "in", partners.ids),
            ("state", "!=", "ended"),
            *domain,
        ])
        return {role.partner_id: role for role in roles}

    @api.model
    def _domain_live(self, first, last):
        """Roles that are in force on at least one day from ``first`` to ``last``."""
        return in_force(first, last) & (
            Domain("state", "in", LIVE_STATES)
            | (Domain("state", "=", "ended") & Domain("date_end", "!=", False))
            | (Domain("state", "=", "suspended") & Domain("suspended_on", ">", first))
        )

    def _to_span(self):
        """Days on which one role is in force, for the engine; None when it never was."""
        self.ensure_one()
        last = last_day(self.state, self.date_end or None, self.suspended_on or None)
        if not last:
            return None
        kind = self.terminal_kind_id
        must_scan = not kind or kind.sudo().must_scan
        return RoleSpan(self.kind, self.date_start, last, kind.id or None, self._get_pauses(), must_scan)

    def _is_live_on(self, day):
        """Tell whether one loaded role is in force on ``day``: the judgement of ``_live`` without a query."""
        span = self._to_span()
        return bool(span and span.holds(day))
