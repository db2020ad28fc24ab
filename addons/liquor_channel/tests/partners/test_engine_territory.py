"""Codes of divisions."""

import unittest

from ...engine.partners.territory import division


class TestDivision(unittest.TestCase):
    def test_short_and_padded_codes(self):
        self.assertEqual(division("110000").code, "11")
        self.assertEqual(division("110100").kind, "city")
        self.assertEqual(division("110101").parent, "1101")

    def test_wrong_codes_are_refused(self):
        for code in ("", "1", "110", "11010a", "0100", "1101011", "１１"):
            with self.assertRaises(ValueError):
                division(code)
