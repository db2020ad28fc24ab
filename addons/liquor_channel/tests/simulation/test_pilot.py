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
        self.assertIn(pilot.id, dict(pilot.name_search(pilot.policy_id.name)), "found by typing, as lists of spend do")
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
        self.assertEqual(sum(pilot.line_ids.mapped("spend")), 60)
        self.assertIn("+6.00", pilot.words)

    def book(self, shop, amount, day, **values):
        """An earning of a shop on a day."""
        return self.env["liquor.earning"]._book([
            {
                "company_id": self.company.id,
                "partner_id": shop.id,
                "beneficiary_kind": "terminal",
                "currency_id": self.currency.id,
                "amount": amount,
                "type": "earn",
                "business_day": day,
                "event_time": datetime(day.year, day.month, day.day, 4),
                "fact_key": f"spend/{shop.id}/{day}/{amount}",
                **values,
            }
        ])

    def test_spend_by_group(self):
        """70.00 to the pilot, 8.00 to the control group on the seven days; a guide, and days around, are neither."""
        pilot = self.plan()
        pilot.action_draw()
        tried, control = (
            pilot.line_ids.filtered(lambda one, flag=flag: one.is_control == flag)[:1].partner_id
            for flag in (False, True)
        )
        other = self.make_version(basis="opened", rate=1.0)
        day = date(2026, 4, 3)
        self.book(tried, 60, day, policy_version_id=self.draft.id)
        self.book(tried, 10, date(2026, 4, 7), policy_version_id=other.id)
        self.book(control, 8, date(2026, 4, 1), policy_version_id=other.id)
        for outside in (date(2026, 3, 31), date(2026, 4, 8)):
            self.book(tried, 5, outside)
        self.book(self.shop, 3, day)
        self.book(control, 2, day, beneficiary_kind="guide")
        self.env.flush_all()
        spend = self.env["liquor.spend"].with_user(self.finance)
        groups = spend._read_group(pilot.action_open_spend()["domain"], ["pilot_group"], ["earned:sum"])
        self.assertEqual(dict(groups), {"pilot": 70, "control": 8})
        self.assertEqual(spend.search([("pilot_group", "=", "control")]).mapped("earned"), [8])
        # whatever has no group is still there: 70 + 8 + 2 x 5 + 3 + 2
        self.assertEqual(
            sum(spend.search([("partner_id", "in", (tried | control | self.shop).ids)]).mapped("earned")), 93
        )
        pilot.action_compare()
        paid = {line.partner_id: (line.amount, line.spend) for line in pilot.line_ids}
        self.assertEqual((paid[tried], paid[control]), ((60, 70), (0, 8)))

    def test_return_of_the_pilot(self):
        """C22: shops of the pilot opened 8, 8, 10 and 14 more, the control group 0, 4, 4 and 0, 2 on average.

        40 bottles less 4 x 2 are 32 by the policy, at 100.00 - 60.00 each 1,280.00, for 160.00: 700 %. What else the
        pilot's shops got is another line, and so is what the policy gives elsewhere.
        """
        pilot = self.plan()
        pilot.action_draw()
        self.draft.with_user(self.manager).action_activate()
        with freeze_time("2026-01-05 04:00:00"):
            self.product.standard_price = 60
        self.env["liquor.price.ladder"].create({
            "product_id": self.product.id, "date_start": "2026-01-01", "price_factory": 100,
        })  # fmt: skip
        tried, control = (
            pilot.line_ids.filtered(lambda one, flag=flag: one.is_control == flag).partner_id for flag in (False, True)
        )
        table = {(self.shop, date(2026, 1, 2)): 1}
        for shops, after in ((tried, (14, 14, 16, 20)), (control, (6, 10, 10, 6))):
            for shop, bottles in zip(shops, after, strict=True):
                table[shop, date(2026, 3, 26)] = 6  # in the week before
                table[shop, date(2026, 4, 7)] = bottles
                table[shop, date(2026, 4, 8)] = 600  # behind the pilot
        facts = [{**fact, "kind": "opened"} for fact in self.facts(table)]
        model = type(self.env["liquor.flow.fact"])
        original = model._fact_queries
        self.patch(model, "_fact_queries", lambda this: [*original(this), {**self.source(facts), "kinds": ("opened",)}])
        for shop in tried:
            self.book(shop, 40, date(2026, 4, 3), policy_version_id=self.draft.id)
        self.book(self.shop, 5, date(2026, 4, 3), policy_version_id=self.draft.id)
        found = self.env["liquor.spend.return"].with_user(self.finance).create({
            "date_from": "2026-04-01", "date_to": "2026-04-10",
        })  # fmt: skip
        found.action_compute()
        lines = found.line_ids.filtered("pilot_id")
        self.assertEqual((lines.partner_id, lines.pilot_id), (tried, pilot))
        self.assertEqual(set(lines.mapped("baseline_kind")), {"control"})
        self.assertEqual(set(lines.mapped("date_to")), {date(2026, 4, 7)})
        [sums] = lines._read_group(
            [("id", "in", lines.ids)], [],
            ["incremental_bottles:sum", "incremental_margin:sum", "measured_spend:sum", "return_percent:avg"],
        )  # fmt: skip
        self.assertEqual(sums, (32, 1280, 160, 700))
        [rest] = found.line_ids - lines
        self.assertEqual((rest.partner_id, rest.spend, rest.baseline_kind), (self.shop, 5, "before_programme"))
        spend = self.env["liquor.spend"]
        for line in found.line_ids:
            money = spend.search(line.with_user(self.finance).action_open_spend()["domain"])
            self.assertEqual(sum(money.mapped("earned")), line.spend)

    def test_of_two_pilots_the_one_that_tries_the_policy(self):
        first = self.plan()
        first.action_draw()
        again = self.draft.with_user(self.clerk).copy({"partner_ids": [Command.set(self.shops.ids)]})
        second = self.plan(version_id=again.id)
        second.action_draw()
        other = self.make_version(
            activate=False, basis="received", rate=1.0, date_start="2026-04-01",
            partner_ids=[Command.set(self.shops.ids)],
        )  # fmt: skip
        third = self.plan(version_id=other.id)
        third.action_draw()
        rows = {}
        for version in (self.draft, other, self.env["liquor.policy.version"]):
            rows[self.book(self.shops[0], 10, date(2026, 4, 2), policy_version_id=version.id or None,
                           fact_key=f"two/{version.id}")] = version  # fmt: skip
        self.env.flush_all()
        found = {
            rows[line.earning_id]: line.pilot_id
            for line in self.env["liquor.spend"].search([("earning_id", "in", [row.id for row in rows])])
        }
        # both drafts of one policy: the one drawn last; without a policy the last one of all
        none = self.env["liquor.policy.version"]
        self.assertEqual(found, {self.draft: second, other: third, none: third})
