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
        _ = self.env._
        rows = [
            (_("Settlement"), data["name"]),
            (_("Distributor"), data["distributor"]),
            (_("Company"), data["company"]),
            (_("Period"), f"{data['from']} – {data['to']}"),
            (_("Currency"), data["currency"]),
            (_("Total of this settlement"), Decimal(data["total"])),
            (_("Held"), Decimal(data["held"])),
            (_("Version"), data["number"]),
            (_("Fingerprint"), self.sudo().snapshot_hash),
            (_("Text that was confirmed"), self.sudo().snapshot),
        ]
        return Sheet(_("Summary"), (_("What"), _("Value")), rows)

    def _pack_accounts(self, data):
        _ = self.env._
        labels = self._account_labels()
        rows = []
        for account in data["accounts"]:
            opening, incoming, outgoing, closing = (
                Decimal(account[key]) for key in ("opening", "in", "out", "closing")
            )
            formula = Formula("=B{row}+C{row}-D{row}", closing)
            rows.append((labels[account["account"]], opening, incoming, outgoing, formula))
        return Sheet(_("Accounts"), (_("Account"), _("Opening"), _("In"), _("Out"), _("Closing")), rows)

    def _pack_lines(self, data):
        """Lines as they were confirmed, each with the sentences of its computation."""
        _ = self.env._
        earnings = self.env["liquor.earning"].sudo().browse([row["id"] for row in data["lines"]])
        why = {earning.id: " ".join(earning._why()) for earning in earnings}
        rows = [
            (
                row["day"],
                row["label"],
                row["product"],
                Decimal(row["bottles"]),
                Decimal("0") if row["held"] else Decimal(row["amount"]),
                Decimal(row["amount"]) if row["held"] else Decimal("0"),
                row["reason"],
                why.get(row["id"], ""),
            )
            for row in data["lines"]
        ]
        header = (
            _("Day"), _("What for"), _("Product"), _("Bottles"), _("Amount"), _("Held"), _("Held because"), _("Why"),
        )  # fmt: skip
        return Sheet(_("Lines"), header, rows, totals=(3, 4, 5), total=_("Total"))

    def _pack_approvals(self):
        _ = self.env._
        steps = (
            (_("Prepared"), self.author_id, self.create_date),
            (_("Sent"), self.author_id, self.sent_at),
            (_("Confirmed"), self.confirmed_by_id, self.confirmed_at),
            (_("Approved"), self.approved_by_id, self.approved_at),
            (_("Posted"), self.posted_by_id, self.posted_at),
        )
        rows = [(name, user.name, moment) for name, user, moment in steps if moment]
        return Sheet(_("Approvals"), (_("Step"), _("By"), _("At (UTC)")), rows)

    def _pack_disputes(self):
        _ = self.env._
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
        header = (_("At (UTC)"), _("By"), _("Amount"), _("Objection"), _("State"), _("Answer"), _("Answered by"))
        return Sheet(_("Disputes"), header, rows)

    def _pack_entries(self):
        """Entries of the settlement, of its reversal, and those that accrued its lines."""
        _ = self.env._
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
            _("Entry"), _("Day"), _("Code"), _("Account"), _("Partner"), _("Debit"), _("Credit"), _("Balance"),
        )  # fmt: skip
        return Sheet(_("Journal entries"), header, rows, totals=(5, 6, 7), total=_("Total"))

    def _pack_payments(self):
        """Movements of the rebate account that this settlement, or its reversal, made; what the note paid."""
        _ = self.env._
        numbers = (self | self.reversed_by_ids).ids
        entries = (
            self
            .env["liquor.rebate.entry"]
            .sudo()
            .search([("origin_model", "=", self._name), ("origin_id", "in", numbers)], order="id")
        )
        rows = [(_("Rebate account"), row.reason, row.booked_day, Decimal(str(row.amount))) for row in entries]
        notes = self.sudo().move_ids.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
        for part in notes.matched_debit_ids | notes.matched_credit_ids:
            other = (part.debit_move_id | part.credit_move_id) - notes
            rows.append((_("Set off"), other.move_id.name, part.max_date, Decimal(str(part.amount))))
        return Sheet(
            _("Payments"), (_("Way"), _("Document"), _("Day"), _("Amount")), rows, totals=(3,), total=_("Total")
        )
