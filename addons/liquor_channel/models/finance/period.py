from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .period_step import STEPS


class LiquorPeriod(models.Model):
    """The close as a checklist: accruals -> match -> variances -> tie-out -> lock -> ledger lock (channel.md d2).

    Each step is one transaction that may be repeated: a crash between two leaves what is done, a second run adds
    nothing. The row of the month is locked by every step, so that one of two at the same moment is told to wait.
    """

    _inherit = "liquor.period"

    step_ids = fields.One2many("liquor.period.step", "period_id", copy=False)
    matched_at = fields.Datetime(readonly=True, copy=False)
    variance_count = fields.Integer(compute="_compute_variances", string="Open variances")
    variance_amount = fields.Monetary(compute="_compute_variances", string="Open variances, amount")
    late_count = fields.Integer(compute="_compute_late", string="Late events")
    late_amount = fields.Monetary(compute="_compute_late", string="Late events, amount")

    @api.model_create_multi
    def create(self, vals_list):
        periods = super().create(vals_list)
        periods._make_steps()
        return periods

    def _make_steps(self):
        """Give each month its checklist; what is there stays."""
        self.env["liquor.period.step"].sudo().create([
            {"period_id": period.id, "kind": kind, "sequence": 10 * place}
            for period in self
            for place, (kind, _name) in enumerate(STEPS, start=1)
            if kind not in period.sudo().step_ids.mapped("kind")
        ])

    def action_make_steps(self):
        """Make the checklist of a month that has none yet."""
        self._check_finance()
        self._make_steps()

    # ------------------------------------------------------------------ figures
    def _variance_domain(self):
        """Variances of things up to the month's end, whenever they were found."""
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "open"),
            "|",
            ("day", "=", False),
            ("day", "<=", self.date_end),
        ]

    def _late_domain(self):
        """What happened in this month and was booked into a later one, because the month was closed."""
        return [
            ("company_id", "=", self.company_id.id),
            ("business_day", ">=", self.date_start),
            ("business_day", "<=", self.date_end),
            ("booked_day", ">", self.date_end),
        ]

    @api.depends("date_start", "company_id")
    def _compute_variances(self):
        for period in self:
            period.variance_count, period.variance_amount = period._sum_of("liquor.variance", period._variance_domain())

    @api.depends("date_start", "company_id")
    def _compute_late(self):
        for period in self:
            period.late_count, period.late_amount = period._sum_of("liquor.earning", period._late_domain())

    def _sum_of(self, model, domain, field="amount"):
        if not self.date_start:
            return 0, 0.0
        rows = self.env[model].sudo()._read_group(domain, [], ["__count", f"{field}:sum"])
        return rows[0][0], rows[0][1] or 0.0

    def _statement_domain(self):
        return [("company_id", "=", self.company_id.id), ("date_from", "=", self.date_start)]

    def _step_figures(self):
        """Return ``{step: (what is left, amount, is it done)}``: some queries a month, none a record."""
        self.ensure_one()
        if not self.date_start:
            return {}
        statements = (
            self.env["liquor.account.statement"].sudo()._read_group(self._statement_domain(), ["state"], ["__count"])
        )
        waiting = sum(count for state, count in statements if state != "confirmed")
        ties = self._sum_of("liquor.tie.out", self._tie_domain(), "difference")
        lock = self.company_id.sudo().fiscalyear_lock_date
        held = bool(lock and lock >= self.date_end)
        unsettled = self.unsettled_count + self.dispute_count
        return {
            "accrual": (self.unaccrued_count, 0.0, not self.unaccrued_count),
            "match": (0 if self.matched_at else 1, 0.0, bool(self.matched_at)),
            "variances": (self.variance_count, self.variance_amount, bool(self.matched_at) and not self.variance_count),
            "settlements": (unsettled, 0.0, not unsettled),
            "payouts": (self.payout_count, 0.0, not self.payout_count),
            "statements": (waiting, 0.0, bool(statements) and not waiting),
            "tie_out": (*ties, not ties[0] and self.currency_id.is_zero(self.difference_amount)),
            "lock": (0, 0.0, self.state == "closed"),
            "ledger_lock": (0, 0.0, held),
        }

    def _tie_domain(self):
        return [("company_id", "=", self.company_id.id), ("difference", "!=", 0)]

    # ------------------------------------------------------------------ steps that a button does
    def _do_accrual(self):
        """Compute period policies up to the month's end, then accrue: what is computed is booked."""
        self._period_versions()._bring_up_to_date(self.date_end)
        self.env["liquor.accrual.run"]._accrue(self.company_id, self.date_end)
        self.env["liquor.point.use.entry"]._true_up(self.company_id, self.date_end)

    def _period_versions(self):
        return self.env["liquor.policy.version"].sudo().search([
            ("company_id", "=", self.company_id.id), ("state", "in", ("active", "frozen"))
        ])  # fmt: skip

    def _check_computed(self):
        """Refuse to close over rebate that policies give for this month and nobody booked (V8): no reason carries it.

        :raises UserError: what is not booked
        """
        deltas = self._period_versions()._open_deltas(self.company_id, self.date_end)
        own = [values for values in deltas if values["business_day"] <= self.date_end]
        if own:
            raise UserError(
                self.env._(
                    "%(period)s cannot close yet: %(count)s rebates of %(amount)s in all are computed and not booked. "
                    "Do the step “Accrue what was earned”.",
                    period=self.name,
                    count=len(own),
                    amount=self.currency_id.format(sum(values["amount"] for values in own)),
                )
            )

    def _do_match(self):
        """Match what there is up to today; policies must have been computed up to this month's end."""
        self.env["liquor.variance.match"].sudo()._match(self.company_id, computed_to=self.date_end)
        self.sudo().matched_at = fields.Datetime.now()

    def _do_variances(self):
        """Carry what is open into the next month, with the month's reason."""
        if not self.carry_reason:
            raise UserError(self.env._("Write the reason why something is carried over."))
        self.env["liquor.variance"].sudo().search(self._variance_domain())._carry(self.carry_reason, self.env.user)

    def _do_lock(self):
        return self.action_close()

    def _do_ledger_lock(self):
        """Lock Odoo's ledger up to the month's end: only after the month, and never backwards.

        :raises UserError: the month, or one before it, is open
        """
        earlier = self.search_count([
            ("company_id", "=", self.company_id.id), ("date_start", "<=", self.date_start), ("state", "=", "open")
        ])  # fmt: skip
        if earlier:
            raise UserError(self.env._("Close this month and those before it first."))
        company = self.company_id.sudo()
        if not company.fiscalyear_lock_date or company.fiscalyear_lock_date < self.date_end:
            company.fiscalyear_lock_date = self.date_end

    # ------------------------------------------------------------------ closing
    def action_close(self):
        """Close: whoever presses at the same moment waits or is told; the match belongs to the close."""
        self._check_finance()
        self.lock_for_update()
        for period in self.filtered(lambda item: item.state == "open" and not item.matched_at):
            period._do_match()
        return super().action_close()

    def _check_can_close(self):
        self._check_computed()
        result = super()._check_can_close()
        ties, _amount = self._sum_of("liquor.tie.out", self._tie_domain(), "difference")
        if (self.variance_count or ties) and not self.carry_reason:
            raise UserError(
                self.env._(
                    "%(period)s cannot close yet: %(variances)s variances are open, %(accounts)s accounts differ "
                    "from the ledger. Settle it, or write the reason why it is carried over.",
                    period=self.name,
                    variances=self.variance_count,
                    accounts=ties,
                )
            )
        if self.variance_count:
            self._do_variances()
        return result

    def action_reopen(self):
        """Open again: it is matched anew before the next close."""
        result = super().action_reopen()
        self.sudo().write({"matched_at": False})
        return result

    # ------------------------------------------------------------------ the way to what a step is about
    def _open_step(self, kind):
        model, domain = {
            "accrual": ("liquor.earning", self._unaccrued_domain()),
            "match": ("liquor.variance", [("company_id", "=", self.company_id.id)]),
            "variances": ("liquor.variance", self._variance_domain()),
            "settlements": ("liquor.settlement", self._unsettled_domain()),
            "payouts": ("liquor.payout", self._payout_domain()),
            "statements": ("liquor.account.statement", self._statement_domain()),
            "tie_out": ("liquor.tie.out", [("company_id", "=", self.company_id.id)]),
            "lock": ("liquor.earning", self._late_domain()),
            "ledger_lock": ("account.move", self._ledger_domain()),
        }[kind]
        return {
            "type": "ir.actions.act_window",
            "name": dict(self.env["liquor.period.step"]._fields["kind"]._description_selection(self.env))[kind],
            "res_model": model,
            "view_mode": "list,form",
            "domain": domain,
            "context": {"create": False},
        }

    def _unaccrued_domain(self):
        rows = self.env["liquor.accrual.run"].sudo()._collect(self.company_id, self.date_end)
        return [("id", "in", [row.id for row in rows])]

    def _ledger_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "draft"),
            ("date", "<=", self.date_end),
            ("date", ">", self.date_start - timedelta(days=366)),
        ]

    def action_open_late(self):
        """List what came too late for this month and stands in a later one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Late events of %(month)s", month=self.name),
            "res_model": "liquor.earning",
            "view_mode": "list,form",
            "domain": self._late_domain(),
            "context": {"create": False},
        }
