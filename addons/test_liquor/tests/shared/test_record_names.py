"""No screen shows a record by its technical name (``liquor.policy.override,3``), and its name finds it."""

from odoo.models import BaseModel
from odoo.tests.common import TransactionCase, tagged


def named_models(env):
    """Return the stored models of the suite."""
    models = [env[name] for name in sorted(env.registry) if name.startswith("liquor.")]
    return [model for model in models if not (model._abstract or model._transient)]


@tagged("post_install", "-at_install")
class TestRecordNames(TransactionCase):
    def named(self, model):
        own = type(model)._compute_display_name is not BaseModel._compute_display_name
        return own or model._rec_name not in (None, "id")

    def test_what_has_a_form_has_a_name(self):
        forms = self.env["ir.ui.view"].search([("model", "=like", "liquor.%"), ("type", "=", "form")])
        models = [self.env[name] for name in sorted(set(forms.mapped("model")))]
        self.assertGreater(len(models), 60)
        nameless = [
            model._name for model in models if not (model._abstract or model._transient) and not self.named(model)
        ]
        self.assertEqual(nameless, [])

    def test_no_name_is_the_key_of_a_choice(self):
        models = [model for model in named_models(self.env) if model._rec_name]
        keyed = [
            model._name
            for model in models
            if model._fields[model._rec_name].type == "selection"
            and type(model)._compute_display_name is BaseModel._compute_display_name
        ]
        self.assertEqual(keyed, [])

    def test_what_is_no_name_finds_nothing(self):
        """A model without a field to search by gives everything and warns; one that is not stored fails."""
        models = [model for model in named_models(self.env) if self.named(model)]
        self.assertGreater(len(models), 180)
        for model in models:
            with self.subTest(model._name), self.assertNoLogs("odoo.models", "WARNING"):
                self.assertEqual(model.name_search("€ no such name"), [])
