from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..flow.common import FlowCase


@tagged("post_install", "-at_install")
class TestPackingCheck(FlowCase):
    """One of 50 cases fully scanned; a mismatch stops the roll's activation and shipping until it is released."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.user("check_manager", "group_scan_manager")
        cls.roll = cls.order(720).batch_ids

    def check(self, batch=None, **values):
        return self.env["liquor.packing.check"].with_user(self.warehouse).create({
            "name": "R-1", "batch_id": (batch or self.codes).id, "first": 1, "last": 720, **values,
        })  # fmt: skip

    def caps(self, case, batch=None):
        return [(batch or self.codes)._code("cap_outer", 6 * case + n) for n in range(6)]

    def test_enough_cases_pass(self):
        """720 bottles are 120 cases: three of them."""
        check = self.check()
        self.assertEqual(check.planned_count, 3)
        for case in (0, 60, 119):
            self.assertEqual(check.state, "open")
            self.assertFalse(check._sample(self.case(case), self.caps(case)).fault)
        self.assertEqual((check.state, check.checked_count), ("passed", 3))

    def test_one_mismatch_stops_until_somebody_else_releases(self):
        check = self.check()
        desk = self.env["liquor.packing.desk"].with_user(self.warehouse).create({
            "mode": "check", "check_id": check.id, "old_code": self.case(2),
            "codes": "\n".join([*self.caps(2)[:5], self.caps(3)[0]]),
        })  # fmt: skip
        desk.action_save()
        self.assertEqual((check.state, check.case_ids.fault), ("stopped", "wrong_unit"))
        self.assertAnswer(self.one(self.warehouse, "ship", self.pallet(), to="D001"), "rejected", "roll_stopped")
        self.assertAnswer(self.one(self.warehouse, "ship", self.case(80), to="D001"), "rejected", "roll_stopped")
        with self.assertRaises(UserError):
            check._sample(self.case(5), self.caps(5))
        with self.assertRaises(AccessError):
            check.action_release()
        with self.assertRaises(UserError):
            check.with_user(self.manager).action_release()
        check.with_user(self.manager).release_reason = "标签机校准"
        check.with_user(self.manager).action_release()
        self.assertEqual((check.state, check.released_by_id), ("released", self.manager))
        self.ship(self.pallet())

    def test_what_was_taken_out_of_the_roll_is_stopped_and_its_empty_case_is_not(self):
        """Bottle 18 of case 3 was packed into a case of another batch before the roll was stopped."""
        other = self.order(360).batch_ids
        self.env["liquor.code.range"]._book(other, "active", 0, 359)
        label = other._code("case_outer", 0)
        self.env["liquor.packing.rework"]._repack(self.warehouse, self.case(3), label, self.caps(3), "碎了")
        check = self.check(last=360)
        check._sample(self.case(0), self.caps(0)[:5])
        ship = [self.one(self.warehouse, "ship", code, to="D001")["reason"]
                for code in (label, other._code("case_outer", 1), self.pallet(1))]  # fmt: skip
        self.assertEqual(ship, ["roll_stopped", "", ""])

    def test_a_line_does_not_pack_a_stopped_roll(self):
        other = self.order(360).batch_ids
        self.env["liquor.code.range"]._book(other, "active", 0, 359)
        self.check(other, last=180)._sample(other._code("case_outer", 0), self.caps(0, other)[:5])
        cartons = [{"parent": self.case(n), "children": self.caps(case, other)} for n, case in ((0, 29), (1, 30))]
        answer = self.env["liquor.association"]._take(
            self.warehouse, "roll-2", cartons, None, company=self.company
        )  # fmt: skip
        self.assertEqual((answer["accepted"], [(one["parent"], one["reason"]) for one in answer["refused"]]),
                         (6, [(self.case(0), "roll_stopped")]))  # fmt: skip

    def test_a_trace_that_nobody_changes(self):
        check = self.check()
        check.with_context(tracking_disable=True, mail_notrack=True)._sample(self.case(0), self.caps(0)[:5])
        stop = check.stop_ids
        self.assertEqual((stop.kind, stop.fault, stop.user_id), ("stopped", "wrong_count", self.warehouse))
        for user in (self.warehouse, self.manager):
            for change in (lambda row: row.write({"reason": "x"}), lambda row: row.unlink()):
                with self.assertRaises(UserError):
                    change(stop.with_user(user))
        with self.assertRaises(AccessError):
            self.env["liquor.packing.stop"].with_user(self.manager).create({
                "check_id": check.id, "kind": "released", "reason": "x",
            })  # fmt: skip

    def test_stopped_roll_is_not_activated(self):
        check = self.check(self.roll, last=360)
        check._sample(self.roll._code("case_outer", 0), self.caps(0, self.roll)[:5])
        self.assertEqual(check.case_ids.fault, "wrong_count")
        book = self.env["liquor.code.range"]._book
        with self.assertRaises(UserError):
            book(self.roll, "active", 0, 719)
        book(self.roll, "active", 360, 719)

    def test_checker_does_not_release(self):
        check = self.check().with_user(self.manager)
        check._sample(self.case(0), self.caps(1))
        check.release_reason = "x"
        with self.assertRaises(UserError):
            check.action_release()

    def test_bad_input(self):
        check = self.check(last=360)
        for case, codes in (
            (self.case(60), self.caps(60)),
            (self.pallet(), self.caps(0)),
            ("nothing", []),
            (self.case(0), ["x"] * 401),
            (self.case(0), "text"),
        ):
            with self.assertRaises(UserError):
                check._sample(case, codes)
        desks = self.env["liquor.packing.desk"].with_user(self.warehouse)
        with self.assertRaises(UserError):
            desks.create({"mode": "check", "old_code": self.case(0), "codes": "x"}).action_save()
        check._sample(self.case(0), self.caps(0))
        with self.assertRaises(UserError):
            check._sample(self.case(0), self.caps(0))
        with self.assertRaises(UserError):
            check.write({"last": 720})
        with self.assertRaises(AccessError):
            check.write({"state": "passed"})
        with self.assertRaises(AccessError):
            check.case_ids.unlink()
