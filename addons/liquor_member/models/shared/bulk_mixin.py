from datetime import date, datetime

from psycopg2.extras import Json

from odoo import fields, models
from odoo.exceptions import MissingError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every

CHUNK = 5000
FEW = 20
WRITTEN = ("create_uid", "create_date", "write_uid", "write_date")
MAGIC = frozenset({"id", *WRITTEN})


def _number(value, kind):
    return None if value is None or value is False else kind(value)


def _moment(value):
    if not value or (isinstance(value, datetime) and value.tzinfo is None):
        return value or None
    return fields.Datetime.to_datetime(value)


def _day(value):
    if not value or (isinstance(value, date) and not isinstance(value, datetime)):
        return value or None
    return fields.Date.to_date(value)


# How the values of a column become parameters; other types go through the field's own conversion.
CONVERTERS = {
    "boolean": bool,
    "char": lambda value: value or None,
    "text": lambda value: value or None,
    "date": _day,
    "datetime": _moment,
    "float": lambda value: 0 if value is None or value is False else value,
    "integer": lambda value: int(value or 0),
    "json": lambda value: None if value is None else Json(value),
    "many2one": lambda value: _number(getattr(value, "id", value), int) or None,
    "many2one_reference": lambda value: _number(getattr(value, "id", value), int) or None,
    "monetary": lambda value: 0 if value is None or value is False else value,
}


def _quoted(value):
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


# How the elements of a column are written into an array's text, which the database reads several times as fast as a
# list of parameters; other types go through the driver.
ELEMENTS = {
    "boolean": str,
    "char": _quoted,
    "text": _quoted,
    "selection": _quoted,
    "date": str,
    "datetime": _quoted,
    "float": str,
    "integer": str,
    "many2one": str,
    "many2one_reference": str,
    "monetary": str,
}


