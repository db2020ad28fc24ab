from decimal import Decimal

from odoo import models

from ...tools.workbook import Formula, Sheet


class LiquorSettlement(models.Model):
    """The audit pack of a settlement: all that an auditor asks for, in one workbook (channel.md d2)."""

    _inherit = "liquor.settlement"

    def action_audit_pack(self):
        """Download the audit pack."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/liquor/pack/settlement/{self.id}.xlsx", "target": "download"}

    def _pack_sheets(self):
        """Return the sheets: snapshot, accounts, lines with their why, approvals, disputes, entries, payments."""
        self.ensure_one()
        data = self._snapshot_data()
        return [
            self._pack_summary(data),
            self._pack_accounts(data),
            self._pack_lines(data),
            self._pack_approvals(),
            self._pack_disputes(),
            self._pack_entries(),
            self._pack_payments(),
        ]

    def _pack_summary(self, data):
        rows = [
            (self.env._("Settlement"), data["name"]),
            (self.env._("Distributor"), data["distributor"]),
            (self.env._("Company"), data["company"]),
            (self.env._("Period"), f"{data['from']} – {data['to']}"),
            (self.env._("Currency"), data["currency"]),
            (self.env._("Total of this settlement"), Decimal(data["total"])),
            (self.env._("Held"), Decimal(data["held"])),
            (self.env._("Version"), data["number"]),
            (self.env._("Fingerprint"), self.sudo().snapshot_hash),
            (self.env._("Text that was confirmed"), self.sudo().snapshot),
        ]
        return Sheet(self.env._("Summary"), (self.env._("What"), self.env._("Value")), rows)

    def _pack_accounts(self, data):
        labels = self._account_labels()
        rows = []
        for account in data["accounts"]:
            opening, incoming, outgoing, closing = (
                Decimal(account[key]) for key in ("opening", "in", "out", "closing")
            )
            formula = Formula("=B{row}+C{row}-D{row}", closing)
            rows.append((labels[account["account"]], opening, incoming, outgoing, formula))
        return Sheet(
            self.env._("Accounts"),
            (self.env._("Account"), self.env._("Opening"), self.env._("In"), self.env._("Out"), self.env._("Closing")),
            rows,
        )

    def _pack_lines(self, data):
        """Lines as they were confirmed, each with the sentences of its computation."""
        earnings = self.env["liquor.earning"].sudo().browse([row["id"] for row in data["lines"]])
        why = {earning.id: " ".join(earning._why()) for earning in earnings}
        header, rows = self._line_rows(data)
        header = (*header, self.env._("Why"))
        rows = [(*row, why.get(line["id"], "")) for row, line in zip(rows, data["lines"], strict=True)]
        return Sheet(self.env._("Lines"), header, rows, totals=(3, 4, 5), total=self.env._("Total"))

    def _pack_approvals(self):
        steps = (
            (self.env._("Prepared"), self.author_id, self.create_date),
            (self.env._("Sent"), self.author_id, self.sent_at),
            (self.env._("Confirmed"), self.confirmed_by_id, self.confirmed_at),
            (self.env._("Approved"), self.approved_by_id, self.approved_at),
            (self.env._("Posted"), self.posted_by_id, self.posted_at),
        )
        rows = [(name, user.name, moment) for name, user, moment in steps if moment]
        return Sheet(self.env._("Approvals"), (self.env._("Step"), self.env._("By"), self.env._("At (UTC)")), rows)

    def _pack_disputes(self):
        states = dict(self.dispute_ids._fields["state"]._description_selection(self.env))
        rows = [
            (
                dispute.create_date,
                dispute.raised_by_id.name,
                Decimal(str(dispute.amount)),
                dispute.text,
                states[dispute.state],
                dispute.answer,
                dispute.answered_by_id.name,
            )
            for dispute in self.sudo().dispute_ids.sorted("id")
        ]
        header = (
            self.env._("At (UTC)"),
            self.env._("By"),
            self.env._("Amount"),
            self.env._("Objection"),
            self.env._("State"),
            self.env._("Answer"),
            self.env._("Answered by"),
        )
        return Sheet(self.env._("Disputes"), header, rows)

    def _pack_entries(self):
        """Entries of the settlement, of its reversal, and those that accrued its lines."""
        lines = self.sudo().line_ids.filtered("live").earning_id
        accrued = self.env["liquor.accrual.line"].sudo().search([("earning_id", "in", lines.ids)]).move_line_id
        items = (self.sudo() | self.sudo().reversed_by_ids).move_ids.line_ids | accrued
        rows = [
            (
                item.move_id.name,
                item.date,
                item.account_id.code,
                item.account_id.name,
                item.partner_id.name,
                Decimal(str(item.debit)),
                Decimal(str(item.credit)),
                Decimal(str(item.balance)),
            )
            for item in items.sorted(lambda item: (item.date, item.id))
        ]
        header = (
            self.env._("Entry"),
            self.env._("Day"),
            self.env._("Code"),
            self.env._("Account"),
            self.env._("Partner"),
            self.env._("Debit"),
            self.env._("Credit"),
            self.env._("Balance"),
        )
        return Sheet(self.env._("Journal entries"), header, rows, totals=(5, 6, 7), total=self.env._("Total"))

    def _pack_payments(self):
        """Movements of the rebate account that this settlement, or its reversal, made; what the note paid."""
        numbers = (self | self.reversed_by_ids).ids
        entries = (
            self
            .env["liquor.rebate.entry"]
            .sudo()
            .search([("origin_model", "=", self._name), ("origin_id", "in", numbers)], order="id")
        )
        rows = [(self.env._("Rebate account"), row.reason, row.booked_day, Decimal(str(row.amount))) for row in entries]
        notes = self.sudo().move_ids.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
        for part in notes.matched_debit_ids | notes.matched_credit_ids:
            other = (part.debit_move_id | part.credit_move_id) - notes
            rows.append((self.env._("Set off"), other.move_id.name, part.max_date, Decimal(str(part.amount))))
        return Sheet(
            self.env._("Payments"),
            (self.env._("Way"), self.env._("Document"), self.env._("Day"), self.env._("Amount")),
            rows,
            totals=(3,),
            total=self.env._("Total"),
        )
