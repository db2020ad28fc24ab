from odoo import api, models

from ...engine.bulk.cells import DAY, NUMBER
from ...engine.bulk.compare import make_key
from ...tools.edit_sheet import SheetColumn, SheetNames, write_edit_sheet

WIDTHS = {NUMBER: 14, DAY: 12}


class LiquorBulkEditable(models.AbstractModel):
    """The workbook of an edit: written for the language of who exports it."""

    _inherit = "liquor.bulk.editable"

    def _bulk_workbook(self, company):
        """Return the workbook of the records, in the order given.

        :param company: whose records they are
        """
        columns, sign = self._bulk_columns(), self._bulk_signature(company)
        standing = self._bulk_standing()
        rows = (
            [make_key(row.id, row.version, sign), *(self._bulk_cell(column, row) for column in columns)]
            for row in (standing[number] for number in self.ids)
        )
        return self._bulk_write_sheet([], rows)

    @api.model
    def _bulk_cell(self, column, standing):
        if column.kind in (NUMBER, DAY):
            return standing.values.get(column.name)
        return standing.texts[column.name]

    @api.model
    def _bulk_write_sheet(self, more, rows):
        """Return a workbook of our columns and ``more`` titles behind them.

        :param rows: lists of key, cells and what belongs to ``more``
        """
        columns = [
            SheetColumn(self._bulk_key_label(), width=10),
            *(self._bulk_sheet_column(column) for column in self._bulk_columns()),
            *(SheetColumn(title, width=40) for title in more),
        ]
        names = SheetNames(self._bulk_title(), self.env._("How to Edit"), self.env._("Lists"))
        return write_edit_sheet(names, columns, rows, self._bulk_notes())

    @api.model
    def _bulk_title(self):
        return self.env["ir.model"]._get(self._name).name

    @api.model
    def _bulk_sheet_column(self, column):
        editable = not column.informative and (column.on_change or column.on_new)
        return SheetColumn(
            self._bulk_label(column),
            column.kind if column.kind in (NUMBER, DAY) else "text",
            editable,
            tuple(self._bulk_drop_down(column)) if editable else (),
            column.digits,
            WIDTHS.get(column.kind, 22),
        )

    @api.model
    def _bulk_notes(self):
        """Return the lines of the sheet that explains: rules, then one line a column."""
        rules = [
            self.env._("Yellow columns may be edited, grey ones are for reading."),
            self.env._("The key says which row it is: leave it as it is. A row that is not in the sheet stays."),
            self.env._("A row that somebody changes meanwhile is refused: export it again."),
            self.env._("Nothing is written before you have seen the differences and applied them."),
        ]
        if self._bulk_takes_new():
            rules.append(self.env._("New rows: leave the key empty."))
        lines = [("", rule) for rule in rules]
        lines.append((self.env._("Column"), self.env._("What it takes")))
        return lines + [(self._bulk_label(column), self._bulk_note(column)) for column in self._bulk_columns()]

    @api.model
    def _bulk_note(self, column):
        if column.informative or not (column.on_new or column.on_change):
            return self.env._("For reading")
        kinds = {
            "text": self.env._("Any text"),
            "number": self.env._("A number"),
            "day": self.env._("A day, as 2026-03-31"),
            "choice": self.env._("One of the list"),
            "relation": self.env._("Code or name"),
            "relations": self.env._("Codes or names, separated by ;"),
        }
        parts = [kinds[column.kind]]
        if column.required:
            parts.append(self.env._("required"))
        if not column.on_change:
            parts.append(self.env._("new rows only"))
        return " · ".join(parts)
