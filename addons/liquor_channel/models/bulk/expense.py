from decimal import Decimal

from odoo import api, models

from ...engine.bulk.cells import CHOICE, NUMBER, RELATION, TEXT, Column, quantized
from ...engine.bulk.cuts import allowed_of, settle_cut
from ...engine.common.money import decimal

CUT = ("cut", "reason", "cut_note")


class LiquorExpense(models.Model):
    """Claims in Excel: what is to be claimed, and of what is claimed the cut, its reason and what is allowed.

    Checking the claim stays a person's act in the list. A claim with several cuts is edited in its form.
    """

    _name = "liquor.expense"
    _inherit = ["liquor.expense", "liquor.bulk.editable"]

    _bulk_money = "allowed"

    @api.model
    def _bulk_columns(self):
        return [
            Column("name", TEXT, on_change=False),
            Column("title", TEXT, on_change=False),
            Column("distributor_id", RELATION, on_change=False),
            Column("state", CHOICE, on_change=False),
            Column("approved", NUMBER, on_change=False),
            Column("claim", NUMBER),
            Column("asked", NUMBER, on_change=False),
            Column("cut", NUMBER),
            Column("reason", RELATION),
            Column("allowed", NUMBER),
            Column("cut_note", TEXT),
        ]

    @api.model
    def _bulk_takes_new(self):
        return False

    @api.model
    def _bulk_label(self, column):
        labels = {
            "approved": lambda: self._fields["approved_amount"]._description_string(self.env),
            "claim": lambda: self._fields["claim_amount"]._description_string(self.env),
            "asked": lambda: self._fields["asked_amount"]._description_string(self.env),
            "cut": lambda: self._fields["cut_amount"]._description_string(self.env),
            "allowed": lambda: self._fields["allowed_amount"]._description_string(self.env),
            "reason": lambda: self.env._("Reason of the Cut"),
            "cut_note": lambda: self.env._("Note on the Cut"),
        }
        label = labels.get(column.name)
        return label() if label else super()._bulk_label(column)

    @api.model
    def _bulk_comodel(self, column):
        if column.name == "reason":
            return self.env["liquor.expense.reason"]
        return super()._bulk_comodel(column)

    def _bulk_value(self, column):
        values = {
            "approved": lambda: self._bulk_money_of(self.approved_amount),
            "claim": lambda: self._bulk_money_of(self.claim_amount),
            "asked": lambda: self._bulk_money_of(self.asked_amount),
            "cut": lambda: self._bulk_money_of(self.cut_amount),
            "allowed": self._bulk_allowed,
            "reason": lambda: self.cut_ids[:1].reason_id.id or None,
            "cut_note": lambda: self.cut_ids[:1].note or None,
        }
        value = values.get(column.name)
        return value() if value else super()._bulk_value(column)

    def _bulk_money_of(self, amount):
        return quantized(decimal(amount or 0), 2)

    def _bulk_allowed(self):
        """What is allowed, or would be if the claim were checked as it stands."""
        if self.state != "claimed":
            return self._bulk_money_of(self.allowed_amount)
        amounts = (self.asked_amount, self.approved_amount, self.cut_amount)
        return allowed_of(*map(self._bulk_money_of, amounts))

    def _bulk_open(self):
        if self.state in ("approved", "executing"):
            return frozenset({"claim"})
        one_cut = self.state == "claimed" and len(self.cut_ids) <= 1
        return frozenset((*CUT, "allowed") if one_cut else ())

    @api.model
    def _bulk_settle(self, standing, changes):
        return settle_cut(standing, changes)

    @api.model
    def _bulk_amounts(self, values):
        names = ("claim", "cut", "allowed")
        return {name: values[name] for name in names if isinstance(values.get(name), Decimal)}

    @api.model
    def _bulk_group_label(self, group):
        return self._bulk_label(Column(group))

    def _bulk_write(self, changes):
        """Write what is to be claimed, and cuts as rows of their own: three batches."""
        for expense in self.filtered(lambda one: "claim" in changes[one.id]):
            expense.write({"claim_amount": float(changes[expense.id]["claim"] or 0)})
        cuts = self.filtered(lambda one: not changes[one.id].keys().isdisjoint(CUT))
        wanted = {expense: expense._bulk_cut(changes[expense.id]) for expense in cuts}
        new = [{"expense_id": one.id, **cut} for one, cut in wanted.items() if cut["amount"] and not one.cut_ids]
        gone = [one.id for one, cut in wanted.items() if not cut["amount"]]
        for expense, cut in wanted.items():
            if cut["amount"] and expense.cut_ids:
                expense.cut_ids.write(cut)
        self.browse(gone).cut_ids.unlink()
        self.env["liquor.expense.cut"].create(new)

    def _bulk_cut(self, changes):
        """The one cut of a claim after its changes, as values of its row."""
        before = self.cut_ids[:1]
        return {
            "amount": float(changes.get("cut", before.amount) or 0),
            "reason_id": changes.get("reason", before.reason_id.id) or False,
            "note": changes.get("cut_note", before.note) or False,
        }
