from decimal import Decimal

from odoo import api, models

from ...tools.workbook import Formula, Sheet

FIGURES = ("opening", "in", "out", "closing")


class LiquorAccountStatement(models.Model):
    """The workbook of a frozen statement, and the words of its accounts."""

    _inherit = "liquor.account.statement"

    @api.model
    def _account_labels(self):
        """Return the names of the five accounts in the reader's language."""
        lines = self.env["liquor.account.statement.line"]
        return dict(lines._fields["account"]._description_selection(self.env))

    def _snapshot_sheets(self, data):
        """Return the sheets of a frozen statement: accounts, movements, settlements."""
        return [self._sheet_accounts(data), self._sheet_movements(data), self._sheet_settlements(data)]

    def _sheet_accounts(self, data):
        labels = self._account_labels()
        rows = []
        for account in data["accounts"]:
            opening, incoming, outgoing, closing = (Decimal(account[key]) for key in FIGURES)
            formula = Formula("=B{row}+C{row}-D{row}", closing)
            rows.append((labels[account["account"]], opening, incoming, outgoing, formula, Decimal(account["gap"])))
        rows += [
            (),
            (self.env._("Statement"), data["name"]),
            (self.env._("Distributor"), data["distributor"]),
            (self.env._("Period"), f"{data['from']} – {data['to']}"),
            (self.env._("Fingerprint"), self.sudo().snapshot_hash),
        ]
        header = (
            self.env._("Account"),
            self.env._("Opening"),
            self.env._("In"),
            self.env._("Out"),
            self.env._("Closing"),
            self.env._("Booked late"),
        )
        return Sheet(self.env._("Summary"), header, rows)

    def _sheet_movements(self, data):
        labels = self._account_labels()
        rows = [
            (labels[account["account"]], row["day"], row["reference"], row["label"], Decimal(row["amount"]))
            for account in data["accounts"]
            for row in account["movements"]
        ]
        header = (
            self.env._("Account"),
            self.env._("Day"),
            self.env._("Document"),
            self.env._("Text"),
            self.env._("Amount"),
        )
        return Sheet(self.env._("Movements"), header, rows, totals=(4,), total=self.env._("Total"))

    def _sheet_settlements(self, data):
        rows = [(row["name"], Decimal(row["total"]), row["fingerprint"]) for row in data["settlements"]]
        return Sheet(
            self.env._("Settlements"),
            (self.env._("Settlement"), self.env._("Amount"), self.env._("Fingerprint")),
            rows,
            totals=(1,),
            total=self.env._("Total"),
        )
