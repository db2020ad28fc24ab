"""Per-unit policies: uplifts, one shop one policy, exclusive groups, common caps; the same number of queries."""

import itertools
import json
from datetime import date, datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...engine.earnings.periods import period_of
from ..common import DAY, ChannelCase


class SpecialCase(ChannelCase):
    def earn(self, *facts):
        found = self.env["liquor.policy"]._earn(list(facts))
        return self.env["liquor.earning"].concat(*found.values())

    def overlay(self, version, partner=None, approve=True, **values):
        overlay = (
            self
            .env["liquor.policy.overlay"]
            .with_user(self.clerk)
            .create({
                "policy_id": version.policy_id.id,
                "partner_id": (partner or self.shop).id,
                "date_start": "2026-01-01",
                "reason": "Opposite a competitor",
                **values,
            })
        )
        if approve:
            overlay.with_user(self.manager).action_approve()
        return overlay


@tagged("post_install", "-at_install")
class TestUplifts(SpecialCase):
    def lifted(self, *uplifts, **values):
        return self.make_version(rate=15.0, uplift_ids=[Command.create(one) for one in uplifts], **values)

    def test_star_product_pays_more(self):
        # 15.00 + 50 % = 22.50 for the star, 15.00 for the other
        self.lifted({"kind": "star_product", "percent": 50, "category_ids": [Command.link(self.series.id)]})
        earnings = self.earn(self.make_fact(1), self.make_fact(2, product_id=self.other_product.id))
        self.assertEqual(sorted(earnings.mapped("amount")), [15.0, 22.5])
        trace = json.loads(earnings.filtered(lambda one: one.amount == 22.5).trace)
        self.assertEqual(trace["uplifts"], [["star_product", "50.0", None]])

    def test_rates_by_product_programme_and_role_name_their_source(self):
        """C61: 15.00 a case for shops, half more for the star, 3.00 by another programme, 2.00 for the guide.

        Each line says which version of which programme its rate is from, and which list raised it.
        """
        self.lifted({"kind": "star_product", "percent": 50, "category_ids": [Command.link(self.series.id)]})
        self.make_version(rate=3.0, name="Autumn", category_ids=self.category.ids)
        self.make_version(rate=2.0, rate_kind="fixed", beneficiary_kind="guide", name="Guides")
        self.env["liquor.employment"].create({
            "person_id": self.guide.id, "employer_id": self.shop.id, "date_start": "2026-01-01",
        })._consent_on_paper(date(2026, 1, 1), "consent.pdf", b"%PDF-1.7 signed")  # fmt: skip
        earnings = self.earn(self.make_fact(1, guide_id=self.guide.id))
        told = {
            (row.policy_version_id.policy_id.name, row.beneficiary_kind): (
                row.amount, json.loads(row.trace)["rate"], [one[0] for one in json.loads(row.trace).get("uplifts", [])]
            )
            for row in earnings
        }  # fmt: skip
        base = next(name for name, _kind in told if name not in ("Autumn", "Guides"))
        self.assertEqual(
            {key: (amount, float(rate), lists) for key, (amount, rate, lists) in told.items()},
            {
                (base, "terminal"): (22.5, 15.0, ["star_product"]),
                ("Autumn", "terminal"): (3.0, 3.0, []),
                ("Guides", "guide"): (2.0, 2.0, []),
            },
        )
        for row in earnings:
            self.assertEqual(row.rule_version, row.policy_version_id.display_name)
            self.assertIn(row.policy_version_id.policy_id.name, row._why()[0])

    def test_an_attacked_region_pays_more_while_it_is(self):
        # the county itself is only watched from the 20th: the nearest status counts
        self.lifted({"kind": "under_attack", "percent": 20})
        self.env["liquor.territory.status"].create([
            {
                "territory_id": self.province.id,
                "kind": "under_attack",
                "value": "attacked",
                "date_start": "2026-03-01",
                "reason": "Festival push",
            },
            {
                "territory_id": self.county.id,
                "kind": "under_attack",
                "value": "watched",
                "date_start": "2026-03-20",
                "reason": "Calm again",
            },
        ])
        for number, (day, amount) in enumerate(((date(2026, 2, 28), 15), (DAY, 18), (date(2026, 3, 20), 15))):
            self.assertEqual(self.earn(self.make_fact(number, business_day=day)).amount, amount, day)

    def test_a_new_shop_pays_more_for_its_first_months(self):
        # the shop started on 1 January: January, February and March are its first three months
        self.lifted({"kind": "new_market", "percent": 10, "months": 3})
        self.assertEqual(self.earn(self.make_fact(1, business_day=date(2026, 3, 31))).amount, 16.5)
        self.assertEqual(self.earn(self.make_fact(2, business_day=date(2026, 4, 1))).amount, 15.0)

    def test_the_first_orders_pay_more_in_whatever_order_they_come(self):
        # two deliveries are new; the third is not, also when all come in one batch, last first
        days = (date(2026, 3, 1), date(2026, 3, 5), date(2026, 3, 9))
        for number, order in enumerate(itertools.permutations(range(3))):
            version = self.lifted({"kind": "new_market", "percent": 10, "orders": 2}, name=f"Policy {number}")
            facts = [self.make_fact(f"{number}/{place}", business_day=days[place]) for place in order]
            earnings = self.earn(*facts).filtered(lambda one, version=version: one.policy_version_id == version)
            by_day = {earning.business_day: earning.amount for earning in earnings}
            self.assertEqual([by_day[day] for day in days], [16.5, 16.5, 15.0])
            version.policy_id.active = False

    def test_performance_is_read_from_what_was_frozen(self):
        # February's figure decides on March, and only as it was frozen
        version = self.lifted({"kind": "performance", "percent": 10, "metric_period": "month", "metric_value": 20})
        snapshots = self.env["liquor.performance.snapshot"]
        self.assertEqual(self.earn(self.make_fact(1)).amount, 15.0)
        snapshot = snapshots.create({
            "company_id": self.company.id,
            "partner_id": self.shop.id,
            "basis": "received",
            "measure": "cases",
            "period_label": "2026-02",
            "value": 20.0,
        })
        earning = self.earn(self.make_fact(2))
        self.assertEqual(earning.amount, 16.5)
        self.assertEqual(json.loads(earning.trace)["uplifts"], [["performance", "10.0", snapshot.id]])
        with self.assertRaises(UserError):
            snapshot.value = 5.0
        self.assertEqual(version.state, "frozen")

    def test_freezing_takes_each_party_once(self):
        order = self.env["sale.order"].create({
            "partner_id": self.distributor.id,
            "state": "sale",
            "date_order": datetime(2026, 2, 10, 4),
            "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 60, "price_unit": 100})],
        })
        self.assertTrue(order)
        freeze = self.env["liquor.performance.snapshot"]._freeze
        period = period_of(date(2026, 2, 1), "month")
        rows = freeze(self.company, "ordered", "cases", period)
        self.assertEqual([(row.partner_id, row.value) for row in rows], [(self.distributor, 10.0)])
        self.assertFalse(freeze(self.company, "ordered", "cases", period))

    def test_uplifts_belong_to_the_terms(self):
        version = self.lifted({"kind": "under_attack", "percent": 20})
        with self.assertRaises(UserError):
            version.uplift_ids.percent = 90
        with self.assertRaises(UserError):
            version.uplift_ids.unlink()

    def test_queries_do_not_grow_with_the_facts(self):
        version = self.lifted(
            {"kind": "under_attack", "percent": 20},
            {"kind": "new_market", "percent": 10, "orders": 2},
            {"kind": "performance", "percent": 10, "metric_value": 20},
            cap_total=10000.0,
            cap_supplier=9000.0,
        )
        self.overlay(version, kind="strength", value=5)
        self.make_agreement(30.0)
        counts = []
        for size, start in ((1, 0), (100, 1000)):
            facts = [self.make_fact(start + number) for number in range(size)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.earn(*facts)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])


