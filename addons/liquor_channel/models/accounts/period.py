from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import day_bounds, today

from ...engine.accounts import booking


class LiquorPeriod(models.Model):
    """One month of a company's channel accounts, and its close (channel.md d2)."""

    _name = "liquor.period"
    _description = "Channel Period"
    _inherit = ["liquor.guarded.mixin", "mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char("Period", compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self._default_company(), ondelete="restrict"
    )
    date_start = fields.Date(required=True, string="First Day")
    date_end = fields.Date(compute="_compute_name", store=True, string="Last Day")
    state = fields.Selection(
        [("open", "Open for Booking"), ("closed", "Closed for Booking")],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
        copy=False,
    )
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    carry_reason = fields.Char(help="Why the period may close although something is left.", tracking=True)
    reopen_reason = fields.Char(tracking=True)
    unaccrued_count = fields.Integer(compute="_compute_checklist", string="Earnings not accrued")
    unsettled_count = fields.Integer(compute="_compute_checklist", string="Settlements under way")
    dispute_count = fields.Integer(compute="_compute_checklist", string="Open disputes")
    payout_count = fields.Integer(compute="_compute_checklist", string="Payouts without result")
    difference_amount = fields.Monetary(
        compute="_compute_checklist",
        string="Earnings against ledger",
        help="Sum of accrued earnings less what stands on their journal items: must be 0.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _month_unique = models.UniqueIndex("(company_id, date_start)", "The month exists already.")
    _first_of_month = models.Constraint(
        "CHECK (EXTRACT(DAY FROM date_start) = 1)", "A period starts on the first day of a month."
    )

    def _default_company(self):
        return self.env.company

    @api.depends("date_start")
    def _compute_name(self):
        for period in self:
            period.name = f"{period.date_start:%Y-%m}" if period.date_start else False
            period.date_end = booking.month_end(period.date_start) if period.date_start else False

    @api.depends("date_start", "company_id")
    def _compute_checklist(self):
        for period in self:
            counts = period._checklist_counts() if period.id and period.date_start else {}
            for name in ("unaccrued_count", "unsettled_count", "dispute_count", "payout_count", "difference_amount"):
                period[name] = counts.get(name, 0)

    def _checklist_counts(self):
        """Return what is left to do before this month can close: one query a figure."""
        self.ensure_one()
        company = [("company_id", "=", self.company_id.id)]
        return {
            "unaccrued_count": len(self.env["liquor.accrual.run"]._collect(self.company_id, self.date_end)),
            "unsettled_count": self.env["liquor.settlement"].sudo().search_count(self._unsettled_domain()),
            "dispute_count": self.env["liquor.dispute"].sudo().search_count([
                *company, ("state", "=", "open"), ("settlement_id.date_to", "<=", self.date_end)
            ]),
            "payout_count": self.env["liquor.payout"].sudo().search_count(self._payout_domain()),
            "difference_amount": sum(row[2] for row in self.env["liquor.accrual.line"]._differences(self.company_id)),
        }  # fmt: skip

    def _unsettled_domain(self):
        """Settlements of this month and before that are under way."""
        return [
            ("company_id", "=", self.company_id.id),
            ("date_to", "<=", self.date_end),
            ("state", "in", ("draft", "sent", "disputed", "confirmed", "approved", "posted")),
        ]

    def _payout_domain(self):
        """Payouts on their way that were asked for up to the last day of the month, by the company's days."""
        end = day_bounds(self.company_id, self.date_end)[1]
        return [("company_id", "=", self.company_id.id), ("state", "=", "sent"), ("requested_at", "<", end)]

    # ------------------------------------------------------------------ booking days
    @api.model
    def _for_day(self, company, day):
        """Return the period of a day, made where there is none yet."""
        first = day.replace(day=1)
        domain = [("company_id", "=", company.id), ("date_start", "=", first)]
        return self.sudo().search(domain, limit=1) or self.sudo().create({
            "company_id": company.id,
            "date_start": first,
        })

    @api.model
    def _closed_ranges(self, company):
        """Return the closed months of a company as the engine's ranges."""
        closed = self.sudo().search_fetch(
            [("company_id", "=", company.id), ("state", "=", "closed")], ["date_start", "date_end"]
        )
        return [booking.ClosedRange(period.date_end, period.date_start) for period in closed]

    @api.model
    def _violations(self, company, day, journal=None, has_tax=False):
        """Return why nothing may be booked on ``day``: closed ranges of ours and Odoo's lock dates."""
        ranges = [closed for closed in self._closed_ranges(company) if closed.covers(day)]
        locks = company.sudo()._get_violated_lock_dates(day, has_tax, journal)
        return ranges + [booking.ClosedRange(lock_date) for lock_date, _field in locks]

    @api.model
    def _open_day(self, company, day, journal=None, has_tax=False, asked=False):
        """Return the day to book on: ``day`` if open, else the first open one; a day somebody *asked* for is refused.

        :raises UserError: the asked day is closed
        """
        violations = self._violations(company, day, journal, has_tax)
        if violations and asked:
            raise UserError(
                self.env._(
                    "%(day)s is closed up to %(end)s: choose a later day.",
                    day=fields.Date.to_string(day),
                    end=fields.Date.to_string(max(closed.end for closed in violations)),
                )
            )
        while violations:
            day = max(closed.end for closed in violations) + timedelta(days=1)
            violations = self._violations(company, day, journal, has_tax)
        return day

    # ------------------------------------------------------------------ closing
    def action_close(self):
        """Close the month: nothing is booked in it any more; what is left needs a reason.

        :raises UserError: it is closed already: who closed it stays the one who may not open it
        """
        self._check_finance()
        for period in self:
            if period.state == "closed":
                raise UserError(self.env._("%(period)s is closed.", period=period.name))
            period._check_can_close()
        self.sudo().write({"state": "closed", "closed_by_id": self.env.uid, "closed_at": fields.Datetime.now()})

    def _check_can_close(self):
        if self.date_end >= today(self.company_id):
            raise UserError(self.env._("%(period)s is not over yet.", period=self.name))
        left = [name for name in ("unaccrued_count", "unsettled_count", "dispute_count", "payout_count") if self[name]]
        if (left or self.difference_amount) and not self.carry_reason:
            fields_info = self.fields_get(left)
            raise UserError(
                self.env._(
                    "%(period)s cannot close yet: %(left)s. Settle it, or write the reason why it is carried over.",
                    period=self.name,
                    left=", ".join(f"{fields_info[name]['string']} {self[name]}" for name in left)
                    or self.env._("earnings and ledger differ by %(amount)s", amount=self.difference_amount),
                )
            )

    def action_reopen(self):
        """Open a closed month again: another person than the one who closed it, with a reason."""
        self._check_finance()
        for period in self.filtered(lambda item: item.state == "closed"):
            if period.closed_by_id == self.env.user:
                raise UserError(self.env._("Somebody else than the one who closed a period opens it again."))
            if not period.reopen_reason:
                raise UserError(self.env._("Write the reason for opening the period again."))
        self.sudo().write({"state": "open", "closed_by_id": False, "closed_at": False, "carry_reason": False})

    def write(self, vals):
        """Refuse to move a closed month away: that would open it without a second person."""
        if {"date_start", "company_id"} & vals.keys() and self.filtered(lambda period: period.state == "closed"):
            raise UserError(self.env._("A closed period stays."))
        return super().write(vals)

    def _check_finance(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance closes and opens periods."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        if any(period.state == "closed" for period in self):
            raise UserError(self.env._("A closed period stays."))
