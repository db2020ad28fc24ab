"""Kinds of transfers, numbers of devices, packages, territories and taking back, on a small depot of two pallets."""

import io

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.liquor_channel.models.partners.sale_order import ORDER_KINDS

from .test_picking_scan import PickingCase


class TransferCase(PickingCase):
    def transfer(self, source, destination, kind, bottles=12, product=None):
        picking = self.env["stock.picking"].create({
            "picking_type_id": kind.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "move_ids": [
                Command.create({
                    "product_id": (product or self.product).id,
                    "product_uom_qty": bottles,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                })
            ],
        })
        picking.action_confirm()
        picking.action_assign()
        return picking.with_user(self.warehouse)

    def production(self, bottles=360, product=None):
        line = self.env["stock.location"].search(
            [("usage", "=", "production"), ("company_id", "=", self.company.id)], limit=1
        )
        return self.transfer(line, self.depot.lot_stock_id, self.depot.in_type_id, bottles, product)

    def send(self, picking, *codes, first=0):
        """Scans as a handheld sends them: k-0, k-1 …"""
        events = [{"id": f"k-{number}", "code": code} for number, code in enumerate(codes, start=first)]
        return picking.liquor_scan_take(events)["answers"]

    def sale(self, kind="normal", bottles=12, partner=None):
        order = self.env["sale.order"].create({
            "partner_id": (partner or self.distributor).id,
            "company_id": self.company.id,
            "liquor_kind": kind,
            "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": bottles})],
        })
        order.action_confirm()
        return order

    def stock(self, lot=None):
        """Bottles in the depot by the books."""
        return self.product.with_context(location=self.depot.lot_stock_id.id).qty_available


