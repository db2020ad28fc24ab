from datetime import date, datetime
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestBulkMixin(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Bulk"})
        cls.partner = cls.env["res.partner"].create({"name": "Party"})
        cls.Row = cls.env["test_liquor.row"]

    def test_every_type(self):
        columns = [
            "name", "company_id", "partner_id", "bottles", "share", "currency_id", "amount", "day", "at", "done",
            "facts", "kind", "note",
        ]  # fmt: skip
        full = (
            "梦想荟 'x' \\ \"y\"", self.company, self.partner.id, 7, 0.25, self.company.currency_id, Decimal("12.34"),
            date(2026, 1, 31), datetime(2026, 1, 31, 23, 59, 58), True, {"甲": [1, None]}, "b", "a\nb",
        )  # fmt: skip
        empty = ("none", self.company.id, False, None, None, None, None, None, False, None, None, False, None)
        first, second = self.Row.browse(self.Row._bulk_insert(columns, [full, empty]))
        expected = [value.id if hasattr(value, "id") else value for value in full]
        stored = first.read(columns, load=None)[0]
        self.assertEqual([stored[name] for name in columns], [*expected[:6], 12.34, *expected[7:]])
        self.assertFalse(second.partner_id or second.day or second.at or second.facts or second.kind)
        self.assertEqual((second.bottles, second.share, second.amount), (0, 0, 0))
        self.assertEqual(first.create_uid, self.env.user)
        self.assertTrue(first.create_date and first.write_date)

    def test_equals_create(self):
        values = {"name": "same", "company_id": self.company.id, "bottles": 3, "kind": "a"}
        made = self.Row.create(values)
        bulk = self.Row.browse(self.Row._bulk_insert(list(values), [list(values.values())]))
        names = [
            name
            for name, field in self.Row._fields.items()
            if field.store and name not in ("id", "create_date", "write_date")
        ]
        # 0 or nothing: columns that are not named stay empty
        self.assertEqual({name: made[name] or False for name in names}, {name: bulk[name] or False for name in names})

    def test_inverse_and_stored_sum_follow(self):
        parent = self.Row.create({"name": "parent", "company_id": self.company.id})
        self.assertEqual((len(parent.child_ids), parent.total_bottles), (0, 0))
        rows = [[f"c{n}", self.company.id, parent.id, n] for n in range(1, 4)]
        self.Row._bulk_insert(["name", "company_id", "parent_id", "bottles"], rows)
        self.assertEqual(len(parent.child_ids), 3)
        self.assertEqual(parent.total_bottles, 6)  # 1 + 2 + 3
        self.env.flush_all()
        self.env.cr.execute("SELECT total_bottles FROM test_liquor_row WHERE id = %s", [parent.id])
        self.assertEqual(self.env.cr.fetchone(), (6,))

    def test_order_of_ids(self):
        ids = self.Row._bulk_insert(["name", "company_id"], [[str(n), self.company.id] for n in range(12000)])
        self.assertEqual(self.Row.browse([ids[0], ids[6000], ids[-1]]).mapped("name"), ["0", "6000", "11999"])

    def test_no_rows(self):
        self.assertEqual(self.Row._bulk_insert(["name", "company_id"], []), [])

    def test_refused_columns(self):
        company = self.company.id
        for columns, row in (
            (["name", "company_id", "nonsense"], ["x", company, 1]),
            (["name", "company_id", "id"], ["x", company, 1]),
            (["name", "company_id", "create_uid"], ["x", company, 1]),
            (["name", "company_id", "child_ids"], ["x", company, []]),
            (["name", "company_id", "label"], ["x", company, "y"]),
            (["name", "company_id", "name"], ["x", company, "y"]),
            (["name"], ["x"]),
            (["company_id"], [company]),
            (["name", "company_id"], ["x"]),
            (["name", "company_id", "kind"], ["x", company, "z"]),
        ):
            with self.subTest(columns), self.assertRaises(ValueError):
                self.Row._bulk_insert(columns, [row])

    def test_other_company_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.env["res.partner"].create({"name": "Stranger", "company_id": other.id})
        columns = ["name", "company_id", "partner_id"]
        with self.assertRaises(UserError):
            self.Row._bulk_insert(
                columns, [["x", self.company.id, self.partner.id], ["y", self.company.id, stranger.id]]
            )
        self.assertEqual(len(self.Row._bulk_insert(columns, [["y", other.id, stranger.id]])), 1)

    def test_query_count_does_not_grow(self):
        columns = ["name", "company_id", "partner_id"]
        self.Row._bulk_insert(columns, [["w", self.company.id, self.partner.id]])
        counts = []
        for size in (1, 100):
            before = self.env.cr.sql_log_count
            self.Row._bulk_insert(columns, [["x", self.company.id, self.partner.id]] * size)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
