"""Counts (盘点) by shop, distributor and field staff: proof beside the codes, moving nothing (R10)."""

import re

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..flow.common import FlowCase

KEY = "C-abcdefgh1234"


class CountCase(FlowCase):
    def counts(self, **more):
        return self.env["liquor.stock.count"].search([("company_id", "=", self.company.id), *more.items()])

    def take_count(self, typed=None, party=None, user=None, key=KEY):
        typed = {self.product.id: typed} if isinstance(typed, int) else typed or {}
        return self.env["liquor.stock.count"]._take_count(
            self.company, party or self.shop, user or self.shop_user, typed, key, counted_by="own"
        )

    def held(self, party):
        return self.env["liquor.custody"]._held_by(self.company, party)


@tagged("post_install", "-at_install")
class TestHeld(CountCase):
    def test_every_bottle_is_at_one_party(self):
        """360 shipped as a pallet, 60 of them as 10 cases to a shop, two bottles sold there, a case back."""
        self.ship(self.pallet())
        self.assertEqual(self.held(self.distributor), {self.product.id: 360})
        for number in range(10):
            self.one(self.shop_user, "receive", self.case(number))
        self.assertEqual((self.held(self.distributor), self.held(self.shop)),
                         ({self.product.id: 300}, {self.product.id: 60}))  # fmt: skip
        self.one(self.shop_user, "unpack", self.case(0))
        for number in (0, 7):  # of the opened case and of a closed one
            answer = self.one(self.shop_user, "sell", self.codes._code("cap_outer", number))
            self.assertAnswer(answer, "accepted")
        self.assertEqual(self.held(self.shop), {self.product.id: 58})
        self.one(self.shop_user, "return", self.case(9))
        self.assertEqual((self.held(self.distributor), self.held(self.shop)),
                         ({self.product.id: 306}, {self.product.id: 52}))  # fmt: skip
        self.assertEqual(self.held(self.rival), {})

    def test_what_is_on_the_way_is_nobody_s(self):
        self.ship(self.pallet())
        self.one(self.distributor_user, "ship", self.case(), to="T001")
        self.assertEqual((self.held(self.distributor), self.held(self.shop)), ({self.product.id: 354}, {}))


@tagged("post_install", "-at_install")
class TestCount(CountCase):
    def receive(self, *numbers):
        self.ship(self.pallet())
        for number in numbers:
            self.assertAnswer(self.one(self.shop_user, "receive", self.case(number)), "accepted")

    def test_differences_are_proof_and_move_nothing(self):
        """18 by codes; 2 cases of its own and one of the distributor are scanned, 3 bottles typed: 21 counted."""
        self.receive(0, 1, 2)
        for number in (0, 1, 30):
            self.assertAnswer(self.one(self.shop_user, "count", self.case(number), reference=KEY), "accepted")
        before = [(row.holder_id, row.state) for row in self.env["liquor.custody"].search([])]
        line = self.take_count(3).line_ids
        self.assertEqual(
            (line.typed_bottles, line.scanned_bottles, line.elsewhere_bottles, line.counted_bottles),
            (3, 18, 6, 21),
        )
        self.assertEqual((line.recorded_bottles, line.difference), (18, 3))
        self.assertEqual([(row.holder_id, row.state) for row in self.env["liquor.custody"].search([])], before)
        self.assertEqual(self.holder(self.case(30)), self.distributor)
        self.assertCustodyProven()

    def test_a_pallet_and_a_case_in_it_are_one_pallet(self):
        self.receive(0)
        self.one(self.shop_user, "count", self.pallet(), reference=KEY)
        self.one(self.shop_user, "count", self.case(3), reference=KEY)
        self.one(self.shop_user, "count", self.case(3), reference="C-otherother")
        event = self.event("count", self.case(70), reference=KEY)
        self.take(self.shop_user, event)
        self.one(self.shop_user, "void", undo_of=event["id"])
        self.assertEqual(self.take_count().line_ids.scanned_bottles, 360)

    def test_sent_twice_it_counts_once(self):
        first = self.take_count(6)
        self.assertEqual(self.take_count(7), first)
        self.assertEqual(first.line_ids.counted_bottles, 6)

    def test_a_distributor_counts_too(self):
        self.ship(self.pallet())
        count = self.take_count(350, self.distributor, self.distributor_user)
        self.assertEqual((count.party_kind, count.line_ids.recorded_bottles, count.line_ids.difference),
                         ("distributor", 360, -10))  # fmt: skip

    def test_nothing_changes_afterwards(self):
        count = self.take_count(6)
        with self.assertRaises(UserError):
            count.sudo().note = "x"
        with self.assertRaises(UserError):
            count.line_ids.sudo().unlink()

    def test_nothing_to_count(self):
        with self.assertRaises(UserError):
            self.take_count()
        with self.assertRaises(ValidationError):
            self.take_count(6, party=self.printer)
        with self.assertRaises(ValidationError):
            self.take_count({10**8: 6})

    def test_field_staff_type_what_they_find(self):
        """Who counted, when and what the codes say is not theirs to type."""
        self.receive(0)
        staff = self.user("count_field")
        staff.group_ids |= self.env.ref("liquor_member.group_field")
        counts = self.env["liquor.stock.count"].with_user(staff).with_company(self.company)
        line = {"product_id": self.product.id, "typed_bottles": 4, "recorded_bottles": 99, "counted_bottles": 99}
        forged = {"user_id": self.shop_user.id, "taken_at": "2020-01-01 00:00:00", "party_kind": "distributor"}
        count = counts.create({"party_id": self.shop.id, "line_ids": [Command.create(line)], **forged})
        self.assertEqual((count.user_id, count.counted_by, count.party_kind), (staff, "staff", "terminal"))
        self.assertEqual((count.line_ids.counted_bottles, count.line_ids.recorded_bottles, count.line_ids.difference),
                         (4, 6, -2))  # fmt: skip
        with self.assertRaises(AccessError):
            self.env["liquor.stock.count.line"].with_user(staff).create({"count_id": count.id, **line})
        other = self.env["res.company"].create({"name": "别家酒业"})
        for wrong, error in (
            ({"company_id": other.id}, AccessError),
            ({"party_id": False}, ValidationError),
            ({"line_ids": []}, UserError),
            ({"line_ids": [Command.link(count.line_ids.id)]}, ValidationError),
            ({"line_ids": [Command.create({**line, "typed_bottles": -1})]}, ValidationError),
        ):
            with self.assertRaises(error, msg=str(wrong)):
                counts.create({"party_id": self.shop.id, "line_ids": [Command.create(line)], **wrong})
        with self.assertRaises(AccessError):
            counts.with_user(self.shop_user).create({"party_id": self.shop.id, "line_ids": [Command.create(line)]})


