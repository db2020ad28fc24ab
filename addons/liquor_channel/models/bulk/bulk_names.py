from odoo import api, models
from odoo.fields import Domain

from ...engine.bulk import cells
from ...engine.bulk.cells import AMBIGUOUS, CHOICE, RELATION, RELATIONS
from ...engine.bulk.compare import KEY
from ...engine.flow_reports.parsing import normalise

#: fields by which a sheet names records of a model: the code in front, then the name, then what is understood too
CODES = {"res.partner": "ref", "product.product": "default_code", "liquor.expense.reason": "code"}
NAMES = {"product.category": "complete_name"}
OTHERS = {"product.product": ("barcode",), "product.category": ("name",)}
#: a list of so many records fits into a drop-down
SHORT_LIST = 60


class LiquorBulkEditable(models.AbstractModel):
    """How titles, choices and records are named in a sheet, and found again, in any language that is installed."""

    _inherit = "liquor.bulk.editable"

    @api.model
    def _bulk_languages(self):
        codes = {"en_US", *(code for code, _name in self.env["res.lang"].get_installed())}
        return [self.with_context(lang=code) for code in sorted(codes)]

    @api.model
    def _bulk_key_label(self):
        return self.env._("Key (do not change)")

    @api.model
    def _bulk_titles(self):
        """Return {normalised title: column name} in every language."""
        titles = {}
        for model in self._bulk_languages():
            titles[normalise(model._bulk_key_label())] = KEY
            for column in model._bulk_columns():
                titles[normalise(model._bulk_label(column))] = column.name
        return titles

    @api.model
    def _bulk_lookup(self, rows):
        """Return {column: {normalised text: value}} of all that the rows may name; a query per model that they name."""
        found = {}
        for column in self._bulk_columns():
            if column.kind == CHOICE:
                found[column.name] = self._bulk_choice_names(column)
            elif column.kind in (RELATION, RELATIONS) and not column.informative:
                texts = cells.relation_texts(column, {row.cells.get(column.name, "") for row in rows})
                found[column.name] = self._bulk_find_records(self._bulk_comodel(column), texts)
        return found

    @api.model
    def _bulk_choice_names(self, column):
        names = {}
        for model in self._bulk_languages():
            names.update({normalise(label): value for value, label in model._bulk_choices(column).items()})
        return names | {normalise(value): value for value in self._bulk_choices(column)}

    @api.model
    def _bulk_name_fields(self, comodel):
        code = CODES.get(comodel._name)
        return [name for name in (code, NAMES.get(comodel._name, "name"), *OTHERS.get(comodel._name, ())) if name]

    @api.model
    def _bulk_find_records(self, comodel, texts):
        """Return {normalised text: id} in one query; a code is a code, a name counts where one record has it."""
        if not texts:
            return {}
        wanted = sorted(texts | {text.upper() for text in texts})
        names = self._bulk_name_fields(comodel)
        domain = Domain.OR([Domain(name, "in", wanted) for name in names])
        if "company_id" in comodel._fields:
            domain &= Domain("company_id", "in", (False, self.env.company.id))
        if comodel._name == "res.partner":
            domain &= Domain("parent_id", "=", False)
        found = {}
        records = comodel.search_fetch(domain, names)
        for name in reversed(names):  # a code counts before a name
            own = {}
            for record in records.filtered(name):
                own.setdefault(normalise(record[name]), set()).add(record.id)
            found.update({text: ids.pop() if len(ids) == 1 else AMBIGUOUS for text, ids in own.items()})
        return found

    @api.model
    def _bulk_record_texts(self, records):
        """Return {id: text} by which a sheet names records: the code and the name."""
        code, name = CODES.get(records._name), NAMES.get(records._name, "name")
        texts = {}
        for record in records:
            parts = (code and record[code], record[name])
            texts[record.id] = " · ".join(part for part in parts if part)
        return texts

    @api.model
    def _bulk_drop_down(self, column):
        """Return the texts of a column's drop-down; nothing where there would be too many."""
        if column.kind == CHOICE:
            return list(self._bulk_choices(column).values())
        if column.kind != RELATION:
            return []
        comodel = self._bulk_comodel(column)
        if comodel._name == "res.partner":
            return []
        domain = Domain.TRUE
        if "company_id" in comodel._fields:
            domain = Domain("company_id", "in", (False, self.env.company.id))
        records = comodel.search(domain, limit=SHORT_LIST + 1)
        return [] if len(records) > SHORT_LIST else list(self._bulk_record_texts(records).values())
