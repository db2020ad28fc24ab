from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.liquor_member.tools.business_day import today

MOST_DAYS = 3 * 366
#: of the one that is kept up to date, where nobody has chosen otherwise
ROLLING_DAYS = 90
CHOICES = [
    ("automatic", "As long before the programme began"),
    ("year_before", "Same period of last year"),
    ("before_period", "As long before the period"),
]
#: what decides the figures
ASKED = ("date_from", "date_to", "choice", "company_id")


class LiquorSpendReturn(models.Model):
    """What came of the money of some days (投入产出比, C9): per programme, region, distributor and shop.

    Lines are one programme at one shop each (``engine/finance/returns.py``), computed from ``liquor.spend``, proven
    movements and margins, and computed anew as often as wanted. Sums of returns are ratios of sums everywhere.
    """

    _name = "liquor.spend.return"
    _inherit = ["liquor.guarded.mixin"]
    _description = "Return on Spend"
    _check_company_auto = True
    _order = "is_rolling desc, date_to desc, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("From", required=True, default=lambda self: self._default_day(28))
    date_to = fields.Date("To", required=True, default=lambda self: self._default_day(1))
    choice = fields.Selection(
        CHOICES,
        "Compared With",
        required=True,
        default="automatic",
        help="Shops of a pilot are compared with its control group. Where nothing is known of the days before a "
        "programme began, the same period of last year is taken. Seasons differ: around a festival choose last year.",
    )
    is_rolling = fields.Boolean(
        "Kept up to Date", help="Moved on to yesterday and computed every night; the dashboard shows this one."
    )
    state = fields.Selection(
        [("draft", "Not Computed"), ("done", "Computed")], required=True, readonly=True, default="draft", copy=False
    )
    computed_at = fields.Datetime("Computed On", readonly=True, copy=False)
    computed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    computed_to = fields.Date("Computed up to", readonly=True, copy=False)
    computed_snapshot = fields.Char(readonly=True, copy=False, help="Which transactions its money was read behind.")
    known_since = fields.Json(readonly=True, copy=False, help="First day of each kind of proof in the company.")
    active = fields.Boolean(readonly=True, default=True, copy=False)
    computed_for_id = fields.Many2one(
        "liquor.spend.return",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="cascade",
        check_company=True,
        help="What a run computes beside, until all of it is there.",
    )
    line_ids = fields.One2many("liquor.spend.return.line", "return_id", readonly=True)
    margin_ids = fields.One2many("liquor.spend.return.margin", "return_id", readonly=True)
    spend = fields.Monetary(readonly=True, copy=False, help="Earned less what distributors carry.")
    measured_spend = fields.Monetary("Of It Measured", readonly=True, copy=False)
    incremental_bottles = fields.Float("Bottles More", digits=(16, 2), readonly=True, copy=False)
    incremental_margin = fields.Monetary("Margin of Them", readonly=True, copy=False)
    return_percent = fields.Float("Return (%)", digits=(16, 2), readonly=True, copy=False, aggregator=None)
    opened_bottles = fields.Float("Opened", digits=(16, 2), readonly=True, copy=False)
    received_cases = fields.Float("Cases Received", digits=(16, 2), readonly=True, copy=False)
    cost_per_opened = fields.Monetary("Spend per Opened Bottle", readonly=True, copy=False, aggregator=None)
    cost_per_case = fields.Monetary("Spend per Received Case", readonly=True, copy=False, aggregator=None)
    words = fields.Text(compute="_compute_words", string="Result")

    _dates = models.Constraint("CHECK (date_from <= date_to)", "The period ends before it starts.")
    _one_rolling = models.UniqueIndex("(company_id) WHERE is_rolling", "One is kept up to date already.")

    def _default_day(self, days):
        return fields.Date.subtract(today(self.env.company), days=days)

    @api.depends("date_from", "date_to")
    def _compute_name(self):
        for one in self:
            one.name = f"{one.date_from or ''} – {one.date_to or ''}"

    @api.constrains("date_from", "date_to")
    def _check_days(self):
        for one in self:
            if (one.date_to - one.date_from).days > MOST_DAYS:
                raise ValidationError(self.env._("Look at three years at most."))

    def write(self, vals):
        """Forget figures that other days or another baseline gave."""
        if vals.keys() & set(ASKED) and not self.env.su:
            self.check_access("write")
            done = self.sudo().filtered(lambda one: one.state == "done")
            done.line_ids.unlink()
            done.margin_ids.unlink()
            done.state = "draft"
        return super().write(vals)

    @api.depends_context("lang")
    @api.depends("state", "spend", "measured_spend", "incremental_margin", "return_percent")
    def _compute_words(self):
        for one in self:
            one.words = one._say_result() if one.state == "done" else False

    def _say_result(self):
        money = self.currency_id.format
        if not self.measured_spend:
            return self.env._(
                "No return can be stated of %(spend)s: the lines say why.", spend=money(self.spend or 0.0)
            )
        return self.env._(
            "%(measured)s of %(spend)s can be measured. Of it came %(bottles)s bottles more, whose margin is "
            "%(margin)s: a return of %(rate)s %%.",
            measured=money(self.measured_spend),
            spend=money(self.spend),
            bottles=f"{self.incremental_bottles:,.2f}",
            margin=money(self.incremental_margin),
            rate=f"{self.return_percent:+.2f}",
        )

    # --- computing ---------------------------------------------------------------------------------------------

    def action_compute(self):
        """Compute anew, up to yesterday at most: a large one by a run, until whose end the old figures stand.

        :raises UserError: the first day is not over
        """
        self.check_access("write")
        # what a run computes beside is the run's alone
        runs = [one._compute_or_start() for one in self if not one.computed_for_id]
        return runs[0]._show() if len(runs) == 1 and runs[0] else None

    def _cron_refresh(self):
        """Move on and compute what is kept up to date; a company with spend and without one gets one."""
        rolling = self.search([("is_rolling", "=", True)])
        spending = self.env["liquor.earning"]._read_group([], ["company_id"])
        missing = [company for (company,) in spending if company not in rolling.company_id]
        rolling += self.create([self._prepare_rolling(company) for company in missing])
        for one in rolling:
            days, last = (one.date_to - one.date_from).days, fields.Date.subtract(today(one.company_id), days=1)
            one.write({"date_from": fields.Date.subtract(last, days=days), "date_to": last})
            one._compute_or_start()

    def _prepare_rolling(self, company):
        last = fields.Date.subtract(today(company), days=1)
        first = fields.Date.subtract(last, days=ROLLING_DAYS - 1)
        return {"company_id": company.id, "date_from": first, "date_to": last, "is_rolling": True}

    def _last_day(self):
        last = min(self.date_to, fields.Date.subtract(today(self.company_id), days=1))
        if last < self.date_from:
            raise UserError(self.env._("The first day is not over."))
        return last

    # --- looking -----------------------------------------------------------------------------------------------

    def action_open_lines(self):
        """Open the lines: pivot, list and graph."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.spend_return_line_action")
        return {**action, "domain": [("return_id", "in", self.ids)], "context": {"search_default_by_programme": 1}}

    def action_open_spend(self):
        """Open the money that the lines add up to."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.liquor_spend_action")
        return {**action, "domain": self._spend_domain(), "views": [(False, "list"), (False, "pivot")], "context": {}}

    def _spend_domain(self):
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("day", ">=", self.date_from),
            ("day", "<=", self.computed_to or self.date_to),
            ("earning_id", "!=", False),
        ]

    def action_download(self):
        """Download the workbook."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/liquor/finance/return/{self.id}.xlsx", "target": "download"}
