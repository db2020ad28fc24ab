import doctest

from odoo.tests import BaseCase, tagged

from ...engine.shared import messages


@tagged("post_install", "-at_install")
class TestMessages(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(messages)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 7)

    def test_values_are_no_templates(self):
        self.assertEqual(messages.render("$a $b", {"a": "$b", "b": "x"}), "$b x")
        self.assertEqual(messages.render("$a.__class__", {"a": "x"}), "x.__class__")
