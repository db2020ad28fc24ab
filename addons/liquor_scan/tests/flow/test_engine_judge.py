"""What a scan does to the goods: the rules of trade.md R9 and spec/codes.md 1-4, one by one."""

import unittest
from datetime import datetime, timedelta

from ...engine.flow.board import Actor, Board, Scanned, Supply, Target
from ...engine.flow.custody import GONE, HELD, IN_TRANSIT, OPENED, Row
from ...engine.flow.judge import distance, judge
from ...engine.flow.transitions import TABLE, as_markdown
from ...engine.flow.units import Unit, arithmetic_parents

DAY = datetime(2026, 11, 21, 8)
MAKER, DIST, RIVAL, SHOP, SHOP2 = 10, 20, 21, 30, 31
PRODUCT = 5
BOTTLE, CASE, PALLET = Unit(1, 1, 7), Unit(1, 6, 1), Unit(1, 360, 0)
ACTORS = {
    MAKER: Actor(MAKER, frozenset(["maker"])),
    DIST: Actor(DIST, frozenset(["distributor"])),
    RIVAL: Actor(RIVAL, frozenset(["distributor"])),
    SHOP: Actor(SHOP, frozenset(["terminal"])),
    SHOP2: Actor(SHOP2, frozenset(["terminal"])),
}
TARGETS = {
    MAKER: Target(MAKER, "maker"),
    DIST: Target(DIST, "distributor"),
    SHOP: Target(SHOP, "terminal"),
    SHOP2: Target(SHOP2, "terminal"),
}


class Yard:
    """A board with one pallet, its case and bottle; each scan moves the goods as it would in a call."""

    def __init__(self):
        self.board = Board(MAKER)
        for unit in (BOTTLE, CASE, PALLET, Unit(1, 6, 0), Unit(1, 1, 6)):
            self.board.parents[unit] = arithmetic_parents(unit, (1, 6, 360))
        self.supply = Supply({(SHOP, PRODUCT): DIST, (SHOP2, PRODUCT): DIST})
        self.seq = 0

    def scan(self, kind, party, unit, to=None, hours=None, code="case_outer", state="active", **more):
        self.seq += 1
        at = DAY + timedelta(hours=self.seq if hours is None else hours)
        scanned = Scanned(unit, code, state, PRODUCT, unit.level > 1)
        verdict = judge(kind, ACTORS[party], scanned, self.board, self.supply, at, self.seq, TARGETS.get(to), **more)
        if verdict.row is not None:
            kept = self.board.rows.get(unit)
            if kept is None or verdict.row.order > kept.order:
                self.board.place(unit, verdict.row)
        return verdict


