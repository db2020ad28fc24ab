"""What a period owes, by kind and condition: figures by hand, published figures, and properties."""

import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.policies.conditions import Base, Condition, judge
from ...engine.policies.owed import Terms, owed, round_to, shared_cap
from ...engine.policies.tiers import Tier, TierError, check, delta


def dec(value):
    return None if value is None else Decimal(str(value))


def table(*rows):
    return tuple(Tier(dec(low), dec(high), dec(rate)) for low, high, rate in rows)


# wineworld.com.cn 179898, ten thousands of CNY; gaps closed at the lower value (spec: reject or define them)
LIQUOR = table((50, 100, "0.5"), (100, 200, 1), (200, 500, "1.2"), (500, 1000, "1.5"), (1000, None, 2))
LIQUOR = tuple(
    Tier(tier.lower * 10000, None if tier.upper is None else tier.upper * 10000, tier.rate) for tier in LIQUOR
)


class TestPublished(unittest.TestCase):
    """spec/channel.md, "Published figures to test against"."""

    def test_sap_with_its_minimum_as_condition(self):
        # min 5,000; 2 % then 4 %; 3,000 -> 0; 7,000 -> 140; 27,000 -> 1,080, pay 940
        terms = Terms(
            tiers=table((0, 20000, 2), (20000, None, 4)), conditions=(Condition(1, "minimum", Decimal(5000)),)
        )
        amounts = [owed(terms, Base(Decimal(base))).amount for base in (3000, 7000, 27000)]
        self.assertEqual(amounts, [Decimal(0), Decimal(140), Decimal(1080)])
        self.assertEqual(delta(amounts[2], amounts[1]), Decimal(940))

    def test_oca_and_the_second_settlement_subtracts_the_first(self):
        rows = table((0, 100, 10), (100, 300, 20), (300, None, 30))
        worth = {
            method: owed(Terms(method=method, tiers=rows), Base(Decimal(3800))).amount
            for method in ("progressive", "retrospective")
        }
        self.assertEqual(worth, {"progressive": Decimal(1100), "retrospective": Decimal(1140)})
        first = owed(Terms(method="progressive", tiers=rows), Base(Decimal(1000))).amount  # 10 + 40 + 210
        self.assertEqual((first, delta(worth["progressive"], first)), (Decimal(260), Decimal(840)))

    def test_enable_late_line(self):
        flat = Terms(tiers=table((0, None, 10)))
        january = owed(flat, Base(Decimal(100))).amount
        self.assertEqual(delta(owed(flat, Base(Decimal(150))).amount, january), Decimal(5))

    def test_liquor_year_with_its_additions(self):
        # 3,000,000 of a plan of 3,000,000: 1.2 % = 36,000; no diversion and >= 98 % of the plan +0.25 % = 7,500;
        # price discipline failed: 0; three years and >= 5,000,000: not reached
        base = Base(Decimal(3000000), target=Decimal(3000000), checks=frozenset({"diversion", "years"}))
        plan = Condition(1, "target_rate", Decimal(98))
        quarter = table((0, None, "0.25"))
        additions = {
            "diversion": Terms(tiers=quarter, conditions=(plan, Condition(2, "check", name="diversion"))),
            "price": Terms(tiers=quarter, conditions=(Condition(1, "check", name="price"),)),
            "years": Terms(
                tiers=table((0, None, "0.5")),
                conditions=(Condition(1, "minimum", Decimal(5000000)), Condition(2, "check", name="years")),
            ),
        }
        self.assertEqual(owed(Terms(tiers=LIQUOR), base).amount, Decimal(36000))
        found = {name: owed(terms, base).amount for name, terms in additions.items()}
        self.assertEqual(found, {"diversion": Decimal(7500), "price": Decimal(0), "years": Decimal(0)})
        below = Base(Decimal(3000000), target=Decimal(3061225), checks=base.checks)  # 97.9999 %
        self.assertEqual(owed(additions["diversion"], below).why_nothing, "conditions")

    def test_liquor_schedule_as_published_has_gaps(self):
        published = table((50, 100, "0.5"), (101, 200, 1), (201, 500, "1.2"), (501, 1000, "1.5"), (1001, None, 2))
        with self.assertRaises(TierError) as error:
            check(published)
        self.assertEqual((error.exception.code, error.exception.row), ("gap", 2))

    def test_each_threshold_a_cent_below_on_and_above(self):
        terms = Terms(tiers=LIQUOR)
        for base, amount in (
            ("999999.99", "5000.00"),  # 0.5 % = 4,999.99995
            ("1000000.00", "10000.00"),
            ("1000000.01", "10000.00"),
            ("0", "0"),
            ("-5", "0"),
        ):
            self.assertEqual(owed(terms, Base(Decimal(base))).amount, Decimal(amount), base)

    def test_yearly_contract_with_four_conditions(self):
        # denruo.com 941729: annual minimum, first order, each quarter >= 20 % of the year, strategic products >= 20 %
        terms = Terms(
            tiers=table((0, None, 2)),
            conditions=(
                Condition(1, "minimum", Decimal(1000000)),
                Condition(2, "first_order", Decimal(100000)),
                Condition(3, "each_part", Decimal(20)),
                Condition(4, "list_share", Decimal(20)),
            ),
        )
        quarters = [Decimal(n) for n in (300000, 250000, 210000, 290000)]  # 1,050,000; a fifth is 210,000
        year = dict(first=Decimal(100000), parts=quarters, lists={4: Decimal(210000)})
        self.assertEqual(owed(terms, Base(Decimal(1050000), **year)).amount, Decimal(21000))
        for spoiled in (
            {"first": Decimal("99999.99")},
            {"parts": [Decimal(300000), Decimal("250000.01"), Decimal("209999.99"), Decimal(290000)]},
            {"lists": {4: Decimal("209999.99")}},
            {"ended": False},
        ):
            self.assertEqual(owed(terms, Base(Decimal(1050000), **{**year, **spoiled})).amount, 0, spoiled)
        self.assertEqual(owed(terms, Base(Decimal("999999.99"), **year)).amount, 0)


