from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.common.money import decimal
from ...tools.book_turn import take_book_turn


class LiquorExpenseClawback(models.Model):
    """What is taken back of a paid expense whose display failed afterwards: asked by one, decided by another (Acc-3).

    The distributor gets it in his next settlement, a shop that was paid directly in its wallet; the fund has its money
    back at once, the cost goes back in red.
    """

    _name = "liquor.expense.clawback"
    _description = "Clawback of an Expense"
    _inherit = ["liquor.guarded.mixin", "mail.thread"]
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "expense_id"

    expense_id = fields.Many2one(
        "liquor.expense",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'paid')]",
        tracking=True,
    )
    company_id = fields.Many2one(related="expense_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Taken From",
        related="expense_id.earning_id.partner_id",
        help="The distributor, or the shop that was paid directly.",
    )
    paid_amount = fields.Monetary("Paid", related="expense_id.allowed_amount")
    amount = fields.Monetary("Amount to Take Back", required=True, tracking=True, aggregator="sum")
    reason = fields.Char(required=True, tracking=True, help="The payee reads it.")
    state = fields.Selection(
        [("draft", "To be Decided"), ("done", "Taken Back"), ("refused", "Refused")],
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
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    decided_at = fields.Datetime("Decided", readonly=True, copy=False)
    earning_id = fields.Many2one(
        "liquor.earning", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", check_company=True
    )

    _amount_bounds = models.Constraint(
        "CHECK (amount > 0 AND amount <= 1000000000)", "What is taken back is more than nothing."
    )
    _decider_differs = models.Constraint(
        """CHECK ((state = 'draft' AND decided_by_id IS NULL)
            OR (state <> 'draft' AND decided_by_id IS NOT NULL AND decided_by_id <> author_id))""",
        "Somebody else than the author decides.",
    )
    _done_is_earned = models.Constraint(
        "CHECK ((state = 'done') = (earning_id IS NOT NULL))", "What is taken back is an earning, once."
    )

    @api.constrains("expense_id", "amount")
    def _check_left(self):
        for clawback in self.filtered(lambda item: item.state == "draft"):
            if clawback.expense_id.state != "paid":
                raise ValidationError(self.env._("Only a paid expense is taken back."))
            clawback._check_amount()

    def _check_amount(self):
        left = self.currency_id.round(self.expense_id.allowed_amount - self.expense_id.clawed_amount)
        if self.currency_id.compare_amounts(self.amount, left) > 0:
            raise ValidationError(
                self.env._(
                    "%(expense)s was paid %(paid)s, of which %(left)s can still be taken back.",
                    expense=self.expense_id.name,
                    paid=self.currency_id.format(self.expense_id.allowed_amount),
                    left=self.currency_id.format(left),
                )
            )

    def write(self, vals):
        """Refuse to change what was decided."""
        if not self.env.su and {"expense_id", "amount", "reason"} & vals.keys() and self._decided():
            raise UserError(self.env._("What was decided is not changed any more."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self._decided():
            raise UserError(self.env._("What was decided is not changed any more."))

    def _decided(self):
        return self.filtered(lambda item: item.state != "draft")

    # ------------------------------------------------------------------ deciding
    def action_approve(self):
        """Take it back: finance, and not the author."""
        self._check_decider()
        take_book_turn(self.env, self.sudo().company_id)
        for clawback in self:
            clawback._decide("done")

    def action_refuse(self):
        """Leave it with the payee."""
        self._check_decider()
        for clawback in self:
            clawback._decide("refused")

    def _check_decider(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance takes expenses back."))
        if self.filtered(lambda item: item.author_id == self.env.user):
            raise UserError(self.env._("Somebody else than the author decides."))

    def _decide(self, state):
        self.lock_for_update()
        if self.state != "draft":
            raise UserError(self.env._("What was decided is not changed any more."))
        own = self.sudo().with_company(self.company_id)
        values = {"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()}
        if state == "done":
            own._take_back()
            values["earning_id"] = own._book_earning().id
        own.write(values)
        if state == "done":
            self.env["liquor.accrual.run"].sudo()._accrue(own.company_id, earning_ids=own.earning_id.ids)
            own._return_to_fund()

    def _take_back(self):
        """Count it on the expense's row, whose check refuses more than was paid, also of two at once."""
        self.expense_id.lock_for_update()
        self._check_amount()
        self.expense_id.clawed_amount += self.amount
        self.expense_id.flush_recordset(["clawed_amount"])

    def _book_earning(self):
        expense, paid = self.expense_id, self.expense_id.earning_id
        return self.env["liquor.earning"]._book([
            {
                "company_id": self.company_id.id,
                "partner_id": paid.partner_id.id,
                "beneficiary_kind": paid.beneficiary_kind,
                "currency_id": self.currency_id.id,
                "amount": -self.amount,
                "type": "clawback",
                "component": "expense",
                "fact_key": f"expense/{expense.id}/clawback/{self.id}",
                "territory_id": paid.territory_id.id,
                "payable": "available",
                "origin_model": self._name,
                "origin_id": self.id,
                "reason": self.env._("%(name)s taken back: %(reason)s", name=expense.display_name, reason=self.reason),
                "trace": {
                    "kind": "expense",
                    "asked": str(decimal(expense.allowed_amount)),
                    "cuts": [],
                    "amount": str(-decimal(self.amount)),
                },
            }
        ])

    def _return_to_fund(self):
        expense = self.expense_id
        if expense.fund_id:
            self.env["liquor.fund"]._give_back({
                "fund_id": expense.fund_id,
                "amount": self.amount,
                "key": f"expense/{expense.id}/clawback/{self.id}",
                "origin": self,
                "reason": self.earning_id.reason,
            })
