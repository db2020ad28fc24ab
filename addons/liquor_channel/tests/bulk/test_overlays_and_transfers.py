"""Values of single shops and transfers in Excel: drafts are loaded, people approve, ask and decide."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..clock import clock
from ..common import ChannelCase
from .bulk_case import BulkMixin

OVERLAY, TRANSFER = "liquor.policy.overlay", "liquor.terminal.transfer"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestOverlaysInExcel(BulkMixin, ChannelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.make_version(basis="received", measure="bottles", rate=2.0).policy_id
        cls.policy.name = "Spring per bottle"
        cls.overlays = cls.env[OVERLAY].with_user(cls.clerk).create([
            cls.values(cls.shop), cls.values(cls.second_shop, value=4, date_start="2026-05-01")
        ])  # fmt: skip
        cls.titles = {column.name: cls.env[OVERLAY]._bulk_label(column) for column in cls.env[OVERLAY]._bulk_columns()}

    @classmethod
    def values(cls, shop, **values):
        return {"policy_id": cls.policy.id, "partner_id": shop.id, "kind": "rate", "value": 3,
                "date_start": "2026-04-01", "reason": "Street corner", **values}  # fmt: skip

    def kind(self, value):
        return dict(self.env[OVERLAY]._fields["kind"]._description_selection(self.env))[value]

    def set(self, book, row, **cells):
        return book.set(row, **{self.titles[name]: value for name, value in cells.items()})

    def test_drafts_change_and_who_loads_them_does_not_approve(self):
        edit, book = self.export(self.overlays, self.manager)
        self.set(book, 1, value=2.5, date_end=date(2026, 6, 30), reason="A competitor next door")
        self.load(edit, book)
        self.assertEqual(self.counts(edit), (1, 0, 0, 1))
        edit.action_apply()
        one = self.overlays[0]
        self.assertEqual((one.value, one.date_end, one.state), (2.5, date(2026, 6, 30), "draft"))
        self.assertEqual(one.author_id, self.manager)
        with self.assertRaises(UserError):
            one.with_user(self.manager).action_approve()
        self.overlays[1].with_user(self.manager).action_approve()
        self.assertEqual(self.overlays[1].state, "active")

    def test_of_what_was_approved_only_the_end_changes(self):
        self.overlays.with_user(self.manager).action_approve()
        edit, book = self.export(self.overlays)
        self.set(book, 1, date_end="2026/6/30")
        self.set(book, 2, value=99)
        self.load(edit, book)
        self.assertEqual(self.counts(edit), (1, 0, 1, 0))
        edit.action_apply()
        self.assertEqual(self.overlays.mapped("value"), [3, 4])
        self.assertEqual((self.overlays[0].date_end, self.overlays[0].author_id), (date(2026, 6, 30), self.clerk))

    def test_new_rows_with_products_and_the_models_own_word(self):
        self.product.default_code, self.shop.ref = "JC10", "S001"
        edit, book = self.export(self.env[OVERLAY])
        start = date(2026, 4, 1)
        common = {"policy_id": "Spring per bottle", "date_start": start, "reason": "x"}
        rows = [
            {**common, "partner_id": "S001", "kind": self.kind("products"), "product_ids": "JC10；Blue"},
            # no products: the model's own sentence comes back
            {**common, "partner_id": "Second Shop", "kind": self.kind("products")},
            # 5,000 percent on top: the check of the table
            {**common, "partner_id": "Second Shop", "kind": self.kind("strength"), "value": 5000},
            {**common, "partner_id": "Second Shop", "kind": self.kind("cap"), "value": 800},
            # stands already: same policy, shop, kind and first day
            {**common, "partner_id": "S001 · Fulai Shop", "kind": self.kind("rate"), "value": 9},
            {**common, "partner_id": "Nobody", "kind": self.kind("rate"), "value": 9},
            {
                **common,
                "partner_id": "S001",
                "kind": self.kind("rate"),
                "reason": "=1+1",
                "date_start": date(2027, 1, 1),
            },
        ]
        for row in rows:
            book.append({self.titles[name]: value for name, value in row.items()})
        # openpyxl would store the last reason as a formula; a text cell is what an attacker's file has
        book.sheet.cell(book.rows + 1, book.titles.index(self.titles["reason"]) + 1).data_type = "s"
        self.load(edit, book)
        self.assertEqual(self.counts(edit), (0, 2, 5, 0))
        self.assertEqual(edit.moved, 800)
        edit.action_apply()
        made = self.env[OVERLAY].search([("policy_id", "=", self.policy.id)], order="id desc", limit=2)
        self.assertEqual(set(made.mapped("kind")), {"products", "cap"})
        self.assertEqual(made.filtered("product_ids").product_ids, self.product + self.other_product)
        edit.action_undo()
        self.assertFalse(made.exists())

    def test_approved_meanwhile_it_cannot_be_undone(self):
        edit, book = self.export(self.overlays)
        self.load(edit, self.set(book, 1, value=2.5))
        edit.action_apply()
        self.overlays[0].with_user(self.manager).action_approve()
        with self.assertRaises(UserError):
            edit.action_undo()

    def test_a_region_writes_for_its_shops_only(self):
        """Rights of a region are the model's: told in the preview, and nothing is written."""
        self.company.liquor_policy_mode = "regional"
        other = self.env["liquor.territory"].load_divisions([("93", "Far Province")])
        self.manager.liquor_territory_ids = other
        edit, book = self.export(self.overlays, self.manager)
        self.load(edit, self.set(book, 1, value=2.5))
        self.assertEqual(self.counts(edit), (0, 0, 1, 1))

    def test_a_thousand_rows(self):
        """Queries do not grow with the rows; a thousand are exported, compared, tried and written within seconds."""
        shops = self.env["res.partner"].create([
            {"name": f"Shop {number}", "ref": f"B{number:05}", "is_company": True} for number in range(1000)
        ])

        def cost(partners, day):
            records = self.env[OVERLAY].with_user(self.clerk).create(
                [self.values(shop, date_start=day) for shop in partners]
            )  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            queries, start = self.cr.sql_log_count, clock(self.cr)
            edit, book = self.export(records)
            seconds = clock(self.cr) - start
            for row in range(1, len(records) + 1):
                self.set(book, row, value=row % 7 + 0.5)
            content = book.save()
            start = clock(self.cr)
            self.load(edit, content)
            edit.action_apply()
            self.env.flush_all()
            seconds += clock(self.cr) - start
            self.assertEqual((edit.state, edit.changed_count), ("applied", len(records)))
            self.assertEqual(records[-1].value, len(records) % 7 + 0.5)
            return self.cr.sql_log_count - queries, seconds

        cost(shops[:2], "2026-07-01")
        few, _seconds = cost(shops[:5], "2026-08-01")
        more, _seconds = cost(shops[:90], "2026-09-01")
        self.assertLessEqual(abs(few - more), 2)  # what caches hold already
        many, seconds = cost(shops, "2026-10-01")
        # the ORM writes in parts of 100 rows, and reads in parts of 1,000
        self.assertLess(many, 3 * few)
        self.assertLess(seconds, 15)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestTransfersInExcel(BulkMixin, ChannelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.taker = cls.make_partner("Taker", "distributor")
        cls.titles = {
            column.name: cls.env[TRANSFER]._bulk_label(column) for column in cls.env[TRANSFER]._bulk_columns()
        }
        cls.transfer = cls.env[TRANSFER].with_user(cls.clerk).create({
            "terminal_id": cls.shop.id, "from_id": cls.distributor.id, "to_id": cls.taker.id, "reason": "nearer"
        })  # fmt: skip

    def test_drafts_are_edited_and_consent_stays_the_givers(self):
        edit, book = self.export(self.transfer)
        book.set(1, **{self.titles["day"]: date(2026, 4, 1), self.titles["reason"]: "shorter way"})
        self.load(edit, book)
        self.assertEqual(self.counts(edit), (1, 0, 0, 0))
        edit.action_apply()
        self.assertEqual((self.transfer.day, self.transfer.reason), (date(2026, 4, 1), "shorter way"))
        self.assertEqual((self.transfer.state, self.transfer.author_id), ("draft", self.clerk))
        self.transfer.with_user(self.clerk).action_ask()
        with self.assertRaises(UserError):
            edit.action_undo()
        with self.assertRaises(AccessError):
            self.transfer.with_user(self.clerk).action_decide()

    def test_new_transfers_of_shops_that_the_giver_supplies(self):
        second = self.make_partner("Third Shop", "terminal")
        self.env["liquor.channel.assignment"].create({
            "terminal_id": second.id, "distributor_id": self.distributor.id, "date_start": "2026-01-01"
        })  # fmt: skip
        edit, book = self.export(self.env[TRANSFER])
        names = {"from_id": "Sunny Trading", "to_id": "Taker", "day": "2026-04-01", "reason": "nearer"}
        for shop in ("Third Shop", "Second Shop", "Fulai Shop"):
            book.append({self.titles[name]: value for name, value in {"terminal_id": shop, **names}.items()})
        self.load(edit, book)
        # the giver does not supply the second one, the transfer of the third waits already
        self.assertEqual(self.counts(edit), (0, 1, 2, 0))
        edit.action_apply()
        made = self.env[TRANSFER].search([("terminal_id", "=", second.id)])
        self.assertEqual((made.state, made.to_id), ("draft", self.taker))
        edit.action_undo()
        self.assertFalse(made.exists())
