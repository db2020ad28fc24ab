"""The worked examples in the text of every engine of the add-on; a new module is found by itself."""

import doctest
import importlib
import pkgutil
import unittest

from ... import engine


def engine_modules():
    """Every module below ``engine/``, packages left out."""
    found = pkgutil.walk_packages(engine.__path__, f"{engine.__name__}.")
    return [importlib.import_module(module.name) for module in found if not module.ispkg]


class TestExamples(unittest.TestCase):
    def test_worked_examples(self):
        modules = engine_modules()
        self.assertGreater(len(modules), 10)
        for module in modules:
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)
