from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.accounts.grouping import EntryLine
from ...engine.common.money import decimal
from ..accounts.account_move import OWN_HAND

#: source -> role of the account that gives it (channel.md Acc-2 #8a, #8b); the rest goes through his account
ROLES = {"rebate": "rebate_accrued", "deposit": "deposit"}


class LiquorChargePosting(models.AbstractModel):
    """Entries of a charge: Dr each source / Cr 1221.F; through his account by set-off or by a taxed debit note."""

    _name = "liquor.charge.posting"
    _description = "Posting of Charges"

    def _post_charge(self, user):
        """Compute under the distributor's lock, so that two charges cannot take the same money, and book."""
        self.ensure_one()
        self._lock_distributor()
        if self.state != "draft":
            raise UserError(self.env._("%(name)s is decided already.", name=self.name))
        before = {line.kind: line.amount for line in self.line_ids}
        self._compute_lines()
        if before != {line.kind: line.amount for line in self.line_ids}:
            raise UserError(
                self.env._("What is due or what the sources hold changed: compute %(name)s again.", name=self.name)
            )
        if not self.amount:
            raise UserError(self.env._("No source holds anything: the share waits."))
        posting = self.with_company(self.company_id)
        self.write({"state": "posted", "approved_by_id": user.id, "approved_at": fields.Datetime.now()})
        posting._post_set_off()
        posting._post_service()

    def _lock_distributor(self):
        self.env["liquor.rebate.account"]._of(self.company_id, self.distributor_id)._take_turn()
        self.lock_for_update()

    def _by_debit_note(self):
        return self.agreement_id.charge_mode == "service"

    def _through_account(self):
        return self.line_ids.filtered(lambda line: line.kind in ("prepayment", "open"))

    def _post_set_off(self):
        """8a and 8b: no tax; what goes through his account reconciles with his advance."""
        lines = self.line_ids - self._through_account() if self._by_debit_note() else self.line_ids
        if not lines:
            return
        receivable = self.distributor_id.with_company(self.company_id).property_account_receivable_id
        accounts = {**self.env["liquor.account.mapping"]._accounts(self.company_id), "receivable": receivable}
        items = self._set_off_lines(lines)
        move = self.env["account.move"].create({
            **self._prepare_move("adjustment"),
            "move_type": "entry",
            "line_ids": self.env["liquor.entry.lines"]._commands(self.company_id, items, accounts, self.name),
        })
        move._post(soft=False)
        self._take_rebate(lines)
        self._reconcile(move, accounts["cofunding_due"])
        self._reconcile(move, receivable)

    def _set_off_lines(self, lines):
        """Dr each source / Cr 1221.F."""
        partner = self.distributor_id.id
        parts = [(ROLES.get(line.kind, "receivable"), decimal(line.amount)) for line in lines]
        parts.append(("cofunding_due", -sum(amount for _role, amount in parts)))
        return [EntryLine(role, partner, amount, weights={(0, 0): amount}) for role, amount in parts]

    def _take_rebate(self, lines):
        part = sum(lines.filtered(lambda line: line.kind == "rebate").mapped("amount"))
        if part:
            account = self.env["liquor.rebate.account"]._of(self.company_id, self.distributor_id)
            account._move(-part, "charge", f"charge/{self.id}", self, self.name)

    def _post_service(self):
        """8c: a debit note for a service, its net releasing 1221.F, with the tax on top."""
        lines = self._through_account() if self._by_debit_note() else self.line_ids.browse()
        if not lines:
            return
        account = self.env["liquor.account.mapping"]._accounts(self.company_id)["cofunding_due"]
        net = sum(lines.mapped("amount"))
        tax = self.agreement_id.charge_tax_id
        price = net
        if tax.price_include:
            price = tax.with_context(force_price_include=False).compute_all(net, self.currency_id)["total_included"]
        move = self.env["account.move"].create({
            **self._prepare_move("credit_note"),
            "move_type": "out_invoice",
            "partner_id": self.distributor_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self._day("credit_note"),
            "invoice_line_ids": [
                fields.Command.create({
                    "name": self.env._("Share of campaigns %(name)s", name=self.name),
                    "account_id": account.id,
                    "quantity": 1.0,
                    "price_unit": price,
                    "tax_ids": [fields.Command.set(tax.ids)],
                })
            ],
        })
        move._post(soft=False)
        self._reconcile(move, account)

    # ------------------------------------------------------------------ storno
    def _reverse_charge(self, user):
        """Book the mirror of each entry: red where the company books storno; what is due is due again."""
        self.ensure_one()
        self._lock_distributor()
        if self.state != "posted":
            raise UserError(self.env._("Only a posted charge is reversed."))
        posting = self.with_company(self.company_id)
        moves = self.move_ids.filtered(lambda move: move.state == "posted" and not move.reversed_entry_id)
        self.write({"state": "reversed", "reversed_by_id": user.id, "reversed_at": fields.Datetime.now()})
        posting._reverse_entries(moves)
        posting._give_rebate_back()

    def _reverse_entries(self, moves):
        values = []
        for move in moves:
            day = self._day("credit_note" if move.is_invoice() else "adjustment")
            dates = {"date": day, "invoice_date": day} if move.is_invoice() else {"date": day}
            label = self.env._("%(name)s reversed", name=self.name)
            values.append({**dates, "ref": label, "liquor_charge_id": self.id})
        mirrors = moves.with_context(liquor_own_hand=OWN_HAND)._reverse_moves(values, cancel=True)
        notes = mirrors.filtered(lambda move: move.move_type == "out_refund")
        self.env["liquor.red.allocation"]._allocate_reversal(notes)

    def _give_rebate_back(self):
        part = sum(self.line_ids.filtered(lambda line: line.kind == "rebate").mapped("amount"))
        if part:
            account = self.env["liquor.rebate.account"]._of(self.company_id, self.distributor_id)
            account._move(part, "charge", f"charge/{self.id}/reversed", self, self.name)

    def _day(self, journal_role):
        journal = self.env["liquor.account.mapping"]._journals(self.company_id)[journal_role]
        tax = journal_role == "credit_note"
        return self.env["liquor.period"]._open_day(self.company_id, today(self.company_id), journal, has_tax=tax)

    def _prepare_move(self, journal_role):
        journal = self.env["liquor.account.mapping"]._journals(self.company_id)[journal_role]
        return {
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "date": self._day(journal_role),
            "ref": self.name,
            "liquor_charge_id": self.id,
        }

    def _reconcile(self, move, account):
        """Set off against what stands open on the account, the oldest first."""
        own = move.line_ids.filtered(lambda line: line.account_id == account and not line.reconciled)
        sign = 1 if sum(own.mapped("balance")) > 0 else -1
        others = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.distributor_id.id),
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", "<" if sign > 0 else ">", 0),
            ],
            order="date, id",
        )
        if own and others and decimal(sum(own.mapped("balance"))):
            (own | others).reconcile()
