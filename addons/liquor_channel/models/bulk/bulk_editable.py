from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import hmac

from ...engine.bulk import cells
from ...engine.bulk.cells import CHOICE, DAY, NUMBER, RELATION, RELATIONS
from ...engine.bulk.compare import Standing
from ...engine.common.money import decimal

#: rows of one sheet
MOST_ROWS = 10_000


class LiquorBulkEditable(models.AbstractModel):
    """What can be exported, edited in Excel and loaded back (``liquor.bulk.edit``).

    A model names its columns; where a column is no field of its own it overrides ``_bulk_values`` and ``_bulk_write``.
    Rights, states and limits are those of the model's own ``create``, ``write`` and ``unlink``.
    """

    _name = "liquor.bulk.editable"
    _description = "Edited in Excel"

    # columns that make a new row the same row as another
    _bulk_natural = ()
    # what of the totals is the money that an edit moves
    _bulk_money = ""

    @api.model
    def _bulk_columns(self):
        """Return the columns of the sheet: list of ``engine.bulk.cells.Column``."""
        raise NotImplementedError

    @api.model
    def _bulk_label(self, column):
        """Return a column's title in the language of the environment."""
        return self._fields[column.name]._description_string(self.env)

    @api.model
    def _bulk_choices(self, column):
        """Return {value: label} of a column of choices."""
        return dict(self._fields[column.name]._description_selection(self.env))

    @api.model
    def _bulk_comodel(self, column):
        """Return the model whose records a column names."""
        return self.env[self._fields[column.name].comodel_name]

    def _bulk_values(self):
        """Return {id: {column: value}} of the records as they are, in a constant number of queries."""
        columns = self._bulk_columns()
        return {record.id: {column.name: record._bulk_value(column) for column in columns} for record in self}

    def _bulk_value(self, column):
        value = self[column.name]
        match column.kind:
            case cells.NUMBER:
                return cells.quantized(decimal(value), column.digits)
            case cells.RELATION:
                return value.id or None
            case cells.RELATIONS:
                return tuple(sorted(value.ids))
            case _:
                return value or None

    def _bulk_open(self):
        """Return the names of the columns that may change on this record now."""
        raise NotImplementedError

    def _bulk_state(self):
        """Return what else makes a record another one than was exported."""
        return self["state"] or ""

    @api.model
    def _bulk_settle(self, _standing, changes):
        """Return the changes of one row with what follows from them; raise ``CellError`` where they do not fit."""
        return changes

    @api.model
    def _bulk_amounts(self, _values):
        """Return {group: Decimal} of one row's values, for the totals of an edit."""
        return {}

    @api.model
    def _bulk_group_label(self, group):
        """Return what a total is called."""
        return group

    @api.model
    def _bulk_takes_new(self):
        """Return whether rows without key make new records."""
        return True

    @api.model
    def _bulk_rivals(self):
        """Return the domain of records that a new row may not repeat."""
        return Domain.TRUE

    # ------------------------------------------------------------------ writing
    @api.model
    def _bulk_create(self, values_list):
        """Make records of new rows ({column: value}), in their order."""
        return self.create([self._bulk_to_fields(values) for values in values_list])

    def _bulk_write(self, changes):
        """Write changes: {id: {column: value}}, one write a record, which the ORM flushes together."""
        for record in self:
            record.write(self._bulk_to_fields(changes[record.id]))

    @api.model
    def _bulk_to_fields(self, values):
        kinds = {column.name: column.kind for column in self._bulk_columns()}
        return {name: self._bulk_to_field(kinds[name], value) for name, value in values.items()}

    @api.model
    def _bulk_to_field(self, kind, value):
        if kind == RELATIONS:
            return [(6, 0, list(value or ()))]
        if kind == NUMBER:
            return float(value or 0)
        return value or False

    def _bulk_lock(self):
        """Lock what decides whether these records may change."""
        self.lock_for_update(allow_referencing=True)

    def _bulk_document(self):
        """Return the record in whose history a change is told; empty: nowhere."""
        return self

    # ------------------------------------------------------------------ keys and rows
    @api.model
    def _bulk_signature(self, company):
        """Return the function that signs keys of this model and company."""
        env = self.env(su=True)

        def sign(number, version):
            return hmac(env, "liquor.bulk", (self._name, company.id, number, version))[:16]

        return sign

    def _bulk_standing(self):
        """Return {id: Standing} of the records, with the texts that a sheet shows."""
        columns = self._bulk_columns()
        values = self._bulk_values()
        texts = self._bulk_texts(columns, values)
        return {
            record.id: Standing(
                record.id,
                cells.version_of(columns, values[record.id], record._bulk_state()),
                values[record.id],
                texts[record.id],
                record._bulk_open(),
            )
            for record in self
        }

    @api.model
    def _bulk_texts(self, columns, values):
        """Return {id: {column: text}} of what is shown for values; numbers and days are no texts."""
        shown = {column.name: self._bulk_shown(column, values.values()) for column in columns}
        return {
            number: {
                column.name: self._bulk_text(column, row.get(column.name), shown[column.name])
                for column in columns
                if column.kind not in (NUMBER, DAY)
            }
            for number, row in values.items()
        }

    @api.model
    def _bulk_shown(self, column, rows):
        if column.kind == CHOICE:
            return self._bulk_choices(column)
        if column.kind not in (RELATION, RELATIONS):
            return {}
        held = (row.get(column.name) for row in rows)
        ids = {number for value in held for number in (value if isinstance(value, tuple) else (value,)) if number}
        return self._bulk_record_texts(self._bulk_comodel(column).browse(sorted(ids)))

    @api.model
    def _bulk_text(self, column, value, shown):
        if not value:
            return ""
        if column.kind == RELATIONS:
            return "; ".join(shown.get(number, "") for number in value)
        return shown.get(value, "") if column.kind in (CHOICE, RELATION) else str(value)

    # ------------------------------------------------------------------ screen
    def action_bulk_export(self):
        """Write the chosen rows, or those that the list shows, into a workbook to be edited in Excel.

        :raises UserError: rows of several companies, or too many
        """
        records = self or self._bulk_filtered()
        records.check_access("read")
        company = records.company_id or self.env.company
        if len(company) > 1:
            raise UserError(self.env._("Choose rows of one company at a time."))
        if len(records) > MOST_ROWS:
            raise UserError(self.env._("At most %(count)s rows fit into one sheet: choose fewer.", count=MOST_ROWS))
        return self.env["liquor.bulk.edit"]._export(company, records)._show()

    @api.model
    def _bulk_filtered(self):
        if self.env.context.get("active_model") != self._name:
            return self.browse()
        domain = Domain(self.env.context.get("active_domain") or [])
        return self.search(domain & Domain("company_id", "=", self.env.company.id), limit=MOST_ROWS + 1)
