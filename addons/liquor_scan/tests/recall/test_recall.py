import io
from datetime import timedelta
from unittest.mock import patch

import lxml.html
import openpyxl
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.liquor_channel.tools.workbook import write_workbook

from ...controllers.recall import sheets_of
from ...models.recall import recall_report
from ..flow.common import NOW
from .common import FIRST, LAST, RecallCase


@tagged("post_install", "-at_install")
class TestDrill(RecallCase):
    """Spec codes.md, recall: every unit of a planted window is located or named unknown holder."""

    def test_every_bottle_is_located_or_named_unknown(self):
        self.plant()
        recall = self.recall()
        nobody = self.env["res.partner"]
        self.assertEqual(
            self.found(recall),
            {
                ("stock", self.company.partner_id): 180,
                ("held", self.distributor): 336,
                ("held", self.shop): 22,
                ("used", self.shop): 2,
                ("transit", self.second_shop): 6,
                ("unknown", nobody): 353,
                ("void", nobody): 1,
                ("held", self.rival): 180,
            },
        )
        self.assertEqual(
            (
                recall.bottles,
                recall.stock_bottles,
                recall.used_bottles,
                recall.unprinted_bottles,
                recall.returned_bottles,
            ),
            (1080, 180, 2, 1, 0),
        )
        self.assertEqual((recall.open_bottles, recall.unknown_bottles), (336 + 22 + 6 + 353 + 180, 353))
        self.assertEqual((recall.state, recall.stops), ("draft", False))
        self.assertEqual(len(recall.range_ids), 1, "a row a range, none per bottle")
        # nothing is stopped by a drill
        self.send(self.shop_user, "receive", self.code("case_outer", 65))

    def test_report_ties_sheet_by_sheet(self):
        self.plant()
        recall = self.recall()
        book = openpyxl.load_workbook(io.BytesIO(write_workbook(sheets_of(recall))))
        totals, holders, windows = book.worksheets
        self.assertEqual(sum(row[1].value for row in totals.iter_rows(min_row=2, max_row=6)), 1080)
        self.assertEqual(sum(row[3].value for row in holders.iter_rows(min_row=2, max_row=9)), 1080)
        rows = [[cell.value for cell in row] for row in windows.iter_rows(min_row=2, max_row=windows.max_row - 1)]
        self.assertEqual(sum(row[5] for row in rows), 1080)
        self.assertTrue(all(row[5] == row[4] - row[3] + 1 for row in rows))
        repacked = next(row for row in rows if row[3] == 727)
        self.assertEqual((repacked[4], repacked[8]), (732, self.distributor.display_name))

    def test_the_print_says_the_same(self):
        """180 with us, 897 outside, 2 sold, 1 void, none back; 8 holders; every window of 1,080 bottles."""
        self.plant()
        recall = self.recall()
        shown = recall.with_user(self.second)._report_print()
        self.assertEqual([count for _name, count in shown["totals"]], [180, 897, 0, 2, 1])
        self.assertEqual(sorted(row[3] for row in shown["holders"]), [1, 2, 6, 22, 180, 180, 336, 353])
        self.assertEqual((sum(row[5] for row in shown["windows"]), shown["left_out"]), (1080, 0))
        with patch.object(recall_report, "PRINTED", 2):
            cut = recall._report_print()
        self.assertEqual(cut["left_out"], len(shown["windows"]) - 2)
        page = self.env["ir.actions.report"]._render_qweb_html("liquor_scan.recall_report_document", recall.ids)[0]
        tree = lxml.html.fromstring(page.decode())
        cells = [
            [cell.text_content().strip() for cell in row.iterfind("td")]
            for row in tree.findall(".//table")[-1].iterfind(".//tr")
        ][1:]
        self.assertEqual(sum(int(row[3].replace(",", "")) for row in cells), 1080)
        with self.assertRaises(AccessError):
            recall.with_user(self.shop_user)._report_print()

    def test_the_print_counts_members(self):
        """Two bottles of one member and one of another, who are members and no shops: a row of two, three bottles."""
        self.plant()
        recall = self.recall()
        club = self.env["liquor.member.program"].create({
            "name": "梦想荟", "company_id": self.company.id, "mode": "national",
        })  # fmt: skip
        members = [self.env["liquor.member"]._join(club, f"1380013900{tail}", "cap", "1") for tail in (1, 2)]
        self.env["liquor.recall.holder"].sudo().create([
            {"recall_id": recall.id, "company_id": self.company.id, "situation": "used", "holder_kind": "terminal",
             "holder_id": self.shop.id, "member_id": member.id, "bottles": bottles}
            for member, bottles in zip(members, (2, 1), strict=True)
        ])  # fmt: skip
        rows = recall._report_print()["holders"]
        self.assertEqual(rows[-1][1:], (self.env._("Member"), self.env._("%(count)s members", count=2), 3))
        self.assertEqual(len(rows), 9)
        numbers = {row[2]: row[1] for row in recall._report_holders()}
        self.assertEqual([numbers[member.number] for member in members], [self.env._("Member")] * 2)
        self.assertNotEqual(numbers[self.shop.display_name], self.env._("Member"))

    def test_as_many_queries_for_many_ranges(self):
        self.plant()

        def windows(*firsts):
            return [
                (0, 0, {"kind": "window", "batch_id": self.goods.id, "first": first, "last": first + 3})
                for first in firsts
            ]

        one, many = (self.recall(selection_ids=windows(*firsts)) for firsts in ([727], range(602, 800, 5)))
        self.assertEqual((len(one.range_ids), len(many.range_ids)), (1, 40))
        counts = []
        for recall in (one, one, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            recall._pieces()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

    def test_by_batch_lot_line_and_time(self):
        """The line packed cases 3 and 4 of the small batch at 9 and 11 o'clock; the window holds the first."""
        recalls = self.env["liquor.recall"].with_user(self.author)

        def bottles(**selection):
            recall = recalls.create({"reason": "x", "selection_ids": [(0, 0, selection)]})
            recall.action_prepare()
            return [(row.batch_id, row.first, row.last) for row in recall.range_ids]

        self.assertEqual(bottles(kind="batch", batch_id=self.goods.id), [(self.goods, 0, 1439)])
        self.assertEqual(set(bottles(kind="lot", lot_id=self.lot.id)), {(self.goods, 0, 1439), (self.codes, 0, 719)})
        early = NOW - timedelta(hours=3)
        self.env["liquor.code.link"]._store([
            [self.company.id, self.codes.id, 6, case, self.codes.id, 360, 1, "line", early + timedelta(hours=2 * n),
             f"u{n}", "L1", self.env.uid]
            for n, case in enumerate((3, 4))
        ])  # fmt: skip
        line = {"kind": "line", "line": "L1", "time_from": early, "time_to": early + timedelta(hours=1)}
        self.assertEqual(bottles(**line), [(self.codes, 18, 23)])
        with self.assertRaises(UserError):
            bottles(**{**line, "line": "L2"})

    def test_overlapping_selections_count_once(self):
        recall = self.recall()
        recall.write({"selection_ids": [(0, 0, {"kind": "batch", "batch_id": self.goods.id})]})
        self.assertFalse(recall.range_ids, "a change of the selection takes the ranges away")
        recall.action_prepare()
        self.assertEqual((len(recall.range_ids), recall.bottles), (1, 1440))


@tagged("post_install", "-at_install")
class TestRecall(RecallCase):
    """From its beginning on goods go back and nowhere else."""

    def test_scans_stop_and_what_comes_back_is_counted(self):
        self.plant()
        recall = self.begin()
        self.assertEqual((recall.state, recall.activated_by_id), ("active", self.second))
        case = self.code("case_outer", 65)
        for user, kind, code, more in (
            (self.shop_user, "receive", case, {}),
            (self.distributor_user, "ship", case, {"to": "T001"}),
            (self.shop_user, "sell", self.code("cap_outer", 360), {}),
            (self.shop_user, "unpack", self.code("case_outer", 60), {}),
            # a pallet of which half is in the window
            (self.warehouse, "ship", self.code("pallet", 0), {"to": "D001"}),
            (self.warehouse, "pack", self.code("case_outer", 125), {}),
        ):
            self.assertAnswer(self.one(user, kind, code, **more), "rejected", "recalled")
        # the neighbour outside the window goes on
        self.send(self.warehouse, "ship", self.code("case_outer", 29), to="D001")
        # behind the beginning of the recall by the devices' clocks
        # the shop gives case 63 back, the distributor sends it on, we take it in; a case nobody knew of comes, too
        self.send(self.shop_user, "return", self.code("case_outer", 63), minutes=121)
        self.send(self.distributor_user, "return", self.code("case_outer", 63), minutes=122)
        recall.action_locate()
        self.assertEqual(self.found(recall)["transit", self.distributor], 6)
        self.assertEqual(recall.returned_bottles, 0)
        self.send(self.warehouse, "receive", self.code("case_outer", 63), minutes=123)
        self.send(self.warehouse, "receive", self.code("case_outer", 122), minutes=124)
        # a customer brings a bottle that was sold to him
        self.send(self.warehouse, "receive", self.code("cap_outer", 372), minutes=125)
        recall.action_locate()
        found = self.found(recall)
        self.assertEqual((recall.returned_bottles, recall.bottles), (13, 1080))
        self.assertEqual(found["returned", self.distributor], 6)
        self.assertEqual((found["held", self.shop], found["used", self.shop]), (16, 1))
        self.assertEqual(recall.unknown_bottles, 353 - 6)
        self.assertEqual(recall.open_bottles, 336 + 16 + 6 + 347 + 180)
        self.assertCustodyProven()

    def test_a_recalled_lot_leaves_by_its_codes_alone(self):
        """By the books 12 bottles of the lot could be recalled ones; a draft and a released recall stop nothing."""
        depot = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self.env["stock.quant"]._update_available_quantity(self.product, depot.lot_stock_id, 24, lot_id=self.lot)
        customers = self.env.ref("stock.stock_location_customers")
        places = {"location_id": depot.lot_stock_id.id, "location_dest_id": customers.id}
        move = {"product_id": self.product.id, "product_uom_qty": 12, **places}

        def deliver():
            picking = self.env["stock.picking"].create({
                "partner_id": self.distributor.id, "picking_type_id": depot.out_type_id.id, "move_ids": [(0, 0, move)],
                **places,
            })  # fmt: skip
            picking.action_confirm()
            picking.button_validate()
            return picking.state

        recall = self.recall()
        self.assertEqual(deliver(), "done")
        recall.with_user(self.second).action_activate()
        with self.assertRaisesRegex(UserError, self.lot.name), self.cr.savepoint():
            deliver()
        recall.with_user(self.second).write({"outcome": "released", "close_reason": "x"})
        recall.with_user(self.second).action_close()
        self.assertEqual(deliver(), "done")

    def test_holders_are_told_once(self):
        self.plant()
        recall = self.begin()
        new = recall._notify()
        told = {notice.partner_id: notice for notice in new}
        self.assertEqual(set(told), {self.distributor, self.shop, self.second_shop, self.rival})
        self.assertEqual(told[self.distributor].bottles, 336)
        self.assertIn("336", told[self.distributor].message_id.body)
        self.assertTrue(told[self.rival].problem and not told[self.rival].message_id, "he has no phone: somebody calls")
        self.assertFalse(recall._notify())
        self.assertEqual(recall.notice_count, 4)

    def test_closed_keeps_or_releases(self):
        recall = self.begin()
        case = self.code("case_outer", 125)
        with self.assertRaises(UserError):
            recall.with_user(self.author).action_close()
        recall.with_user(self.author).write({"outcome": "kept", "close_reason": "全部收回"})
        recall.with_user(self.author).action_close()
        self.assertAnswer(self.one(self.warehouse, "ship", case, to="D001"), "rejected", "recalled")
        other = self.begin()
        other.with_user(self.author).write({"outcome": "released", "close_reason": "误报"})
        with self.assertRaises(UserError):
            other.with_user(self.author).action_close()
        other.with_user(self.second).action_close()
        self.assertFalse(other.stops)
        self.assertAnswer(self.one(self.warehouse, "ship", case, to="D001"), "rejected", "recalled")
        recall.sudo().stops = False
        self.assertAnswer(self.one(self.warehouse, "ship", case, to="D001"), "accepted")

    def test_second_person(self):
        recall = self.recall()
        with self.assertRaises(UserError):
            recall.with_user(self.author).action_activate()
        # who changed and prepared it last counts as its author, too
        recall.with_user(self.second).action_prepare()
        with self.assertRaises(UserError):
            recall.with_user(self.second).action_activate()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            recall.sudo().write({"activated_by_id": self.author.id})

    def test_what_began_stays(self):
        recall = self.begin().with_user(self.author)
        for change in (
            lambda: recall.write({"reason": "y"}),
            lambda: recall.write({"selection_ids": [(0, 0, {"kind": "batch", "batch_id": self.codes.id})]}),
            lambda: recall.selection_ids.write({"last": 600}),
            lambda: recall.selection_ids.unlink(),
            lambda: recall.unlink(),
            lambda: recall.action_prepare(),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(UserError):
            recall.with_user(self.second).action_activate()


@tagged("post_install", "-at_install")
class TestRecallRights(RecallCase):
    def test_who_may_not(self):
        recall = self.recall()
        officer = self.user("recall_officer", "group_case_officer")
        for user in (self.warehouse, officer):
            self.assertEqual(recall.with_user(user).bottles, 1080)
            for step in ("action_prepare", "action_activate", "action_locate", "action_notify", "action_close"):
                with self.assertRaises(AccessError):
                    getattr(recall.with_user(user), step)()
        main = self.env.ref("base.main_company")
        stranger = new_test_user(
            self.env,
            "recall_stranger",
            groups="liquor_scan.group_scan_manager",
            company_id=main.id,
            company_ids=[(6, 0, main.ids)],
        )
        for step in ("action_prepare", "action_activate", "action_report", "action_view_holders", "read"):
            with self.assertRaises(AccessError):
                getattr(recall.with_user(stranger).with_context(allowed_company_ids=[]), step)()
        with self.assertRaises(AccessError):
            recall.with_user(self.shop_user).read(["name"])

    def test_what_clients_cannot_write(self):
        forged = {"state": "active", "stops": True, "activated_by_id": self.second.id, "bottles": 5, "name": "X"}
        recalls = self.env["liquor.recall"].with_user(self.author)
        recall = recalls.with_context(default_state="active", default_stops=True).create({"reason": "x", **forged})
        self.assertEqual((recall.state, recall.stops, recall.bottles), ("draft", False, 0))
        self.assertNotEqual(recall.name, "X")
        for name, value in forged.items():
            with self.assertRaises(AccessError):
                recall.write({name: value})
        for model in ("liquor.recall.range", "liquor.recall.holder", "liquor.recall.notice"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.author).create({"recall_id": recall.id})

    def test_bad_selections(self):
        selection = {"kind": "window", "batch_id": self.goods.id, "first": 1, "last": 2}
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= company
        order = (
            self
            .env["liquor.print.order"]
            .with_context(allowed_company_ids=company.ids)
            .create({
                "company_id": company.id,
                "product_id": self.env["product.product"].create({"name": "foreign"}).id,
                "supplier_id": self.printer.id,
                "scheme_id": self.scheme.id,
                "quantity": 360,
            })
        )
        order.action_issue()
        foreign = order.batch_ids
        for wrong, error in (
            ({"last": 1441}, ValidationError),
            ({"batch_id": foreign.id}, UserError),
            ({"first": 0}, CheckViolation),
            ({"first": 3}, CheckViolation),
            ({"batch_id": False}, CheckViolation),
            ({"kind": "line", "line": "L", "time_from": NOW, "time_to": NOW}, CheckViolation),
        ):
            with self.subTest(wrong), self.assertRaises(error), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.recall(selection_ids=[(0, 0, {**selection, **wrong})])

    def test_window_of_the_plant(self):
        self.assertEqual(LAST - FIRST + 1, 3 * 360)
