"""Codes and flow: a violation planted for each invariant."""

from datetime import date, datetime, timedelta

from odoo.tests import tagged

from odoo.addons.liquor_scan.engine.flow.proof import FIELDS, event_hash

from .common import AuditCase

EVENT, CUSTODY, SPAN, BATCH = "liquor_scan_event", "liquor_custody", "liquor_code_range", "liquor_code_batch"
MOMENT = datetime(2026, 3, 2, 4, 5, 6)


@tagged("post_install", "-at_install")
class TestCodes(AuditCase):
    def setUp(self):
        super().setUp()
        self.batch = self.plant(BATCH, number=7, bottles=100)
        self.span = self.plant(SPAN, batch_id=self.batch, state="active", first=0, last=49)
        self.plant(SPAN, batch_id=self.batch, state="active", first=50, last=99)
        self.plant(SPAN, batch_id=self.batch, state="void", first=10, last=10)
        self.assert_clean("codes.ranges")

    def test_range_beyond_its_batch(self):
        self.plant(SPAN, batch_id=self.batch, state="void", first=90, last=100)
        self.assert_reported("codes.ranges", "of batch 7 ends at bottle 101 of 100")

    def test_ranges_overlap(self):
        self.change(SPAN, self.span, last=50)
        self.assert_reported("codes.ranges", "are both active for bottle 51")

    def test_batch_number_twice(self):
        self.plant(BATCH, number=7, bottles=1)
        self.assert_reported("codes.ranges", "batch number 7 is used 2 times")


@tagged("post_install", "-at_install")
class TestClaims(AuditCase):
    def setUp(self):
        super().setUp()
        self.batch = self.plant(BATCH, number=7, bottles=100)
        self.span = self.plant(SPAN, batch_id=self.batch, state="active", first=0, last=99, done_at=MOMENT)
        for table in ("liquor_point_entry", "liquor_cash_entry", "liquor_benefit_entitlement"):
            self.copy_of(table)

    def claim(self, index=3, **values):
        values = {"kind": "cap_inner", "state": "granted", "claimed_at": MOMENT.replace(hour=9), **values}
        return self.plant("liquor_code_claim", batch_id=self.batch, index=index, member_id=1, **values)

    def points(self, claim, points=50, member=1):
        given = {"origin_model": "liquor.code.claim", "origin_id": claim, "kind": "earn"}
        return self.plant("liquor_point_entry", member_id=member, points=points, **given)

    def test_claimed_twice(self):
        self.claim()
        self.assert_clean("claims.once")
        self.claim()
        self.assert_reported("claims.once", "code 3 of batch", "has 2 claims")

    def test_bottle_beyond_its_batch_or_other_code(self):
        self.claim(kind="case_outer")
        self.assert_reported("claims.once", "names bottle 4 of 100 in batch 7")
        self.claim(100)
        self.assert_reported("claims.once", "names bottle 101 of 100 in batch 7")

    def test_claimed_before_activation(self):
        claim = self.claim()
        self.change(SPAN, self.span, done_at=MOMENT.replace(hour=10))
        self.assert_reported("claims.once", f"claim {claim} of 2026-03-02 09:05:06 came before")

    def test_reward_is_what_was_promised(self):
        claim = self.claim(reward="points", points=50)
        self.points(claim)
        self.claim(4, state="waiting", reward="points", points=50)
        self.claim(5)
        cash = self.claim(6, reward="cash_back", amount=8.8)
        self.plant(
            "liquor_cash_entry",
            member_id=1,
            amount=8.8,
            kind="earn",
            origin_model="liquor.code.claim",
            origin_id=cash,
        )
        self.assert_clean("claims.rewards")
        self.change("liquor_code_claim", claim, points=60)
        self.assert_reported("claims.rewards", f"claim {claim} promised 60 points to member 1, handed out was 50")

    def test_reward_twice_or_missing_or_to_another(self):
        claim = self.claim(reward="points", points=50)
        self.assert_reported("claims.rewards", f"claim {claim} promised 50 points")
        self.points(claim)
        self.points(claim)
        self.assert_reported("claims.rewards", f"claim {claim} was rewarded 2 times")
        other = self.claim(4, reward="points", points=50)
        self.points(other, member=2)
        self.assert_reported("claims.rewards", f"claim {other} promised 50 points to member 1", "to member 2")

    def test_reward_without_a_granted_claim(self):
        waiting = self.claim(state="waiting", reward="points", points=50)
        self.points(waiting)
        self.assert_reported("claims.rewards", f"claim {waiting} promised  ")