class LiquorBulkMixin(models.AbstractModel):
    _name = "liquor.bulk.mixin"
    _description = "Bulk Insert"

    def _bulk_insert(self, columns, rows):
        """Insert ``rows`` by ``INSERT … SELECT unnest``, several times as fast as ``create`` (design.md 3.9).

        For rows that a machine makes. Neither overrides of ``create`` nor Python constraints nor tracking run;
        checks of the table, foreign keys, the company of every relation and stored values that depend on the
        new rows do. Access is the caller's business. Amounts are stored as given: the engine has rounded them.

        :param list columns: names of stored fields; ``company_id`` among them where the model has one
        :param list rows: one sequence of values per row, in the order of ``columns``
        :return: ids of the new rows, in the order of ``rows``
        :rtype: list[int]
        :raises ValueError: a column is unknown or not stored, a required one is missing, or a row is too short
        :raises UserError: a relation points into another company
        """
        self._bulk_check_columns(columns)
        ids = []
        for chunk in split_every(CHUNK, rows, list):
            if any(len(row) != len(columns) for row in chunk):
                raise ValueError(f"{self._name}: a row has not {len(columns)} values")
            ids += self._bulk_insert_chunk(columns, self._bulk_convert(columns, chunk))
        if ids:
            self._bulk_notice(columns, ids)
        return ids

    def _bulk_check_columns(self, columns):
        if len(set(columns)) != len(columns):
            raise ValueError(f"{self._name}: a column is named twice")
        for name in columns:
            field = self._fields.get(name)
            if name in MAGIC or field is None or not field.store or not field.column_type or field.translate:
                raise ValueError(f"{self._name} cannot bulk insert column {name!r}")
        names = set(columns) | MAGIC
        missing = [name for name, field in self._fields.items() if field.store and field.required and name not in names]
        if "company_id" in self._fields and "company_id" not in names:
            missing.append("company_id")
        if missing:
            raise ValueError(f"{self._name}: bulk insert lacks {', '.join(sorted(set(missing)))}")

    def _bulk_convert(self, columns, rows):
        """Return one list of parameters per column."""
        converted = []
        for name, values in zip(columns, zip(*rows, strict=True), strict=True):
            field = self._fields[name]
            if field.type == "selection":
                self._bulk_check_selection(field, set(values))
            convert = CONVERTERS.get(field.type) or (lambda value, field=field: field.convert_to_column(value, self))
            converted.append(list(map(convert, values)))
        self._bulk_check_company(columns, converted)
        return converted

    def _bulk_check_selection(self, field, values):
        wrong = values - set(field.get_values(self.env)) - {None, False}
        if wrong:
            raise ValueError(f"{field}: no such value {sorted(map(str, wrong))}")

    def _bulk_check_company(self, columns, converted):
        """Refuse rows that link records of different companies: at most one query per relation and company."""
        if "company_id" not in columns:
            return
        owners = converted[columns.index("company_id")]
        for name, targets in zip(columns, converted, strict=True):
            field = self._fields[name]
            if field.type != "many2one" or not field.check_company or name == "company_id":
                continue
            by_company = {}
            for owner, target in set(zip(owners, targets, strict=True)):
                if target:
                    by_company.setdefault(owner, set()).add(target)
            for owner, ids in by_company.items():
                self._bulk_check_one_company(field, owner, ids)

    def _bulk_check_one_company(self, field, company_id, ids):
        comodel = self.env[field.comodel_name].sudo().with_context(active_test=False)
        company = self.env["res.company"].sudo().browse(company_id or ())
        allowed = comodel._check_company_domain(company)
        if not allowed:
            return
        if self._bulk_count_allowed(comodel, allowed, ids) != len(ids):
            raise UserError(
                self.env._(
                    "“%(field)s” of %(model)s belongs to another company than %(company)s.",
                    field=field._description_string(self.env),
                    model=self.env["ir.model"]._get(self._name).name,
                    company=company.name or "-",
                )
            )

    def _bulk_count_allowed(self, comodel, allowed, ids):
        """How many of the records the company may use; a few were mostly read before and cost no query."""
        if len(ids) > FEW:
            return comodel.search_count(Domain("id", "in", list(ids)) & Domain(allowed))
        try:
            return len(comodel.browse(ids).filtered_domain(allowed))
        except MissingError:
            return 0

    def _bulk_insert_chunk(self, columns, converted):
        """Write one chunk; the ids come back in the order in which the rows were sent."""
        places, arrays, values = [SQL("n")], [], []
        for name, own in zip(columns, converted, strict=True):
            kind = SQL(self._fields[name].column_type[0])  # pylint: disable=sql-injection
            if own.count(own[0]) == len(own):
                # one value for all rows is sent once
                values.append(SQL("%s::%s", own[0], kind))
            else:
                places.insert(-1, SQL.identifier(name))
                arrays.append(SQL("%s::%s[]", self._bulk_array(name, own), kind))
                values.append(SQL.identifier("r", name))
        count = len(converted[0])
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (%(names)s)
                   SELECT %(values)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                     FROM %(source)s AS r (%(places)s) ORDER BY r.n RETURNING id""",
                table=SQL.identifier(self._table),
                names=SQL(", ").join(map(SQL.identifier, [*columns, *WRITTEN])),
                values=SQL(", ").join(values),
                uid=self.env.uid,
                now=self.env.cr.now(),
                source=SQL("unnest(%s) WITH ORDINALITY", SQL(", ").join(arrays))
                if arrays
                else SQL("generate_series(1, %s)", count),
                places=SQL(", ").join(places),
            )
        )
        return [number for (number,) in self.env.cr.fetchall()]

    def _bulk_array(self, name, values):
        """A column as the text of an array, where its type has one."""
        element = ELEMENTS.get(self._fields[name].type)
        if not element:
            return values
        return "{" + ",".join(["NULL" if value is None else element(value) for value in values]) + "}"

    def _bulk_notice(self, columns, ids):
        """Tell the cache about the new rows: inverse fields and whatever is computed from them."""
        for name in columns:
            for inverse in self.pool.field_inverses[self._fields[name]]:
                self.env[inverse.model_name].invalidate_model([inverse.name], flush=False)
        self.browse(ids).modified(columns, create=True)
