"""What a body of POST /liquor/v1/scans may hold, and what it may not."""

import unittest
from datetime import datetime, timedelta

from ...engine.flow.request import (
    MAX_EVENTS,
    Place,
    Refusal,
    ScanItem,
    body_hash,
    normalise,
)

NOW = datetime(2026, 11, 21, 12, 0)


def event(**changes):
    """A receipt that passes, with changes; a value of None takes the key out."""
    body = {"id": "k-1", "type": "receive", "code": "40001ABCDEFGHJKMN", "at": "2026-11-21T19:59:00+08:00"}
    body.update(changes)
    return {key: value for key, value in body.items() if value is not None}


class TestNormalise(unittest.TestCase):
    def assertRefused(self, reason, **changes):
        result = normalise(event(**changes), NOW)
        self.assertIsInstance(result, Refusal, result)
        self.assertEqual(result.reason, reason)

    def test_complete_event(self):
        item = normalise(
            event(lat=34.747, lon=113.625, accuracy=15, to="D001", purpose="banquet", reference="车次 7"), NOW
        )
        self.assertIsInstance(item, ScanItem)
        self.assertEqual(item.at, datetime(2026, 11, 21, 11, 59))  # 19:59 in Shanghai
        self.assertEqual(item.place, Place(34.747, 113.625, 15.0))
        self.assertEqual((item.to, item.purpose, item.reference), ("D001", "banquet", "车次 7"))

    def test_every_fault_has_its_reason(self):
        for reason, changes in (
            ("bad_type", {"type": "fly"}),
            ("bad_type", {"type": ["receive"]}),
            ("bad_time", {"at": "2026-11-21 19:59"}),
            ("bad_time", {"at": 1763726340}),
            ("bad_time", {"at": "0001-01-01T00:00:00+14:00"}),
            ("in_the_future", {"at": "2026-11-21T12:05:01Z"}),
            ("too_old", {"at": "2026-10-21T11:59:59Z"}),
            ("bad_to", {"to": {"id": 1}}),
            ("bad_to", {"to": "x" * 65}),
            ("bad_to", {"to": 2**31}),
            ("bad_purpose", {"purpose": "resale"}),
            ("bad_reference", {"reference": "a\x00b"}),
            ("bad_reference", {"reference": "\ud800"}),
            ("bad_code", {"code": None}),
            ("bad_code", {"code": 40001}),
            ("bad_code", {"code": " "}),
            ("bad_code", {"codes": ["A"]}),  # both given
            ("bad_code", {"code": None, "codes": []}),
            ("bad_code", {"code": None, "codes": "AB"}),
            ("bad_code", {"code": "A" * 201}),
            ("same_code_twice", {"code": None, "codes": ["A", "B", "A "]}),
            ("too_many_codes", {"code": None, "codes": [str(number) for number in range(MAX_EVENTS + 1)]}),
            ("bad_undo", {"undo_of": "k-0"}),
            ("bad_undo", {"type": "void", "code": None}),
        ):
            with self.subTest(reason=reason, changes=str(changes)[:60]):
                self.assertRefused(reason, **changes)

    def test_an_event_without_a_usable_id_cannot_be_kept(self):
        for bad in (None, "", 7, True, "a b", "x" * 65, "单号", "a\n", ["a"]):
            with self.subTest(bad=bad):
                result = normalise(event(id=bad) if bad is not None else event(id=None), NOW)
                self.assertEqual((result.client_id, result.reason), ("", "bad_id"))
        for body in (None, [], "text", 3, True):
            with self.subTest(body=body):
                self.assertEqual(normalise(body, NOW).reason, "bad_event")

    def test_limits_are_inclusive(self):
        self.assertIsInstance(normalise(event(at="2026-11-21T12:05:00Z"), NOW), ScanItem)
        self.assertIsInstance(normalise(event(at="2026-10-21T12:00:00Z"), NOW), ScanItem)
        self.assertIsInstance(normalise(event(id="x" * 64), NOW), ScanItem)

    def test_a_wrong_place_is_an_unknown_place(self):
        nan, inf = float("nan"), float("inf")
        for lat, lon in ((999, 113), (34, -181), ("34", 113), (None, 113), (True, 1), (nan, 1), (inf, 1), (10**400, 1)):
            with self.subTest(lat=str(lat)[:8], lon=lon):
                self.assertIsNone(normalise(event(lat=lat, lon=lon), NOW).place)
        self.assertIsNone(normalise(event(lat=0, lon=0), NOW).place, "0/0 is what a phone says without a fix")
        self.assertEqual(normalise(event(lat=34, lon=113, accuracy=-5), NOW).place.accuracy, 0.0)

    def test_what_a_client_may_not_say_is_not_read(self):
        item = normalise(event(amount=9999, member_id=1, company_id=2, state="accepted", reward="x"), NOW)
        self.assertEqual(set(item._fields) & {"amount", "member_id", "company_id", "state", "reward"}, set())

    def test_void_names_the_event_and_no_code(self):
        item = normalise(event(type="void", code=None, undo_of="k-0"), NOW)
        self.assertEqual((item.undo_of, item.codes), ("k-0", ()))


class TestBodyHash(unittest.TestCase):
    def test_same_content_same_hash(self):
        self.assertEqual(body_hash({"a": 1, "b": [1.0, None]}), body_hash({"b": [1, None], "a": 1.0}))

    def test_other_content_other_hash(self):
        self.assertNotEqual(body_hash(event()), body_hash(event(reference="x")))
        self.assertNotEqual(body_hash({"a": "1"}), body_hash({"a": 1}))
        self.assertNotEqual(body_hash({"a": True}), body_hash({"a": 1}))

    def test_odd_content_does_not_break_it(self):
        deep = current = []
        for _ in range(500):
            current.append([])
            current = current[0]
        for odd in (deep, float("nan"), float("inf"), "\ud800", 10**300, None):
            self.assertEqual(len(body_hash(odd)), 64)

    def test_time_does_not_pass_into_it(self):
        one = normalise(event(), NOW)
        two = normalise(event(), NOW + timedelta(hours=1))
        self.assertEqual(one.body_hash, two.body_hash)