@tagged("post_install", "-at_install")
class TestFlow(AuditCase):
    def setUp(self):
        super().setUp()
        self.batch = self.plant(BATCH, number=7, bottles=100)
        self.copy_of(CUSTODY)
        self.first = self.event(holder_id=11, event_time=MOMENT)
        self.second = self.event(holder_id=12, event_time=MOMENT.replace(hour=6))

    def event(self, **values):
        values = {
            "batch_id": self.batch,
            "level": 6,
            "unit_index": 3,
            "status": "accepted",
            "custody_state": "held",
            "holder_kind": "terminal",
            **values,
        }
        return self.plant(EVENT, content_hash=event_hash(values), **values)

    def hold(self, **values):
        values = {"batch_id": self.batch, "level": 6, "unit_index": 3, "state": "held", **values}
        return self.plant(CUSTODY, holder_kind="terminal", **values)

    def test_custody_is_what_events_prove(self):
        held = self.hold(holder_id=12, since=MOMENT.replace(hour=6), event_id=self.second)
        self.assert_clean("flow.custody")
        self.change(CUSTODY, held, holder_id=11)
        self.assert_reported("flow.custody", f"holder 11 (event {self.second}) stored, 12 (event {self.second}) proven")

    def test_custody_after_an_undo(self):
        self.event(undo_of_id=self.second, custody_state=None, event_time=MOMENT)
        self.hold(holder_id=11, since=MOMENT, event_id=self.first)
        self.assert_clean("flow.custody")
        self.env.cr.execute(f"DELETE FROM pg_temp.{EVENT} WHERE undo_of_id IS NOT NULL")
        self.assert_reported("flow.custody", "holder 11")

    def test_custody_missing_or_unproven(self):
        self.assert_reported("flow.custody", f"holder  (event ) stored, 12 (event {self.second}) proven")
        self.env.cr.execute(f"DELETE FROM pg_temp.{EVENT}")
        self.hold(holder_id=12, since=MOMENT, event_id=self.second)
        self.assert_reported("flow.custody", f"holder 12 (event {self.second}) stored,  (event ) proven")

    def test_unit_beyond_its_batch(self):
        self.assert_clean("flow.events")
        number = self.event(unit_index=17)  # bottles 102 to 107 of 100
        self.assert_reported("flow.events", f"event {number} names unit 17 of 6 bottles in batch 7 of 100 bottles")

    def test_undone_twice(self):
        self.event(undo_of_id=self.first)
        self.event(undo_of_id=self.first, status="held")
        self.assert_clean("flow.events")
        self.event(undo_of_id=self.first)
        self.assert_reported("flow.events", f"event {self.first} was undone 2 times")

    def test_hashes(self):
        values = dict.fromkeys(FIELDS)
        values |= {"kind": "ship", "level": 6, "event_time": MOMENT, "business_day": date(2026, 3, 2), "bottles": 6}
        number = self.plant(EVENT, content_hash=event_hash(values), **values)
        self.assert_clean("flow.hashes")
        self.change(EVENT, number, level=1)
        self.assert_reported("flow.hashes", f"event {number} is not what its hash says")

    def test_requests(self):
        request = self.plant("liquor_scan_request", user_id=1, client_id="a", status="accepted", event_id=self.first)
        self.plant("liquor_scan_request", user_id=2, client_id="a", status="rejected")
        self.assert_clean("flow.requests")
        self.plant("liquor_scan_request", user_id=1, client_id="a", status="rejected")
        self.assert_reported("flow.requests", "user 1 sent id a 2 times")
        self.change("liquor_scan_request", request, event_id=None)
        self.assert_reported("flow.requests", f"request {request} is accepted and has no event")

    def test_uploads(self):
        upload = self.plant("liquor_scan_request", user_id=1, client_id="upload:L7", status="accepted")
        self.assert_reported("flow.requests", f"upload {upload} is accepted and packed nothing")
        self.plant("liquor_code_link", upload="L7")
        self.assert_clean("flow.requests")

    def test_earned(self):
        earning = self.plant("liquor_earning", fact_key=f"liquor.scan.event/{self.first}", amount=5)
        self.plant("liquor_earning", fact_key="period/1/2/2026-Q1", amount=5)
        self.assert_clean("flow.earned")
        self.event(undo_of_id=self.first)
        self.assert_reported("flow.earned", f"earning {earning} pays for", "which was undone")
        self.plant("liquor_earning", fact_key=f"liquor.scan.event/{self.first}", amount=-5, reverses_id=earning)
        self.assert_clean("flow.earned")
        self.plant("liquor_earning", fact_key="liquor.scan.event/0", amount=5)
        self.assert_reported("flow.earned", "which never happened")

    def test_links(self):
        values = {"child_batch_id": self.batch, "child_level": 1, "child_index": 4, "parent_level": 6}
        self.plant("liquor_code_link", unpacked_at=MOMENT, **values)
        link = self.plant("liquor_code_link", **values)
        self.assert_clean("flow.links")
        self.plant("liquor_code_link", **values)
        self.assert_reported("flow.links", "unit 4 of 1 bottles in batch")
        self.change("liquor_code_link", link, parent_level=1)
        self.assert_reported("flow.links", f"link {link} packs 1 bottles into 1")


