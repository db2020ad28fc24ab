"""Counting a place of the warehouse by scanning: expected, found, applied by somebody else."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_transfers import TransferCase


@tagged("post_install", "-at_install")
class TestWarehouseCount(TransferCase):
    """By the books 720 bottles of lot 2603A lie in the depot."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.user("count_manager", "group_scan_manager")
        cls.manager.group_ids |= cls.env.ref("stock.group_stock_user")
        cls.place = cls.depot.lot_stock_id

    def begin(self):
        return self.env["liquor.warehouse.count"].with_user(self.warehouse).create({
            "company_id": self.company.id, "location_id": self.place.id,
        })  # fmt: skip

    def find(self, count, *codes, first=0):
        events = [{"id": f"c-{number}", "code": code} for number, code in enumerate(codes, start=first)]
        return count.liquor_scan_take(events)["answers"]

    def quantity(self):
        quants = self.env["stock.quant"].search([("location_id", "=", self.place.id), ("lot_id", "=", self.lot.id)])
        return sum(quants.mapped("quantity"))

    def test_what_is_missing_leaves_the_books(self):
        """One pallet (360) and 58 of the 60 cases of the other (348): 708 of 720 found, 12 are written off."""
        count = self.begin()
        answers = self.find(count, self.pallet(0), *(self.case(number) for number in range(60, 118)))
        self.assertEqual({a["reason"] for a in answers}, {""})
        [line] = count.liquor_scan_state()["lines"]
        self.assertEqual((line["expected"], line["scanned"]), (720, 708))
        count.action_propose()
        self.assertEqual([(one.lot_id, one.expected, one.found, one.difference) for one in count.line_ids],
                         [(self.lot, 720, 708, -12)])  # fmt: skip
        with self.assertRaises(AccessError):
            count.action_apply()
        self.assertEqual(self.quantity(), 720)
        count.with_user(self.manager).action_apply()
        self.assertEqual((self.quantity(), count.state, count.approved_by_id), (708, "done", self.manager))
        events = self.env["liquor.scan.event"].search([("reference", "=", count.name)])
        self.assertEqual((len(events), set(events.mapped("kind"))), (59, {"count"}))
        with self.assertRaises(UserError):
            count.with_user(self.manager).action_apply()

    def test_what_is_too_much_comes_into_the_books(self):
        self.env["stock.quant"]._update_available_quantity(self.product, self.place, -360, lot_id=self.lot)
        count = self.begin()
        self.find(count, self.pallet(0), self.case(60))
        count.action_propose()
        count.with_user(self.manager).action_apply()
        self.assertEqual(self.quantity(), 366)

    def test_what_is_wrong_in_a_count(self):
        self.ship(self.case(70))
        count = self.begin()
        answers = self.find(
            count, self.pallet(0), self.case(3), self.pallet(0), "nonsense", self.cap(400), self.case(70),
            self.pallet(1), self.case(61), self.pallet(1),
        )  # fmt: skip
        self.assertEqual(
            [a["reason"] for a in answers],
            ["", "already_scanned", "already_scanned", "unknown_code", "consumer_code", "not_in_stock",
             "part_elsewhere", "", "part_elsewhere"],
        )  # fmt: skip
        self.assertEqual([a["repeated"] for a in self.find(count, self.pallet(0))], [True])
        [undone, again] = count.liquor_scan_take([{"id": "u", "undo_of": "c-0"}, {"id": "n", "code": self.case(3)}])[
            "answers"
        ]
        self.assertTrue(undone["ok"] and again["ok"], again)
        self.assertEqual(count.liquor_scan_state()["lines"][0]["scanned"], 12)

    def test_who_counted_does_not_apply(self):
        count = self.begin()
        self.find(count.with_user(self.manager), self.pallet(0))
        count.action_propose()
        with self.assertRaises(AccessError):
            count.with_user(self.manager).action_apply()
        with self.assertRaises(AccessError):
            count.write({"state": "done"})
        with self.assertRaises(UserError):
            count.write({"location_id": self.depot.wh_input_stock_loc_id.id})
        with self.assertRaises(ValidationError):
            self.begin().location_id = self.env.ref("stock.stock_location_customers")
        for user in (self.shop_user, self.distributor_user):
            with self.assertRaises(AccessError):
                count.with_user(user).liquor_scan_state()
            with self.assertRaises(AccessError):
                self.find(count.with_user(user), self.case(0))

    def test_stock_that_moved_meanwhile_stops_it(self):
        count = self.begin()
        self.find(count, self.pallet(0), self.pallet(1))
        count.action_propose()
        out = self.delivery(6)
        self.send(out, self.case(5), first=50)
        out.button_validate()
        with self.assertRaises(UserError):
            count.with_user(self.manager).action_apply()
        count.action_reopen()
        self.assertEqual(self.find(count, self.case(8), first=60)[0]["reason"], "already_scanned")
        count.action_cancel()
        self.assertEqual(self.find(count, self.case(9), first=70)[0]["reason"], "transfer_closed")
        self.assertEqual(self.quantity(), 714)

    def test_goods_of_packages(self):
        """A lot in two packages of 360: 354 are found, 366 leave, out of the packages, none below zero."""
        self.env["stock.quant"]._update_available_quantity(self.product, self.place, -720, lot_id=self.lot)
        picking = self.production(720)
        self.send(picking, self.pallet(0), self.pallet(1), first=80)
        picking.button_validate()
        count = self.begin()
        self.find(count, *(self.case(number) for number in range(59)))
        count.action_propose()
        count.with_user(self.manager).action_apply()
        quants = self.env["stock.quant"].search([("location_id", "=", self.place.id), ("lot_id", "=", self.lot.id)])
        self.assertEqual((sum(quants.mapped("quantity")), min(quants.mapped("quantity")) >= 0), (354, True))

    def test_queries_do_not_grow(self):
        count = self.begin()

        def queries(first, last):
            codes = [self.case(number) for number in range(first, last)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(all(a["ok"] for a in self.find(count, *codes, first=first)))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(0, 1)
        one = queries(1, 2)
        queries(2, 50)
        self.assertEqual((queries(50, 51), queries(51, 110)), (one, one))
