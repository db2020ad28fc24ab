"""The worked examples in the engine's own text."""

import doctest
import unittest

from ...engine.flow import custody, judge, request, transitions, units, windows
from ...engine.recall import locate


class TestExamples(unittest.TestCase):
    def test_worked_examples(self):
        for module in (custody, judge, request, transitions, units, windows, locate):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)