@tagged("post_install", "-at_install")
class TestCountPage(CountCase, HttpCase):
    def test_a_shop_counts_on_its_phone(self):
        self.ship(self.pallet())
        self.one(self.shop_user, "receive", self.case())
        self.authenticate("flow_shop", "flow_shop")
        page = self.url_open("/my/terminal/count").text
        key = re.search(r'name="key" value="(C-[^"]+)"', page)[1]
        scan = self.url_open(f"/my/terminal/scan?count={key}").text
        self.assertIn(f'data-count="{key}"', scan)
        self.assertIn('data-mode="count"', scan)
        self.assertNotIn('data-mode="receive"', scan)
        self.one(self.shop_user, "count", self.case(), reference=key)
        page = self.url_open(f"/my/terminal/count?key={key}").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        form = {"csrf_token": token, "key": key, f"c_{self.product.id}": "1", f"b_{self.product.id}": "2"}
        for _again in range(2):
            stored = self.url_open("/my/terminal/count", data=form)
            self.assertIn("message=counted", stored.url, re.findall(r"alert-danger[^>]*>([^<]+)", stored.text))
        line = self.counts().line_ids
        self.assertEqual((line.scanned_bottles, line.typed_bottles, line.counted_bottles), (6, 8, 14))
        self.assertIn("14", self.url_open("/my/terminal/stock").text)
        self.authenticate("flow_distributor", "flow_distributor")
        own = self.url_open("/my/channel/stock").text
        self.assertIn("354", own)
        self.assertIn("福来烟酒", own, "his shop's figure")
        self.authenticate("flow_rival_shop", "flow_rival_shop")
        self.assertNotIn("福来烟酒", self.url_open("/my/terminal/stock").text)

    def test_odd_forms(self):
        self.authenticate("flow_shop", "flow_shop")
        page = self.url_open("/my/terminal/count?key=<script>").text
        self.assertNotIn("<script>&", page)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        for odd in ({}, {"c_x": "1"}, {"c_-1": "5"}, {f"c_{10**8}": "5"}, {"b_²": "1"}):
            answer = self.url_open("/my/terminal/count", data={"csrf_token": token, "key": KEY, **odd})
            self.assertIn("alert-danger", answer.text, odd)
        self.assertFalse(self.counts())
