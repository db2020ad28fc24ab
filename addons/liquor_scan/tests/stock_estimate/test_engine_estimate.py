"""推算库存 against shops whose sales are known, and what holds for any shop (trade.md R10)."""

import doctest
import random
import sys
import unittest
from datetime import date, timedelta
from math import sqrt

from hypothesis import given, settings
from hypothesis import strategies as st

from ...engine.stock_estimate import estimate as estimate_engine
from ...engine.stock_estimate import rate as rate_engine
from ...engine.stock_estimate.estimate import COUNT, OPENINGS, REORDER, REPORT, Flow, estimate, reorder_velocity
from ...engine.stock_estimate.rate import LEAST_RATE, Rate, Sample, likeness, pooled, shrunk

TODAY = date(2026, 11, 21)
BEGIN = TODAY - timedelta(days=90)

samples = st.builds(
    lambda gone, part: Sample(round(gone * part), gone), st.integers(1, 500), st.floats(0, 1, allow_nan=False)
)
rates = st.builds(
    lambda value, part: Rate(value, value * (1 - value) * part, 2, 100, value), st.floats(0.05, 1), st.floats(0, 0.2)
)
moved = st.lists(st.tuples(st.integers(1, 60), st.one_of(st.none(), rates)), max_size=2).map(tuple)
flows = st.builds(
    lambda elsewhere, opened, **known: Flow(
        opened=opened + sum(bottles for bottles, _rate in elsewhere), elsewhere=elsewhere, **known
    ),
    elsewhere=moved,
    counted=st.integers(0, 500),
    count_day=st.integers(0, 90).map(lambda days: TODAY - timedelta(days=days)),
    received=st.integers(-200, 500),
    opened=st.integers(0, 400),
    reported=st.one_of(st.none(), st.integers(0, 400)),
    receipts=st.lists(st.tuples(st.integers(0, 90), st.integers(1, 60)), max_size=4).map(
        lambda rows: tuple(sorted((BEGIN + timedelta(days=day), count) for day, count in rows))
    ),
)


class TestExamples(unittest.TestCase):
    def test_worked_examples(self):
        for module in (rate_engine, estimate_engine):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)


class TestRate(unittest.TestCase):
    def test_shrinks_towards_the_region(self):
        """A county of one small shop stays near the region, one of many bottles near itself."""
        others = [[Sample(60, 200)], [Sample(100, 200)], [Sample(70, 200)]]
        small, large = [Sample(9, 10)], [Sample(900, 1000)] * 5
        near = shrunk(small, [*others, small])
        far = shrunk(large, [*others, large])
        self.assertLess(abs(near.value - near.region), abs(near.value - 0.9))
        self.assertLess(abs(far.value - 0.9), abs(far.value - far.region))

    def test_without_a_second_count_nothing_is_told(self):
        self.assertIsNone(shrunk([], []))
        self.assertIsNone(shrunk([], [[Sample(0, 0)]]))

    def test_more_openings_than_bottles_gone(self):
        """What was sold before the first count is opened after it: a share is at most one."""
        self.assertEqual(pooled([Sample(12, 6)]), 1.0)

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.lists(samples, max_size=4), min_size=1, max_size=5))
    def test_between_county_and_region(self, region):
        found = shrunk(region[0], region)
        everybody = [sample for county in region for sample in county]
        if found is None:
            self.assertFalse(everybody)
            return
        shares = [sample.scanned / sample.gone for sample in everybody]
        self.assertLessEqual(min(shares) - 1e-9, found.value)
        self.assertLessEqual(found.value, max(shares) + 1e-9)
        self.assertGreaterEqual(found.variance, 0)
        self.assertLessEqual(found.variance, found.value * (1 - found.value) + 1e-9)

    @settings(max_examples=200, deadline=None)
    @given(st.lists(samples, min_size=2, max_size=8))
    def test_likeness_is_a_share(self, found):
        alike = likeness(found)
        if alike is None:  # all of one kind, or a bottle each
            return
        self.assertTrue(0 <= alike <= 1)
        self.assertAlmostEqual(alike, likeness(found[::-1]))


class TestEstimate(unittest.TestCase):
    @settings(max_examples=300, deadline=None)
    @given(flows, st.one_of(st.none(), rates))
    def test_never_outside_what_is_possible(self, flow, rate):
        found = estimate(flow, rate, TODAY)
        self.assertLessEqual(0, found.low)
        self.assertLessEqual(found.low, found.stock)
        self.assertLessEqual(found.stock, found.high)
        self.assertLessEqual(found.high, max(0, flow.counted + flow.received))
        self.assertTrue(found.velocity is None or found.velocity >= 0)

    @settings(max_examples=100, deadline=None)
    @given(flows.filter(lambda flow: flow.reported is None), rates, st.integers(1, 60))
    def test_what_arrives_is_there(self, flow, rate, bottles):
        before = estimate(flow, rate, TODAY)
        after = estimate(flow._replace(received=flow.received + bottles), rate, TODAY)
        self.assertLessEqual(before.stock, after.stock)
        self.assertLessEqual(after.stock, before.stock + bottles + 1e-9)

    def test_a_weak_rate_leaves_velocity_to_the_re_order_interval(self):
        receipts = ((date(2026, 9, 1), 60), (date(2026, 10, 1), 36), (date(2026, 10, 31), 60))
        flow = Flow(60, TODAY - timedelta(days=30), 24, 6, receipts=receipts)
        weak = estimate(flow, Rate(0.29, 0.001, 3, 300, 0.3), TODAY)
        self.assertEqual((weak.velocity, weak.velocity_basis), (1.6, REORDER))  # 96 bottles in 60 days
        strong = estimate(flow, Rate(LEAST_RATE, 0.001, 3, 300, 0.3), TODAY)
        self.assertEqual(strong.velocity_basis, OPENINGS)
        self.assertAlmostEqual(strong.velocity, 6 / 0.3 / 30)

    def test_reports_tell_all(self):
        found = estimate(Flow(60, TODAY - timedelta(days=30), 24, 3, reported=30), None, TODAY)
        self.assertEqual((found.stock, found.low, found.high, found.basis), (54, 54, 54, REPORT))
        self.assertEqual((found.velocity, found.months), (1.0, 1.8))  # 30 in 30 days; 54 / 30

    def test_the_day_of_the_count_is_the_count(self):
        found = estimate(Flow(48, TODAY, 0, 0), Rate(0.5, 0.01, 3, 300, 0.5), TODAY)
        self.assertEqual((found.stock, found.low, found.high, found.basis), (48, 48, 48, COUNT))

    def test_receipts_of_one_day_tell_no_interval(self):
        self.assertIsNone(reorder_velocity(((TODAY, 6), (TODAY, 12))))