@tagged("post_install", "-at_install")
class TestOverlays(SpecialCase):
    def test_rate_strength_and_cap_of_one_shop(self):
        # 18.00 instead of 15.00, + 10 % = 19.80; at most 30.00: 19.80 + 10.20
        version = self.make_version(rate=15.0, terminal_kind_ids=[], period="month")
        for values in ({"kind": "rate", "value": 18}, {"kind": "strength", "value": 10}, {"kind": "cap", "value": 30}):
            self.overlay(version, **values)
        earnings = self.earn(self.make_fact(1), self.make_fact(2), self.make_fact(3)).sorted("id")
        self.assertEqual(earnings.mapped("amount"), [19.8, 10.2])
        other = self.earn(self.make_fact(4, partner_id=self.second_shop.id))
        self.assertEqual(other.amount, 15.0)

    def test_what_is_taken_back_is_free_again_under_a_cap_of_one_shop(self):
        version = self.make_version(rate=15.0, period="month")
        self.overlay(version, kind="cap", value=30)
        self.earn(self.make_fact(1), self.make_fact(2))
        self.env["liquor.earning"]._claw_back(["test/1"], "Returned")
        self.assertEqual(self.earn(self.make_fact(3)).amount, 15.0)

    def test_what_was_paid_before_the_cap_of_one_shop_frees_none_of_it(self):
        """30.00 without a cap on the 9th, 30.00 under a cap of 30.00 since the 10th: the 9th undone leaves it full."""
        version = self.make_version(rate=15.0, period="month")
        before = {"business_day": date(2026, 3, 9)}
        self.earn(self.make_fact(1, **before), self.make_fact(2, **before))
        self.overlay(version, kind="cap", value=30, date_start=DAY)
        self.earn(self.make_fact(3), self.make_fact(4))
        self.env["liquor.earning"]._claw_back(["test/1", "test/2"], "Returned")
        self.assertFalse(self.earn(self.make_fact(5)))
        self.env["liquor.earning"]._claw_back(["test/3"], "Returned")
        self.assertEqual(self.earn(self.make_fact(6)).amount, 15.0)

    def test_products_of_one_shop(self):
        version = self.make_version(rate=15.0, product_ids=[Command.link(self.product.id)])
        other = {"product_id": self.other_product.id}
        self.assertFalse(self.earn(self.make_fact(1, **other)))
        self.overlay(version, kind="products", product_ids=[Command.link(self.other_product.id)])
        self.assertTrue(self.earn(self.make_fact(2, **other)))
        self.assertFalse(self.earn(self.make_fact(3)))
        self.assertFalse(self.earn(self.make_fact(4, partner_id=self.second_shop.id, **other)))

    def test_a_shop_that_takes_no_part(self):
        version = self.make_version(rate=15.0)
        self.overlay(version, kind="excluded")
        self.assertFalse(self.earn(self.make_fact(1)))

    def test_only_between_its_days(self):
        version = self.make_version(rate=15.0)
        self.overlay(version, kind="rate", value=20, date_start=DAY, date_end=DAY)
        days = (date(2026, 3, 9), DAY, date(2026, 3, 11))
        amounts = [self.earn(self.make_fact(n, business_day=day)).amount for n, day in enumerate(days)]
        self.assertEqual(amounts, [15.0, 20.0, 15.0])

    def test_somebody_else_approves(self):
        version = self.make_version(rate=15.0)
        overlay = self.overlay(version, approve=False, kind="rate", value=20)
        self.assertEqual(self.earn(self.make_fact(1)).amount, 15.0)
        with self.assertRaises(AccessError):
            overlay.with_user(self.clerk).action_approve()
        overlay.with_user(self.manager).value = 21
        with self.assertRaises(UserError):
            overlay.with_user(self.manager).action_approve()
        with self.assertRaises(AccessError):
            overlay.with_user(self.clerk).write({"state": "active"})
        overlay.with_user(self.clerk).value = 20
        overlay.with_user(self.manager).action_approve()
        self.assertEqual((overlay.state, overlay.approved_by_id), ("active", self.manager))
        with self.assertRaises(UserError):
            overlay.with_user(self.manager).value = 90

    def test_two_of_a_kind_on_one_day_are_refused(self):
        version = self.make_version(rate=15.0)
        self.overlay(version, kind="rate", value=20)
        second = self.overlay(version, approve=False, kind="rate", value=30)
        with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017
            second.with_user(self.manager).action_approve()
            self.env.flush_all()

    def test_tiers_have_no_single_rate(self):
        version = self.make_version([(0, 0, 3)], measure="amount", rate_kind="percent")
        with self.assertRaises(ValidationError):
            self.overlay(version, kind="rate", value=20)


