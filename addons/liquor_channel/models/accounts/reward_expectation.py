from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.accounts.expectation import Expectation
from ...engine.common.money import ZERO, decimal

MOST = 10**12
#: finance says these; afterwards only the share that is expected may change, with its source
TERMS = {
    "reward", "policy_id", "program_id", "company_id", "date_start", "date_end", "product_ids", "amount_per_case",
    "share_percent",
}  # fmt: skip


class LiquorRewardExpectation(models.Model):
    """What a campaign will cost, booked when its goods leave (trade.md R7): 2241.E until somebody earns it.

    The accrual run brings it up to date: cases shipped so far x amount x share expected. When rewards are earned they
    are taken from there; when the campaign ends, the rest goes back red. What consumers get is expected the same way,
    by their club: its cash-back, or its points at their worth.
    """

    _name = "liquor.reward.expectation"
    _description = "Expected Rewards"
    _inherit = ["liquor.guarded.mixin", "mail.thread"]
    _order = "date_start desc, id desc"
    _rec_names_search = ("policy_id.name", "program_id.name")
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    reward = fields.Selection(
        [
            ("trade", "Rewards of a policy: shops, guides"),
            ("cash", "Cash-back of consumers"),
            ("points", "Points of consumers"),
        ],
        "Who Is Rewarded",
        required=True,
        default="trade",
        tracking=True,
    )
    policy_id = fields.Many2one(
        "liquor.policy", string="Campaign", ondelete="restrict", check_company=True, tracking=True
    )
    program_id = fields.Many2one(
        "liquor.member.program", "Club", ondelete="restrict", check_company=True, tracking=True, index="btree_not_null"
    )
    date_start = fields.Date(required=True, string="First Day", tracking=True)
    date_end = fields.Date(required=True, string="Last Day", tracking=True)
    product_ids = fields.Many2many(
        "product.product", string="Products", check_company=True, help="Empty: every product that is shipped."
    )
    amount_per_case = fields.Monetary(required=True, string="Reward per Case", tracking=True)
    share_percent = fields.Float(
        string="Carried by Distributors (%)", tracking=True, help="Part of the reward that the distributors carry."
    )
    expected_percent = fields.Float(
        string="Expected (%)", required=True, tracking=True, help="Part of the cases that will be rewarded, estimated."
    )
    rate_source = fields.Char(
        string="Source of the Estimate", required=True, tracking=True, help="For the close file and the auditor."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Running"), ("closing", "Closing"), ("closed", "Closed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    author_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True, copy=False, ondelete="restrict"
    )
    opened_by_id = fields.Many2one("res.users", string="Approved By", readonly=True, copy=False, ondelete="restrict")
    entry_ids = fields.One2many("liquor.expectation.entry", "expectation_id", readonly=True)
    cases_shipped = fields.Float(compute="_compute_figures", digits=(16, 2))
    amount_accrued = fields.Monetary(compute="_compute_figures", string="Accrued")
    amount_used = fields.Monetary(compute="_compute_figures", string="Earned")
    amount_left = fields.Monetary(compute="_compute_figures", string="Still Expected")

    _dates = models.Constraint("CHECK (date_start <= date_end)", "The campaign ends before it starts.")
    _bounds = models.Constraint(
        """CHECK (amount_per_case BETWEEN 0 AND 1000000 AND expected_percent BETWEEN 0 AND 100
            AND COALESCE(share_percent, 0) BETWEEN 0 AND 100)""",
        "A reward lies between 0 and 1,000,000 a case, a share between 0 and 100 %.",
    )
    _opener_differs = models.Constraint(
        "CHECK (opened_by_id IS NULL OR opened_by_id <> author_id)",
        "An estimate is approved by somebody else than its author.",
    )
    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (int4range(policy_id, policy_id, '[]') WITH &&,
                               daterange(date_start, date_end, '[]') WITH &&) WHERE (policy_id IS NOT NULL)""",
        "Something is expected of this campaign on some of these days already.",
    )
    _whose = models.Constraint(
        "CHECK (CASE reward WHEN 'trade' THEN policy_id IS NOT NULL AND program_id IS NULL"
        " ELSE program_id IS NOT NULL AND policy_id IS NULL END)",
        "Name the policy whose rewards are expected, or the club whose members get them.",
    )
    _no_share_of_consumers = models.Constraint(
        "CHECK (reward = 'trade' OR COALESCE(share_percent, 0) = 0)",
        "Cash-back and points of consumers are the maker's alone.",
    )

    @api.depends("policy_id", "program_id", "reward")
    def _compute_display_name(self):
        rewards = dict(self._fields["reward"]._description_selection(self.env))
        for expectation in self:
            if expectation.reward == "trade":
                expectation.display_name = expectation.policy_id.display_name
            else:
                expectation.display_name = f"{expectation.program_id.display_name}: {rewards[expectation.reward]}"

    @api.onchange("reward")
    def _onchange_reward(self):
        if self.reward == "trade":
            self.program_id = False
        else:
            self.policy_id, self.share_percent = False, 0.0

    @api.constrains("reward", "program_id", "date_start", "date_end", "product_ids")
    def _check_one_campaign_a_bottle(self):
        """A consumer's reward is expected once: by the club, on its day, of its product."""
        for expectation in self.filtered("program_id"):
            others = self.search([
                ("id", "!=", expectation.id),
                ("program_id", "=", expectation.program_id.id),
                ("reward", "=", expectation.reward),
                ("date_start", "<=", expectation.date_end),
                ("date_end", ">=", expectation.date_start),
            ])
            goods = expectation.product_ids
            if any(not goods or not other.product_ids or goods & other.product_ids for other in others):
                raise ValidationError(
                    self.env._("Something is expected of this campaign on some of these days already.")
                )

    def _compute_figures(self):
        for company in self.company_id:
            own = self.filtered(lambda item, company=company: item.company_id == company)
            inputs = {row.id: row for row in own._to_engine(())}
            for expectation in own:
                row = inputs.get(expectation.id)
                expectation.cases_shipped = float(row.cases) if row else 0.0
                expectation.amount_accrued = float(row.accrued) if row else 0.0
                expectation.amount_used = float(row.used) if row else 0.0
                expectation.amount_left = float(row.left) if row else 0.0
        for expectation in self.filtered(lambda item: not item.company_id):
            expectation.cases_shipped = 0.0
            expectation.amount_accrued = expectation.amount_used = expectation.amount_left = 0.0

    def write(self, vals):
        """Refuse other terms once the estimate is in the books; a new share needs its source in the same step."""
        if TERMS & vals.keys() and self.filtered(lambda item: item.state != "draft"):
            raise UserError(self.env._("The terms of a campaign that is in the books stay; only its estimate changes."))
        if "expected_percent" in vals and self.filtered(lambda item: item.state != "draft"):
            if self.filtered(lambda item: item.state != "open"):
                raise UserError(self.env._("This campaign is closed: its estimate stays."))
            if not vals.get("rate_source"):
                raise UserError(self.env._("Write where the new estimate comes from."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(item.state != "draft" for item in self):
            raise UserError(self.env._("An estimate that is in the books stays."))

    # ------------------------------------------------------------------ states
    def action_open(self):
        """Approve the estimate: from now on the accrual run books it."""
        self._check_finance()
        for expectation in self:
            if expectation.author_id == self.env.user:
                raise UserError(self.env._("An estimate is approved by somebody else than its author."))
            if expectation.state != "draft":
                raise UserError(self.env._("%(name)s has moved on already.", name=expectation.display_name))
        self.lock_for_update()
        self.sudo().write({"state": "open", "opened_by_id": self.env.uid})

    def action_close(self):
        """End the campaign: book what is left of its earnings, then what nobody earned goes back red (#17)."""
        self._check_finance()
        if self.filtered(lambda item: item.state != "open"):
            raise UserError(self.env._("%(name)s has moved on already.", name=self[:1].display_name))
        self.lock_for_update()
        self.sudo().write({"state": "closing"})
        for company in self.company_id:
            self.env["liquor.accrual.run"]._accrue(company, today(company))
        self.sudo().write({"state": "closed"})

    def _check_finance(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance says what is expected."))

    # ------------------------------------------------------------------ engine
    def _to_engine(self, rows, day=None):
        """Return one company's expectations as the engine's inputs.

        :param rows: earnings (``EarningInput``) that count as earned although they are not accrued yet
        :param day: goods shipped up to here; None = to the end of each campaign
        """
        records = self.sudo().filtered("id")
        cases, accrued, used = records._shipped_cases(day), records._accrued(), records._used(rows)
        return [
            Expectation(
                id=record.id,
                cases=cases[record.id],
                amount_per_case=decimal(record.amount_per_case),
                percent=decimal(record.expected_percent),
                share_percent=decimal(record.share_percent),
                accrued=accrued.get(record.id, ZERO),
                used=used.get(record.id, ZERO),
                closing=record.state == "closing",
                policy_id=record.policy_id.id,
            )
            for record in records
        ]

    def _accrued(self):
        groups = self.env["liquor.expectation.entry"]._read_group(
            [("expectation_id", "in", self.ids)], ["expectation_id"], ["amount:sum"]
        )
        return {expectation.id: decimal(amount) for expectation, amount in groups}

    def _used(self, rows):
        """Return the brand's part of what was earned, by expectation: accrued lines and ``rows``."""
        used = self.env["liquor.accrual.line"]._expected_sums(self.ids)
        postings = self.env["liquor.member.posting"]._read_group(
            [("expectation_id", "in", self.ids)], ["expectation_id"], ["amount:sum"]
        )
        for expectation, amount in postings:
            used[expectation.id] = used.get(expectation.id, ZERO) + decimal(amount)
        for row in rows:
            if row.expectation_id:
                used[row.expectation_id] = used.get(row.expectation_id, ZERO) + row.amount - row.funder_amount
        return used

    def _shipped_cases(self, day):
        """Return the cases that left for distributors, less what they sent back; a query for each span of days."""
        found = {}
        for (company, first, last), same in self.grouped(lambda x: (x.company_id, x.date_start, x.date_end)).items():
            last = min(last, day) if day else last
            sums = self.env["liquor.flow.fact"]._sums(company, ("shipped", "returned"), first, last)
            shipped_to = {row.partner for row in sums if decimal(row.bottles) > 0}
            products = self.env["liquor.fact.scope"]._products({row.product for row in sums})
            for record in same:
                wanted = set(record.product_ids.ids)
                found[record.id] = sum(
                    (
                        decimal(row.bottles) / products[row.product][0]
                        for row in sums
                        if row.partner in shipped_to and (not wanted or row.product in wanted)
                    ),
                    ZERO,
                )
        return found
