from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.liquor_member.tools.business_day import today

#: state -> states that may follow
FLOW = {
    "draft": ("applied",),
    "applied": ("approved", "refused", "draft"),
    "approved": ("executing", "claimed", "expired"),
    "executing": ("claimed", "expired"),
    "claimed": ("checked", "executing", "refused"),
    "checked": ("paying", "paid"),
    "paying": ("paid",),
    "paid": ("paying",),
}
MOST = 10**9
BEFORE_CLAIM = ("draft", "applied", "approved", "executing")


class LiquorExpense(models.Model):
    """费用: applied for, approved (the fund is reserved), executed and proven, claimed, checked, paid (trade.md R1).

    Applied for by the clerk or by the distributor in his portal. Approver, checker and payer are different people
    from the author; what is allowed becomes one ``liquor.earning``.
    """

    _name = "liquor.expense"
    _description = "Expense"
    _inherit = [
        "liquor.numbered.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ("name", "title", "distributor_id.name")
    _typed_while = {
        "grant_amount": ("draft", "applied"),
        "claim_amount": BEFORE_CLAIM,
        "guests": (*BEFORE_CLAIM, "claimed"),
        "new_guests": (*BEFORE_CLAIM, "claimed"),
    }

    title = fields.Char("What For", required=True, tracking=True)
    kind_id = fields.Many2one("liquor.expense.kind", required=True, ondelete="restrict", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    distributor_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict", tracking=True)
    paid_by = fields.Selection(
        [("distributor", "Distributor in advance"), ("maker", "Maker directly to the shop")],
        required=True,
        default="distributor",
        tracking=True,
    )
    shop_ids = fields.Many2many("res.partner", string="Shops", help="Where the action takes place.")
    beneficiary_id = fields.Many2one(
        "res.partner",
        "Shop Paid",
        index="btree_not_null",
        ondelete="restrict",
        help="Paid directly: into this shop's wallet.",
    )
    territory_id = fields.Many2one("liquor.territory", ondelete="restrict", check_company=True)
    date_start = fields.Date("From", required=True, default=lambda self: today(self.env.company), tracking=True)
    date_end = fields.Date("To", required=True, default=lambda self: today(self.env.company), tracking=True)
    amount = fields.Monetary("Applied For", required=True, tracking=True, aggregator="sum")
    payment_method = fields.Selection(
        [
            ("rebate_account", "Rebate account"),
            ("goods", "Goods in kind"),
            ("discount", "Discount on an invoice"),
            ("payment", "Bank payment"),
            ("wallet", "Wallet of the shop"),
        ],
        required=True,
        default="rebate_account",
        tracking=True,
    )
    goods_product_id = fields.Many2one("product.product", "Goods", ondelete="restrict", check_company=True)
    note = fields.Text("Plan")
    grant_amount = fields.Monetary("Amount to Approve", copy=False, help="Empty: all that was applied for.")
    fund_id = fields.Many2one(
        "liquor.fund",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('kind', '=', 'channel'), ('company_id', '=', company_id)]",
    )
    fund_free = fields.Monetary("Free in the Fund", related="fund_id.free")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("applied", "Applied For"),
            ("approved", "Approved"),
            ("executing", "Executing"),
            ("claimed", "Claimed"),
            ("checked", "Claim Checked"),
            ("paying", "Being Paid"),
            ("paid", "Paid"),
            ("refused", "Refused"),
            ("expired", "Expired"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    author_id = fields.Many2one(
        "res.users", required=True, readonly=True, copy=False, default=lambda self: self.env.user, ondelete="restrict"
    )
    applied_at = fields.Datetime("Applied", readonly=True, copy=False)
    approved_amount = fields.Monetary("Approved", readonly=True, copy=False, tracking=True, aggregator="sum")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_at = fields.Datetime(readonly=True, copy=False)
    refusal = fields.Char("Why Refused", readonly=True, copy=False, tracking=True)
    deadline = fields.Date("Claim Until", readonly=True, copy=False)
    proof_ids = fields.One2many("liquor.expense.proof", "expense_id", "Photos")
    proof_count = fields.Integer(compute="_compute_proof_count")
    duplicate_count = fields.Integer(compute="_compute_proof_count")

    _dates = models.Constraint("CHECK (date_end >= date_start)", "The action ends before it starts.")
    _amount_bounds = models.Constraint(
        f"""CHECK (amount > 0 AND amount <= {MOST} AND COALESCE(approved_amount, 0) BETWEEN 0 AND amount
            AND COALESCE(asked_amount, 0) BETWEEN 0 AND {MOST}
            AND COALESCE(allowed_amount, 0) BETWEEN 0 AND LEAST(asked_amount, approved_amount))""",
        "No more is allowed than was approved and asked for, no more approved than was applied for.",
    )
    _proposed_bounds = models.Constraint(
        f"CHECK (COALESCE(grant_amount, 0) BETWEEN 0 AND amount AND COALESCE(claim_amount, 0) BETWEEN 0 AND {MOST})",
        "No more is approved than was applied for, and nothing below 0.",
    )
    _approver_differs = models.Constraint(
        "CHECK (approved_by_id IS NULL OR approved_by_id <> author_id)",
        "Somebody else than the author approves.",
    )
    _checker_differs = models.Constraint(
        "CHECK (checked_by_id IS NULL OR (checked_by_id <> author_id AND checked_by_id <> claimed_by_id))",
        "Somebody else than who claims checks the claim.",
    )
    _payer_differs = models.Constraint(
        "CHECK (paid_by_id IS NULL OR (paid_by_id <> checked_by_id AND paid_by_id <> approved_by_id))",
        "Somebody else than who approved or checked pays.",
    )
    _deadline_idx = models.Index("(deadline) WHERE state IN ('approved', 'executing')")

    @api.depends("title", "name")
    def _compute_display_name(self):
        for expense in self:
            expense.display_name = f"{expense.name} {expense.title or ''}".strip()

    @api.depends("proof_ids")
    def _compute_proof_count(self):
        for expense in self:
            expense.proof_count = len(expense.proof_ids)
            expense.duplicate_count = len(expense.proof_ids.filtered("duplicate_of_id"))

    @api.constrains("fund_id", "company_id")
    def _check_fund(self):
        """No expense of sales takes from the budget of member operations (channel.md C54)."""
        if self.filtered(lambda expense: expense.fund_id and expense.fund_id.sudo().kind != "channel"):
            raise ValidationError(self.env._("The budget of member operations is out of reach of sales."))

    @api.constrains("paid_by", "beneficiary_id", "payment_method", "goods_product_id")
    def _check_payee(self):
        for expense in self:
            direct = expense.paid_by == "maker"
            if direct != (expense.payment_method == "wallet") or direct != bool(expense.beneficiary_id):
                raise ValidationError(
                    self.env._("What the maker pays directly goes into the wallet of one shop; all else is not.")
                )
            if direct and not self.env["liquor.channel.role"].sudo()._live(
                expense.beneficiary_id, ["terminal"], expense.date_start, expense.company_id
            ):
                raise ValidationError(self.env._("%(shop)s is no shop of ours.", shop=expense.beneficiary_id.name))
            if (expense.payment_method == "goods") != bool(expense.goods_product_id):
                raise ValidationError(self.env._("Name the goods that are given in kind, and only then."))

    def write(self, vals):
        """Refuse to change what was applied for; the fund is chosen until it is approved."""
        if not self.env.su:
            late = self.filtered(lambda expense: expense.state != "draft")
            waiting = {"fund_id", "territory_id"} if all(one.state == "applied" for one in late) else set()
            if late and set(vals) & set(self._terms()) - waiting:
                raise UserError(self.env._("What was applied for is not changed any more."))
        return super().write(vals)

    @api.model
    def _terms(self):
        """Return the fields that make the application."""
        return [
            "title", "kind_id", "company_id", "distributor_id", "paid_by", "shop_ids", "beneficiary_id", "territory_id",
            "date_start", "date_end", "amount", "payment_method", "goods_product_id", "note", "fund_id", "program_id",
        ]  # fmt: skip

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if self.filtered(lambda expense: expense.state != "draft"):
            raise UserError(self.env._("Only a draft can be deleted."))

    # ------------------------------------------------------------------ steps
    def _move_to(self, state, **values):
        """Move on along the flow under the row's lock; whoever comes second is told.

        :raises UserError: the state does not follow
        """
        self.lock_for_update()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for expense in self:
            if state not in FLOW.get(expense.state, ()):
                raise UserError(
                    self.env._(
                        "%(name)s is “%(state)s”: it cannot become “%(next)s”.",
                        name=expense.name,
                        state=labels[expense.state],
                        next=labels[state],
                    )
                )
        self.sudo().write({"state": state, **values})

    def action_apply(self):
        """Hand the application in."""
        self.check_access("write")
        self._apply()

    def _apply(self):
        """Hand in; called by the distributor's page too."""
        roles = self._distributor_roles()
        self._move_to("applied", applied_at=fields.Datetime.now())
        for expense in self.filtered(lambda one: not one.territory_id).sudo():
            expense.territory_id = roles[expense.id].territory_id

    def _distributor_roles(self):
        """Return ``{expense id: the role of its distributor today}``: one query a company.

        :raises UserError: he is no distributor any more
        """
        found = {}
        for company, own in self.grouped("company_id").items():
            roles = (
                self
                .env["liquor.channel.role"]
                .sudo()
                ._live(own.distributor_id, ["distributor", "sub_distributor"], today(company), company)
            )
            by_partner = {role.partner_id.id: role for role in reversed(roles)}
            for expense in own:
                role = by_partner.get(expense.distributor_id.id)
                if not role:
                    name = expense.distributor_id.name
                    raise UserError(self.env._("%(partner)s is no distributor of ours.", partner=name))
                found[expense.id] = role
        return found

    def action_approve(self):
        """Approve what was applied for: the fund's money is reserved in the same step."""
        self._approve_amounts({expense: expense.grant_amount or expense.amount for expense in self})

    def _approve(self, amount=None):
        """Approve, at most what was applied for.

        :param amount: less than what was applied for; None: all of it
        """
        self._approve_amounts({expense: expense.amount if amount is None else amount for expense in self})

    def action_refuse(self, reason=None):
        """Refuse an application or a claim; the reason is told."""
        self.check_access("write")
        for expense in self:
            if not (reason or "").strip():
                raise UserError(self.env._("Say why it is refused."))
            if expense.fund_id:
                expense.fund_id._check_approver(self.env.user, self.env["res.users"])
            elif not self.env.user.has_group("liquor_channel.group_channel_manager"):
                raise AccessError(self.env._("Only a manager refuses an application without fund."))
            expense._move_to("refused", refusal=reason.strip()[:500])
            expense._release_fund("refuse")
            self.env["liquor.expense.accrual"]._settle_unclaimed(expense.company_id, expense)

    def action_draft(self):
        """Take an application back that was not decided."""
        self.check_access("write")
        self._move_to("draft", applied_at=False)

    @api.model
    def _cron_expire(self, batch=200):
        """Expire what was not claimed in time: what it reserved is free again."""
        late = self.sudo()._late(batch)
        while late:
            late._expire()
            remaining = len(self.sudo()._late(batch))
            if not self.env["ir.cron"]._commit_progress(len(late), remaining=remaining):
                break
            late = self.sudo()._late(batch)

    def _late(self, limit):
        found = self.search([("state", "in", ("approved", "executing")), ("deadline", "!=", False)], order="deadline")
        days = {company: today(company) for company in found.company_id}
        return found.filtered(lambda expense: expense.deadline < days[expense.company_id])[:limit]

    def _expire(self):
        self._move_to("expired")
        self._release_fund("expire")
        for company, expenses in self.grouped("company_id").items():
            self.env["liquor.expense.accrual"]._settle_unclaimed(company, expenses)

    def _portal_domain(self, user):
        """Return the expenses a portal user may see: his own company's, no draft that the maker's clerk writes."""
        partner = user.partner_id.commercial_partner_id.id
        own = ["|", ("state", "!=", "draft"), ("author_id.partner_id.commercial_partner_id", "=", partner)]
        return [("distributor_id", "=", partner), *own]

    def action_open_proofs(self):
        """Smart button: the photos on the wall."""
        return {
            "type": "ir.actions.client",
            "tag": "liquor_channel.photo_wall",
            "name": self.env._("Photo Wall"),
            "params": {"expense_ids": self.ids},
        }

    def action_open_entries(self):
        """Smart button: what it moved in the fund."""
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.fund_entry_action")
        domain = [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]
        return {**action, "domain": domain, "context": {}}
