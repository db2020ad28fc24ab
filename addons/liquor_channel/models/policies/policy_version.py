from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.earnings.periods import period_of
from ...engine.policies import tiers

MOST = 10**12
# What may change once a version is in force: its end, and what is not a term.
DRAFT = {"state": "draft", "activated_by_id": False, "activated_at": False}
FREE = {"date_end", "message_main_attachment_id", *DRAFT}
PAYING = ("active", "frozen")


class LiquorPolicyVersion(models.Model):
    """The terms of a policy for some time. In force they cannot change; what has paid is frozen for good."""

    _name = "liquor.policy.version"
    _description = "Policy Version"
    _inherit = ("liquor.policy.wording", "liquor.own.currency.mixin", "mail.thread")
    _check_company_auto = True
    _order = "policy_id, number desc, id"
    _rec_names_search = ("policy_id.name",)

    policy_id = fields.Many2one("liquor.policy", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    kind = fields.Selection(related="policy_id.kind")
    beneficiary_kind = fields.Selection(related="policy_id.beneficiary_kind")
    number = fields.Integer(string="Version", readonly=True, copy=False, default=0)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In Force"), ("frozen", "In Force, Frozen")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company), tracking=True)
    date_end = fields.Date(tracking=True, copy=False)
    author_id = fields.Many2one("res.users", readonly=True, copy=False, default=lambda self: self.env.user)
    activated_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    activated_at = fields.Datetime(readonly=True, copy=False)

    basis = fields.Selection(
        [
            ("ordered", "Ordered by the Distributor"),
            ("shipped", "Shipped to the Distributor"),
            ("invoiced", "Invoiced"),
            ("received", "Received by the Shop"),
            ("opened", "Opened by the Consumer"),
            ("sold", "Sold by the Shop"),
            ("reported", "Reported as Flow"),
        ],
        required=True,
        default="received",
        help="The proven movement that this policy pays for. What a distributor reports is his sale, and the purchase "
        "of a shop of a kind that need not scan; shops that have to scan are paid by their scans.",
    )
    measure = fields.Selection(
        [("bottles", "Bottles"), ("cases", "Cases"), ("amount", "Amount")],
        required=True,
        default="cases",
        help="What tiers are read with and what a rate per unit counts.",
    )
    rate_kind = fields.Selection(
        [("per_unit", "Per Bottle or Case"), ("percent", "Percent of the Amount"), ("fixed", "Fixed")],
        required=True,
        default="per_unit",
    )
    rate = fields.Float(digits=(16, 6), help="CNY per bottle or case, percent, or a fixed amount per fact.")
    method = fields.Selection(
        [("retrospective", "Attained Tier for All"), ("progressive", "Each Tier for Its Part")],
        string="Tier Method",
        required=True,
        default="retrospective",
        help="10 up to 100, 20 above, for 150: the attained tier for all pays 20 on 150; each tier for its part pays "
        "10 on the first 100 and 20 on the other 50.",
    )
    period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year"), ("whole", "Whole Validity")],
        required=True,
        default="year",
        help="What the tiers and the cap are counted over.",
    )
    tier_ids = fields.One2many("liquor.policy.tier", "version_id", string="Tiers", copy=True)
    cap_amount = fields.Monetary(string="Cap", help="Most that one beneficiary gets in a period; 0 = none.")
    payable = fields.Selection(
        [("pending", "Pending First"), ("available", "Available at Once")],
        required=True,
        default="pending",
        help="Pending: can be withdrawn once the receipt is proven. At once: as soon as it is earned.",
    )
    count_returns = fields.Boolean(default=True, help="Returned goods lower the base of a tiered policy.")
    count_rebate_goods = fields.Boolean(
        string="Goods Rebates Count", compute="_compute_counts", store=True, readonly=False
    )
    count_samples = fields.Boolean(
        string="Tasting and Gifts Count", compute="_compute_counts", store=True, readonly=False
    )

    partner_ids = fields.Many2many("res.partner", string="Only These Partners", check_company=True)
    product_ids = fields.Many2many("product.product", string="Products", check_company=True)
    category_ids = fields.Many2many("product.category", string="Product Categories")
    territory_ids = fields.Many2many("liquor.territory", string="Territories", check_company=True)
    terminal_kind_ids = fields.Many2many("liquor.terminal.kind", string="Kinds of Terminal", check_company=True)

    _number_unique = models.UniqueIndex("(policy_id, number)", "This version number exists already.")
    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A version cannot end before it starts.",
    )
    # two drafts that are approved at the same moment do not see each other
    _one_in_force = models.Constraint(
        """EXCLUDE USING gist (
            int4range(policy_id, policy_id, '[]') WITH &&, daterange(date_start, date_end, '[]') WITH &&
        ) WHERE (state <> 'draft' AND state <> 'replaced')""",
        "Another version of this policy is in force on some of these days.",
    )
    _bounds = models.Constraint(
        f"CHECK (rate BETWEEN 0 AND {MOST} AND COALESCE(cap_amount, 0) BETWEEN 0 AND {MOST})",
        "Rate and cap lie between 0 and 1,000,000,000,000.",
    )

    @api.depends("basis")
    def _compute_counts(self):
        """A shop cannot tell a goods rebate from bought goods, so scans pay for it; orders of it earn nothing."""
        for version in self:
            version.count_rebate_goods = version.basis in ("received", "opened", "sold")
            version.count_samples = version.basis in ("received", "opened")

    @api.depends("policy_id.name", "number")
    def _compute_display_name(self):
        numbered = self.env._("%(policy)s v%(number)s")
        for version in self:
            version.display_name = (
                numbered % {"policy": version.policy_id.name or "", "number": version.number}
                if version.number
                else version.policy_id.name or ""
            )

    @api.model_create_multi
    def create(self, vals_list):
        policies = self.env["liquor.policy"].browse({vals["policy_id"] for vals in vals_list if vals.get("policy_id")})
        highest = dict(self._read_group([("policy_id", "in", policies.ids)], ["policy_id"], ["number:max"]))
        for vals in vals_list:
            policy = self.env["liquor.policy"].browse(
                vals.get("policy_id") or self.env.context.get("default_policy_id")
            )
            highest[policy] = (highest.get(policy) or 0) + 1
            vals["number"] = highest[policy]
            if not self.env.su:
                vals.update(DRAFT, author_id=self.env.uid)
        return super().create(vals_list)

    @api.model
    def _companies_of(self, vals_list):
        """A version is of the company of its policy."""
        default = self.env.context.get("default_policy_id")
        policies = [self.env["liquor.policy"].browse(vals.get("policy_id") or default) for vals in vals_list]
        return [policy.company_id or self.env.company for policy in policies]

    def write(self, vals):
        if DRAFT.keys() & vals.keys() and not self.env.su:
            raise AccessError(self.env._("A version is put in force by its approval, not by writing its state."))
        if not vals.keys() <= FREE and self.filtered(lambda version: version.state != "draft"):
            raise UserError(self.env._("The terms of a version in force cannot change: make a new version."))
        if "date_end" in vals:
            day = fields.Date.to_date(vals["date_end"])
            self._check_end_is_earlier(day)
            self._check_end_after_use(day)
        if not vals.keys() <= FREE and not self.env.su:
            vals = {**vals, "author_id": self.env.uid}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        if self.filtered(lambda version: version.state != "draft"):
            raise UserError(self.env._("A version in force cannot be deleted; set its last day."))

    def _check_end_is_earlier(self, day):
        """What was approved for some time is not made to pay longer by one person."""
        for version in self.filtered(lambda one: one.state in PAYING and one.date_end and not self.env.su):
            if not day or day > version.date_end:
                raise UserError(
                    self.env._("%(version)s can only end earlier: make a new version.", version=version.display_name)
                )

    def _check_end_after_use(self, day):
        """What has paid cannot be ended before its last payment: override in the room of the earnings."""

    @api.constrains("tier_ids", "measure", "method", "rate_kind", "state")
    def _check_terms(self):
        for version in self.filtered(lambda v: v.state != "draft" or v.tier_ids):
            if version.policy_id.kind in ("tiered", "growth", "target"):
                version._check_tiers()
                if version.method == "progressive":
                    version._check_progressive()

    def _check_tiers(self):
        try:
            tiers.check(self.tier_ids._to_engine())
        except tiers.TierError as error:
            raise ValidationError(self._explain_tier_error(error)) from error

    def _check_progressive(self):
        if (self.measure == "amount") != (self.rate_kind == "percent") and self.rate_kind not in ("fixed", "goods"):
            raise ValidationError(
                self.env._(
                    "With each tier paying for its part, tiers in an amount pay a percentage and tiers in bottles or "
                    "cases pay per unit."
                )
            )

    def action_activate(self):
        """Put drafts in force. Who wrote the terms does not approve them.

        :raises UserError: the author himself, no rate, or another version in force on the same days
        """
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager puts a policy in force."))
        for version in self:
            if version.state != "draft":
                raise UserError(self.env._("%(version)s is in force already.", version=version.display_name))
            if version.author_id == self.env.user and not self.env.su:
                raise UserError(self.env._("Somebody else has to approve the terms that you wrote."))
            if version.policy_id.kind == "per_unit" and not version.rate:
                raise UserError(self.env._("Say what %(version)s pays.", version=version.display_name))
            version._check_neighbours()
        self.sudo().write({"state": "active", "activated_by_id": self.env.uid, "activated_at": fields.Datetime.now()})

    def _check_neighbours(self):
        """End the version before on the eve of this one; refuse any other overlap."""
        others = self.policy_id.version_ids.filtered(lambda v: v != self and v.state in PAYING)
        for other in others:
            if other.date_start < self.date_start and (not other.date_end or other.date_end >= self.date_start):
                other.date_end = self.date_start - timedelta(days=1)
                # its days are free before this one takes them
                other.flush_recordset(["date_end"])
        clash = others.filtered(
            lambda v: (
                (not self.date_end or v.date_start <= self.date_end)
                and (not v.date_end or v.date_end >= self.date_start)
            )
        )
        if clash:
            raise UserError(self.env._("%(version)s is in force on some of these days.", version=clash[0].display_name))

    def action_new_version(self):
        """Copy the terms into a new draft and open it."""
        self.ensure_one()
        draft = self.copy({"date_start": today(self.company_id) + timedelta(days=1), "date_end": False})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def _freeze(self):
        """Note that these versions have paid, once in the life of a version. The terms were checked when approved."""
        fresh = self.sudo().filtered(lambda version: version.state == "active")
        if not fresh:
            return
        fresh._track_prepare(["state"])
        fresh.flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE liquor_policy_version SET state = 'frozen', write_uid = %s, write_date = %s
                    WHERE id = ANY(%s) AND state = 'active'""",
                self.env.uid,
                self.env.cr.now(),
                fresh.ids,
            )
        )
        fresh.invalidate_recordset(["state", "write_uid", "write_date"], flush=False)
        fresh.modified(["state"])

    def _cap_key(self, partner_id, day):
        """Key of the counter of this version's cap for a partner in the period of ``day``."""
        return f"policy/{self.id}/{partner_id}/{period_of(day, self.period).label}"
