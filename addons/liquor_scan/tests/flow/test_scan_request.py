import inspect
import re

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...engine.flow import judge
from ...models.flow.labels import EVENT_REASONS
from ...models.flow.reasons import REASONS
from ...models.flow.scan_collect import BARRED
from .common import FlowCase


@tagged("post_install", "-at_install")
class TestTake(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.policy()

    def wallet(self, partner):
        earnings = self.env["liquor.earning"].search([("partner_id", "=", partner.id)])
        return sum(earnings.mapped("amount"))

    def test_way_of_a_case(self):
        self.ship(self.pallet())
        answer = self.one(self.shop_user, "receive", self.case(3))
        self.assertAnswer(answer, "accepted")
        # 6 bottles x 2.50
        self.assertEqual([(r["amount"], r["kind"]) for r in answer["rewards"]], [("15.00", "cash")])
        self.assertEqual(self.holder(self.case(3)), self.shop)
        self.assertEqual(self.holder(self.case(4)), self.distributor)
        event = self.env["liquor.scan.event"].search([("kind", "=", "receive")])
        self.assertEqual((event.party_id, event.counterparty_id, event.bottles), (self.shop, self.distributor, 6))
        self.assertEqual((event.territory_id, str(event.business_day)), (self.county, "2026-11-21"))
        fact = self.env["liquor.flow.fact"]._facts([("kind", "=", "received"), ("company_id", "=", self.company.id)])
        self.assertEqual([(row["partner_id"], row["bottles"]) for row in fact], [(self.shop.id, 6)])
        self.assertCustodyProven()

    def test_the_same_event_again_gets_the_same_answer(self):
        self.ship(self.case())
        event = self.event("receive", self.case())
        first = self.take(self.shop_user, event)[0]
        again = self.take(self.shop_user, event)[0]
        self.assertFalse(first["repeated"])
        self.assertEqual(again, {**first, "repeated": True})
        self.assertEqual(self.wallet(self.shop), 15)

    def test_the_same_id_for_another_event(self):
        self.ship(self.case())
        event = self.event("receive", self.case())
        self.take(self.shop_user, event)
        self.assertAnswer(self.take(self.shop_user, {**event, "code": self.case(1)})[0], "rejected", "id_reused")

    def test_another_user_may_use_the_same_id(self):
        self.ship(self.pallet())
        event = self.event("receive", self.case())
        self.take(self.shop_user, event)
        other = self.take(self.second_user, {**event, "code": self.case(1)})[0]
        self.assertAnswer(other, "accepted")

    def test_a_refused_event_is_kept_too(self):
        event = self.event("receive", "40001ABCDEFGHJKMN")
        self.assertAnswer(self.take(self.shop_user, event)[0], "rejected", "unknown_code")
        self.assertTrue(self.take(self.shop_user, event)[0]["repeated"])
        request = self.env["liquor.scan.request"].search([("user_id", "=", self.shop_user.id)])
        self.assertEqual((len(request), request.status, request.reason), (1, "rejected", "unknown_code"))

    def test_equal_events_in_one_call(self):
        self.ship(self.case())
        event = self.event("receive", self.case())
        first, second = self.take(self.shop_user, event, dict(event))
        self.assertEqual((first["repeated"], second["repeated"]), (False, True))
        third = self.take(self.shop_user, self.event("count", self.case()), {**event, "reference": "x"})[1]
        self.assertAnswer(third, "rejected", "id_reused")

    def test_a_case_twice_in_one_call(self):
        self.ship(self.case())
        answers = self.take(self.shop_user, self.event("receive", self.case()), self.event("receive", self.case()))
        self.assertAnswer(answers[0], "accepted")
        self.assertAnswer(answers[1], "rejected", "already_scanned")
        self.assertEqual(self.wallet(self.shop), 15)

    def test_several_codes_in_one_event_stand_and_fall_together(self):
        self.ship(self.pallet())
        self.one(self.shop_user, "receive", self.case(0))
        mixed = self.one(self.shop_user, "receive", [self.case(0), self.case(1)])
        self.assertAnswer(mixed, "rejected", "already_scanned")
        self.assertEqual(self.holder(self.case(1)), self.distributor)
        both = self.one(self.shop_user, "receive", [self.case(1), self.case(2)])
        self.assertAnswer(both, "accepted")
        self.assertEqual([r["amount"] for r in both["rewards"]], ["15.00", "15.00"])

    def test_size_of_a_call(self):
        for wrong in (None, {}, [], "x", [self.event("count", "A")] * 5001):
            with self.assertRaises(ValidationError):
                self.env["liquor.scan.request"]._take(self.shop_user, wrong)

    def test_odd_events_hurt_nobody(self):
        self.ship(self.case())
        answers = self.take(self.shop_user, None, 7, [], {"id": None}, self.event("receive", self.case()))
        self.assertEqual([a["reason"] for a in answers], ["bad_event", "bad_event", "bad_event", "bad_id", ""])

    def test_queries_do_not_grow(self):
        self.ship(self.pallet(0))
        self.ship(self.pallet(1))
        self.one(self.shop_user, "receive", self.case(0))  # warm
        self.env.flush_all()

        def count(events):
            before = self.env.cr.sql_log_count
            answers = self.take(self.shop_user, *events)
            self.env.flush_all()
            self.assertEqual({a["status"] for a in answers}, {"accepted"})
            return self.env.cr.sql_log_count - before

        one = count([self.event("receive", self.case(1))])
        hundred = count([self.event("receive", self.case(number), minutes=5) for number in range(2, 102)])
        self.assertLessEqual(hundred, one + 2, f"{one} queries for 1, {hundred} for 100")


@tagged("post_install", "-at_install")
class TestRules(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.policy()

    def earned(self, partner):
        return sum(self.env["liquor.earning"].search([("partner_id", "=", partner.id)]).mapped("amount"))

    def test_a_second_shop_waits_and_earns_nothing(self):
        self.ship(self.case())
        self.one(self.shop_user, "receive", self.case())
        asked = self.one(self.second_user, "receive", self.case())
        self.assertAnswer(asked, "held", "transfer_waits")
        self.assertEqual(asked["rewards"], [])
        row = self.env["liquor.custody"].search([("holder_id", "=", self.shop.id)])
        self.assertEqual(row.pending_id, self.second_shop)
        self.assertAnswer(self.one(self.shop_user, "transfer", self.case()), "accepted")
        self.assertEqual(self.holder(self.case()), self.second_shop)
        self.assertEqual((self.earned(self.shop), self.earned(self.second_shop)), (15, 0))
        self.assertCustodyProven()

    def test_after_seven_days_the_transfer_takes_effect(self):
        self.ship(self.case())
        self.one(self.shop_user, "receive", self.case())
        self.one(self.second_user, "receive", self.case())
        row = self.env["liquor.custody"].search([("holder_id", "=", self.shop.id)])
        with self.enter_registry_test_mode():
            self.env.ref("liquor_scan.ir_cron_transfers").method_direct_trigger()
        self.assertEqual(row.holder_id, self.shop)
        row.sudo().pending_since = "2026-11-14 12:00:00"
        row.flush_recordset()
        with self.enter_registry_test_mode():
            self.env.ref("liquor_scan.ir_cron_transfers").method_direct_trigger()
        self.assertEqual(self.holder(self.case()), self.second_shop)
        self.assertFalse(row.pending_id)
        self.assertCustodyProven()

    def test_the_holder_objects(self):
        self.ship(self.case())
        self.one(self.shop_user, "receive", self.case())
        self.one(self.second_user, "receive", self.case())
        self.assertAnswer(self.one(self.shop_user, "transfer", self.case(), purpose="object"), "accepted", "objected")
        self.assertFalse(self.env["liquor.custody"].search([("pending_id", "!=", False)]))
        self.assertEqual(self.holder(self.case()), self.shop)

    def test_goods_of_another_distributor_are_held(self):
        self.ship(self.case(), "D002")
        self.assertAnswer(self.one(self.shop_user, "receive", self.case()), "held", "other_distributor")
        self.assertEqual(self.holder(self.case()), self.rival)
        self.assertEqual(self.earned(self.shop), 0)

    def test_a_distributor_scans_out_to_a_named_shop(self):
        self.ship(self.pallet())
        out = self.one(self.distributor_user, "ship", self.case(), to="T001", purpose="banquet")
        self.assertAnswer(out, "accepted")
        row = self.env["liquor.custody"].search([("state", "=", "in_transit")])
        self.assertEqual(row.holder_id, self.shop)
        self.assertAnswer(self.one(self.distributor_user, "ship", self.case(1), to="T003"), "rejected", "not_assigned")
        self.assertAnswer(self.one(self.distributor_user, "ship", self.case(1), to="X"), "rejected", "unknown_receiver")
        self.assertAnswer(self.one(self.shop_user, "receive", self.case()), "accepted")
        self.assertEqual(self.earned(self.shop), 15)

    def test_return_takes_the_reward_back(self):
        self.ship(self.case())
        self.one(self.shop_user, "receive", self.case())
        self.assertAnswer(self.one(self.shop_user, "return", self.case()), "accepted")
        self.assertEqual(self.earned(self.shop), 0)
        self.assertEqual(self.holder(self.case()), self.distributor)
        again = self.one(self.shop_user, "receive", self.case())
        self.assertEqual([r["amount"] for r in again["rewards"]], ["15.00"])
        self.assertEqual(self.earned(self.shop), 15)
        facts = self.env["liquor.flow.fact"]._facts([("partner_id", "=", self.shop.id)])
        self.assertEqual(sum(fact["bottles"] for fact in facts), 6, "6 - 6 + 6")
        self.assertCustodyProven()

    def test_a_case_of_a_pallet_comes_back(self):
        self.ship(self.pallet())
        whole = self.one(self.shop_user, "receive", self.pallet())
        self.assertEqual([r["amount"] for r in whole["rewards"]], ["900.00"])  # 360 x 2.50
        self.assertAnswer(self.one(self.shop_user, "return", self.case(7)), "accepted")
        self.assertEqual(self.earned(self.shop), 885)  # 354 x 2.50
        self.assertAnswer(self.one(self.shop_user, "return", self.case(8)), "accepted")
        self.assertEqual(self.earned(self.shop), 870)

    def test_what_a_shop_hands_over_earns_nobody_twice(self):
        """R9 b: offered to a named shop, received there: custody moves, the first shop has earned already."""
        self.ship(self.case())
        self.one(self.shop_user, "receive", self.case())
        self.assertAnswer(self.one(self.shop_user, "transfer", self.case(), to="T002"), "accepted")
        taken = self.one(self.second_user, "receive", self.case())
        self.assertAnswer(taken, "accepted")
        self.assertEqual((taken["rewards"], self.earned(self.second_shop), self.earned(self.shop)), ([], 0, 15))
        self.assertEqual(self.holder(self.case()), self.second_shop)
        self.assertAnswer(self.one(self.second_user, "return", self.case()), "accepted")
        self.assertEqual(self.earned(self.shop), 0, "goods went back: whoever earned gives it back")
        self.assertCustodyProven()

    def test_bottles_of_a_case_come_back_one_by_one(self):
        """R9 c: a reward per bottle; half a cent each is 0.03 for six, and 0.03 goes back, not six rounded cents."""
        version = self.policy(0.005)
        self.ship(self.case())
        self.one(self.shop_user, "receive", self.case())
        own = [("partner_id", "=", self.shop.id), ("policy_version_id", "=", version.id)]
        earning = self.env["liquor.earning"]
        self.assertEqual(sum(earning.search(own).mapped("amount")), 0.03)
        self.one(self.shop_user, "unpack", self.case())
        for number in range(6):
            bottle = self.codes._code("cap_outer", number)
            self.assertAnswer(self.one(self.shop_user, "return", bottle), "accepted")
        self.assertEqual([round(row.amount, 2) for row in earning.search(own, order="id")],
                         [0.03, -0.01, 0, -0.01, 0, -0.01, 0])  # fmt: skip
        self.assertEqual(self.earned(self.shop), 0)
        self.assertCustodyProven()

    def test_a_pallet_comes_back_of_which_a_case_went_before(self):
        """900 - 15 for the case, + 15 when it is received again, then all of it back: nothing is left."""
        self.ship(self.pallet())
        self.one(self.shop_user, "receive", self.pallet())
        self.one(self.shop_user, "return", self.case(7))
        self.assertEqual(self.earned(self.shop), 885)
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(7)), "accepted")
        self.assertEqual(self.earned(self.shop), 900)
        self.assertAnswer(self.one(self.shop_user, "return", self.pallet()), "accepted")
        self.assertEqual(self.earned(self.shop), 0)

    def test_a_case_with_an_opened_bottle_does_not_come_back(self):
        self.ship(self.case())
        self.one(self.shop_user, "receive", self.case())
        self.assertAnswer(self.one(self.shop_user, "sell", self.codes._code("cap_outer", 2)), "accepted")
        self.assertAnswer(self.one(self.shop_user, "return", self.case()), "rejected", "bottle_opened")
        self.assertEqual(self.earned(self.shop), 15)
        bottle = self.codes._code("cap_outer", 3)
        self.assertAnswer(self.one(self.shop_user, "return", bottle), "accepted")
        self.assertEqual(self.earned(self.shop), 12.5)
        self.assertAnswer(
            self.one(self.shop_user, "return", self.codes._code("cap_outer", 2)), "rejected", "already_sold"
        )

    def test_undo(self):
        self.ship(self.case())
        event = self.event("receive", self.case())
        self.take(self.shop_user, event)
        undone = self.one(self.shop_user, "void", undo_of=event["id"])
        self.assertAnswer(undone, "accepted")
        self.assertEqual(self.earned(self.shop), 0)
        self.assertEqual(self.holder(self.case()), self.distributor)
        self.assertAnswer(self.one(self.shop_user, "void", undo_of=event["id"]), "rejected", "already_undone")
        self.assertFalse(self.env["liquor.flow.fact"]._facts([("partner_id", "=", self.shop.id)]))
        self.assertCustodyProven()
        self.assertAnswer(self.one(self.shop_user, "receive", self.case()), "accepted")
        self.assertEqual(self.earned(self.shop), 15)

    def test_undo_has_limits(self):
        self.ship(self.case())
        event = self.event("receive", self.case())
        self.take(self.shop_user, event)
        self.assertAnswer(self.one(self.second_user, "void", undo_of=event["id"]), "rejected", "unknown_event")
        self.one(self.shop_user, "unpack", self.case())
        self.assertAnswer(self.one(self.shop_user, "void", undo_of=event["id"]), "rejected", "moved_on")
        refused = self.event("receive", self.case())
        self.take(self.shop_user, refused)
        self.assertAnswer(self.one(self.shop_user, "void", undo_of=refused["id"]), "rejected", "nothing_to_undo")

    def test_undo_after_ten_minutes(self):
        from freezegun import freeze_time

        self.ship(self.case())
        event = self.event("receive", self.case())
        self.take(self.shop_user, event)
        with freeze_time("2026-11-21 12:10:01"):
            self.assertAnswer(self.one(self.shop_user, "void", undo_of=event["id"]), "rejected", "too_late")
        with freeze_time("2026-11-21 12:10:00"):
            self.assertAnswer(self.one(self.shop_user, "void", undo_of=event["id"]), "accepted")

    def test_scan_and_undo_in_one_offline_queue(self):
        self.ship(self.case())
        event = self.event("receive", self.case())
        answers = self.take(self.shop_user, event, self.event("void", undo_of=event["id"]))
        self.assertEqual([a["status"] for a in answers], ["accepted", "accepted"])
        self.assertEqual(self.holder(self.case()), self.distributor)
        self.assertEqual(self.earned(self.shop), 0)

    def test_opening_a_case_releases_what_waited_for_proof(self):
        self.ship(self.case())
        self.one(self.shop_user, "receive", self.case())
        earning = self.env["liquor.earning"].search([("partner_id", "=", self.shop.id)])
        self.env["liquor.earning.state"]._set(earning, "pending", "waits for proof")
        inside = self.codes._code("case_inner", 0)
        self.assertAnswer(self.one(self.shop_user, "receive", inside), "rejected", "inside_code")
        self.assertAnswer(self.one(self.shop_user, "unpack", inside), "accepted")
        self.assertEqual(earning._current_state(), "available")
        self.assertAnswer(self.one(self.shop_user, "return", self.case()), "rejected", "package_opened")

    def again(self):
        with self.enter_registry_test_mode():
            self.env.ref("liquor_scan.ir_cron_again").method_direct_trigger()

    def test_a_second_look_is_no_second_leak(self):
        roll, leaks = self.order(720).batch_ids, self.env["liquor.code.leak"]
        self.assertAnswer(self.one(self.shop_user, "receive", roll._code("case_outer", 3)), "held", "not_activated")
        leaks.search([("batch_id", "=", roll.id), ("source", "=", "scan")]).ensure_one().unlink()
        self.again()
        self.assertFalse(leaks.search([("batch_id", "=", roll.id)]))

    def test_a_late_shipment_releases_the_receipt(self):
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(), minutes=60), "held", "not_shipped")
        self.again()
        self.assertEqual(self.earned(self.shop), 0)
        self.assertAnswer(
            self.one(self.warehouse, "ship", self.case(), to="D001", minutes=30), "accepted"
        )  # uploaded late
        self.again()
        self.assertEqual(self.earned(self.shop), 15)
        self.assertEqual(self.holder(self.case()), self.shop)
        self.again()
        self.assertEqual(self.earned(self.shop), 15)
        self.assertCustodyProven()

    def test_approval_releases_what_a_newcomer_scanned(self):
        newcomer = self.party("新店", "terminal")
        self.assign(newcomer, self.distributor)
        role = self.env["liquor.channel.role"].search([("partner_id", "=", newcomer.id)])
        role.state = "candidate"
        self.ship(self.case())
        user = self.portal("flow_new2", newcomer)
        self.assertAnswer(self.one(user, "receive", self.case()), "held", "registration")
        role.action_formal()
        self.again()
        self.assertEqual(self.earned(newcomer), 15)

    def test_a_suspended_shop_is_held(self):
        self.ship(self.case())
        role = self.env["liquor.channel.role"].search([("partner_id", "=", self.shop.id)])
        role.action_suspend(reason="Test")
        self.assertAnswer(self.one(self.shop_user, "receive", self.case()), "held", "suspended")

    def test_a_candidate_is_held(self):
        newcomer = self.party("新店", "terminal")
        self.assign(newcomer, self.distributor)
        self.env["liquor.channel.role"].search([("partner_id", "=", newcomer.id)]).state = "candidate"
        self.ship(self.case())
        user = self.portal("flow_new", newcomer)
        self.assertAnswer(self.one(user, "receive", self.case()), "held", "registration")

    def test_nobody(self):
        self.ship(self.case())
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        user = self.portal("flow_stranger", stranger)
        for kind in ("receive", "ship", "return", "count", "unpack"):
            self.assertAnswer(self.one(user, kind, self.case(), to="T001"), "rejected", "not_allowed")

    def test_distance_from_the_shop(self):
        self.shop.write({"partner_latitude": 34.747, "partner_longitude": 113.625})
        self.ship(self.pallet())
        far = self.one(self.shop_user, "receive", self.case(), lat=34.800, lon=113.625, accuracy=20)  # 5.9 km
        self.assertAnswer(far, "held", "outside_shop")
        near = self.one(self.shop_user, "receive", self.case(), lat=34.748, lon=113.625, accuracy=20)  # 111 m
        self.assertAnswer(near, "accepted")
        self.assertAnswer(self.one(self.shop_user, "receive", self.case(1), lat=999, lon="x"), "accepted")
        places = self.env["liquor.scan.event"].search([("kind", "=", "receive")], order="id").mapped("place_source")
        self.assertEqual(places, ["gps", "gps", "declared"])


@tagged("post_install", "-at_install")
class TestLabels(FlowCase):
    def test_every_reason_has_words(self):
        text = inspect.getsource(judge)
        stored = set(re.findall(r'(?:hold\(|ACCEPTED, )"(\w+)"', text)) | set(BARRED.values())
        self.assertEqual(stored, set(dict(EVENT_REASONS)))
        self.assertLessEqual(stored | set(re.findall(r'reject\("(\w+)"', text)), set(REASONS))

    def test_a_held_scan_is_grouped_by_its_label(self):
        self.one(self.shop_user, "receive", self.case(3))
        groups = self.env["liquor.scan.event"]._read_group([("status", "=", "held")], ["reason"], ["bottles:sum"])
        self.assertEqual(groups, [("not_shipped", 6)])
        field = self.env["liquor.scan.event"].fields_get(["reason"], ["selection"])["reason"]
        self.assertIn("not_shipped", dict(field["selection"]))
