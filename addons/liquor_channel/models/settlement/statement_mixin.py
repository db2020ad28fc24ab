from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.settlement import statement
from ...tools.workbook import Formula, Sheet, day_cell

FIGURES = ("opening", "in", "out", "closing")


class LiquorStatementMixin(models.AbstractModel):
    """A statement that is frozen when it is sent: page, PDF and workbook are drawn from its text alone.

    A model that inherits it writes the three columns, and gives ``_account_labels() -> {account: name}`` and the
    address of its pages.
    """

    _name = "liquor.statement.mixin"
    _description = "Text of a Frozen Statement"

    #: address of the distributor's page of statements
    _statement_pages = ""

    snapshot = fields.Text(readonly=True, copy=False, groups="liquor_channel.group_clerk,liquor_channel.group_finance")
    snapshot_hash = fields.Char(readonly=True, copy=False, string="Fingerprint")
    snapshot_number = fields.Integer(readonly=True, copy=False, string="Version")

    def _snapshot_is_intact(self):
        """Tell whether the frozen text still has its fingerprint and adds up."""
        stored = self.sudo()
        return bool(stored.snapshot) and statement.check_snapshot(stored.snapshot, stored.snapshot_hash)

    def _snapshot_data(self):
        """Return the frozen statement.

        :raises UserError: the text was tampered with
        """
        self.ensure_one()
        stored = self.sudo()
        data = statement.open_snapshot(stored.snapshot or "", stored.snapshot_hash)
        if data is None:
            raise UserError(self.env._("The statement does not match its fingerprint."))
        return data

    def action_preview(self):
        """Open the statement as the distributor sees it."""
        self.ensure_one()
        if not self.sudo().snapshot:
            raise UserError(self.env._("Send the statement first: there is nothing frozen yet."))
        return {"type": "ir.actions.act_url", "url": f"{self._statement_pages}/{self.id}", "target": "new"}

    # ------------------------------------------------------------------ workbook
    def _sheet_accounts(self, data):
        """Return the accounts with working formulas, and below them what the statement says of itself."""
        labels, rows = self._account_labels(), []
        more = self._sheet_figures()
        for account in data["accounts"]:
            opening, incoming, outgoing, closing = (Decimal(account[key]) for key in FIGURES)
            formula = Formula("=B{row}+C{row}-D{row}", closing)
            others = [Decimal(account[key]) for key in more]
            rows.append((labels[account["account"]], opening, incoming, outgoing, formula, *others))
        rows += [(), *self._sheet_facts(data), (self.env._("Fingerprint"), self.sudo().snapshot_hash)]
        header = (
            self.env._("Account"),
            self.env._("Opening"),
            self.env._("In"),
            self.env._("Out"),
            self.env._("Closing"),
            *more.values(),
        )
        return Sheet(self.env._("Summary"), header, rows)

    def _sheet_figures(self):
        """Further figures of an account: {key in the text: head of its column}."""
        return {}

    def _sheet_facts(self, data):
        """What the statement says of itself: rows of (label, value)."""
        return [
            (self.env._("Statement"), data["name"]),
            (self.env._("Distributor"), data["distributor"]),
            (self.env._("Period"), f"{data['from']} – {data['to']}"),
            (
                self.env._("How to read it"),
                self.env._("Goods account: what you owe us. All others: what we owe you; below 0 it is you who owes."),
            ),
        ]

    def _sheet_movements(self, data):
        """Return the movements of every account."""
        labels = self._account_labels()
        rows = [
            (labels[account["account"]], day_cell(row["day"]), row["reference"], row["label"], Decimal(row["amount"]))
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
        return Sheet(self.env._("Account Movements"), header, rows, totals=(4,), total=self.env._("Total"))
