from decimal import Decimal

from odoo import api, models

from ...tools.workbook import Sheet


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

    def _sheet_figures(self):
        return {"gap": self.env._("Booked late")}

    def _sheet_settlements(self, data):
        rows = [(row["name"], Decimal(row["total"]), row["fingerprint"]) for row in data["settlements"]]
        return Sheet(
            self.env._("Settlements"),
            (self.env._("Settlement"), self.env._("Amount"), self.env._("Fingerprint")),
            rows,
            totals=(1,),
            total=self.env._("Total"),
        )
