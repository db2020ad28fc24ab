from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..flow.common import FlowCase


@tagged("post_install", "-at_install")
class TestCodeReplacement(FlowCase):
    """Damaged label: a new code linked to the old one; a supervisor other than the asker agrees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spare = cls.batch(360)
        cls.manager = cls.user("label_manager", "group_scan_manager")

    def ask(self, user=None, old=None, new=None):
        return self.env["liquor.code.replacement"].with_user(user or self.warehouse).create({
            "old_code": old or self.case(3), "new_code": new or self.spare._code("case_outer", 9), "reason": "撕坏",
        })  # fmt: skip

    def test_new_label_stands_for_the_old_unit(self):
        self.ship(self.pallet())
        new = self.spare._code("case_outer", 9)
        one = self.ask()
        self.assertEqual(self.env["liquor.code.batch"]._locate([new])[new].batch, self.spare)
        one.with_user(self.manager).action_approve()
        place = self.env["liquor.code.batch"]._locate([new])[new]
        self.assertEqual((place.batch, place.index, place.first, place.state), (self.codes, 3, 18, "active"))
        self.assertAnswer(self.one(self.shop_user, "receive", new), "accepted")
        self.assertEqual(self.holder(self.codes._code("cap_outer", 20)), self.shop)
        self.assertAnswer(self.one(self.shop_user, "return", self.case(3)), "rejected", "void_code")
        self.assertCustodyProven()

    def test_who_decides(self):
        own = self.ask(user=self.manager)
        with self.assertRaises(UserError):
            own.with_user(self.manager).action_approve()
        with self.assertRaises(AccessError):
            own.with_user(self.warehouse).action_approve()
        own.with_user(self.user("label_second", "group_scan_manager")).action_refuse()
        with self.assertRaises(UserError):
            own.with_user(self.user("label_third", "group_scan_manager")).action_approve()
        self.assertEqual(self.env["liquor.code.batch"]._locate([self.case(3)])[self.case(3)].state, "active")

    def test_what_cannot_be_asked(self):
        self.ship(self.spare._code("case_outer", 8))
        self.ask()
        for old, new in (
            (self.cap(3), self.spare._code("cap_inner", 3)),
            (self.codes._code("case_inner", 3), self.spare._code("case_inner", 4)),
            (self.case(3), self.case(3)),
            (self.case(3), self.spare._code("pallet", 0)),
            (self.case(4), self.spare._code("case_outer", 8)),
            (self.case(4), "nothing"),
        ):
            with self.subTest(new), self.assertRaises(UserError):
                self.ask(old=old, new=new)
        forged = self.env["liquor.code.replacement"].with_user(self.warehouse).with_context(default_state="approved")
        one = forged.create({
            "old_code": self.case(5), "new_code": self.spare._code("case_outer", 20), "reason": "x",
            "state": "approved", "asked_by_id": self.manager.id, "unit_index": 7, "company_id": 1,
        })  # fmt: skip
        self.assertEqual((one.state, one.asked_by_id, one.unit_index), ("asked", self.warehouse, 5))
        with self.assertRaises(UserError):
            one.write({"state": "approved"})
        with self.assertRaises(AccessError):
            self.ask(user=self.shop_user)
