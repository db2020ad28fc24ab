"""Re-rating of what is paid fact by fact: one difference a fact, once, within caps, never a fact paid twice.

Four reports of ten cases each at 15.00 are 600.00, of which the distributor carries 30 % = 180.00 (Acc-2 #5).
"""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .test_simulation import SimulationCase


@tagged("post_install", "-at_install")
class TestReratePerUnit(SimulationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-31 04:00:00"))

    def setUp(self):
        super().setUp()
        self.facts = [self.report(number) for number in range(4)]
        self.patch(type(self.env["liquor.flow.fact"]), "_facts", lambda _model, domain: self.found(domain))
        self.agreement = self.make_agreement()
        self.version = self.per_unit()
        self.pay(self.facts)

    def report(self, number, day=date(2026, 3, 10), **values):
        return self.make_fact(number, kind="reported", bottles=60, business_day=day, **values)

    def found(self, domain):
        """The facts of a domain, as the flow would give them."""
        wanted = {(name, operator): value for name, operator, value in domain}
        kinds, keys = wanted.get(("kind", "in")) or [wanted["kind", "="]], wanted.get(("key", "in"))
        return [
            fact
            for fact in self.facts
            if fact["kind"] in kinds
            and wanted["business_day", ">="] <= fact["business_day"] <= wanted["business_day", "<="]
            and (keys is None or fact["key"] in keys)
        ]

    def per_unit(self, **values):
        return self.make_version(rate=15.0, basis="reported", measure="cases", **values)

    def pay(self, facts):
        return self.env["liquor.policy"]._earn(facts)

    def draft(self, version=None, start="2026-01-01", **values):
        draft = self.draft_of(version or self.version, [], start=start, **values)
        self.simulate(draft)
        return draft

    def rerate(self, draft):
        draft.with_user(self.manager).action_rerate()
        return self.of(draft)

    def of(self, version):
        return self.env["liquor.earning"].search([("policy_version_id", "=", version.id)], order="id")

    def total(self, *versions):
        return round(sum(sum(self.of(version).mapped("amount")) for version in versions), 2)

    def test_each_fact_gets_its_difference(self):
        """20.00 for 15.00: 50.00 more a report, 15.00 of it carried; together what the simulation promised."""
        draft = self.draft(rate=20.0)
        deltas = self.rerate(draft)
        self.assertEqual(deltas.mapped("amount"), [50.0] * 4)
        self.assertEqual(deltas.mapped("funder_amount"), [15.0] * 4)
        self.assertEqual(deltas.agreement_id, self.agreement)
        self.assertEqual(set(deltas.mapped("type")), {"rerate"})
        self.assertEqual(sorted(deltas.mapped("fact_key")), sorted(fact["key"] for fact in self.facts))
        self.assertEqual(draft.simulation_ids.difference, 200.0)
        self.assertEqual((self.version.state, draft.state), ("replaced", "frozen"))
        self.assertIn("150", deltas[0].why)

    def test_less_goes_back_as_it_was_shared(self):
        deltas = self.rerate(self.draft(rate=12.0))
        self.assertEqual(deltas.mapped("amount"), [-30.0] * 4)
        self.assertEqual(deltas.mapped("funder_amount"), [-9.0] * 4)

    def test_twice_gives_nothing_new_and_no_fact_is_paid_again(self):
        draft = self.draft(rate=20.0)
        deltas = self.rerate(draft)
        with self.assertRaises(UserError):
            draft.with_user(self.manager).action_rerate()
        self.assertFalse(draft.sudo()._book_rerate())
        self.assertFalse(draft.sudo()._rerate_strays())
        paid = self.pay(self.facts)
        self.assertEqual({row for rows in paid.values() for row in rows}, set(deltas))
        self.assertEqual(self.of(draft), deltas)

    def test_the_same_rate_gives_no_line_and_no_fact_is_paid_again(self):
        draft = self.draft(rate=15.0)
        self.assertFalse(self.rerate(draft))
        self.pay(self.facts)
        self.assertFalse(draft.sudo()._rerate_strays())
        self.assertEqual(self.total(self.version, draft), 600.0)

    def test_later_facts_are_paid_by_the_new_terms(self):
        draft = self.draft(rate=20.0)
        self.rerate(draft)
        self.pay([self.report(9)])
        later = self.of(draft)[-1]
        self.assertEqual((later.amount, later.type), (200.0, "earn"))

    def test_what_was_taken_back_stays_so(self):
        self.env["liquor.earning"]._claw_back([self.facts[0]["key"]], "Returned")
        deltas = self.rerate(self.draft(rate=20.0))
        self.assertEqual(deltas.mapped("amount"), [50.0] * 3)

    def test_what_is_not_paid_any_more_goes_back_whole(self):
        deltas = self.rerate(self.draft(rate=20.0, product_ids=self.other_product.ids))
        self.assertEqual(deltas.mapped("amount"), [-150.0] * 4)
        self.assertEqual(deltas.mapped("funder_amount"), [-45.0] * 4)
        self.assertEqual(deltas.product_id, self.product)

    def test_facts_that_only_the_new_terms_pay(self):
        """The simulation counts them, so they are paid: one report of the other product, 200.00."""
        narrow = self.per_unit(name="Narrow", product_ids=self.product.ids)
        self.pay(self.facts)
        self.facts.append(self.report(7, product_id=self.other_product.id))
        deltas = self.rerate(self.draft(narrow, rate=15.0, product_ids=False))
        self.assertEqual((deltas.amount, deltas.fact_key), (150.0, "test/7"))

    def test_a_fact_of_the_run_itself_that_the_old_terms_did_not_pay(self):
        """It was scanned while the terms changed: the old ones paid nothing for it, so no row tells of it."""
        narrow = self.per_unit(name="Narrow", product_ids=self.product.ids)
        self.pay(self.facts)
        draft = self.draft(narrow, rate=20.0, product_ids=False)
        self.assertEqual(self.rerate(draft).mapped("amount"), [50.0] * 4)
        # its transaction saw the narrow terms in force, which do not pay this product
        self.facts.append(self.report(8, product_id=self.other_product.id))
        strays = draft.sudo()._rerate_strays()
        self.assertEqual((strays.mapped("amount"), strays.fact_key), ([200.0], "test/8"))
        self.assertFalse(draft.sudo()._rerate_strays())
        self.assertEqual(self.total(narrow, draft), 1000.0)
        # and who comes later is paid by the terms in force; the sweep leaves it alone
        self.facts.append(self.report(9, product_id=self.other_product.id))
        self.pay(self.facts[-1:])
        self.assertFalse(draft.sudo()._rerate_strays())
        self.assertEqual(self.total(narrow, draft), 1200.0)

    def test_a_version_of_archived_products_pays_those_only(self):
        """All its products left the catalogue: it does not become a version of every product."""
        narrow = self.per_unit(name="Narrow", product_ids=self.other_product.ids)
        self.other_product.active = False
        narrow.invalidate_recordset()
        self.pay(self.facts)
        self.assertEqual(self.total(narrow), 0.0)
        late = self.report(8, product_id=self.other_product.id)
        self.facts.append(late)
        self.pay([late])
        self.assertEqual(self.total(narrow), 150.0)
        deltas = self.rerate(self.draft(narrow, rate=20.0, product_ids=self.other_product.ids))
        self.assertEqual((deltas.mapped("amount"), deltas.fact_key), ([50.0], "test/8"))

    def test_caps_hold_in_the_order_of_the_facts(self):
        """450.00 a year for 200.00 each: 200 + 200 + 50 + 0, where 150 each are booked."""
        draft = self.draft(rate=20.0, cap_amount=450.0, period="year")
        self.assertEqual(self.rerate(draft).mapped("amount"), [50.0, 50.0, -100.0, -150.0])
        self.assertEqual(self.total(self.version, draft), 450.0)
        self.pay([self.report(9)])
        self.assertEqual(self.total(self.version, draft), 450.0)

    def test_a_clawback_takes_both_and_frees_the_cap(self):
        draft = self.draft(rate=20.0, cap_amount=450.0, period="year")
        self.rerate(draft)
        self.env["liquor.earning"]._claw_back([self.facts[0]["key"]], "Returned")
        self.assertEqual(self.total(self.version, draft), 250.0)
        self.pay([self.report(9), self.report(10)])
        self.assertEqual(self.total(self.version, draft), 450.0)

    def test_capped_terms_begin_with_a_period_others_on_any_day(self):
        capped = self.draft(start="2026-02-10", rate=20.0, cap_amount=450.0)
        with self.assertRaises(UserError):
            capped.with_user(self.manager).action_rerate()
        draft = self.draft(start="2026-02-10", rate=20.0)
        self.assertEqual(sum(self.rerate(draft).mapped("amount")), 200.0)
        self.assertEqual(self.version.date_end, date(2026, 2, 9))

    def test_facts_before_the_first_day_stay(self):
        early = self.report(5, day=date(2026, 1, 20))
        self.pay([early])
        self.facts.append(early)
        self.assertEqual(len(self.rerate(self.draft(start="2026-02-01", rate=20.0))), 4)

    def test_re_rated_again_it_counts_both_before(self):
        first = self.draft(rate=20.0)
        self.rerate(first)
        again = self.draft(first, rate=18.0)
        self.assertEqual(self.rerate(again).mapped("amount"), [-20.0] * 4)
        self.assertEqual(self.total(self.version, first, again), 720.0)

    def test_a_difference_can_be_withdrawn_when_its_reward_can(self):
        first, *others = self.of(self.version)
        self.env["liquor.earning.state"]._set(first, "available", "Proven")
        self.env["liquor.earning.state"]._set(others[0], "held", "Checked")
        deltas = self.rerate(self.draft(rate=20.0))
        self.assertEqual(deltas.mapped("payable"), ["available", "held", "pending", "pending"])

    def test_it_is_booked_in_the_open_period(self):
        self.env["liquor.account.mapping"]._ensure_accounts(self.company)
        self.company.sudo().fiscalyear_lock_date = date(2026, 3, 30)
        deltas = self.rerate(self.draft(rate=20.0))
        self.assertEqual(set(deltas.mapped("booked_day")), {date(2026, 3, 31)})
        self.assertEqual(set(deltas.mapped("business_day")), {date(2026, 3, 10)})

    def test_no_variance_says_that_the_old_terms_have_ended(self):
        self.rerate(self.draft(start="2026-02-01", rate=20.0))
        matching = self.env["liquor.variance.match"]
        matching._match(self.company, classes=["v15"])
        found = [("variance_class", "=", "v15"), ("company_id", "=", self.company.id)]
        self.assertFalse(self.env["liquor.variance"].search(found))
        # without the re-rating they would have paid after their end
        self.patch(type(matching), "_was_rerated", lambda _model: SQL("FALSE"))
        matching._match(self.company, classes=["v15"])
        self.assertTrue(self.env["liquor.variance"].search(found))

    def test_nobody_marks_a_version(self):
        draft = self.draft(rate=20.0)
        for values in ({"is_rerating": True}, {"rerated_snapshot": "1:1:"}, {"rerated_by_ids": [(4, draft.id)]}):
            with self.assertRaises(AccessError):
                draft.with_user(self.manager).write(values)

    def test_as_many_queries_for_one_fact_as_for_four(self):
        counts = []
        for number in (1, 4):
            version = self.per_unit(name=f"Count {number}")
            self.pay(self.facts[:number])
            draft = self.draft(version, rate=20.0).sudo()
            draft.rerated_ids = version
            facts, self.facts = self.facts, self.facts[:number]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            values = draft._prepare_differences(date(2026, 3, 1), date(2026, 3, 31), None)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(values), number)
            self.facts = facts
        self.assertEqual(counts[0], counts[1])
