"""Fixtures by SQL: rows multiplied from one that the ORM made."""

from tools.bench.database import multiply, number

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestMultiply(TransactionCase):
    def test_copies_a_row_with_changes(self):
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "x", "rounding": 0.5})
        self.env.flush_all()
        number(self.env.cr, "bench_symbol", ["a", "b", "c"], "varchar")
        symbol = "(SELECT id FROM bench_symbol WHERE n = i)"
        ids = multiply(self.env.cr, "res_currency", currency.id, 3, name="'X' || i", symbol=symbol)
        copies = self.env["res.currency"].browse(ids)
        self.assertEqual(copies.mapped("name"), ["X1", "X2", "X3"])
        self.assertEqual(copies.mapped("symbol"), ["a", "b", "c"])
        self.assertEqual(copies.mapped("rounding"), [0.5, 0.5, 0.5])

    def test_unknown_column(self):
        with self.assertRaisesRegex(ValueError, "res_currency has no column colour"):
            multiply(self.env.cr, "res_currency", 1, 1, colour="1")
