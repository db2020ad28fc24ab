"""A policy tried on a part of its shops (C22): drawn by lot, paid to the pilot alone, compared."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import ChannelCase

COLUMNS = ("key", "kind", "partner_id", "counterparty_id", "product_id", "bottles", "event_time", "business_day")


@tagged("post_install", "-at_install")
@freeze_time("2026-04-20 04:00:00")
class TestPilot(ChannelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shops = cls.env["res.partner"]
        for number in range(8):
            kind = (cls.shop_kind, cls.restaurant_kind)[number % 2]
            cls.shops |= cls.make_partner(f"Pilot {number}", "terminal", terminal_kind_id=kind.id)
        cls.draft = cls.make_version(
            activate=False,
            basis="received",
            measure="bottles",
            rate=1.0,
            date_start="2026-04-01",
            partner_ids=[Command.set(cls.shops.ids)],
        )

    def plan(self, **values):
        return (
            self
            .env["liquor.policy.pilot"]
            .with_user(self.clerk)
            .create({
                "version_id": self.draft.id,
                "date_start": "2026-04-01",
                "days": 7,
                "basis": "received",
                **values,
            })
        )

    def facts(self, table):
        """Receipts of whole shops: {(partner, day): bottles}."""
        return [
            self.make_fact(
                f"{partner.id}/{day}",
                partner_id=partner.id,
                bottles=bottles,
                business_day=day,
                event_time=datetime(day.year, day.month, day.day, 4),
            )
            for (partner, day), bottles in table.items()
        ]

    def source(self, facts):
        """These facts as one more source of all facts."""
        rows = [SQL("(%s)", SQL(", ").join(SQL("%s", fact[name]) for name in COLUMNS)) for fact in facts]
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        return {
            "kinds": ("received",),
            "columns": {
                **{name: SQL("planted.%s", SQL.identifier(name)) for name in COLUMNS},
                "company_id": SQL("%s", self.company.id),
                "source_id": SQL("1"),
            },
            "from": SQL("FROM (VALUES %s) AS planted (%s)", SQL(", ").join(rows), names),
        }

    def test_groups_are_alike_and_the_draft_pays_the_pilot(self):
        pilot = self.plan()
        pilot.action_draw()
        lines = pilot.line_ids
        self.assertEqual((pilot.state, pilot.pilot_count, pilot.control_count, len(lines)), ("drawn", 4, 4, 8))
        self.assertTrue(pilot.seed)
        drawn = {line.partner_id for line in lines if line.is_control}
        self.assertEqual(self.draft.partner_ids, self.shops - self.env["res.partner"].union(*drawn))
        # two of each kind on either side
        for kind in self.shop_kind, self.restaurant_kind:
            of_kind = lines.filtered(lambda line, kind=kind: kind.name in line.stratum)
            self.assertEqual(sorted(of_kind.mapped("is_control")), [False, False, True, True])
        self.assertNotIn("… (", self.draft.sentence)
        # who draws writes the terms; the seed alone gives the groups again
        self.assertEqual(self.draft.author_id, self.clerk)
        for act in (pilot.action_draw, lambda: pilot.write({"days": 14}), pilot.unlink):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(UserError):
            self.plan().action_draw()

    def test_the_sentence_of_many_shops_counts_them(self):
        self.draft.partner_ids |= self.shop | self.second_shop | self.make_partner("Pilot 9", "terminal")
        self.assertIn("… (11)", self.draft.sentence)

    def test_a_forged_draw_is_dropped(self):
        forged = {"seed": 5, "state": "done", "verdict": "more", "effect": 99}
        pilot = self.plan(**forged)
        self.assertEqual((pilot.state, pilot.seed, pilot.verdict, pilot.effect), ("draft", 0, False, 0))
        with self.assertRaises(AccessError):
            pilot.write({"seed": 5})
        with self.assertRaises(AccessError):
            pilot.line_ids.with_user(self.clerk).create({"pilot_id": pilot.id})
        with self.assertRaises(AccessError):
            pilot.with_user(self.finance).action_draw()
        with self.assertRaises(AccessError):
            pilot.with_user(self.outsider).read(["seed"])

    def test_too_few_shops_and_days(self):
        self.draft.partner_ids = self.shops[:3]
        with self.assertRaises(UserError):
            self.plan().action_draw()
        self.draft.partner_ids = self.shops
        with freeze_time("2026-04-01 04:00:00"):
            pilot = self.plan()
            with self.assertRaises(UserError):
                pilot.action_compare()
            pilot.action_draw()
            with self.assertRaises(UserError):
                pilot.action_compare()

    def test_compared_by_hand(self):
        """Pilot: +6, +6, +12, +12 (9 on average), control: 0, 0, +6, +6 (3): 6 bottles a shop by the policy.

        Both variances are 12, so the error is the root of 12/4 + 12/4, 2.4495, at 6 degrees of freedom: t 2.447 of it
        are 5.99. The pilot got 1.00 for each of 60 bottles: 60.00 over 24 bottles more are 2.50.
        """
        pilot = self.plan()
        pilot.action_draw()
        self.draft.with_user(self.manager).action_activate()
        groups = {flag: pilot.line_ids.filtered(lambda x, f=flag: x.is_control == f).partner_id for flag in (0, 1)}
        table = {}
        for control, after in ((0, (12, 12, 18, 18)), (1, (6, 6, 12, 12))):
            for shop, bottles in zip(groups[control], after, strict=True):
                table[shop, date(2026, 3, 26)] = 6  # in the week before
                table[shop, date(2026, 4, 7)] = bottles
                table[shop, date(2026, 3, 24)] = table[shop, date(2026, 4, 8)] = 600  # outside both weeks
        facts = self.facts(table)
        paying = [fact for fact in facts if date(2026, 4, 1) <= fact["business_day"] <= date(2026, 4, 7)]
        self.env["liquor.policy"]._earn(paying)
        model = type(self.env["liquor.flow.fact"])
        original = model._fact_queries
        self.patch(model, "_fact_queries", lambda this: [*original(this), self.source(facts)])
        pilot.action_compare()
        self.assertEqual((pilot.state, pilot.compared_to), ("done", date(2026, 4, 7)))
        self.assertEqual((pilot.pilot_change, pilot.control_change, pilot.effect), (9, 3, 6))
        self.assertAlmostEqual(pilot.effect_low, 6 - 5.99, places=2)
        self.assertAlmostEqual(pilot.effect_high, 6 + 5.99, places=2)
        self.assertEqual((pilot.verdict, pilot.spend, pilot.spend_per_bottle, pilot.leak_count), ("more", 60, 2.5, 0))
        self.assertEqual(sum(pilot.line_ids.mapped("change")), 48)
        self.assertIn("+6.00", pilot.words)
