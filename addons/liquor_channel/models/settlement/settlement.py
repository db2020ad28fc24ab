from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

#: state -> states that may follow by a person's hand
FLOW = {
    "draft": ("sent", "cancelled"),
    "sent": ("confirmed", "disputed", "cancelled"),
    "disputed": ("sent", "cancelled"),
    "confirmed": ("approved", "cancelled"),
    "approved": ("posted", "cancelled"),
    "posted": ("paid", "reversed"),
    "paid": ("closed", "reversed"),
    "closed": ("reversed",),
}


class LiquorSettlement(models.Model):
    """A distributor's statement of a period: frozen, confirmed or disputed, approved by another person, paid.

    draft -> sent -> confirmed | disputed -> approved -> posted -> paid -> closed; after posting only ``action_reverse``
    (channel.md Acc-4). Lines and figures are frozen in ``snapshot`` when it is sent.
    """

    _name = "liquor.settlement"
    _description = "Settlement"
    _inherit = [
        "liquor.numbered.mixin",
        "liquor.bulk.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "liquor.settlement.snapshot",
        "liquor.settlement.posting",
        "liquor.settlement.figures",
        "liquor.settlement.month",
    ]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", string="Distributor", required=True, index=True, ondelete="restrict", tracking=True
    )
    date_from = fields.Date(required=True, string="From", default=lambda self: self._default_last_month()[0])
    date_to = fields.Date(required=True, string="To", default=lambda self: self._default_last_month()[1])
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("confirmed", "Confirmed"),
            ("disputed", "Disputed"),
            ("approved", "Approved"),
            ("posted", "Posted"),
            ("paid", "Paid"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
            ("reversed", "Reversed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    payment_method = fields.Selection(
        [("rebate_account", "Rebate account"), ("credit_note", "Credit note")],
        required=True,
        default="rebate_account",
        tracking=True,
        help="Rebate account: used as a discount of the next orders. Credit note: set off against open invoices.",
    )
    line_ids = fields.One2many("liquor.settlement.line", "settlement_id", copy=False)
    dispute_ids = fields.One2many("liquor.dispute", "settlement_id", copy=False)
    open_dispute_count = fields.Integer(compute="_compute_open_dispute_count")
    amount_total = fields.Monetary(readonly=True, copy=False, tracking=True)
    amount_held = fields.Monetary(readonly=True, copy=False, string="Held")
    author_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True, copy=False, ondelete="restrict"
    )
    sent_at = fields.Datetime(readonly=True, copy=False)
    deadline = fields.Date(readonly=True, copy=False, string="Confirm until")
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    posted_at = fields.Datetime(readonly=True, copy=False)
    move_ids = fields.One2many("account.move", "liquor_settlement_id", readonly=True)
    reverses_id = fields.Many2one(
        "liquor.settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    reversed_by_ids = fields.One2many("liquor.settlement", "reverses_id", readonly=True)

    _period_order = models.Constraint("CHECK (date_from <= date_to)", "The period ends before it starts.")
    _approver_differs = models.Constraint(
        "CHECK (approved_by_id IS NULL OR approved_by_id <> author_id)",
        "A settlement is approved by somebody else than its author.",
    )
    _payer_differs = models.Constraint(
        "CHECK (posted_by_id IS NULL OR posted_by_id <> approved_by_id)",
        "A settlement is posted by somebody else than the one who approved it.",
    )
    _amount_bounds = models.Constraint(
        """CHECK ((amount_total IS NULL OR amount_total BETWEEN -1000000000000 AND 1000000000000)
            AND (amount_held IS NULL OR amount_held BETWEEN -1000000000000 AND 1000000000000))""",
        "The amount of a settlement is out of bounds.",
    )
    _reverses_unique = models.UniqueIndex(
        "(reverses_id) WHERE reverses_id IS NOT NULL", "This settlement is reversed already."
    )
    _period_unique = models.UniqueIndex(
        """(company_id, partner_id, date_from, date_to)
            WHERE state NOT IN ('cancelled', 'reversed') AND reverses_id IS NULL""",
        "There is a settlement of this distributor and period already.",
    )

    @api.depends("dispute_ids.state")
    def _compute_open_dispute_count(self):
        for settlement in self:
            settlement.open_dispute_count = len(
                settlement.dispute_ids.filtered(lambda dispute: dispute.state == "open")
            )

    def write(self, vals):
        """Refuse to change what the distributor was sent."""
        frozen = {"partner_id", "company_id", "date_from", "date_to", "payment_method", "line_ids"} & set(vals)
        if {"partner_id", "company_id"} & frozen and self.filtered(lambda item: item.state != "draft"):
            raise UserError(self.env._("A settlement that was sent stays with its distributor."))
        late = self.filtered(lambda item: item.state not in ("draft", "disputed"))
        if frozen - {"payment_method"} and late:
            raise UserError(self.env._("%(name)s was sent: it is not changed any more.", name=late[0].name))
        if "payment_method" in frozen and self.filtered(
            lambda item: item.state not in ("draft", "sent", "disputed", "confirmed")
        ):
            raise UserError(self.env._("The way of payment was approved with the settlement."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(item.state not in ("draft", "cancelled") for item in self):
            raise UserError(self.env._("Only a settlement that was never sent can be deleted."))

    # ------------------------------------------------------------------ states
    def _move_to(self, state, **values):
        """Move on along the flow; whoever comes second is told.

        :raises UserError: the state does not follow
        """
        wrong = self.filtered(lambda item: state not in FLOW.get(item.state, ()))
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(name)s is %(state)s: it cannot become %(next)s.",
                    name=wrong[0].name,
                    state=labels[wrong[0].state],
                    next=labels[state],
                )
            )
        self.lock_for_update()
        self.sudo().write({"state": state, **values})

    def _check_group(self, group, message):
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(message)

    def _default_last_month(self):
        """Return first and last day of the month before this one, which is what is settled as a rule."""
        last = today(self.env.company).replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    def action_prepare(self):
        """Collect what is not settled yet; a draft may be prepared again. As many queries for one as for 1,000."""
        self.check_access("write")
        sent = self.filtered(lambda item: item.state not in ("draft", "disputed"))
        if sent:
            raise UserError(self.env._("%(name)s was sent: it is not changed any more.", name=sent[0].name))
        self._prepare_lines()

    def action_send(self):
        """Freeze the figures and show them to the distributors; many cost hardly more queries than one."""
        self.check_access("write")
        disputed = self.filtered("open_dispute_count")
        if disputed:
            raise UserError(self.env._("Answer the disputes of %(name)s first.", name=disputed[0].name))
        self.filtered(lambda item: not item.line_ids)._prepare_lines()
        self._freeze()
        for company, settlements in self.grouped("company_id").items():
            deadline = today(company) + timedelta(days=company.liquor_confirm_days)
            settlements._move_to("sent", sent_at=fields.Datetime.now(), deadline=deadline)

    def action_confirm(self):
        """Confirm in the distributor's name, where he did so on paper."""
        self.check_access("write")
        self._confirm()

    def _confirm(self):
        """Confirm: called by the distributor's page and by ``action_confirm``."""
        for settlement in self:
            if not settlement._snapshot_is_intact():
                raise UserError(self.env._("The statement does not match its fingerprint: it cannot be confirmed."))
        self._move_to("confirmed", confirmed_by_id=self.env.uid, confirmed_at=fields.Datetime.now())

    def action_approve(self):
        """Approve: finance, and not the author."""
        self.check_access("write")
        self._check_group("liquor_channel.group_finance", self.env._("Only channel finance approves settlements."))
        for settlement in self:
            if settlement.author_id == self.env.user:
                raise UserError(self.env._("A settlement is approved by somebody else than its author."))
            if not settlement._snapshot_is_intact() or not settlement._lines_match_snapshot():
                raise UserError(self.env._("%(name)s is no longer what was confirmed.", name=settlement.name))
        self._move_to("approved", approved_by_id=self.env.uid, approved_at=fields.Datetime.now())

    def action_cancel(self):
        """Drop a settlement that was not posted; its earnings are free again."""
        self.check_access("write")
        self._move_to("cancelled")
        self.line_ids.sudo().write({"live": False})

    def action_close(self):
        """Close a paid settlement."""
        self.check_access("write")
        self._check_group("liquor_channel.group_finance", self.env._("Only channel finance closes settlements."))
        self._move_to("closed")

    # ------------------------------------------------------------------ portal
    def _portal_domain(self, user):
        """Return the settlements a portal user may see: his own company's, once sent."""
        return [
            ("partner_id", "=", user.partner_id.commercial_partner_id.id),
            ("state", "not in", ("draft", "cancelled")),
        ]