@tagged("post_install", "-at_install")
class TestRecalls(AuditCase):
    def setUp(self):
        super().setUp()
        self.recall = self.plant(
            "liquor_recall",
            name="RC-1",
            state="active",
            stops=True,
            bottles=10,
            located_at=MOMENT,
            activated_at=MOMENT,
            activated_by_id=2,
            prepared_by_id=1,
            create_uid=1,
        )
        self.range = self.plant("liquor_recall_range", recall_id=self.recall, batch_id=7, first=0, last=9)
        self.holder = self.plant("liquor_recall_holder", recall_id=self.recall, bottles=10)
        self.copy_of(EVENT)
        self.assert_clean("recall.totals")
        self.assert_clean("recall.stops")

    def test_bottle_lost_or_counted_twice(self):
        self.change("liquor_recall_holder", self.holder, bottles=9)
        self.assert_reported("recall.totals", "RC-1 has 10 bottles in its ranges, 9 with its holders and says 10")
        self.plant("liquor_recall_range", recall_id=self.recall, batch_id=7, first=9, last=9)
        self.assert_reported("recall.totals", "share bottle 10")

    def test_one_person(self):
        self.change("liquor_recall", self.recall, prepared_by_id=2)
        self.assert_reported("recall.stops", "recall RC-1 was prepared and begun by user 2")

    def event(self, kind, **values):
        late = MOMENT.replace(hour=9)
        values = {"batch_id": 7, "level": 1, "unit_index": 4, "custody_state": "held", "received_time": late, **values}
        return self.plant(EVENT, status="accepted", kind=kind, **values)

    def test_bottle_moved_on(self):
        self.event("return")
        self.event("receive", holder_kind="maker")
        self.event("sell", received_time=MOMENT)
        self.event("sell", unit_index=10)
        self.assert_clean("recall.stops")
        sold = self.event("sell")
        self.assert_reported("recall.stops", f"event {sold} (sell) moved bottles that recall RC-1 had stopped")


@tagged("post_install", "-at_install")
class TestPacking(AuditCase):
    def setUp(self):
        super().setUp()
        scheme = 5
        self.batch = self.plant(BATCH, number=7, bottles=100, scheme_id=scheme)
        self.plant("liquor_code_level", scheme_id=scheme, kind="case_outer", bottles=6)
        self.span = self.plant(SPAN, batch_id=self.batch, state="void", kind="case_outer", first=18, last=23)
        self.label = self.plant(
            "liquor_code_replacement",
            batch_id=self.batch,
            kind="case_outer",
            unit_index=3,
            state="approved",
            asked_by_id=1,
            decided_by_id=2,
        )
        self.roll = self.plant("liquor_packing_check", name="R-1", state="released", released_by_id=2)
        self.line = self.plant(
            "liquor_packing_check_case", check_id=self.roll, case_index=4, user_id=1, fault="wrong_unit"
        )
        self.assert_clean("packing.supervised")

    def test_one_person(self):
        self.change("liquor_code_replacement", self.label, asked_by_id=2)
        self.change("liquor_packing_check_case", self.line, user_id=2)
        self.assert_reported("packing.supervised", "label 3 of batch", "roll R-1 was released by user 2")

    def test_label_lives_or_roll_goes_on(self):
        self.change(SPAN, self.span, kind="case_inner")
        self.change("liquor_packing_check", self.roll, state="passed")
        self.assert_reported("packing.supervised", "was replaced and is not void", "roll R-1 is passed although case 4")


