import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL, float_round

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import decimal
from ...engine.simulation.pilot import Change, Shop, compare, draw_control

LINE_COLUMNS = ["pilot_id", "company_id", "currency_id", "partner_id", "is_control", "stratum"]
VERDICTS = [
    ("more", "Sold More"),
    ("less", "Sold Less"),
    ("unclear", "No Difference Proven"),
    ("unknown", "Too Few Shops"),
]
#: shops of a group below which nothing can be said
LEAST = 2


class LiquorPolicyPilot(models.Model):
    """A policy is tried on a part of its shops; a control group, drawn by lot, shows what would have come anyway (C22).

    The draw names the pilot's shops in the draft's own filter, so that the control group is paid nothing by it. What
    the policy changed is a difference in differences a shop, with its band (``engine/simulation/pilot.py``).
    """

    _name = "liquor.policy.pilot"
    _inherit = ["liquor.guarded.mixin"]
    _description = "Pilot of a Policy"
    _order = "id desc"
    _rec_names_search = ("policy_id.name",)
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    version_id = fields.Many2one(
        "liquor.policy.version",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'draft'), ('beneficiary_kind', '=', 'terminal')]",
    )
    policy_id = fields.Many2one(related="version_id.policy_id", store=True)
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="version_id.currency_id")
    date_start = fields.Date("First Day", required=True, default=lambda self: today(self.env.company))
    days = fields.Integer(required=True, default=28, help="As many days before the first one are compared with.")
    date_end = fields.Date("Last Day", compute="_compute_date_end", store=True)
    basis = fields.Selection(
        [
            ("opened", "Opened by the Consumer"),
            ("received", "Received by the Shop"),
            ("sold", "Sold by the Shop"),
            ("reported", "Reported as Flow"),
        ],
        "Compared By",
        required=True,
        default="opened",
    )
    control_percent = fields.Integer("Control Group (%)", required=True, default=50)
    seed = fields.Integer(readonly=True, copy=False, aggregator=None, help="Whoever draws with it gets these groups.")
    state = fields.Selection(
        [("draft", "Draft"), ("drawn", "Drawn"), ("done", "Compared")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    drawn_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    drawn_at = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("liquor.policy.pilot.shop", "pilot_id", readonly=True)
    compared_to = fields.Date("Compared up to", readonly=True, copy=False)
    pilot_count = fields.Integer("Pilot Shops", readonly=True, copy=False)
    control_count = fields.Integer("Control Shops", readonly=True, copy=False)
    pilot_change = fields.Float("Change of the Pilot", digits=(16, 2), readonly=True, copy=False, aggregator=None)
    control_change = fields.Float("Change of the Control", digits=(16, 2), readonly=True, copy=False, aggregator=None)
    effect = fields.Float("Bottles More a Shop", digits=(16, 2), readonly=True, copy=False, aggregator=None)
    effect_low = fields.Float("At Least", digits=(16, 2), readonly=True, copy=False, aggregator=None)
    effect_high = fields.Float("At Most", digits=(16, 2), readonly=True, copy=False, aggregator=None)
    verdict = fields.Selection(VERDICTS, readonly=True, copy=False)
    spend = fields.Monetary("Paid to the Pilot", readonly=True, copy=False)
    spend_per_bottle = fields.Monetary("Paid a Bottle More", readonly=True, copy=False, aggregator=None)
    leak_count = fields.Integer(
        "Control Shops Paid", readonly=True, copy=False, help="Shops of the control group that the policy paid."
    )
    words = fields.Text(compute="_compute_words", string="Result")

    _bounds = models.Constraint(
        "CHECK (days BETWEEN 7 AND 366 AND control_percent BETWEEN 5 AND 95)",
        "A pilot takes 7 to 366 days, its control group 5 to 95 % of the shops.",
    )
    _drawn = models.Constraint(
        "CHECK (state = 'draft' OR (seed IS NOT NULL AND drawn_by_id IS NOT NULL AND drawn_at IS NOT NULL))",
        "Groups that were drawn keep their seed.",
    )
    _one_draw = models.UniqueIndex("(version_id) WHERE state <> 'draft'", "A draw was made for these terms already.")

    @api.depends("version_id.display_name", "date_start")
    def _compute_name(self):
        for pilot in self:
            pilot.name = f"{pilot.version_id.display_name or ''} · {pilot.date_start or ''}"

    @api.depends("date_start", "days")
    def _compute_date_end(self):
        for pilot in self:
            pilot.date_end = pilot.date_start and fields.Date.add(pilot.date_start, days=max(pilot.days, 1) - 1)

    @api.constrains("version_id")
    def _check_version(self):
        for pilot in self:
            if pilot.version_id.beneficiary_kind != "terminal":
                raise ValidationError(self.env._("A pilot is drawn of shops: choose a policy that pays shops."))

    def write(self, vals):
        """Keep what was drawn."""
        if not self.env.su and self.filtered(lambda pilot: pilot.state != "draft"):
            raise UserError(self.env._("The groups are drawn: plan another pilot."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drawn(self):
        if self.filtered(lambda pilot: pilot.state != "draft"):
            raise UserError(self.env._("What was drawn stays."))

    # --- drawing -----------------------------------------------------------------------------------------------

    def action_draw(self):
        """Draw both groups by lot, alike in kind, grade and city, and leave the pilot's shops in the draft's filter.

        :raises UserError: the terms are in force, or there are too few shops
        """
        self.check_access("write")
        for pilot in self:
            pilot.lock_for_update()
            pilot.version_id.sudo().lock_for_update()
            drawn = pilot.search_count([("version_id", "=", pilot.version_id.id), ("state", "!=", "draft")], limit=1)
            if drawn or pilot.version_id.state != "draft":
                raise UserError(self.env._("Groups are drawn once, before the terms are in force."))
            pilot._draw(secrets.randbelow(2**31 - 1) + 1)

    def _draw(self, seed):
        places = self.sudo()._strata()
        shops = [Shop(partner, stratum) for partner, (stratum, _words) in places.items()]
        control = draw_control(shops, self.control_percent, seed)
        pilots = places.keys() - control
        if min(len(control), len(pilots)) < LEAST:
            raise UserError(self.env._("Too few shops: each group needs two at least."))
        # as who draws: the terms are his from now on, and somebody else approves them
        self.version_id.write({"partner_ids": [Command.set(sorted(pilots))]})
        head = (self.id, self.company_id.id, self.currency_id.id)
        self.env["liquor.policy.pilot.shop"].sudo()._bulk_insert(
            LINE_COLUMNS, [(*head, partner, partner in control, places[partner][1]) for partner in sorted(places)]
        )
        self.sudo().write({
            "state": "drawn",
            "seed": seed,
            "drawn_by_id": self.env.uid,
            "drawn_at": fields.Datetime.now(),
            "pilot_count": len(pilots),
            "control_count": len(control),
        })

    def _strata(self):
        """Shops that the terms reach on the first day: {partner id: (stratum, its words)}."""
        version, role_model = self.version_id, self.env["liquor.channel.role"]
        domain = role_model._domain_live(self.date_start, self.date_start) & fields.Domain([
            ("company_id", "=", self.company_id.id),
            ("kind", "=", "terminal"),
        ])
        for name, operator, wanted in (
            ("terminal_kind_id", "in", version.terminal_kind_ids),
            ("territory_id", "child_of", version.territory_ids),
            ("partner_id", "in", version.partner_ids),
        ):
            if wanted:
                domain &= fields.Domain(name, operator, wanted.ids)
        found = {}
        for role in role_model.search(domain, order="partner_id, id"):
            if role._is_live_on(self.date_start):
                kind, city = role.terminal_kind_id, (role.territory_id.code or "")[:4]
                stratum = (kind.code or "", role.grade or "", city)
                found[role.partner_id.id] = stratum, " · ".join(filter(None, (kind.name, role.grade, city)))
        return found

    # --- comparing ---------------------------------------------------------------------------------------------

    def action_compare(self):
        """Compare both groups up to yesterday, or to the last day; as often as wanted.

        :raises UserError: nothing is drawn, or the first day is not over
        """
        self.check_access("read")
        for pilot in self:
            if pilot.state == "draft":
                raise UserError(self.env._("Draw the groups first."))
            last = min(pilot.date_end, fields.Date.subtract(today(pilot.company_id), days=1))
            if last < pilot.date_start:
                raise UserError(self.env._("The first day of the pilot is not over."))
            pilot.sudo()._compare(last)

    def _compare(self, last):
        length = (last - self.date_start).days + 1
        eve = fields.Date.subtract(self.date_start, days=1)
        before = self._bottles(fields.Date.subtract(self.date_start, days=length), eve)
        after = self._bottles(self.date_start, last)
        spend = self._spend(last)
        self._store_changes(before, after, spend, self._spend(last, self.env["liquor.policy.version"]))
        groups = {False: [], True: []}
        paid, leaks = decimal(0), 0
        for line in self.line_ids:
            partner = line.partner_id.id
            groups[line.is_control].append(Change(before.get(partner, 0.0), after.get(partner, 0.0)))
            if line.is_control:
                leaks += bool(spend.get(partner))
            else:
                paid += spend.get(partner, decimal(0))
        found = compare(groups[False], groups[True])
        more = found.effect * found.pilot.count
        self.write({
            "state": "done" if last == self.date_end else "drawn",
            "compared_to": last,
            "pilot_change": found.pilot.mean,
            "control_change": found.control.mean,
            "effect": found.effect,
            "effect_low": found.low or 0.0,
            "effect_high": found.high or 0.0,
            "verdict": found.verdict,
            "spend": float(paid),
            "spend_per_bottle": float_round(float(paid) / more, precision_digits=4) if more > 0 else 0.0,
            "leak_count": leaks,
        })

    def _bottles(self, first, last):
        """Bottles of each shop on some days: {partner id: float}, in one query."""
        side = "counterparty" if self.basis == "reported" else "partner"
        found = {}
        shops = self.line_ids.partner_id.ids
        for row in self.env["liquor.flow.fact"]._sums(self.company_id, [self.basis], first, last, shops):
            partner = getattr(row, side)
            found[partner] = found.get(partner, 0.0) + float(row.bottles)
        return found

    def _spend(self, last, versions=None):
        """What the policy gave these shops since the first day: {partner id: Decimal}.

        :param versions: only these; an empty recordset for whatever they got
        """
        versions = self.version_id if versions is None else versions
        groups = self.env["liquor.earning"]._read_group(
            [
                *([("policy_version_id", "in", versions.ids)] if versions else []),
                ("company_id", "=", self.company_id.id),
                ("beneficiary_kind", "=", "terminal"),
                ("partner_id", "in", self.line_ids.partner_id.ids),
                ("business_day", ">=", self.date_start),
                ("business_day", "<=", last),
            ],
            ["partner_id"],
            ["amount:sum"],
        )
        return {partner.id: decimal(amount) for partner, amount in groups}

    def _store_changes(self, before, after, amounts, spend):
        partners = self.line_ids.partner_id.ids
        figures = [
            [float(table.get(partner, 0)) for partner in partners] for table in (before, after, amounts, spend)
        ]  # fmt: skip
        self.env.cr.execute(
            SQL(
                """UPDATE liquor_policy_pilot_shop shop
                      SET before = given.before, after = given.after, change = given.after - given.before,
                          amount = given.amount, spend = given.spend
                     FROM unnest(%s::int[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[])
                          AS given (partner, before, after, amount, spend)
                    WHERE shop.pilot_id = %s AND shop.partner_id = given.partner""",
                partners,
                *figures,
                self.id,
            )
        )
        self.line_ids.invalidate_recordset(["before", "after", "change", "amount", "spend"])

    @api.depends_context("lang")
    @api.depends("verdict", "effect", "effect_low", "effect_high", "compared_to")
    def _compute_words(self):
        for pilot in self:
            pilot.words = pilot._say_result() if pilot.verdict else False

    def _say_result(self):
        values = {
            "effect": f"{self.effect:+.2f}",
            "low": f"{self.effect_low:+.2f}",
            "high": f"{self.effect_high:+.2f}",
            "pilot": f"{self.pilot_change:+.2f}",
            "control": f"{self.control_change:+.2f}",
        }
        head = self.env._(
            "A shop of the pilot changed by %(pilot)s bottles, one of the control group by %(control)s: %(effect)s by "
            "the policy.",
            **values,
        )
        band = {
            "more": self.env._("Between %(low)s and %(high)s with 95 %% certainty: it sells more.", **values),
            "less": self.env._("Between %(low)s and %(high)s with 95 %% certainty: it sells less.", **values),
            "unclear": self.env._(
                "Between %(low)s and %(high)s with 95 %% certainty: chance alone explains it.", **values
            ),
            "unknown": self.env._("Too few shops to say how certain that is."),
        }[self.verdict]
        return f"{head} {band}"

    def action_open_shops(self):
        """Open the shops of both groups."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.policy_pilot_shop_action")
        return {**action, "domain": [("pilot_id", "in", self.ids)], "context": {}}

    def action_open_spend(self):
        """Open what both groups got on the days of the pilot, by whatever programme."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.liquor_spend_action")
        return {**action, "domain": [("pilot_id", "in", self.ids)], "context": {"search_default_by_group": 1}}
