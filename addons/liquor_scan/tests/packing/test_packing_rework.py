from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..flow.common import FlowCase


@tagged("post_install", "-at_install")
class TestRepack(FlowCase):
    """Re-pack = unpack and pack events, the old case code is void (spec codes.md, returns)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spare = cls.batch(360)

    def caps(self, *numbers):
        return [self.codes._code("cap_outer", number) for number in numbers]

    def desk(self, mode, old, codes, new=None, user=None):
        desk = self.env["liquor.packing.desk"].with_user(user or self.warehouse).create({
            "mode": mode, "old_code": old, "new_code": new, "codes": "\n".join(codes), "reason": "碎了一瓶",
        })  # fmt: skip
        desk.action_save()
        return desk

    def label(self, index=0):
        return self.spare._code("case_outer", index)

    def test_bottles_go_into_the_new_case_and_with_it(self):
        """Case 3 holds bottles 18 to 23."""
        self.desk("repack", self.case(3), self.caps(*range(18, 24)), self.label())
        kinds = self.env["liquor.scan.event"].search([("batch_id", "in", (self.codes | self.spare).ids)]).mapped("kind")
        self.assertEqual(sorted(kinds), ["pack", "unpack"])
        traced = self.env["liquor.custody"]._trace(self.caps(18)[0])
        (linked,) = [hop for hop in traced["packed"] if hop.method == "manual"]
        self.assertEqual((linked.parent.batch, linked.parent.level, linked.parent.index), (self.spare.id, 6, 0))
        locate = self.env["liquor.code.batch"]._locate
        self.assertEqual(locate([self.case(3)])[self.case(3)].state, "void")
        self.assertEqual(locate([self.case(4)])[self.case(4)].state, "active")
        self.assertEqual(locate(self.caps(18))[self.caps(18)[0]].state, "active")
        self.assertAnswer(self.one(self.warehouse, "ship", self.case(3), to="D001"), "rejected", "void_code")
        self.one(self.warehouse, "ship", self.label(), to="D001", minutes=121)
        self.assertEqual(self.holder(self.caps(20)[0]), self.distributor)
        # what stayed on the pallet is still ours
        self.assertNotEqual(self.holder(self.caps(24)[0]), self.distributor)
        self.assertCustodyProven()

    def test_from_a_linked_case_that_was_opened_before(self):
        self.one(self.warehouse, "unpack", self.case(3))
        self.desk("repack", self.case(3), self.caps(*range(18, 24)), self.label())
        inside = self.env["liquor.code.link"]._inside([(self.spare.id, 6, 0)])
        self.assertEqual({one.index for one in inside[self.spare.id, 6, 0]}, set(range(18, 24)))
        self.desk("repack", self.label(), self.caps(*range(18, 24)), self.label(1))
        inside = self.env["liquor.code.link"]._inside([(self.spare.id, 6, 0), (self.spare.id, 6, 1)])
        self.assertEqual({one.index for one in inside[self.spare.id, 6, 1]}, set(range(18, 24)))
        self.assertNotIn((self.spare.id, 6, 0), inside)

    def test_what_is_refused(self):
        six = self.caps(*range(18, 24))
        self.ship(self.case(5))
        self.one(self.warehouse, "pack", self.label(7))
        for old, new, codes in (
            (self.case(3), self.label(), six[:5]),
            (self.case(3), self.label(), [*six[:5], self.caps(24)[0]]),
            (self.case(3), self.label(), [*six[:5], six[0]]),
            (self.case(3), self.case(3), six),
            (self.case(3), self.pallet(), six),
            (self.case(3), self.label(7), six),
            (self.case(5), self.label(), self.caps(*range(30, 36))),
            (self.case(3), "4000000000000000X", six),
            (self.case(3), self.label(), ["x" * 300]),
        ):
            with self.subTest(new), self.assertRaises(UserError), self.env.cr.savepoint():
                self.desk("repack", old, codes, new)
        self.assertFalse(self.env["liquor.code.link"].search([("child_batch_id", "=", self.codes.id)]))
        with self.assertRaises(UserError):
            self.desk("repack", self.case(3), six * 100, self.label())

    def test_rights(self):
        six = self.caps(*range(18, 24))
        for user in (self.user("rework_officer", "group_case_officer"), self.shop_user):
            with self.assertRaises(AccessError):
                self.desk("repack", self.case(3), six, self.label(), user=user)
            with self.assertRaises(AccessError):
                self.env["liquor.packing.rework"]._repack(user, self.case(3), self.label(), six, "x")
        stranger = self.env["res.users"].with_context(no_reset_password=True).create({
            "name": "x", "login": "rework_stranger",
            "group_ids": [(6, 0, self.env.ref("liquor_scan.group_warehouse").ids)],
            "company_id": self.env.ref("base.main_company").id,
            "company_ids": [(6, 0, self.env.ref("base.main_company").ids)],
        })  # fmt: skip
        with self.assertRaises(UserError):
            self.env["liquor.packing.rework"]._repack(stranger, self.case(3), self.label(), six, "x")

    def test_links_put_right(self):
        """The camera saw bottles 18 to 23 in case 0 of the spare batch; in truth 23 lies in case 1 and 24 in case 0."""
        self.desk("repair", self.label(), self.caps(*range(18, 24)))
        self.desk("repair", self.label(1), self.caps(*range(24, 30)))
        desk = self.desk("repair", self.label(), self.caps(18, 19, 20, 21, 22, 24))
        self.assertIn("1", desk.outcome)
        self.desk("repair", self.label(1), self.caps(23, 25, 26, 27, 28, 29))
        inside = self.env["liquor.code.link"]._inside([(self.spare.id, 6, 0), (self.spare.id, 6, 1)])
        self.assertEqual({one.index for one in inside[self.spare.id, 6, 0]}, {18, 19, 20, 21, 22, 24})
        self.assertEqual({one.index for one in inside[self.spare.id, 6, 1]}, {23, 25, 26, 27, 28, 29})

    def test_preview_counts_and_names_what_is_wrong(self):
        desk = self.env["liquor.packing.desk"].with_user(self.warehouse).new({
            "mode": "check", "old_code": self.case(3), "codes": "\n".join([*self.caps(18, 19), "<b>x</b>"]),
        })  # fmt: skip
        self.assertIn("2 / 6", desk.preview)
        self.assertNotIn("<b>", desk.preview)
        self.assertFalse(desk.is_full)