@tagged("post_install", "-at_install")
class TestTransfers(TransferCase):
    def test_production_comes_in_once(self):
        """A pallet of 360 comes from the line: stock + 360, the maker holds it, and it cannot come in again."""
        before = self.stock()
        picking = self.production(360)
        [answer] = self.send(picking, self.pallet(0))
        self.assertTrue(answer["ok"], answer)
        picking.button_validate()
        self.product.invalidate_recordset()
        self.assertEqual(self.stock() - before, 360)
        self.assertEqual(self.holder(self.pallet(0)), self.company.partner_id)
        event = self.env["liquor.scan.event"].search([("reference", "=", picking.name)])
        self.assertEqual((event.kind, event.holder_kind, event.source), ("pack", "maker", "warehouse"))
        again = self.production(360)
        self.assertEqual(
            [a["reason"] for a in self.send(again, self.pallet(0), self.case(3), first=5)],
            ["already_scanned", "already_scanned"],
        )
        self.assertCustodyProven()

    def test_a_pallet_is_a_package_and_a_case_leaves_it(self):
        """The pallet's package holds 360; a case of six that is shipped leaves 354 in it."""
        self.env["stock.quant"]._update_available_quantity(self.product, self.depot.lot_stock_id, -720, lot_id=self.lot)
        picking = self.production(360)
        self.send(picking, self.pallet(1))
        picking.button_validate()
        package = self.env["stock.package"].search([("liquor_batch_id", "=", self.codes.id)])
        self.assertEqual((package.liquor_index, package.valid_sscc), (1, True))
        self.assertEqual(sum(package.quant_ids.mapped("quantity")), 360)
        out = self.delivery(6)
        self.assertTrue(self.send(out, self.case(61), first=1)[0]["ok"])
        out.button_validate()
        quants = self.env["stock.quant"].search([("product_id", "=", self.product.id), ("lot_id", "=", self.lot.id)])
        inside = quants.filtered(lambda quant: quant.location_id.usage == "internal" and quant.quantity)
        self.assertEqual([(quant.package_id, quant.quantity) for quant in inside], [(package, 354)])
        self.assertFalse(out.move_line_ids.result_package_id)

    def test_a_whole_pallet_leaves_as_its_package(self):
        out = self.delivery(360)
        self.assertTrue(self.send(out, self.pallet(0))[0]["ok"])
        [line] = out.move_line_ids.filtered("picked")
        self.assertEqual((line.quantity, line.lot_id, line.result_package_id.liquor_index), (360, self.lot, 0))
        out.button_validate()
        self.assertEqual(line.result_package_id.quant_ids.location_id.usage, "customer")

    def test_inside_the_house(self):
        """A transfer between two places of the depot moves no custody away and may be repeated."""
        shelf = self.env["stock.location"].create({
            "name": "拣货位",
            "location_id": self.depot.lot_stock_id.id,
            "company_id": self.company.id,
        })
        for number, (source, target) in enumerate([(self.depot.lot_stock_id, shelf), (shelf, self.depot.lot_stock_id)]):
            picking = self.transfer(source, target, self.depot.int_type_id, 6)
            [answer] = self.send(picking, self.case(2), first=number)
            self.assertTrue(answer["ok"], answer)
            picking.button_validate()
            self.assertEqual(picking.move_line_ids.lot_id, self.lot)
        self.assertEqual(self.holder(self.case(2)), self.company.partner_id)
        self.assertAnswer(self.one(self.warehouse, "ship", self.case(2), to="D001", minutes=121), "accepted")
        picking = self.transfer(self.depot.lot_stock_id, shelf, self.depot.int_type_id, 6)
        self.assertEqual(self.send(picking, self.case(2), first=9)[0]["reason"], "not_in_stock")

    def test_a_unit_on_one_transfer_is_on_no_other(self):
        shelf = self.env["stock.location"].create({
            "name": "拣货位",
            "location_id": self.depot.lot_stock_id.id,
            "company_id": self.company.id,
        })
        inside = self.transfer(self.depot.lot_stock_id, shelf, self.depot.int_type_id, 6)
        self.send(inside, self.case(0))
        out = self.delivery(360)
        answers = self.send(out, self.case(0), self.pallet(0), self.codes._code("cap_outer", 2), first=1)
        self.assertEqual([a["reason"] for a in answers], ["already_scanned", "part_elsewhere", "already_scanned"])

    # --- numbers of a device ---------------------------------------------------------------------------------

    def test_what_is_repeated_is_answered_and_not_done_again(self):
        picking = self.delivery(12)
        first = self.send(picking, self.case(0), "nonsense", self.case(0))
        self.assertEqual([a["reason"] for a in first], ["", "unknown_code", "already_scanned"])
        again = self.send(picking, self.case(0), "nonsense", self.case(0))
        self.assertEqual([{**a, "repeated": False} for a in again], first)
        self.assertEqual([a["repeated"] for a in again], [True, True, True])
        self.assertEqual(
            (picking.liquor_scan_count, sum(picking.move_line_ids.filtered("picked").mapped("quantity"))), (1, 6)
        )
        [reused] = picking.liquor_scan_take([{"id": "k-0", "code": self.case(1)}])["answers"]
        self.assertEqual((reused["ok"], reused["reason"]), (False, "id_reused"))
        [elsewhere] = self.delivery(12).liquor_scan_take([{"id": "k-0", "code": self.case(0)}])["answers"]
        self.assertEqual(elsewhere["reason"], "id_reused")

    def test_taking_back_by_number(self):
        picking = self.delivery(24)
        self.send(picking, self.case(0), self.case(1))
        body = [
            {"id": "u-1", "undo_of": "k-0"},
            {"id": "k-8", "code": self.case(0)},
            {"id": "u-2", "undo_of": "k-0"},
            {"id": "u-3", "undo_of": "nothing"},
        ]
        answers = picking.liquor_scan_take(body)["answers"]
        self.assertEqual([a["reason"] for a in answers], ["", "", "already_undone", "unknown_event"])
        self.assertEqual(sum(picking.move_line_ids.filtered("picked").mapped("quantity")), 12)
        self.assertEqual([a["repeated"] for a in picking.liquor_scan_take(body)["answers"]], [True] * 4)
        self.assertEqual(picking.liquor_scan_count, 2)
        self.assertEqual({a["id"] for a in picking.liquor_scan_state()["last"]}, {"k-1", "k-8"})

    def test_what_comes_after_closing_is_answered(self):
        """Codes that waited without network while a colleague validated: none vanishes, none is loaded."""
        picking = self.delivery(12)
        self.send(picking, self.case(0))
        picking.with_context(skip_backorder=True).button_validate()
        answers = self.send(picking, self.case(0), self.case(1))
        self.assertEqual([a["reason"] for a in answers], ["", "transfer_closed"])

    def test_bad_calls_and_bad_codes(self):
        picking = self.delivery(12)
        for wrong in (
            None,
            [],
            {},
            ["A"],
            [{"code": "A"}],
            [{"id": "x"}],
            [{"id": "x", "code": 7}],
            [{"id": "a b", "code": "A"}],
            [{"id": f"x{n}", "code": "A"} for n in range(5001)],
        ):
            with self.assertRaises(UserError):
                picking.liquor_scan_take(wrong)
        answers = self.send(picking, "", "a\x1db\x00", "x" * 300, self.cap(0))
        self.assertEqual([a["reason"] for a in answers], ["bad_code"] * 3 + ["consumer_code"])
        kept = self.env["liquor.picking.answer"].search([("picking_id", "=", picking.id)])
        self.assertNotIn(self.cap(0), kept.mapped("code"), "a cap's code is money and is not kept in clear")
        for user in (self.shop_user, self.distributor_user):
            with self.assertRaises(AccessError):
                picking.with_user(user).liquor_scan_take([{"id": "p", "code": self.case(0)}])
            with self.assertRaises(AccessError):
                picking.with_user(user).action_liquor_unship()
            with self.assertRaises(AccessError):
                picking.with_user(user).liquor_scan_state()

    # --- what stops before loading ---------------------------------------------------------------------------

    def test_wrong_territory(self):
        """A contract for other wine only: this one may not go to him, though the paper says so."""
        picking = self.delivery(12)
        other = self.env["product.category"].create({"name": "青瓷系列"})
        agreement = self.env["liquor.agreement"].create({
            "distributor_id": self.distributor.id,
            "company_id": self.company.id,
            "kind": "distributor",
            "date_start": "2026-01-01",
            "date_end": "2026-12-31",
            "text": "<p>青瓷</p>",
            "right_ids": [Command.create({"category_id": other.id, "territory_id": self.county.id})],
        })
        agreement.action_send()
        agreement._accept(self.distributor_user)
        self.assertEqual(self.send(picking, self.case(0))[0]["reason"], "wrong_territory")
        self.assertEqual(picking.liquor_scan_count, 0)

    def test_recalled_goods_stay_and_are_put_apart(self):
        """Cases 0 and 1 (bottles 1 to 12) are recalled: not loaded, nor their pallet, but carried to another place."""
        author, second = (self.user(f"loading_{name}", "group_scan_manager") for name in ("author", "second"))
        recall = self.env["liquor.recall"].with_user(author).create({
            "reason": "异味", "company_id": self.company.id,
            "selection_ids": [Command.create({"kind": "window", "batch_id": self.codes.id, "first": 1, "last": 12})],
        })  # fmt: skip
        recall.action_prepare()
        recall.with_user(second).action_activate()
        out = self.delivery(360)
        answers = self.send(out, self.case(0), self.pallet(0), self.case(2), first=0)
        self.assertEqual([a["reason"] for a in answers], ["recalled", "recalled", ""])
        apart = self.env["stock.location"].create({
            "name": "隔离区", "location_id": self.depot.lot_stock_id.id, "company_id": self.company.id,
        })  # fmt: skip
        picking = self.transfer(self.depot.lot_stock_id, apart, self.depot.int_type_id, 6)
        self.assertTrue(self.send(picking, self.case(0), first=5)[0]["ok"])
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_the_kind_of_order_is_the_purpose_of_the_codes(self):
        """R18 and the order kinds of trade.md: each of the seven kinds goes with the codes."""
        for number, (kind, _label) in enumerate(ORDER_KINDS):
            with self.subTest(kind=kind):
                picking = self.sale(kind, 6).picking_ids.with_user(self.warehouse)
                self.assertTrue(self.send(picking, self.case(number), first=number)[0]["ok"])
                picking.button_validate()
                event = self.env["liquor.scan.event"].search([("reference", "=", picking.name)])
                self.assertEqual((event.kind, event.purpose), ("ship", kind))

    def test_an_order_in_cases_is_filled_in_bottles(self):
        """Ten cases of six on the order: each case scanned is six bottles, ten make it full, one bottle is no 0.17."""
        six = self.env["uom.uom"].create({
            "name": "六瓶箱",
            "relative_factor": 6,
            "relative_uom_id": self.product.uom_id.id,
        })
        self.product.uom_ids |= six
        picking = self.delivery(12)
        move = picking.move_ids.sudo()
        move._do_unreserve()
        move.write({"product_uom": six.id, "product_uom_qty": 10})
        answers = self.send(
            picking,
            *(self.case(number) for number in range(9)),
            *(self.codes._code("cap_outer", number) for number in range(54, 60)),
            self.case(11),
        )
        self.assertEqual([a["reason"] for a in answers], [""] * 15 + ["over_quantity"])
        self.assertEqual((move.quantity, sum(move.move_line_ids.mapped("quantity_product_uom"))), (10, 60))

    def test_one_pallet_for_two_lines_of_an_order(self):
        picking = self.delivery(200)
        line = picking.move_ids
        self.env["stock.move"].create({
            "picking_id": picking.id,
            "product_id": self.product.id,
            "product_uom_qty": 160,
            "state": "confirmed",
            "location_id": line.location_id.id,
            "location_dest_id": line.location_dest_id.id,
            "sequence": 99,
            "price_unit": 1,
            "company_id": self.company.id,
        })
        [answer] = self.send(picking, self.pallet(0))
        self.assertTrue(answer["ok"], answer)
        picked = [
            (m.product_uom_qty, sum(m.move_line_ids.filtered("picked").mapped("quantity"))) for m in picking.move_ids
        ]
        self.assertEqual(picked, [(200, 200), (160, 160)])
        picking.liquor_scan_undo()
        self.assertFalse(picking.move_line_ids.filtered("picked"))

    # --- taken back ------------------------------------------------------------------------------------------

    def test_a_delivery_is_taken_back(self):
        """Two cases go out and come back: stock, order and custody are as before, and they can be shipped again."""
        order = self.sale("normal", 12)
        out = order.picking_ids.with_user(self.warehouse)
        before = self.stock()
        self.send(out, self.case(0), self.case(1))
        out.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 12)
        back = self.env["stock.picking"].browse(out.action_liquor_unship()["res_id"])
        self.product.invalidate_recordset()
        self.assertEqual((back.state, self.stock(), order.order_line.qty_delivered), ("done", before, 0))
        self.assertEqual(self.holder(self.case(1)), self.company.partner_id)
        with self.assertRaises(UserError):
            out.action_liquor_unship()
        third = self.delivery(12, partner=self.rival)
        self.assertTrue(all(a["ok"] for a in self.send(third, self.case(0), self.case(1), first=7)))
        third.button_validate()
        self.assertEqual(self.holder(self.case(0)), self.rival)
        self.assertCustodyProven()

    def test_what_moved_on_is_not_taken_back(self):
        out = self.delivery(12)
        self.send(out, self.case(0), self.case(1))
        out.button_validate()
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(1), minutes=121), "accepted")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            out.action_liquor_unship()
        self.assertEqual(self.holder(self.case(0)), self.distributor)

    # --- queries ---------------------------------------------------------------------------------------------

    def count(self, picking, codes):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        answers = picking.liquor_scan([*codes])["answers"]
        self.env.flush_all()
        self.assertTrue(all(answer["ok"] for answer in answers))
        return self.env.cr.sql_log_count - before

    def test_one_case_costs_the_same_in_a_full_order(self):
        """The 3rd case and the 101st: the same number of queries."""
        picking = self.delivery(720)
        self.scan(picking, self.case(0))
        self.count(picking, [self.case(1)])  # what is read once for the whole process
        early = self.count(picking, [self.case(2)])
        self.scan(picking, *(self.case(number) for number in range(3, 100)))
        late = self.count(picking, [self.case(100)])
        self.assertEqual(late, early)

    def test_a_list_of_five_hundred_costs_what_one_costs(self):
        """500 bottles pasted at once (83 cases of them whole)."""
        picking = self.delivery(720)
        bottles = [self.codes._code("cap_outer", number) for number in range(502)]
        self.count(picking, bottles[:1])
        one = self.count(picking, bottles[1:2])
        many = self.count(picking, bottles[2:])
        self.assertLessEqual(many, one + 2, f"{one} queries for 1, {many} for 500")

    # --- the close list --------------------------------------------------------------------------------------

    def test_the_close_list_says_what_was_wrong(self):
        """24 expected, 18 scanned; one unknown, two repeated: 18 / 24 stays so after the back order is made."""
        picking = self.delivery(24)
        self.send(picking, self.case(0), self.case(1), self.case(0), self.case(0), "nonsense", self.case(2))
        picking.with_context(skip_backorder=True).button_validate()
        [entry] = picking._liquor_close_list()
        self.assertEqual((entry["expected"], entry["scanned"], entry["units"]), (24, 18, 3))
        self.assertEqual([(line["difference"], line["lots"]) for line in entry["lines"]], [(-6, {"2603A": 18})])
        self.assertEqual(
            [(number, codes) for _words, number, codes in entry["wrong"]], [(2, [self.case(0)] * 2), (1, ["nonsense"])]
        )
        html = self.env["ir.actions.report"]._render_qweb_html("liquor_scan.report_close_list", picking.ids)[0]
        self.assertIn("nonsense", html.decode())
        book = load_workbook(io.BytesIO(picking._liquor_close_workbook()))
        goods, wrong = ([[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book)
        self.assertEqual(goods[1][5:8], [24, 18, -6])
        self.assertEqual([row[4] for row in wrong[1:3]], [2, 1])
        with self.assertRaises(AccessError):
            picking.with_user(self.shop_user)._liquor_close_list()