class JudgeCase(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.yard = Yard()
        self.scan = self.yard.scan

    def assertVerdict(self, verdict, status, reason=""):
        self.assertEqual((verdict.status, verdict.reason), (status, reason))
        if status != "accepted":
            self.assertIsNone(verdict.row, "what is not accepted moves nothing")
            self.assertEqual(verdict.fact, "", "what is not accepted pays nothing")


class TestReceipt(JudgeCase):
    def test_way_of_a_case(self):
        self.assertVerdict(self.scan("pack", MAKER, PALLET), "accepted")
        self.assertVerdict(self.scan("ship", MAKER, PALLET, DIST), "accepted")
        verdict = self.scan("receive", SHOP, CASE)
        self.assertVerdict(verdict, "accepted")
        self.assertEqual((verdict.fact, verdict.giver, verdict.giver_kind), ("received", DIST, "distributor"))
        self.assertEqual(self.yard.board.position(BOTTLE).holder, SHOP)

    def test_the_same_case_twice_is_already_scanned(self):
        self.scan("ship", MAKER, CASE, DIST)
        self.scan("receive", SHOP, CASE)
        again = self.scan("receive", SHOP, CASE)
        self.assertVerdict(again, "rejected", "already_scanned")
        self.assertEqual(again.since, DAY + timedelta(hours=2))

    def test_a_second_shop_asks_for_a_transfer_and_earns_nothing(self):
        self.scan("ship", MAKER, CASE, DIST)
        self.scan("receive", SHOP, CASE)
        asked = self.scan("receive", SHOP2, CASE)
        self.assertVerdict(asked, "held", "transfer_waits")
        self.assertEqual((asked.waits_for, asked.giver), (SHOP2, SHOP))

    def test_the_giver_consents(self):
        self.scan("ship", MAKER, CASE, DIST)
        self.scan("receive", SHOP, CASE)
        self.yard.board.waiting[CASE] = SHOP2
        given = self.scan("transfer", SHOP, CASE)
        self.assertVerdict(given, "accepted")
        self.assertEqual((given.row.holder, given.row.state, given.fact), (SHOP2, HELD, ""))

    def test_the_giver_objects(self):
        self.scan("ship", MAKER, CASE, DIST)
        self.scan("receive", SHOP, CASE)
        self.assertVerdict(self.scan("transfer", SHOP, CASE, purpose="object"), "rejected", "nothing_waits")
        self.yard.board.waiting[CASE] = SHOP2
        self.assertVerdict(self.scan("transfer", SHOP, CASE, purpose="object"), "accepted", "objected")
        self.assertEqual(self.yard.board.position(CASE).holder, SHOP)

    def test_only_the_holder_gives(self):
        self.scan("ship", MAKER, CASE, DIST)
        self.scan("receive", SHOP, CASE)
        self.assertVerdict(self.scan("transfer", SHOP2, CASE, SHOP2), "rejected", "not_yours")
        self.assertVerdict(self.scan("transfer", SHOP, CASE), "rejected", "no_receiver")
        self.assertVerdict(self.scan("transfer", SHOP, CASE, DIST), "rejected", "wrong_receiver")

    def test_before_it_was_shipped(self):
        self.assertVerdict(self.scan("receive", SHOP, CASE), "held", "not_shipped")
        self.scan("pack", MAKER, PALLET)
        self.assertVerdict(self.scan("receive", SHOP, CASE), "held", "not_shipped")

    def test_goods_of_another_distributor(self):
        self.yard.board.place(CASE, Row(RIVAL, "distributor", HELD, DAY, 0, MAKER, "maker"))
        self.assertVerdict(self.scan("receive", SHOP, CASE), "held", "other_distributor")

    def test_a_distributor_names_the_shop(self):
        self.scan("ship", MAKER, PALLET, DIST)
        sent = self.scan("ship", DIST, CASE, SHOP)
        self.assertEqual((sent.row.holder, sent.row.state), (SHOP, IN_TRANSIT))
        self.assertVerdict(self.scan("receive", SHOP2, CASE), "held", "sent_to_another_shop")
        confirmed = self.scan("receive", SHOP, CASE)
        self.assertVerdict(confirmed, "accepted")
        self.assertEqual((confirmed.fact, confirmed.giver, confirmed.row.giver), ("received", DIST, DIST))

    def test_the_outbound_upload_comes_after_the_receipt(self):
        self.scan("ship", MAKER, CASE, DIST)
        self.scan("receive", SHOP, CASE, hours=10)
        late = self.scan("ship", DIST, CASE, SHOP, hours=9)
        self.assertVerdict(late, "accepted")
        self.assertEqual(self.yard.board.position(CASE).state, HELD, "history only")

    def test_a_clock_behind_is_forgiven_for_five_minutes(self):
        self.scan("ship", MAKER, CASE, DIST, hours=2)
        near = self.scan("receive", SHOP, CASE, hours=2 - 4 / 60)
        self.assertVerdict(near, "accepted")
        self.assertEqual(near.row.since, DAY + timedelta(hours=2))
        self.scan("ship", MAKER, Unit(1, 6, 0), DIST, hours=2)
        self.assertVerdict(self.scan("receive", SHOP, Unit(1, 6, 0), hours=1), "held", "out_of_order")

    def test_far_from_the_shop(self):
        self.scan("ship", MAKER, CASE, DIST)
        self.assertVerdict(self.scan("receive", SHOP, CASE, metres=1001), "held", "outside_shop")
        self.assertVerdict(self.scan("receive", SHOP, CASE, metres=999), "accepted")

    def test_codes_that_prove_no_receipt(self):
        self.scan("ship", MAKER, CASE, DIST)
        self.assertVerdict(self.scan("receive", SHOP, BOTTLE, code="cap_inner"), "rejected", "consumer_code")
        self.assertVerdict(self.scan("receive", SHOP, CASE, code="case_inner"), "rejected", "inside_code")
        self.assertVerdict(self.scan("receive", SHOP, CASE, state="void"), "rejected", "void_code")
        self.assertVerdict(self.scan("receive", SHOP, CASE, state="unknown"), "rejected", "unknown_code")
        self.assertVerdict(self.scan("receive", SHOP, CASE, state="inactive"), "held", "not_activated")

    def test_a_suspended_shop(self):
        self.scan("ship", MAKER, CASE, DIST)
        ACTORS[99] = Actor(SHOP, frozenset(["terminal"]), barred="suspended")
        self.assertVerdict(self.scan("receive", 99, CASE), "held", "suspended")

    def test_a_pallet_of_which_a_case_went_elsewhere(self):
        self.scan("ship", MAKER, PALLET, DIST)
        self.scan("receive", SHOP2, CASE)
        self.assertVerdict(self.scan("receive", SHOP, PALLET), "held", "part_elsewhere")

    def test_a_case_out_of_a_pallet_already_received(self):
        self.scan("ship", MAKER, PALLET, DIST)
        self.assertVerdict(self.scan("receive", SHOP, PALLET), "accepted")
        self.assertVerdict(self.scan("receive", SHOP, CASE), "rejected", "already_scanned")


class TestShip(JudgeCase):
    def test_to_whom(self):
        self.assertVerdict(self.scan("ship", MAKER, CASE), "rejected", "no_receiver")
        self.assertVerdict(self.scan("ship", MAKER, CASE, SHOP), "rejected", "wrong_receiver")
        self.scan("ship", MAKER, CASE, DIST)
        self.assertVerdict(self.scan("ship", DIST, CASE, DIST), "rejected", "already_scanned")
        self.assertVerdict(self.scan("ship", DIST, CASE, MAKER), "rejected", "wrong_receiver")

    def test_only_what_one_holds(self):
        self.assertVerdict(self.scan("ship", DIST, CASE, SHOP), "held", "not_shipped")
        self.scan("ship", MAKER, CASE, DIST)
        self.assertVerdict(self.scan("ship", RIVAL, CASE, SHOP), "rejected", "not_yours")
        self.assertVerdict(self.scan("ship", MAKER, CASE, DIST), "rejected", "already_scanned")

    def test_only_to_shops_of_ones_own(self):
        self.yard.board.place(CASE, Row(RIVAL, "distributor", HELD, DAY, 0, MAKER, "maker"))
        self.assertVerdict(self.scan("ship", RIVAL, CASE, SHOP), "rejected", "not_assigned")

    def test_a_pallet_whose_cases_were_packed_one_by_one(self):
        self.scan("pack", MAKER, CASE)
        self.assertVerdict(self.scan("ship", MAKER, PALLET, DIST), "accepted")
        self.assertEqual(self.yard.board.position(CASE).holder, DIST)


class TestOpenAndReturn(JudgeCase):
    def setUp(self):
        super().setUp()
        self.scan("ship", MAKER, PALLET, DIST)
        self.scan("receive", SHOP, CASE)

    def test_unpack_marks_the_case_and_keeps_the_bottles(self):
        opened = self.scan("unpack", SHOP, CASE, code="case_inner")
        self.assertVerdict(opened, "accepted")
        self.assertEqual(opened.row.state, OPENED)
        self.assertEqual(self.yard.board.position(BOTTLE).holder, SHOP)
        self.assertVerdict(self.scan("return", SHOP, CASE), "rejected", "package_opened")
        self.assertVerdict(self.scan("receive", SHOP2, CASE), "rejected", "package_opened")

    def test_who_has_not_received_cannot_unpack(self):
        self.assertVerdict(self.scan("unpack", SHOP2, CASE), "rejected", "receive_first")
        self.assertVerdict(self.scan("unpack", SHOP, BOTTLE, code="cap_outer"), "rejected", "nothing_inside")

    def test_return_goes_back_to_the_supplier(self):
        back = self.scan("return", SHOP, CASE)
        self.assertVerdict(back, "accepted")
        self.assertEqual((back.row.holder, back.row.holder_kind, back.fact), (DIST, "distributor", "returned"))
        self.assertVerdict(self.scan("return", SHOP, CASE), "rejected", "not_yours")
        to_maker = self.scan("return", DIST, CASE)
        self.assertEqual((to_maker.row.holder, to_maker.row.state), (MAKER, IN_TRANSIT))
        self.assertVerdict(self.scan("receive", MAKER, CASE), "accepted")

    def test_an_opened_bottle_blocks_the_return_of_its_case(self):
        self.assertVerdict(self.scan("open", SHOP, BOTTLE, code="cap_inner"), "accepted")
        self.assertVerdict(self.scan("return", SHOP, CASE), "rejected", "bottle_opened")

    def test_open_once_by_the_cap_only(self):
        self.assertVerdict(self.scan("open", SHOP, CASE), "rejected", "not_a_cap_code")
        first = self.scan("open", SHOP, BOTTLE, code="cap_inner")
        self.assertEqual((first.row.state, first.fact, first.giver), (GONE, "opened", SHOP))
        self.assertVerdict(self.scan("open", SHOP, BOTTLE, code="cap_inner"), "rejected", "already_opened")

    def test_a_sold_case_can_still_be_drunk(self):
        self.assertVerdict(self.scan("sell", SHOP, CASE), "accepted")
        self.assertVerdict(self.scan("sell", SHOP, CASE), "rejected", "already_sold")
        self.assertVerdict(self.scan("open", SHOP, BOTTLE, code="cap_inner"), "accepted")


class TestTable(unittest.TestCase):
    def test_who_may_not(self):
        yard = Yard()
        for kind, row in TABLE.items():
            if kind == "void":
                continue
            for party, actor in ((DIST, "distributor"), (SHOP, "terminal"), (MAKER, "maker")):
                if actor not in row.actors:
                    with self.subTest(kind=kind, actor=actor):
                        self.assertEqual(yard.scan(kind, party, CASE, SHOP).reason, "not_allowed")

    def test_documentation_has_every_type(self):
        self.assertEqual(len(as_markdown().splitlines()), 2 + len(TABLE))

    def test_distance(self):
        # Zhengzhou 34.7466 N 113.6253 E to Luoyang 34.6197 N 112.4540 E: 108 km on the map
        self.assertAlmostEqual(distance(34.7466, 113.6253, 34.6197, 112.4540) / 1000, 108, delta=1)
