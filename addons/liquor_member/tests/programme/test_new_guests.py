"""Events that bring too few new guests stop the money of the next one (channel.md C70)."""

import unittest
from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from ...engine.programme.new_guests import Event, misses_in_a_row


class TestMisses(unittest.TestCase):
    def test_thirty_per_cent_is_reached_exactly(self):
        for new, missed in ((29, 1), (30, 0), (31, 0)):
            self.assertEqual(misses_in_a_row([Event(100, new)], Decimal(30)), missed)

    def test_only_those_in_a_row_count(self):
        latest_first = [Event(10, 2), Event(10, 2), Event(10, 3), Event(10, 0), Event(10, 0)]
        self.assertEqual(misses_in_a_row(latest_first, Decimal(30)), 2)
        self.assertEqual(misses_in_a_row([], Decimal(30)), 0)


@tagged("post_install", "-at_install")
class TestEventResult(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.env["liquor.member.program"].create({"name": "Dream Club", "mode": "regional"})
        cls.results = cls.env["liquor.event.result"]
        groups = {"manager": "liquor_member.group_member_manager", "service": "liquor_member.group_service"}
        for name, group in groups.items():
            user = new_test_user(cls.env, login=f"events_{name}", groups=group, company_id=cls.env.company.id)
            setattr(cls, name, user)

    def hold(self, number, new, guests=10):
        return self.results._record(self.program, f"Event {number}", date(2026, 3, number), guests, new, f"e/{number}")

    def test_three_misses_stop_the_fourth_until_something_changes(self):
        for number, new in ((1, 2), (2, 2)):
            self.hold(number, new)
        self.assertEqual(self.results._why_paused(self.program), "")
        self.hold(3, 2)
        self.assertTrue(self.results._why_paused(self.program))
        self.env["liquor.event.review"].with_user(self.manager).create({
            "program_id": self.program.id, "change": "Two guests a table",
        })  # fmt: skip
        self.assertEqual(self.results._why_paused(self.program), "")
        self.hold(4, 0)
        self.assertEqual(self.results._misses(self.program), 1)

    def test_one_good_event_begins_anew(self):
        for number, new in ((1, 0), (2, 0), (3, 3), (4, 0)):
            self.hold(number, new)
        self.assertEqual(self.results._why_paused(self.program), "")

    def test_an_event_is_counted_once(self):
        self.assertEqual(self.hold(1, 2), self.hold(1, 2))
        self.assertEqual(self.results.search_count([("program_id", "=", self.program.id)]), 1)

    def test_only_a_member_manager_reviews_and_in_his_own_name(self):
        values = {"program_id": self.program.id, "change": "Nothing"}
        with self.assertRaises(AccessError):
            self.env["liquor.event.review"].with_user(self.service).create(values)
        review = self.env["liquor.event.review"].with_user(self.manager).create({**values, "user_id": self.service.id})
        self.assertEqual(review.user_id, self.manager)
