from odoo import api, fields, models
from odoo.tools import SQL

#: ratio -> (numerator, denominator, factor); a sum or mean of them says nothing
RATIOS = {
    "return_percent": (("incremental_margin", "measured_spend"), "measured_spend", 100),
    "cost_per_opened": (("spend",), "opened_bottles", 1),
    "cost_per_case": (("spend",), "received_cases", 1),
}


class LiquorSpendReturnLine(models.Model):
    """One programme at one shop: what it cost, and what was sold out more than the baseline that stands beside it.

    Money of a distributor stands at his shops in equal parts (``is_spread``). Figures of the baseline stand only
    where a return can be stated, so that every column adds up; elsewhere ``why`` says what is missing.
    """

    _name = "liquor.spend.return.line"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Return of a Programme at a Shop"
    _order = "return_id desc, spend desc, id"
    _rec_name = "programme"
    _check_company_auto = True

    return_id = fields.Many2one(
        "liquor.spend.return", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    is_rolling = fields.Boolean(related="return_id.is_rolling")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    programme = fields.Char(readonly=True)
    source = fields.Selection(selection="_selection_source", string="Kind of Policy", readonly=True)
    policy_id = fields.Many2one("liquor.policy", readonly=True, ondelete="cascade")
    expense_id = fields.Many2one("liquor.expense", readonly=True, ondelete="cascade")
    pilot_id = fields.Many2one("liquor.policy.pilot", readonly=True, ondelete="set null")
    partner_id = fields.Many2one("res.partner", "Shop", readonly=True, ondelete="cascade")
    distributor_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    region_id = fields.Many2one("liquor.territory", "City", readonly=True, ondelete="set null")
    is_spread = fields.Boolean(
        "Part of the Distributor's", readonly=True, help="What a distributor got stands at his shops in equal parts."
    )
    earned = fields.Monetary(readonly=True)
    carried = fields.Monetary("Carried by Distributors", readonly=True)
    spend = fields.Monetary(readonly=True, help="Earned less what distributors carry.")
    measured_spend = fields.Monetary("Of It Measured", readonly=True)
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    baseline_kind = fields.Selection(
        [
            ("control", "Control group of the pilot"),
            ("before_programme", "As long before the programme began"),
            ("year_before", "Same period of last year"),
            ("before_period", "As long before the period"),
        ],
        "Compared With",
        readonly=True,
    )
    baseline_from = fields.Date(readonly=True)
    baseline_to = fields.Date(readonly=True)
    proof = fields.Selection(
        [("opened", "Opened by consumers"), ("sold", "Sold at the counter"), ("reported", "Reported as flow")],
        "Proven By",
        readonly=True,
        help="One proof a shop, the one of most bottles, in all windows: no bottle counts twice.",
    )
    sold_bottles = fields.Float("Sold Out", digits=(16, 2), readonly=True)
    baseline_bottles = fields.Float("Baseline", digits=(16, 2), readonly=True)
    incremental_bottles = fields.Float("Bottles More", digits=(16, 2), readonly=True)
    incremental_margin = fields.Monetary("Margin of Them", readonly=True)
    return_percent = fields.Float(
        "Return (%)", digits=(16, 2), readonly=True, aggregator="avg", exportable=False,
        help="(Margin of the bottles more - measured spend) / measured spend; of several lines the ratio of the sums.",
    )  # fmt: skip
    opened_bottles = fields.Float("Opened", digits=(16, 2), readonly=True)
    received_cases = fields.Float("Cases Received", digits=(16, 2), readonly=True)
    cost_per_opened = fields.Float(
        "Spend per Opened Bottle", digits=(16, 2), readonly=True, aggregator="avg", exportable=False
    )
    cost_per_case = fields.Float(
        "Spend per Received Case", digits=(16, 2), readonly=True, aggregator="avg", exportable=False
    )
    reason = fields.Selection(
        [
            ("no_spend", "Nothing spent, or more taken back"),
            ("no_shop", "At no shop"),
            ("no_days", "Not in force in the period"),
            ("days_outside", "Days outside the period"),
            ("no_baseline", "Nothing known to compare with"),
            ("no_margin", "Margin not known"),
            ("waiting", "Not measured yet"),
        ],
        "Why No Return",
        readonly=True,
    )
    missing = fields.Char("Without Margin", readonly=True)
    why = fields.Char(compute="_compute_why", string="In Words")

    _increment = models.Constraint(
        "CHECK (incremental_bottles = sold_bottles - baseline_bottles AND spend = earned - carried)",
        "What came is what was sold out less the baseline.",
    )
    _reason = models.Constraint(
        "CHECK ((reason IS NULL AND measured_spend = spend AND spend > 0 AND baseline_kind IS NOT NULL) OR"
        " (reason IS NOT NULL AND measured_spend = 0 AND incremental_bottles = 0 AND incremental_margin = 0))",
        "A return is stated with its baseline, or a reason is.",
    )

    def _selection_source(self):
        return self.env["liquor.spend"]._selection_source()

    def _read_group_select(self, aggregate_spec, query):
        """Ratios of a group are ratios of its sums, whichever way they are asked for; empty where nothing is."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in RATIOS or function not in ("avg", "sum"):
            return super()._read_group_select(aggregate_spec, query)
        (first, *less), denominator, factor = RATIOS[name]
        column = {one: self._field_to_sql(self._table, one, query) for one in (first, *less, denominator)}
        top = SQL("SUM(%s)", column[first])
        if less:
            top = SQL("%s - SUM(%s)", top, column[less[0]])
        bottom = SQL("SUM(%s)", column[denominator])
        return SQL("CASE WHEN %s > 0 THEN (%s * (%s) / %s)::float END", bottom, factor, top, bottom)

    @api.depends_context("lang")
    @api.depends("reason", "baseline_kind", "baseline_from", "baseline_to", "baseline_bottles", "missing")
    def _compute_why(self):
        kinds = dict(self._fields["baseline_kind"]._description_selection(self.env))
        for line in self:
            line.why = line._say_reason() if line.reason else line._say_baseline(kinds.get(line.baseline_kind, ""))

    def _say_baseline(self, kind):
        return self.env._(
            "%(kind)s, %(first)s – %(last)s: %(bottles)s bottles",
            kind=kind,
            first=self.baseline_from,
            last=self.baseline_to,
            bottles=f"{self.baseline_bottles:,.2f}",
        )

    def _say_reason(self):
        return {
            "no_spend": self.env._("Nothing was spent, or more was taken back: there is nothing to divide by."),
            "no_shop": self.env._("The money stands at no shop: nobody's sell-out can be held against it."),
            "no_days": self.env._("The programme was not in force in the period: take a period with its days."),
            "days_outside": self.env._("Not all days of the action lie in the period: take a longer one."),
            "no_baseline": self.env._("Nothing is known of the shop on the days to compare with."),
            "waiting": self.env._("It is being measured."),
            "no_margin": self.env._("The margin of %(products)s is not known.", products=self.missing or ""),
        }[self.reason]

    # --- looking -----------------------------------------------------------------------------------------------

    def action_open_spend(self):
        """Open the money of this line: of a distributor's part all of it, of which the shops have equal parts."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.liquor_spend_action")
        return {
            **action,
            "domain": self._spend_domain(),
            "views": [(False, "list")],
            "view_mode": "list",
            "context": {},
        }

    def _spend_domain(self):
        alone = not (self.policy_id or self.expense_id)
        domain = [
            *self.return_id._spend_domain(),
            ("policy_id", "=", self.policy_id.id),
            ("expense_id", "=", self.expense_id.id),
            *([("programme", "=", self.programme)] if alone else []),
            ("shop_id", "=", False if self.is_spread else self.partner_id.id),
            ("distributor_id", "=", self.distributor_id.id),
            ("region_id", "=", self.region_id.id),
        ]
        if self.pilot_id:
            return [*domain, ("pilot_id", "=", self.pilot_id.id), ("pilot_group", "=", "pilot")]
        pilots = (
            self
            .env["liquor.policy.pilot"]
            .sudo()
            .search([
                ("policy_id", "=", self.policy_id.id),
                ("version_id.state", "!=", "draft"),
            ])
            .ids
        )
        return [*domain, "|", ("pilot_id", "not in", pilots), ("pilot_group", "!=", "pilot")] if pilots else domain

    def action_open_facts(self):
        """Open what proves the shop's sell-out and receipts on the days of the line, and on those of its baseline."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.flow_fact_action")
        days = [("business_day", ">=", self.date_from), ("business_day", "<=", self.date_to)]
        if self.baseline_from:
            before = [("business_day", ">=", self.baseline_from), ("business_day", "<=", self.baseline_to)]
            days = ["|", "&", *days, "&", *before]
        party = ["&", ("partner_id", "=", self.partner_id.id), ("kind", "in", ["opened", "sold", "received"])]
        if self.proof == "reported":
            bought = ["&", ("counterparty_id", "=", self.partner_id.id), ("kind", "=", "reported")]
            party = ["|", *party, *bought]
        domain = [("company_id", "=", self.company_id.id), *party]
        return {**action, "domain": [*domain, *days], "context": {"search_default_group_kind": 1}}