class TestKinds(unittest.TestCase):
    def test_growth_on_the_increase_and_on_all(self):
        # 500,000 last year, 650,000 now = 30 %: 4 % of 150,000 = 6,000, of all = 26,000
        rows = table((0, 20, 2), (20, None, 4))
        base = Base(Decimal(650000), baseline=Decimal(500000))
        self.assertEqual(owed(Terms("growth", tiers=rows), base).amount, Decimal(6000))
        self.assertEqual(owed(Terms("growth", tiers=rows, whole=True), base).amount, Decimal(26000))
        # progressive: 2 % of the first 100,000, 4 % of 50,000
        self.assertEqual(owed(Terms("growth", "progressive", tiers=rows), base).amount, Decimal(4000))
        self.assertEqual(owed(Terms("growth", tiers=rows), base).reached, Decimal(30))

    def test_growth_in_cases_paid_in_percent_of_the_increase_of_the_amount(self):
        # 100 -> 130 cases (30 %), 100,000 -> 150,000 CNY: 4 % of 50,000
        base = Base(Decimal(130), paid_on=Decimal(150000), baseline=Decimal(100), baseline_paid_on=Decimal(100000))
        self.assertEqual(owed(Terms("growth", tiers=table((20, None, 4))), base).amount, Decimal(2000))

    def test_shrinking_and_without_baseline(self):
        terms = Terms("growth", tiers=table((0, None, 4)))
        self.assertEqual(owed(terms, Base(Decimal(90), baseline=Decimal(100))).amount, 0)
        for baseline in (None, Decimal(0)):
            self.assertEqual(owed(terms, Base(Decimal(90), baseline=baseline)).why_nothing, "no_baseline")

    def test_target_at_its_thresholds(self):
        terms = Terms("target", tiers=table((80, 100, 1), (100, 120, 2), (120, None, 3)))
        for done, amount in (
            ("799999.99", "0"),
            ("800000", "8000"),
            ("999999.99", "10000.00"),
            ("1000000", "20000"),
            ("1200000", "36000"),
        ):
            found = owed(terms, Base(Decimal(done), target=Decimal(1000000))).amount
            self.assertEqual(found, Decimal(amount), done)
        self.assertEqual(owed(terms, Base(Decimal(5))).why_nothing, "no_target")

    def test_target_progressive(self):
        # 2 % up to the target, 5 % of what is above: 20,000 + 10,000
        terms = Terms("target", "progressive", tiers=table((0, 100, 2), (100, None, 5)))
        self.assertEqual(owed(terms, Base(Decimal(1200000), target=Decimal(1000000))).amount, Decimal(30000))

    def test_fixed_with_a_volume_condition(self):
        # signed display: 900 a quarter if at least 10 cases were received
        terms = Terms("fixed", rate=Decimal(900), conditions=(Condition(1, "minimum", Decimal(10)),))
        self.assertEqual(owed(terms, Base(Decimal(10))).amount, Decimal(900))
        self.assertEqual(owed(terms, Base(Decimal("9.99"))).amount, 0)

    def test_ten_plus_one_in_goods(self):
        # 10 + 1: 38 cases give 3, 40 give 4, 9 give none
        terms = Terms(rate_kind="goods", tiers=table((0, None, 1)), block=Decimal(10))
        found = [owed(terms, Base(Decimal(cases))).amount for cases in (9, 10, 38, 40)]
        self.assertEqual(found, [Decimal(0), Decimal(1), Decimal(3), Decimal(4)])

    def test_uplift_rounding_minimum_cap_in_this_order(self):
        # 3 % of 12,345 = 370.35; +10 % = 407.385 -> to whole tens 410; minimum 400 passed; cap 405
        terms = Terms(tiers=table((0, None, 3)), uplift=Decimal(10), step=Decimal(10), minimum=Decimal(400))
        self.assertEqual(owed(terms, Base(Decimal(12345))).amount, Decimal(410))
        capped = Terms(tiers=table((0, None, 3)), uplift=Decimal(10), step=Decimal(10), cap=Decimal(405))
        self.assertEqual(
            (owed(capped, Base(Decimal(12345))).amount, owed(capped, Base(Decimal(12345))).capped), (405, True)
        )
        self.assertEqual(owed(terms, Base(Decimal(11000))).why_nothing, "below_minimum")  # 363 -> 360

    def test_rounding_down_and_to_nearest(self):
        self.assertEqual(round_to(Decimal("99.99"), Decimal(1), down=True), Decimal(99))
        self.assertEqual(round_to(Decimal("99.50"), Decimal(1)), Decimal(100))
        self.assertEqual(round_to(Decimal("99.995"), None), Decimal("100.00"))

    def test_paid_at_the_end_only(self):
        terms = Terms(tiers=table((0, None, 3)), at_end=True)
        self.assertEqual(owed(terms, Base(Decimal(100), ended=False)).why_nothing, "not_ended")
        self.assertEqual(owed(terms, Base(Decimal(100))).amount, Decimal(3))

    def test_parts_of_the_target(self):
        condition = Condition(1, "each_part", Decimal(20), of_target=True)
        base = Base(Decimal(900), target=Decimal(1000), parts=[Decimal(n) for n in (200, 250, 250, 200)])
        self.assertTrue(judge(condition, base).holds)
        self.assertEqual(judge(condition, base).found, Decimal(20))