@tagged("post_install", "-at_install")
class TestStops(AuditCase):
    """Bottles 361 to 720 of batch 7, cases 60 to 119, were stopped at MOMENT."""

    def setUp(self):
        super().setUp()
        self.roll = self.plant("liquor_packing_check", name="R-9", state="stopped", batch_id=7, first=361, last=720)
        self.copy_of(EVENT)
        self.copy_of("liquor_code_link")
        self.stop = self.trace("stopped", 0)
        self.event("ship", 60, -1)
        self.event("return", 60, 5)
        self.event("ship", 59, 5)
        self.event("ship", 120, 5)
        self.assert_clean("packing.stops")

    def trace(self, kind, minutes):
        return self.plant("liquor_packing_stop", check_id=self.roll, batch_id=7, first=361, last=720, kind=kind,
                          event_time=MOMENT + timedelta(minutes=minutes))  # fmt: skip

    def event(self, kind, case, minutes):
        return self.plant(EVENT, kind=kind, status="accepted", batch_id=7, level=6, unit_index=case,
                          received_time=MOMENT + timedelta(minutes=minutes))  # fmt: skip

    def test_left_while_it_was_stopped(self):
        first, last = self.event("ship", 60, 5), self.event("pack", 119, 6)
        self.assert_reported("packing.stops", f"event {first} (ship) moved goods of roll R-9", f"event {last} (pack)")
        self.assertEqual(len(self.find("packing.stops")), 2)

    def test_left_after_its_release(self):
        self.change("liquor_packing_check", self.roll, state="released")
        self.trace("released", 10)
        self.event("ship", 61, 11)
        self.assert_clean("packing.stops")
        early = self.event("ship", 62, 9)
        self.assert_reported("packing.stops", f"event {early} (ship)")

    def test_bottles_that_lie_elsewhere(self):
        """A bottle of case 60 was packed into another one before: what the case holds is not its numbers any more."""
        self.plant("liquor_code_link", child_batch_id=7, child_level=1, child_index=363)
        self.event("ship", 60, 5)
        self.assert_clean("packing.stops")

    def test_no_trace(self):
        self.change("liquor_packing_check", self.roll, state="released")
        self.assert_reported("packing.stops", "roll R-9 is released and its last trace says stopped")


@tagged("post_install", "-at_install")
class TestDays(AuditCase):
    """Two receipts of six bottles in transactions 10 and 30; the reader has read up to 20."""

    def setUp(self):
        super().setUp()
        for xid in ("10", "30"):
            self.plant(
                EVENT, company_id=1, business_day=date(2026, 3, 2), territory_id=5, product_id=7, kind="receive",
                status="accepted", bottles=6, xid=xid,
            )  # fmt: skip
        self.plant("liquor_scan_cursor", name="scan days", next_xid="20")
        self.day = self.plant(
            "liquor_scan_day_store", company_id=1, day=date(2026, 3, 2), territory_id=5, product_id=7, kind="receive",
            events=1, bottles=6,
        )  # fmt: skip
        self.assert_clean("flow.days")

    def test_counted_twice(self):
        self.change("liquor_scan_day_store", self.day, events=2, bottles=12)
        self.assert_reported("flow.days", "2 scans of 12 bottles stored, 1 of 6 proven")

    def test_forgotten(self):
        self.env.cr.execute("UPDATE pg_temp.liquor_scan_cursor SET next_xid = '31'")
        self.assert_reported("flow.days", "1 scans of 6 bottles stored, 2 of 12 proven")

    def test_place_kept_too_long(self):
        self.env.cr.execute("CREATE TEMP TABLE liquor_scan_place (event_id int4, at timestamp) ON COMMIT DROP")
        self.env.cr.execute("INSERT INTO liquor_scan_place VALUES (1, now() - interval '80 days')")
        self.assert_clean("flow.places")
        self.env.cr.execute("INSERT INTO liquor_scan_place VALUES (2, now() - interval '94 days')")
        self.assert_reported("flow.places", "place of event 2 is 94 days old")


@tagged("post_install", "-at_install")
class TestLoaded(AuditCase):
    def setUp(self):
        super().setUp()
        self.truck = self.plant("stock_picking", name="WH/OUT/7", state="done")
        unit = {"batch_id": 7, "level": 6, "unit_index": 3}
        self.scan = self.plant("liquor_picking_scan", picking_id=self.truck, user_id=2, event_posted=True,
                               scanned_at=datetime.now(), **unit)  # fmt: skip
        self.event = self.plant(EVENT, kind="ship", **unit)
        key = f"picking:{self.truck}:{self.scan}"
        self.plant("liquor_scan_request", user_id=2, client_id=key, event_id=self.event)
        self.assert_clean("warehouse.loaded")

    def test_loaded_without_event(self):
        self.change(EVENT, self.event, unit_index=4)
        self.assert_reported(
            "warehouse.loaded", f"scan {self.scan} of transfer {self.truck} is posted and has no event"
        )

    def test_open_on_a_closed_transfer(self):
        self.change("liquor_picking_scan", self.scan, event_posted=False)
        self.assert_reported("warehouse.loaded", "is open and its transfer WH/OUT/7 is done")
