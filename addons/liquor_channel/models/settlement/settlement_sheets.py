from decimal import Decimal

from odoo import models

from ...tools.workbook import Sheet, day_cell


class LiquorSettlement(models.Model):
    """The workbook of a frozen statement."""

    _inherit = "liquor.settlement"

    def _snapshot_sheets(self, data):
        """Return the sheets of a frozen statement: accounts, lines, parts, movements; totals are working formulas."""
        sheets = [self._sheet_accounts(data), self._sheet_lines(data), self._sheet_movements(data)]
        if any(row.get("parts") for row in data["lines"]):
            sheets.insert(2, self._sheet_parts(data))
        return sheets

    def _sheet_facts(self, data):
        return [
            *super()._sheet_facts(data),
            (self.env._("Total of this settlement"), Decimal(data["total"])),
            *self._total_rows(data),
            (self.env._("Held"), Decimal(data["held"])),
        ]

    def _total_rows(self, data):
        """Money and goods of the total, where there are goods."""
        if not data.get("goods"):
            return []
        rows = [(self.env._("Of which money"), Decimal(data["money"]))]
        label = self.env._("Of which goods")
        return rows + [(label, Decimal(value), product, Decimal(bottles)) for product, bottles, value in data["goods"]]

    def _sheet_lines(self, data):
        header, rows = self._line_rows(data)
        return Sheet(self.env._("Statement Lines"), header, rows, totals=(4, 5), total=self.env._("Total"))

    def _line_rows(self, data):
        """Header and rows; what is held stands in a column of its own, so that the total is the one of the statement.

        :return: (seven titles, a tuple of seven values a line of the snapshot)
        """
        rows = [
            (
                day_cell(row["day"]),
                row["label"],
                row["product"],
                Decimal(row["bottles"]),
                Decimal("0") if row["held"] else Decimal(row["amount"]),
                Decimal(row["amount"]) if row["held"] else Decimal("0"),
                (row["reason"] or self.env._("Held")) if row["held"] else "",
            )
            for row in data["lines"]
        ]
        header = (
            self.env._("Day"),
            self.env._("What for"),
            self.env._("Product"),
            self.env._("Bottles"),
            self.env._("Amount"),
            self.env._("Held"),
            self.env._("Held because"),
        )
        return header, rows

    def _sheet_parts(self, data):
        """The same lines by product and tier; what no tier gave is one row."""
        rows = []
        for row in data["lines"]:
            for product, tier, rate, amount in row.get("parts") or [[row["product"], "", "", row["amount"]]]:
                own = Decimal(amount)
                amounts = (Decimal("0"), own) if row["held"] else (own, Decimal("0"))
                rows.append((day_cell(row["day"]), row["label"], product, tier, rate, *amounts))
        header = (
            self.env._("Day"),
            self.env._("What for"),
            self.env._("Product"),
            self.env._("Tier"),
            self.env._("Rate"),
            self.env._("Amount"),
            self.env._("Held"),
        )
        return Sheet(self.env._("Products and Tiers"), header, rows, totals=(5, 6), total=self.env._("Total"))
