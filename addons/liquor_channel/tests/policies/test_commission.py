"""Commission per level of the tree (channel.md C60): one level, a second only with head office and counsel's note."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ChannelCase

NOTE = "Two levels between traders of goods are no pyramid; paid on settled sales only."


@tagged("post_install", "-at_install")
class TestCommission(ChannelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Sunny Trading -> Middle -> Lower -> Lowest
        above = cls.distributor
        for name in ("middle", "lower", "lowest"):
            above = cls.make_partner(name.title(), "sub_distributor", parent_distributor_id=above.id)
            setattr(cls, name, above)
        cls.permissions = cls.env["liquor.commission.permission"].with_user(cls.manager)

    def commission(self, levels=1, second_rate=0.0, activate=True, **values):
        terms = {"basis": "reported", "measure": "cases", "rate": 4.0, "beneficiary_kind": "distributor", **values}
        return self.make_version(
            activate=activate, commission_levels=levels, second_rate=second_rate, payable="available", **terms
        )

    def allow(self, **values):
        return self.permissions.create({"counsel": "Dacheng", "note": NOTE, **values})

    def told(self, number, reporter, bottles=60):
        fact = self.make_fact(number, kind="reported", partner_id=reporter.id, counterparty_id=None, bottles=bottles)
        return self.env["liquor.policy"]._earn([fact])[fact["key"]]

    def rows(self, earnings):
        return [
            (row.partner_id, row.amount, row.commission_level, row.commission_of_id, row.commission_parent_id)
            for row in earnings.sorted("commission_level")
        ]

    def test_one_level_by_default(self):
        self.commission()
        earnings = self.told(1, self.lower)
        # 60 bottles are 10 cases: 4.00 each for Middle, who supplies Lower
        self.assertEqual(self.rows(earnings), [(self.middle, 40, 1, self.lower, self.middle)])
        self.assertEqual(earnings.beneficiary_kind, "sub_distributor")
        self.assertIn("Lower", earnings.why)
        # nobody is above the distributor, and a repeated fact pays nothing more
        self.assertFalse(self.told(2, self.distributor))
        self.assertEqual(self.told(1, self.lower), earnings)

    def test_a_second_level_goes_to_the_distributor_and_no_further(self):
        self.allow()
        self.commission(levels=2, second_rate=1.0)
        self.assertEqual(
            self.rows(self.told(1, self.lower)),
            [(self.middle, 40, 1, self.lower, self.middle), (self.distributor, 10, 2, self.lower, self.middle)],
        )
        # two above Lowest is Middle, a sub-distributor; the distributor is three above
        self.assertEqual(self.rows(self.told(2, self.lowest)), [(self.lower, 40, 1, self.lowest, self.lower)])
        self.assertEqual(
            self.rows(self.told(3, self.middle)), [(self.distributor, 40, 1, self.middle, self.distributor)]
        )

    def test_a_permission_that_was_taken_back_ends_the_second_level(self):
        self.allow()
        self.commission(levels=2, second_rate=1.0)
        first = self.told(1, self.lower)
        self.assertEqual(len(first), 2)
        self.allow(allowed=False)
        self.assertEqual(self.rows(self.told(2, self.lower)), [(self.middle, 40, 1, self.lower, self.middle)])
        # what goes back names the same level
        back = self.env["liquor.earning"]._claw_back(first.mapped("fact_key"), "undone")
        self.assertEqual(
            self.rows(back),
            [(self.middle, -40, 1, self.lower, self.middle), (self.distributor, -10, 2, self.lower, self.middle)],
        )

    def test_nobody_below_carries_it(self):
        user = self.distributor_user.copy({"login": "lower_owner"})
        user.partner_id.parent_id = self.lower
        agreement = self.env["liquor.agreement"].create({
            "distributor_id": self.lower.id,
            "date_start": "2026-01-01",
            "line_ids": [(0, 0, {"share": 50.0})],
        })
        agreement.action_send()
        agreement._accept(user)
        agreement.accepted_at = "2026-01-01 00:00:00"
        self.commission()
        self.assertEqual(self.told(1, self.lower).funder_amount, 0)

    def test_who_is_above_must_be_in_good_standing(self):
        self.middle._liquor_role("sub_distributor", self.company).sudo().write({
            "state": "suspended", "suspended_on": "2026-03-01"
        })  # fmt: skip
        self.commission()
        self.assertFalse(self.told(1, self.lower))

    def test_refused_terms(self):
        for values in (
            {"beneficiary_kind": "terminal"},
            {"beneficiary_kind": "guide", "basis": "sold"},
            {"basis": "opened"},
            {"basis": "paid_in"},
            {"levels": 2},
            {"levels": 1, "second_rate": 1.0},
            {"tiers": ((0, 0, 4),), "rate": 0.0},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.commission(**{"activate": False, **values})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.commission(levels=3, second_rate=1.0, activate=False)

    def test_a_second_level_without_the_note_or_by_a_region_is_refused(self):
        draft = self.commission(levels=2, second_rate=1.0, activate=False)
        with self.assertRaises(UserError):
            draft.with_user(self.manager).action_activate()
        for values in ({"note": "ok"}, {"note": " " * 40}, {"counsel": " "}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.allow(**values)
        for user in (self.clerk, self.finance):
            with self.assertRaises(AccessError):
                self.allow_by(user)
        self.manager.sudo().liquor_territory_ids = self.county
        with self.assertRaises(AccessError):
            self.allow()
        self.manager.sudo().liquor_territory_ids = False
        permission = self.allow(user_id=self.clerk.id)
        self.assertEqual(permission.user_id, self.manager)
        with self.assertRaises(UserError):
            permission.write({"note": "Something else was said by somebody."})
        self.manager.sudo().liquor_territory_ids = self.county
        with self.assertRaises(UserError):
            draft.with_user(self.manager).action_activate()
        self.manager.sudo().liquor_territory_ids = False
        draft.with_user(self.manager).action_activate()
        self.assertEqual(draft.state, "active")

    def allow_by(self, user):
        return self.permissions.with_user(user).create({"counsel": "Dacheng", "note": NOTE})

    def test_the_permission_of_one_company_is_not_anothers(self):
        self.allow()
        other = self.env["res.company"].create({"name": "Other Cellar"})
        self.assertTrue(self.permissions._is_allowed(self.company))
        self.assertFalse(self.permissions._is_allowed(other))

    def test_number_of_queries_does_not_grow(self):
        self.allow()
        self.commission(levels=2, second_rate=1.0)

        def cost(first, count):
            facts = [
                self.make_fact(number, kind="reported", partner_id=self.lower.id, counterparty_id=None)
                for number in range(first, first + count)
            ]
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["liquor.policy"]._earn(facts)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost(0, 1)
        cost(1, 1)  # the version is frozen now
        self.assertEqual(cost(100, 50), cost(10, 1))

    def test_terms_in_words(self):
        draft = self.commission(levels=2, second_rate=1.0, activate=False)
        self.assertIn("1.00", draft.sentence)
        self.assertEqual(draft.date_start, date(2026, 1, 1))