@tagged("post_install", "-at_install")
class TestStacking(SpecialCase):
    def group(self, choice):
        return self.env["liquor.policy.group"].create({"name": "One of these", "choice": choice})

    def grouped(self, group, rate, sequence, **values):
        version = self.make_version(rate=rate, activate=False, name=f"Rate {rate}", **values)
        version.policy_id.write({"group_id": group.id, "sequence": sequence})
        version.action_activate()
        return version

    def test_policies_add_up_without_a_group(self):
        self.make_version(rate=15.0)
        self.make_version(rate=5.0, name="Second")
        self.assertEqual(sorted(self.earn(self.make_fact(1)).mapped("amount")), [5.0, 15.0])

    def test_the_first_or_the_best(self):
        first = self.group("first")
        self.grouped(first, 15.0, 20)
        self.grouped(first, 5.0, 10)
        self.assertEqual(self.earn(self.make_fact(1)).amount, 5.0)
        first.sudo().choice = "best"
        self.assertEqual(self.earn(self.make_fact(2)).amount, 15.0)

    def test_facts_and_policies_in_any_order_give_the_same(self):
        # the second policy holds for one product only; cap of the shop 40.00
        group = self.group("best")
        self.grouped(group, 15.0, 10)
        self.grouped(group, 18.0, 20, product_ids=[Command.link(self.other_product.id)])
        facts = [
            self.make_fact(1),
            self.make_fact(2, product_id=self.other_product.id),
            self.make_fact(3, partner_id=self.second_shop.id),
        ]
        seen = set()
        for number, order in enumerate(itertools.permutations(facts)):
            named = [{**fact, "key": f"{fact['key']}/{number}"} for fact in order]
            earnings = self.env["liquor.earning"]
            for fact in named:  # one by one, as scans come
                earnings |= self.earn(fact)
            seen.add(tuple(sorted((one.partner_id.id, one.product_id.id, one.amount) for one in earnings)))
        self.assertEqual(len(seen), 1)
        self.assertEqual(sorted(amount for _partner, _product, amount in seen.pop()), [15.0, 15.0, 18.0])

    def test_a_policy_that_joins_later_does_not_pay_again(self):
        group = self.group("best")
        first = self.grouped(group, 15.0, 10)
        paid = self.earn(self.make_fact(1))
        self.grouped(group, 99.0, 5)
        self.assertEqual(self.earn(self.make_fact(1)), paid)
        self.assertEqual(paid.policy_version_id, first)
        self.assertEqual(self.earn(self.make_fact(2)).amount, 99.0)

    def test_order_of_a_group_in_force_stays(self):
        version = self.grouped(self.group("first"), 15.0, 10)
        with self.assertRaises(UserError):
            version.policy_id.sequence = 1

    def test_a_group_pays_one_kind_of_party_over_one_period(self):
        group = self.group("first")
        self.grouped(group, 15.0, 10)
        other = self.make_version([(0, 0, 3)], activate=False, measure="amount", rate_kind="percent")
        other.policy_id.group_id = group
        with self.assertRaises(UserError):
            other.action_activate()

    def test_cap_of_the_programme_and_of_a_distributor(self):
        # 50.00 for all: 15 + 15 + 15 + 5; shops of a distributor 20.00
        self.make_version(rate=15.0, cap_total=50.0, period="month")
        shops = [self.shop, self.second_shop, self.shop, self.second_shop, self.shop]
        facts = [self.make_fact(n, partner_id=shop.id) for n, shop in enumerate(shops)]
        self.assertEqual(self.earn(*facts).sorted("id").mapped("amount"), [15.0, 15.0, 15.0, 5.0])

    def test_cap_per_distributor_is_given_back_too(self):
        self.make_version(rate=15.0, cap_supplier=20.0, period="month")
        self.assertEqual(self.earn(self.make_fact(1), self.make_fact(2)).sorted("id").mapped("amount"), [15.0, 5.0])
        self.env["liquor.earning"]._claw_back(["test/1"], "Returned")
        self.assertEqual(self.earn(self.make_fact(3)).amount, 15.0)

    def test_rounding_of_one_fact(self):
        # 1.5 cases x 15 = 22.50, + nothing; to whole CNY, towards zero
        self.make_version(rate=15.0, rounding_step=1.0, rounding_down=True)
        self.assertEqual(self.earn(self.make_fact(1, bottles=9)).amount, 22.0)
