from odoo import api, models
from odoo.fields import Domain


class LiquorLabelledMixin(models.AbstractModel):
    """A record that is named by a choice (``_rec_name`` is a selection): its word is shown and searched, not its key.

    ``_rec_names_search`` may name further fields to find it by.
    """

    _name = "liquor.labelled.mixin"
    _description = "Record Named by a Choice"

    @api.model
    def _name_words(self):
        """Return {key: word in the reader's language} of the choice that names the record."""
        return dict(self._fields[self._rec_name]._description_selection(self.env))

    @api.depends(lambda self: (self._rec_name,) if self._rec_name else ())
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = self._name_words()
        for record in self:
            record.display_name = words.get(record[self._rec_name]) or ""

    @api.model
    def _search_display_name(self, operator, value):
        if operator not in ("ilike", "in"):
            return NotImplemented
        if operator == "in":
            found = [key for key, word in self._name_words().items() if word in value]
        else:
            found = [key for key, word in self._name_words().items() if (value or "").lower() in word.lower()]
        more = super()._search_display_name(operator, value) if self._rec_names_search else Domain.FALSE
        return Domain(self._rec_name, "in", found) | Domain(more)
