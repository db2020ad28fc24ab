"""Edits in Excel of the tests: real workbooks, opened and edited by openpyxl as Excel would."""

import base64
import io

import openpyxl


class Workbook:
    """A workbook as somebody has it open: titles, rows by their number, and cells by title."""

    def __init__(self, content):
        self.book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(content)))
        self.sheet = self.book.worksheets[0]
        self.titles = [cell.value for cell in self.sheet[1]]

    def get(self, row, title):
        """The value of a cell; rows count from 1 below the titles."""
        return self.sheet.cell(row + 1, self.titles.index(title) + 1).value

    def set(self, row, **cells):
        """Type into cells of a row, named by their column's field (title by ``labels``)."""
        for title, value in cells.items():
            self.sheet.cell(row + 1, self.titles.index(title) + 1).value = value
        return self

    def append(self, cells):
        """Add a row without key: {title: value}."""
        self.sheet.append([cells.get(title) for title in self.titles])
        return self

    @property
    def rows(self):
        """Number of rows below the titles."""
        return self.sheet.max_row - 1

    def save(self):
        """The file, base64, as it is uploaded."""
        stream = io.BytesIO()
        self.book.save(stream)
        return base64.b64encode(stream.getvalue())


class BulkMixin:
    """Export, edit and load back."""

    def export(self, records, user=None):
        """Press the button on these rows; return the edit and its workbook."""
        records = records.with_user(user or self.clerk)
        action = records.action_bulk_export()
        edit = self.env[action["res_model"]].with_user(user or self.clerk).browse(action["res_id"])
        return edit, Workbook(edit.export_file)

    def load(self, edit, book, preview=True):
        """Upload the workbook and look at the differences."""
        edit.write({"file": book.save() if isinstance(book, Workbook) else book, "filename": "edited.xlsx"})
        if preview:
            edit.action_preview()
        return edit

    def counts(self, edit):
        """(changed, new, refused, stay)"""
        return edit.changed_count, edit.new_count, edit.refused_count, edit.unchanged_count

    def title(self, model, column):
        """The title of a column, in the language of the test."""
        found = {one.name: one for one in self.env[model]._bulk_columns()}
        return self.env[model]._bulk_label(found[column])