class Shop:
    """A shop whose sales are known: every day some customers, each opening scanned with the shop's own rate."""

    def __init__(self, number: int, county: float) -> None:
        self.chance = random.Random(20261121 + number)
        self.rate = self.chance.betavariate(county * 40, (1 - county) * 40)
        self.demand = self.chance.uniform(0.5, 3.0)
        self.stock = 120

    def live(self, days: int) -> tuple[int, int, int]:
        """Return (received, sold, openings scanned) of so many days; a shop orders 60 when it has less than 40."""
        received = sold = opened = 0
        for _day in range(days):
            if self.stock < 40:
                self.stock += 60
                received += 60
            want = sum(self.chance.random() < self.demand / 10 for _customer in range(10))
            taken = min(want, self.stock)
            self.stock -= taken
            sold += taken
            opened += sum(self.chance.random() < self.rate for _bottle in range(taken))
        return received, sold, opened


class TestSimulation(unittest.TestCase):
    """20 shops of two counties: half were counted twice and teach ρ, then all are told for 30 days."""

    COUNTIES = (0.45, 0.65)
    DAYS = 30

    def setUp(self):
        super().setUp()
        self.shops = [(county, Shop(10 * county + number, self.COUNTIES[county]))
                      for county in range(2) for number in range(10)]  # fmt: skip
        self.learned = ([], [])
        for number, (county, shop) in enumerate(self.shops):
            _received, sold, opened = shop.live(90)
            if number % 2:
                self.learned[county].append(Sample(opened, sold))

    def told(self):
        """[(estimate, what is there, bottles gone, rate of the county)] after 30 days without a count."""
        rates = [shrunk(samples, self.learned) for samples in self.learned]
        found = []
        for county, shop in self.shops:
            counted = shop.stock
            received, sold, opened = shop.live(self.DAYS)
            flow = Flow(counted, TODAY - timedelta(days=self.DAYS), received, opened)
            found.append((estimate(flow, rates[county], TODAY), shop.stock, sold, self.COUNTIES[county]))
        return found

    def test_error_of_twenty_shops(self):
        """The mean error stays within what sampling explains.

        Of N bottles gone in a county of rate ρ the error of N̂ = O/ρ̂ has the variance
        N(1 - ρ)/ρ (openings) + N² (1 - ρ)/ρ · 1/41 (rates of shops: beta of strength 40, variance ρ(1 - ρ)/41)
        + N² V/ρ² (ρ̂ of the county: five shops of some 150 bottles, V = ρ(1 - ρ)(1/41 + 1/150)/5).
        The mean of |error| of normal errors is σ √(2/π), that of 20 shops lies within 4 standard errors
        σ √((1 - 2/π)/20) of it.
        """
        rows = self.told()
        errors = [abs(found.stock - there) for found, there, _sold, _rate in rows]
        deviations = []
        for _found, _there, sold, rate in rows:
            of_county = rate * (1 - rate) * (1 / 41 + 1 / 150) / 5
            variance = sold * (1 - rate) / rate + sold**2 * (1 - rate) / rate / 41 + sold**2 * of_county / rate**2
            deviations.append(sqrt(variance))
        expected = sum(deviation * sqrt(0.6366) for deviation in deviations) / 20
        bound = expected + 4 * sqrt(sum(deviation**2 * 0.3634 for deviation in deviations)) / 20
        mean = sum(errors) / 20
        gone = sum(sold for _found, _there, sold, _rate in rows) / 20
        told = f"mean error {mean:.1f} bottles of {gone:.1f} gone, at most {bound:.1f}"
        sys.stdout.write(f"\n推算库存, 20 shops, 30 days: {told}\n")
        self.assertLess(mean, bound)
        # it is better than to take the openings for the sales, and than not to look
        self.assertLess(mean, sum(abs(sold * (1 - rate)) for _found, _there, sold, rate in rows) / 20)

    def test_band_holds_what_is_there(self):
        """19 of 20 are expected inside a band of 95 %; fewer than 15 would happen once in 3,000 times (binomial)."""
        inside = sum(found.low <= there <= found.high for found, there, _sold, _rate in self.told())
        self.assertGreaterEqual(inside, 15)

    def test_rate_is_learned(self):
        """Five shops of rates with variance ρ(1 - ρ)/41: four standard errors are 0.16."""
        for county, samples in enumerate(self.learned):
            found = shrunk(samples, self.learned)
            self.assertEqual(found.shops, 5)
            self.assertAlmostEqual(found.value, self.COUNTIES[county], delta=0.16)
