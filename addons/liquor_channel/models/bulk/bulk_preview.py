import base64
from collections import Counter
from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.bulk import cells, compare, cuts
from ...engine.bulk.compare import CHANGED, KEY, NEW, REFUSED, Frame

LINE_COLUMNS = [
    "edit_id", "company_id", "line", "outcome", "res_id", "name", "difference", "moved", "reason", "before", "after",
    "cells", "version",
]  # fmt: skip
#: larger sheets are compared and written in the background
ROWS_AT_ONCE = 2000


class LiquorBulkEdit(models.Model):
    """Preview: what the edited sheet would change, row by row; nothing is written."""

    _inherit = "liquor.bulk.edit"

    def action_preview(self):
        """Compare the edited sheet with what stands, and show what differs.

        More than 2,000 rows are compared in the background: the run with its progress is opened.

        :raises AccessError: the user may not change such records
        :raises UserError: the sheet cannot be read
        """
        self.check_access("write")
        for edit in self:
            edit._take("draft", "previewed")
            edit._model().check_access("write")
            table = edit._read_table()
            if len(table) > ROWS_AT_ONCE and len(self) == 1:
                return edit._start_run("preview", len(table) - 1)
            edit._preview(table)
        return None

    def _preview(self, table):
        model = self._model()
        positions = compare.find_columns(table[0], model._bulk_titles())
        if KEY not in positions or len(positions) < 2:
            raise UserError(self.env._("This is no sheet of such rows: export one, and keep its titles."))
        rows = compare.read_rows(table, positions)
        frame = self._frame(model, rows)
        found = self._after_trial(model, compare.compare(rows, frame))
        ignored = [title for place, title in enumerate(table[0]) if title and place not in positions.values()]
        self._store_findings(model, rows, found, frame, ignored)

    def _frame(self, model, rows):
        """Collect what the rows are compared with: a constant number of queries."""
        ids = set()
        for row in rows:
            number = row.key.split("-")[0]
            if number.isdigit() and len(number) < 10:
                ids.add(int(number))
        domain = [("id", "in", sorted(ids)), *self._own()]
        names = model._bulk_lookup(rows)
        takes_new = model._bulk_takes_new() and model.has_access("create")
        return Frame(
            model._bulk_columns(),
            model.search(domain)._bulk_standing(),
            names,
            model._bulk_signature(self.company_id),
            takes_new,
            model._bulk_settle,
            model._bulk_natural,
            self._existing(model) if takes_new and any(not row.key for row in rows) else frozenset(),
        )

    def _existing(self, model):
        """Return what new rows may not repeat: the columns that make a row the same row."""
        if not model._bulk_natural:
            return frozenset()
        columns = {column.name: column for column in model._bulk_columns()}
        records = model.search(model._bulk_rivals() & Domain(self._own()))
        return frozenset(tuple(record._bulk_value(columns[name]) for name in model._bulk_natural) for record in records)

    def _after_trial(self, model, found):
        """Return the differences, those refused that the model itself would not take."""
        writes = [one for one in found if one.outcome in (NEW, CHANGED)]
        refused = self._try(model, writes)
        return [
            replace(one, outcome=REFUSED, reason=refused[one.line]) if one.line in refused else one for one in found
        ]

    # ------------------------------------------------------------------ findings
    def _store_findings(self, model, rows, found, frame, ignored):
        self.sudo().line_ids.unlink()
        shown = [one for one in found if one.outcome != compare.UNCHANGED]
        self.env["liquor.bulk.edit.line"].sudo()._bulk_insert(LINE_COLUMNS, self._line_rows(model, rows, shown, frame))
        counts = Counter(one.outcome for one in found)
        sums = compare.totals(found, frame.standing, model._bulk_amounts)
        money = sums.get(model._bulk_money)
        refused = [one for one in shown if one.outcome == REFUSED]
        self.sudo().write({
            "state": "previewed",
            "row_count": len(found),
            "new_count": counts[NEW],
            "changed_count": counts[CHANGED],
            "refused_count": counts[REFUSED],
            "unchanged_count": counts[compare.UNCHANGED],
            "totals": {group: [str(total.before), str(total.after)] for group, total in sums.items()},
            "moved": float(money.moved) if money else 0.0,
            "ignored_titles": ", ".join(ignored)[:500] or False,
            "error_file": self._error_sheet(model, rows, refused) if refused else False,
            "error_filename": self.env._("refused rows of %(file)s.xlsx", file=self._stem()) if refused else False,
        })

    def _stem(self):
        return (self.filename or "").rsplit(".", 1)[0]

    def _line_rows(self, model, rows, shown, frame):
        texts = self._difference_texts(model, shown)
        names = self._names(model, shown)
        by_line = {row.line: row for row in rows}
        result = []
        for one in shown:
            standing = frame.standing.get(one.id)
            row = by_line[one.line]
            money = compare.moved(one, frame.standing, model._bulk_amounts).get(model._bulk_money)
            result.append([
                self.id, self.company_id.id, one.line, one.outcome, one.id or 0,
                names.get(one.id) or self._name_of_new(row), texts[one.line],
                float(money[1] - money[0]) if money else 0.0, self._say(model, one), *self._values(one),
                {KEY: row.key, **row.cells}, standing.version if standing else None,
            ])  # fmt: skip
        return result

    def _values(self, one):
        """Return before and after as JSON keeps them."""
        return [{name: cells.to_json(value) for name, value in side.items()} for side in (one.before, one.after)]

    def _names(self, model, shown):
        records = model.browse({one.id for one in shown if one.id})
        return {record.id: record.display_name for record in records}

    def _name_of_new(self, row):
        return " · ".join([text for text in row.cells.values() if text][:3])

    def _difference_texts(self, model, shown):
        """Return {line: text} of the columns that differ, in the order of the sheet."""
        columns = model._bulk_columns()
        before = model._bulk_texts(columns, {one.line: one.before for one in shown})
        after = model._bulk_texts(columns, {one.line: one.after for one in shown})
        labels = {column.name: model._bulk_label(column) for column in columns}
        texts = {}
        for one in shown:
            parts = [
                f"{labels[column.name]}: {self._side(column, one.before, before[one.line])}"
                f" → {self._side(column, one.after, after[one.line])}"
                for column in columns
                if column.name in one.after
            ]
            texts[one.line] = "\n".join(parts)
        return texts

    def _side(self, column, values, texts):
        if column.kind == cells.NUMBER:
            value = values.get(column.name)
            return "–" if value is None else f"{value:,.{column.digits}f}"
        if column.kind == cells.DAY:
            return str(values.get(column.name) or "–")
        return texts.get(column.name) or "–"

    def _say(self, model, one):
        """Return why a row is refused, with the column's title."""
        if one.outcome != REFUSED:
            return None
        reason = self._reasons().get(one.reason, one.reason)
        labels = {column.name: model._bulk_label(column) for column in model._bulk_columns()}
        label = labels.get(one.column)
        return f"{label}: {reason}" if label else reason

    def _reasons(self):
        return {
            cells.NO_VALUE: self.env._("A required value is missing"),
            cells.NOT_A_NUMBER: self.env._("This is no number"),
            cells.TOO_FINE: self.env._("Too many digits behind the point"),
            cells.NOT_A_DAY: self.env._("This is no date"),
            cells.UNKNOWN_CHOICE: self.env._("Not one of the list"),
            cells.UNKNOWN_RECORD: self.env._("Nothing has this code or name"),
            cells.AMBIGUOUS_RECORD: self.env._("More than one has this name: write the code"),
            cells.FORMULA: self.env._("A text does not begin like a formula"),
            cells.TOO_LONG: self.env._("The text is too long"),
            compare.FORGED: self.env._("This key was not made by an export of these rows"),
            compare.TWICE: self.env._("The same key stands in the sheet twice"),
            compare.MISSING: self.env._("This row is gone, or not yours"),
            compare.STALE: self.env._("Somebody changed this row meanwhile: export it again"),
            compare.FIXED: self.env._("This column does not change here"),
            compare.CLOSED: self.env._("In its present state this does not change"),
            compare.NO_NEW: self.env._("New rows are not made here: the key is missing"),
            compare.EXISTS: self.env._("There is such a row already"),
            cuts.NO_REASON: self.env._("Say why it is cut"),
            cuts.ABOVE_ASKED: self.env._("A cut lies between nothing and what was claimed"),
            cuts.ABOVE_APPROVED: self.env._("No more is allowed than was approved"),
            cuts.CUT_NOT_ALLOWED: self.env._("Claimed less cut is not what is allowed"),
        }

    def _error_sheet(self, model, rows, refused):
        """Return the refused rows as a sheet that can be corrected and loaded again, with the reason of each."""
        by_line = {row.line: row for row in rows}
        columns = model._bulk_columns()
        lines = [
            [by_line[one.line].key, *(self._cell_again(column, by_line[one.line]) for column in columns),
             self._say(model, one)]
            for one in refused
        ]  # fmt: skip
        return base64.b64encode(model._bulk_write_sheet([self.env._("What is wrong")], lines))

    def _cell_again(self, column, row):
        text = row.cells.get(column.name, "")
        if column.kind not in (cells.NUMBER, cells.DAY):
            return text
        try:
            return cells.parse_cell(column, text, {}) if text else None
        except cells.CellError:
            return text