money = st.decimals(min_value=0, max_value=10**7, places=2)
TERMS = st.sampled_from([
    Terms(tiers=table((0, 1000, 1), (1000, None, 2))),
    Terms(method="progressive", tiers=table((0, 1000, 1), (1000, None, 2))),
    Terms("growth", tiers=table((0, 20, 2), (20, None, 4))),
    Terms("target", tiers=table((80, 100, 1), (100, None, 2)), step=Decimal(1), minimum=Decimal(5)),
    Terms("fixed", rate=Decimal(900), conditions=(Condition(1, "minimum", Decimal(500)),)),
    Terms(tiers=table((0, None, 3)), uplift=Decimal(15), cap=Decimal(5000)),
])


class TestProperties(unittest.TestCase):
    @given(TERMS, st.lists(st.decimals(min_value=-(10**5), max_value=10**5, places=2), min_size=1, max_size=8))
    def test_cumulative_bookings_sum_to_the_last_value(self, terms, movements):
        # new = f(total) - booked: whatever came between, returns and lost tiers too
        booked, total = Decimal(0), Decimal(0)
        for movement in movements:
            total += movement
            base = Base(total, baseline=Decimal(3000), target=Decimal(4000))
            booked += delta(owed(terms, base).amount, booked)
        self.assertEqual(booked, owed(terms, base).amount)

    @given(TERMS, money)
    def test_never_negative_never_above_its_cap(self, terms, total):
        amount = owed(terms, Base(total, baseline=Decimal(3000), target=Decimal(4000))).amount
        self.assertGreaterEqual(amount, 0)
        if terms.cap is not None:
            self.assertLessEqual(amount, terms.cap)

    @given(st.dictionaries(st.integers(1, 50), money, min_size=1, max_size=12), money, st.randoms())
    def test_a_common_cap_is_exact_and_knows_no_order(self, wanted, cap, random):
        shuffled = list(wanted.items())
        random.shuffle(shuffled)
        found = shared_cap(wanted, cap)
        self.assertEqual(shared_cap(dict(shuffled), cap), found)
        self.assertEqual(sum(found.values()), min(cap, sum(wanted.values())))
        self.assertTrue(all(0 <= found[key] <= wanted[key] for key in wanted))
