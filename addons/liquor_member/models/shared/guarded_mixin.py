from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .bulk_mixin import MAGIC


class LiquorGuardedMixin(models.AbstractModel):
    """Stored fields that are ``readonly`` are the server's: no client writes them, by RPC neither (security.md 35, 49).

    Odoo reads ``readonly`` in its forms only. Steps of ours that set such a field do it in sudo, after they checked
    who asks. Inherit it first, so that an override of the model sees what is left.
    """

    _name = "liquor.guarded.mixin"
    _description = "Fields of the Server"

    # fields that the model's own ``create`` decides before it calls this one
    _guarded_in_create = frozenset()

    # fields that people type -> states in which they still may: what was decided on stays as it was seen
    _typed_while = {}

    @api.model
    def _guarded_fields(self):
        """Return the names of the fields that only the server writes."""
        return {name for name, field in self._fields.items() if field.store and field.readonly and name not in MAGIC}

    @api.model_create_multi
    def create(self, vals_list):
        """Drop what is not the client's to give: values, and defaults that it put into its context."""
        if self.env.su:
            return super().create(vals_list)
        guarded = self._guarded_fields()
        context = {
            key: value
            for key, value in self.env.context.items()
            if not (key.startswith("default_") and key.removeprefix("default_") in guarded)
        }
        # the rest of the context is the caller's own
        self = self.with_context(context)  # pylint: disable=context-overridden
        dropped = guarded - self._guarded_in_create
        return super().create([
            {name: value for name, value in vals.items() if name not in dropped} for vals in vals_list
        ])

    def write(self, vals):
        """Refuse what is not the client's to write.

        :raises AccessError: a field of the server is among the values
        :raises UserError: what was typed is decided on
        """
        if not self.env.su:
            wrong = self._guarded_fields() & vals.keys()
            if wrong:
                labels = self.fields_get(wrong, ["string"])
                raise AccessError(
                    self.env._(
                        "These facts follow from what happened and cannot be typed: %(fields)s",
                        fields=", ".join(sorted(label["string"] for label in labels.values())),
                    )
                )
            self._check_typed(vals.keys())
        return super().write(vals)

    def _check_typed(self, names):
        late = {
            name
            for name in self._typed_while.keys() & names
            if any(record.state not in self._typed_while[name] for record in self)
        }
        if late:
            labels = self.fields_get(late, ["string"]).values()
            fields = ", ".join(sorted(label["string"] for label in labels))
            raise UserError(self.env._("This is decided already and stays as it is: %(fields)s", fields=fields))
