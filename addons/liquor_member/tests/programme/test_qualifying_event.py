from psycopg2 import errors

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.liquor_member.tools.business_day import today

from ..common import MemberCase


class TestQualifyingEvent(MemberCase):
    def record(self, member, bottles, key=None, credit="purchase", **values):
        """Record one event and return it."""
        return self.env["liquor.qualifying.event"]._record([
            {
                "member_id": member.id,
                "source": "scan",
                "credit": credit,
                "product_id": self.wine.id,
                "bottles": bottles,
                "bottle_key": key,
                **values,
            }
        ])

    def test_300_cases_exactly_are_s(self):
        # 件 of 6 bottles: 1194 = 199 件, 1200 = 200 (T), 1799 = 299.83 (T), 1800 = 300 (S)
        member = self.join()
        for bottles, level in ((1194, ""), (6, "T"), (599, "T"), (1, "S")):
            self.record(member, bottles)
            self.assertEqual(member.level_id.name or "", level)
        self.assertEqual(member.cases_12m, 300)
        logs = self.env["liquor.member.level.log"].search([("member_id", "=", member.id)], order="id")
        self.assertEqual(
            [(log.old_level_id.name, log.new_level_id.name, log.value) for log in logs],
            [(False, "T", 200.0), ("T", "S", 300.0)],
        )

    def test_cases_as_each_product_is_packed(self):
        # 1*4: 1200 bottles are 300 件; counted as cases of 6 they were 200
        self.club.case_unit = "product"
        self.wine.product_tmpl_id.liquor_bottles_per_case = 4
        member = self.join()
        self.record(member, 1199)
        self.assertEqual(member.level_id, self.level_t)
        self.record(member, 1)
        self.assertEqual(member.level_id, self.level_s)

    def test_amount_as_dimension(self):
        self.club.dimension = "amount"
        member = self.join()
        self.record(member, 1, amount=199.99)
        self.assertFalse(member.level_id)
        self.record(member, 1, amount=0.01)
        self.assertEqual(member.level_id, self.level_t)

    def test_a_year_later_one_step_down_after_the_grace(self):
        member = self.join()
        with self.at("2026-01-10 04:00:00"):
            self.record(member, 1800)
        self.assertEqual(member.level_id, self.level_s)
        with self.at("2027-01-09 04:00:00"):  # last day of the window
            self.club._evaluate_levels()
            self.assertFalse(member.level_below_since)
        with self.at("2027-01-10 04:00:00"):
            self.club._evaluate_levels()
            self.assertEqual(member.level_below_since, fields.Date.to_date("2027-01-10"))
        with self.at("2027-02-09 04:00:00"):  # 30 days later
            self.club._evaluate_levels()
            self.assertEqual(member.level_id, self.level_t)

    def test_a_bottle_gives_one_purchase_and_one_opening(self):
        first, second = self.join(0), self.join(1)
        bought = self.record(first, 1, "B1")
        self.assertEqual(self.record(second, 1, "B1"), bought)
        opened = self.record(second, 1, "B1", credit="opening")
        self.assertEqual(opened.member_id, second)
        self.assertFalse(opened.qualifies, "the buyer has the credit")
        self.assertEqual(self.record(first, 1, "B1", credit="opening"), opened)

    def test_same_bottle_twice_in_one_batch(self):
        member = self.join()
        values = {
            "member_id": member.id,
            "source": "scan",
            "credit": "opening",
            "product_id": self.wine.id,
            "bottles": 1,
            "bottle_key": "B2",
        }
        rows = self.env["liquor.qualifying.event"]._record([values, dict(values)])
        self.assertEqual(len(set(rows.ids)), 1)

    def test_opening_first_then_bought_counts_once(self):
        opener, buyer = self.join(0), self.join(1)
        opened = self.record(opener, 1, "B3", credit="opening")
        self.assertTrue(opened.qualifies)
        bought = self.record(buyer, 1, "B3")
        self.assertEqual((opened.qualifies, bought.qualifies), (False, True))
        bought._reverse("returned")
        self.assertTrue(opened.qualifies)
        self.assertEqual(self.record(opener, 1, "B3").member_id, opener, "a returned bottle can be sold again")

    def test_openings_of_a_day_are_capped(self):
        member = self.join()
        self.club.opening_cap = 3
        rows = [
            self.record(member, 1, f"C{number}", credit="opening", event_time="2026-05-01 10:00:00")
            for number in range(5)
        ]
        self.assertEqual([row.qualifies for row in rows], [True, True, True, False, False])
        # 17:00 UTC is the next day in Shanghai
        self.assertTrue(self.record(member, 1, "C9", credit="opening", event_time="2026-05-01 17:00:00").qualifies)

    def test_a_return_takes_the_level_evidence_back(self):
        member = self.join()
        self.record(member, 1200)
        self.record(member, -6, event_key="return 1")
        self.assertEqual(member.cases_12m, 199)
        self.assertEqual(member.level_below_since, today(member.company_id))

    def test_bounds(self):
        member = self.join()
        for bottles in (0, 1.5, 10**9, True, float("inf"), float("nan"), "7", [1]):
            with self.subTest(bottles=bottles), self.assertRaises(UserError):
                self.record(member, bottles)

    def test_database_holds_one_live_row(self):
        row = self.record(self.join(), 1, "B9")
        values = row.copy_data()[0] | {"business_day": row.business_day, "bottle_key": "B9"}
        with self.assertRaises(errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["liquor.qualifying.event"].sudo().create(values)

    def test_evidence_is_neither_edited_nor_deleted(self):
        row = self.record(self.join(), 1)
        manager = self.user("manager", "group_member_manager")
        for user in (self.env.user, manager):
            with self.assertRaises(UserError):
                row.with_user(user).write({"bottles": 600})
            with self.assertRaises(UserError):
                row.with_user(user).unlink()

    def test_queries_do_not_grow_with_the_batch(self):
        members = [self.join(number) for number in range(10)]

        def batch(size, start):
            return [
                {
                    "member_id": members[n % 10].id,
                    "source": "scan",
                    "credit": "opening",
                    "product_id": self.wine.id,
                    "bottles": 1,
                    "bottle_key": f"Q{start + n}",
                }
                for n in range(size)
            ]

        events = self.env["liquor.qualifying.event"]
        events._record(batch(10, 0))
        self.env.flush_all()
        with self.assertQueryCount(11):
            events._record(batch(1, 100))
            self.env.flush_all()
        with self.assertQueryCount(11):
            events._record(batch(100, 200))
            self.env.flush_all()
