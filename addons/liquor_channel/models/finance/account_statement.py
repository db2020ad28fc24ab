from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.accounts.booking import month_end
from ...tools.windows import items_window

FLOW = {"draft": ("sent",), "sent": ("confirmed", "disputed"), "disputed": ("sent",), "confirmed": ()}


class LiquorAccountStatement(models.Model):
    """往来对账单: a distributor's month of goods, rebates, expenses, deposit and goods in kind (trade.md R3).

    draft -> sent -> confirmed | disputed -> sent again. Page, PDF and workbook are drawn from the frozen ``snapshot``;
    each account is confirmed or disputed by itself.
    """

    _name = "liquor.account.statement"
    _description = "Account Statement"
    _inherit = [
        "liquor.guarded.mixin",
        "liquor.bulk.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "liquor.account.statement.freeze",
    ]
    _order = "date_from desc, partner_id, id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Distributor", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date(string="Month", required=True, readonly=True)
    date_to = fields.Date(string="To", compute="_compute_date_to", store=True)
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("disputed", "Disputed"), ("confirmed", "Confirmed")],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("liquor.account.statement.line", "statement_id")
    sent_at = fields.Datetime(readonly=True)
    deadline = fields.Date(readonly=True, string="Confirm until")
    confirmed_at = fields.Datetime(readonly=True)
    gap_count = fields.Integer("Accounts with Late Bookings", readonly=True, help="See the accounts.")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _month_unique = models.UniqueIndex(
        "(company_id, partner_id, date_from)", "There is a statement of this distributor and month already."
    )
    _first_of_month = models.Constraint(
        "CHECK (EXTRACT(DAY FROM date_from) = 1)", "A statement starts on the first day of a month."
    )

    @api.depends("date_from")
    def _compute_date_to(self):
        for record in self:
            record.date_to = record.date_from and month_end(record.date_from)

    def _compute_is_late(self):
        for record in self:
            waiting = record.state in ("sent", "disputed") and record.deadline
            record.is_late = bool(waiting and record.deadline < today(record.company_id))

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [("state", "in", ("sent", "disputed")), ("deadline", "<", today(self.env.company))]
        return late if True in value else ["!", "&", *late]

    # ------------------------------------------------------------------ states
    def _move_to(self, state, **values):
        wrong = self.filtered(lambda item: state not in FLOW[item.state])
        if wrong:
            raise UserError(self.env._("%(name)s has moved on already.", name=wrong[0].name))
        self.lock_for_update()
        self.sudo().write({"state": state, **values})

    def action_freeze(self):
        """Read the accounts again; what was sent stays as it is."""
        self.check_access("write")
        if self.filtered(lambda item: item.state != "draft"):
            raise UserError(self.env._("What was sent is not changed; answer the objection and send it again."))
        self._freeze_all()

    def action_send(self):
        """Show the statements to the distributors."""
        self.check_access("write")
        for company, records in self.grouped("company_id").items():
            deadline = today(company) + timedelta(days=company.liquor_confirm_days)
            records._move_to("sent", sent_at=fields.Datetime.now(), deadline=deadline)

    def action_send_again(self):
        """Answer the objections: accounts are read again; what is as before stays confirmed, the rest is asked anew."""
        self.check_access("write")
        for record in self:
            if record.state != "disputed":
                raise UserError(self.env._("Nobody objects to %(name)s.", name=record.name))
            if any(line.state == "disputed" and not (line.answer or "").strip() for line in record.line_ids):
                raise UserError(self.env._("Write the answer first: the distributor reads it."))
        self._freeze_all()
        self.action_send()

    # ------------------------------------------------------------------ distributor
    def _portal_domain(self, user):
        """Return the statements a portal user may see: his own company's, once sent."""
        return [
            ("partner_id", "=", user.partner_id.commercial_partner_id.id),
            ("state", "!=", "draft"),
        ]

    def _answer(self, accounts, user, fingerprint, objection=None):
        """Confirm accounts, or object to them with a text; the last confirmation confirms the statement.

        :param accounts: names of accounts; empty = all that are open
        :raises UserError: it was changed since he read it, or answered already
        """
        self.ensure_one()
        self.lock_for_update()
        if self.state not in ("sent", "disputed"):
            raise UserError(self.env._("%(name)s was answered already.", name=self.name))
        if fingerprint != self.snapshot_hash or not self._snapshot_is_intact():
            raise UserError(self.env._("The statement was changed meanwhile: read it again."))
        lines = self.line_ids.filtered(lambda line: line.account in accounts if accounts else line.state == "open")
        if not lines or (objection is not None and not objection.strip()):
            raise UserError(self.env._("Say in a few words what is wrong with the account."))
        lines._say("confirmed" if objection is None else "disputed", user, objection)
        self._follow_answers()

    def _follow_answers(self):
        states = set(self.line_ids.mapped("state"))
        if states == {"confirmed"}:
            if self.state == "disputed":
                self._move_to("sent")
            self._move_to("confirmed", confirmed_at=fields.Datetime.now())
        elif "disputed" in states and self.state == "sent":
            self._move_to("disputed")

    def action_confirm_on_paper(self):
        """Confirm in the distributor's name, where he sealed the paper."""
        self.check_access("write")
        if not self.env.user.has_group("liquor_channel.group_finance") and not self.env.su:
            raise AccessError(self.env._("Only channel finance confirms what came on paper."))
        for record in self:
            record.sudo()._answer((), self.env.user, record.snapshot_hash)

    def action_download_xlsx(self):
        """Download the frozen statement as a workbook."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/my/channel/accounts/{self.id}.xlsx", "target": "download"}

    def action_open_items(self):
        """Open the journal items of the four accounts of money."""
        self.ensure_one()
        accounts = list(self.env["liquor.statement.source"]._account_parts(self.company_id))
        domain = [
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", self.partner_id.id),
            ("account_id", "in", accounts),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
        ]
        return items_window(self.env, domain)
