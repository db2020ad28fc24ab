"""No screen shows a record by its technical name (``liquor.policy.override,3``)."""

from odoo.models import BaseModel
from odoo.tests.common import TransactionCase, tagged


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
