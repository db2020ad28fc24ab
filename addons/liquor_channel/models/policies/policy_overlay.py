from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import decimal
from ...engine.policies.overlay import Overlay

STEPS = {"state", "author_id", "approved_by_id", "approved_at"}
KINDS = [
    ("rate", "Rate Instead"),
    ("strength", "Percent on Top"),
    ("cap", "Cap Instead"),
    ("products", "Products Instead"),
    ("excluded", "Takes No Part"),
]


class LiquorPolicyOverlay(models.Model):
    """One shop, one policy: one value of a policy that is different for one party, for some time, by approval."""

    _name = "liquor.policy.overlay"
    _description = "One Shop, One Policy"
    _inherit = ("liquor.guarded.mixin", "mail.thread")
    _check_company_auto = True
    _order = "date_start desc, id desc"
    _rec_names_search = ("partner_id.name", "policy_id.name")

    policy_id = fields.Many2one("liquor.policy", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="For", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    kind = fields.Selection(KINDS, string="What Is Different", required=True, default="rate", tracking=True)
    value = fields.Float(digits=(16, 6), tracking=True, help="Rate, percent on top, or the cap in money.")
    product_ids = fields.Many2many("product.product", string="Products", check_company=True)
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company), tracking=True)
    date_end = fields.Date(tracking=True, copy=False)
    reason = fields.Char(required=True, help="Why this shop: display, competitor, supply.")
    state = fields.Selection(
        [("draft", "To Approve"), ("active", "Approved"), ("refused", "Refused")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    author_id = fields.Many2one("res.users", readonly=True, copy=False, default=lambda self: self.env.user)
    approved_by_id = fields.Many2one("res.users", string="Decided By", readonly=True, copy=False)
    approved_at = fields.Datetime(string="Decided At", readonly=True, copy=False)

    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(policy_id, policy_id, '[]') WITH &&,
            int4range(partner_id, partner_id, '[]') WITH &&,
            int4range(ascii(kind) * 256 + length(kind), ascii(kind) * 256 + length(kind), '[]') WITH &&,
            daterange(date_start, date_end, '[]') WITH &&
        ) WHERE (state = 'active')""",
        "This party has such a value of its own on some of these days already.",
    )
    _dates = models.Constraint("CHECK (date_end IS NULL OR date_end >= date_start)", "It cannot end before it starts.")
    _bounds = models.Constraint(
        "CHECK (value BETWEEN 0 AND 1000000000000 AND (kind <> 'strength' OR value <= 1000))",
        "A value lies between 0 and 1,000,000,000,000, a percentage on top is at most 1,000.",
    )

    @api.depends("partner_id.name", "policy_id.name", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for overlay in self:
            parts = [overlay.partner_id.name, overlay.policy_id.name, labels.get(overlay.kind)]
            overlay.display_name = " · ".join(part for part in parts if part)

    @api.constrains("kind", "product_ids", "policy_id")
    def _check_kind(self):
        for overlay in self:
            policy = overlay.policy_id
            if overlay.kind == "products" and not overlay.product_ids:
                raise ValidationError(self.env._("Choose the products of this shop."))
            if overlay.kind == "products" and policy.kind != "per_unit":
                raise ValidationError(self.env._("Only a policy per unit can have other products for one shop."))
            if overlay.kind == "rate" and policy.kind not in ("per_unit", "fixed"):
                raise ValidationError(
                    self.env._("A policy with tiers has no single rate: give this shop a percentage on top.")
                )

    def write(self, vals):
        """Approved values change by their end only; who edits a draft becomes its author."""
        if (
            not self.env.su
            and self.filtered(lambda overlay: overlay.state != "draft")
            and not vals.keys() <= {"date_end"}
        ):
            raise UserError(self.env._("What was decided cannot change: end it and write a new one."))
        if "date_end" in vals and not self.env.su:
            self._check_end(fields.Date.to_date(vals["date_end"]))
        result = super().write(vals)
        if not self.env.su and not vals.keys() <= {"date_end"}:
            self.sudo().author_id = self.env.uid
        return result

    def _check_end(self, day):
        for overlay in self.filtered(lambda one: one.state == "active"):
            eve = fields.Date.subtract(today(overlay.company_id), days=1)
            later = overlay.date_end and (not day or day > overlay.date_end)
            if later or (day and day < eve):
                raise UserError(
                    self.env._(
                        "What was approved can only end earlier, and not before %(day)s.",
                        day=format_date(self.env, eve),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.filtered(lambda overlay: overlay.state != "draft"):
            raise UserError(self.env._("What was decided cannot be deleted; set its last day."))

    def action_approve(self):
        """Put values of their own in force. Who wrote them does not approve them.

        :raises UserError: the author himself, or decided already
        """
        self._decide("active")

    def action_refuse(self):
        """Refuse what somebody else asked for."""
        self._decide("refused")

    def _decide(self, state):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager decides on values of one shop."))
        for overlay in self:
            if overlay.state != "draft":
                raise UserError(self.env._("%(name)s is decided already.", name=overlay.display_name))
            if overlay.author_id == self.env.user and not self.env.su:
                raise UserError(self.env._("Somebody else has to approve what you wrote."))
        self.sudo().write({"state": state, "approved_by_id": self.env.uid, "approved_at": fields.Datetime.now()})

    @api.model
    def _in_force(self, policies, first, last, partner_ids=None):
        """Approved overlays of policies from ``first`` to ``last``, in one query.

        :return: {(policy id, partner id): [engine overlays]}
        """
        domain = [
            ("policy_id", "in", policies.ids),
            ("state", "=", "active"),
            ("date_start", "<=", last),
            "|",
            ("date_end", "=", False),
            ("date_end", ">=", first),
        ]
        if partner_ids is not None:
            domain.append(("partner_id", "in", list(partner_ids)))
        found = {}
        for row in self.sudo().search(domain, order="id"):
            found.setdefault((row.policy_id.id, row.partner_id.id), []).append(row._to_engine())
        return found

    def _to_engine(self):
        return Overlay(
            self.id,
            self.kind,
            decimal(self.value),
            self.date_start,
            self.date_end or None,
            frozenset(self.product_ids.ids),
        )
