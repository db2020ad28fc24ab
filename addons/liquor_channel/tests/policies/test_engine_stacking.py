"""Exclusive groups, uplifts and caps: the result belongs to the set, not to its order."""

import unittest
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.policies.eligibility import Movement, Rule
from ...engine.policies.per_unit import pay, within_caps
from ...engine.policies.stacking import Offer, kept
from ...engine.policies.uplift import Situation, Uplift, add_months, holding, percent_of

DAY = date(2026, 3, 10)


def offers_of(rows):
    """Offers from (subject, group or None, sequence, amount); a group pays its first, group 2 the best."""
    return [
        Offer((subject, number), subject, (sequence, number), Decimal(amount), group, "best" if group == 2 else "first")
        for number, (subject, group, sequence, amount) in enumerate(rows)
    ]


class TestStacking(unittest.TestCase):
    def test_without_a_group_everything_adds_up(self):
        offers = offers_of([("f", None, 10, 5), ("f", None, 10, 7)])
        self.assertEqual(len(kept(offers)), 2)

    def test_first_by_order_and_best_by_amount(self):
        first = offers_of([("f", 1, 20, 50), ("f", 1, 10, 5)])
        self.assertEqual(kept(first), {first[1].key})
        best = offers_of([("f", 2, 10, 5), ("f", 2, 20, 50), ("f", 2, 5, 50)])
        self.assertEqual(kept(best), {best[2].key})  # a tie goes to the earlier place

    def test_nothing_displaces_nobody(self):
        offers = offers_of([("f", 1, 10, 0), ("f", 1, 20, 5)])
        self.assertEqual(kept(offers), {offers[1].key})

    @given(
        st.lists(
            st.tuples(
                st.sampled_from("abc"),
                st.sampled_from([None, 1, 2]),
                st.integers(1, 3),
                st.integers(0, 4),
            ),
            max_size=12,
        ),
        st.randoms(),
    )
    def test_order_of_facts_and_policies_does_not_matter(self, rows, random):
        offers = offers_of(rows)
        shuffled = list(offers)
        random.shuffle(shuffled)
        self.assertEqual(kept(shuffled), kept(offers))
        amounts = {offer.key: offer.amount for offer in offers}
        for subject in "abc":
            for group in (1, 2):
                own = [o.key for o in offers if (o.subject, o.group) == (subject, group) and o.key in kept(offers)]
                self.assertLessEqual(len(own), 1)
                if group == 2 and own:
                    self.assertEqual(
                        amounts[own[0]],
                        max(o.amount for o in offers if (o.subject, o.group) == (subject, group)),
                    )


class TestUplift(unittest.TestCase):
    def test_each_kind_at_its_boundary(self):
        performance = Uplift(1, "performance", Decimal(10), value=Decimal(100))
        attack = Uplift(2, "under_attack", Decimal(15))
        new = Uplift(3, "new_market", Decimal(20), months=3, orders=2)
        star = Uplift(4, "star_product", Decimal(50), categories=frozenset({8}), last=DAY)
        cases = (
            (performance, Situation(DAY, performance=Decimal(100)), True),
            (performance, Situation(DAY, performance=Decimal("99.99")), False),
            (performance, Situation(DAY), False),
            (attack, Situation(DAY, attacked=True), True),
            (attack, Situation(DAY), False),
            (new, Situation(DAY, started=date(2025, 12, 11)), True),  # the last day of three months
            (new, Situation(DAY, started=date(2025, 12, 10)), False),
            (new, Situation(DAY, started=date(2020, 1, 1), nth_order=2), True),
            (new, Situation(DAY, started=date(2020, 1, 1), nth_order=3), False),
            (star, Situation(DAY, product=1, categories=frozenset({8, 9})), True),
            (star, Situation(date(2026, 3, 11), product=1, categories=frozenset({8})), False),
        )
        for uplift, situation, expected in cases:
            self.assertEqual(bool(holding([uplift], situation)), expected, (uplift, situation))

    def test_percentages_add_up_and_are_applied_once(self):
        # 15.00 a case + 10 % + 15 % = 18.75
        found = holding(
            [Uplift(2, "under_attack", Decimal(15)), Uplift(1, "star_product", Decimal(10), products=frozenset({7}))],
            Situation(DAY, product=7, attacked=True),
        )
        rule = Rule(1, 1, "received", "terminal", DAY, None, rate=Decimal(15))
        case = Movement("received", DAY, 7, Decimal(6), Decimal(0))
        self.assertEqual(pay(rule, case, uplift=percent_of(found)), Decimal("18.75"))

    def test_months(self):
        self.assertEqual(add_months(date(2026, 1, 31), 1), date(2026, 2, 28))
        self.assertEqual(add_months(date(2023, 12, 31), 2), date(2024, 2, 29))


class TestSeveralCaps(unittest.TestCase):
    @given(
        st.lists(
            st.tuples(st.lists(st.sampled_from("abc"), unique=True, max_size=3), st.decimals(0, 100, places=2)),
            max_size=20,
        ),
        st.dictionaries(st.sampled_from("abc"), st.decimals(0, 150, places=2)),
    )
    def test_no_cap_is_ever_passed(self, wanted, left):
        granted = within_caps(wanted, left)
        for key, most in left.items():
            taken = sum(amount for (keys, _wanted), amount in zip(wanted, granted, strict=True) if key in keys)
            self.assertLessEqual(taken, most)
        for (keys, asked), amount in zip(wanted, granted, strict=True):
            self.assertLessEqual(amount, asked)
            if not left.keys() & set(keys):
                self.assertEqual(amount, asked)

    def test_tax_is_taken_out_once(self):
        # 打款 113,000 with 13 % = 100,000 without; 2 % of it; the fact's own amount goes before the rate
        rule = Rule(
            1, 1, "invoiced", "distributor", DAY, None, rate_kind="percent", rate=Decimal(2), without_tax=Decimal(13)
        )
        paid = Movement("invoiced", DAY, 0, Decimal(0), Decimal(113000))
        self.assertEqual(pay(rule, paid), Decimal(2000))
        known = Movement("invoiced", DAY, 0, Decimal(0), Decimal(113000), untaxed=Decimal(113000))
        self.assertEqual(pay(rule, known), Decimal(2260))
