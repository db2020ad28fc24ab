from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.common.money import decimal
from ...engine.expenses import claims


class LiquorExpense(models.Model):
    """The fund behind an expense: reserved with the approval, moved with each step, released with its end."""

    _inherit = "liquor.expense"

    def _approve_amounts(self, amounts):
        """Approve so much of each; the funds move once for all of them.

        :param amounts: {expense: amount}
        :raises UserError: the fund does not hold it, or the user is the author
        :raises AccessError: the user does not decide about this fund
        """
        self.check_access("write")
        for expense, approved in amounts.items():
            expense._check_fund_open()
            expense.fund_id._check_approver(self.env.user, expense.author_id)
            expense._check_event_not_paused()
            if not 0 < approved <= expense.amount:
                raise UserError(self.env._("At most what was applied for is approved."))
        self._move_to("approved", approved_by_id=self.env.uid, approved_at=fields.Datetime.now())
        for expense, approved in amounts.items():
            deadline = claims.deadline(expense.date_end, expense.kind_id.claim_days)
            expense.sudo().write({"approved_amount": approved, "deadline": deadline})
        self._move_funds("free", "reserved", amounts, "approve")

    def _check_fund_open(self):
        if not self.fund_id:
            raise UserError(self.env._("Choose the fund that carries it."))
        if not self.fund_id._is_open_on(self.date_start):
            raise UserError(self.env._("“%(fund)s” is not open on the days of the action.", fund=self.fund_id.name))

    def _check_event_not_paused(self):
        """Hook: events of a club that bring too few new guests get no money (C70)."""

    def _move_funds(self, stage_from, stage_to, amounts, step):
        """Move the funds' money of these expenses, once per step: the state decides who comes first.

        :param amounts: {expense: amount}; nothing moves nothing
        :param step: what it is for, or {expense: what for}
        """
        rows = [
            {
                "fund_id": expense.fund_id,
                "stage_from": stage_from,
                "stage_to": stage_to,
                "amount": decimal(amount),
                "key": f"expense/{expense.id}/{step[expense] if isinstance(step, dict) else step}",
                "origin": expense,
                "reason": expense.display_name,
            }
            for expense, amount in amounts.items()
            if amount
        ]
        if rows:
            self.env["liquor.fund"]._move(rows)

    def _release_fund(self, step):
        """Give back whatever is still reserved."""
        standing = self.env["liquor.fund.entry"].sudo()._standings(self)
        amounts = {expense: standing.get((expense.id, expense.fund_id.id, "reserved")) for expense in self}
        self._move_funds("reserved", "free", amounts, step)
