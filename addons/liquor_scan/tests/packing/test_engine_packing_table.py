"""The table of a line and the file of what is wrong with it."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...engine.packing import sample, table
from ...engine.packing.table import Row, TableError, bad_table, cartons_of, read_rows

CODE = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=17)


class TestTable(BaseCase):
    def test_worked_examples(self):
        for module in (sample, table):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)

    @given(st.lists(st.tuples(CODE, CODE), min_size=1, max_size=20))
    def test_what_is_wrong_loads_as_what_was_sent(self, pairs):
        """All packages refused: the file of what is wrong holds the very packages of the first file."""
        sent = cartons_of([Row(*pair) for pair in pairs if pair[0].lower() not in table.HEADS])
        refused = [(carton.parent, "wrong_count", carton.parent) for carton in sent]
        if sent:
            again, half = read_rows(bad_table(sent, refused, [], {"wrong_count": "Anzahl, falsch"}))
            self.assertEqual((cartons_of(again), half), (sent, []))

    def test_no_table(self):
        for text, reason in (("", "empty"), ("\n\n", "empty"), ("a\x00b", "not_text"), ("a,b\n" * 50_002, "too_long")):
            with self.subTest(text=text[:9]), self.assertRaises(TableError) as caught:
                read_rows(text)
            self.assertEqual(caught.exception.args[0], reason)

    def test_reason_stands_beside_its_code(self):
        carton = cartons_of([Row("C", "1"), Row("C", "2")])
        lines = bad_table(carton, [("C", "unknown_code", "2")], [Row("D", "")], {"unknown_code": "?"}).splitlines()
        self.assertEqual(lines[1:], ["D,,line,bad_row,", "C,1,line,,", "C,2,line,unknown_code,?"])
