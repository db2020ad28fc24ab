"""Tiers against published figures (spec/channel.md) and against properties that any table must have."""

import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.policies.tiers import Tier, TierError, attained, check, delta, evaluate


def table(*rows):
    """Tiers from (lower, upper or None, rate) given as text or numbers."""
    return [Tier(Decimal(str(a)), None if b is None else Decimal(str(b)), Decimal(str(c))) for a, b, c in rows]


SAP = table((5000, 20000, 2), (20000, None, 4))
OCA = table((0, 100, 10), (100, 300, 20), (300, None, 30))
# wineworld.com.cn 179898, in CNY, with its gaps (100-101, 200-201, ... ten thousand) closed at the lower value
LIQUOR = table(
    (500000, 1000000, "0.5"),
    (1000000, 2000000, 1),
    (2000000, 5000000, "1.2"),
    (5000000, 10000000, "1.5"),
    (10000000, None, 2),
)


def worth(tiers, method, base, **options):
    return evaluate(tiers, method, "percent", Decimal(str(base)), **options).amount


class TestPublishedFigures(unittest.TestCase):
    def test_sap_cumulative_with_a_minimum(self):
        # published: October 3,000 -> 0; November cumulative 7,000 -> 140; final 27,000 -> 1,080, of which 940 now
        owed = [worth(SAP, "retrospective", base) for base in (3000, 7000, 27000)]
        self.assertEqual(owed, [Decimal("0.00"), Decimal("140.00"), Decimal("1080.00")])
        self.assertEqual(delta(owed[2], owed[1]), Decimal("940.00"))

    def test_oca_data_with_the_right_progressive_value(self):
        self.assertEqual(worth(OCA, "progressive", 3800), Decimal("1100.00"))
        self.assertEqual(worth(OCA, "retrospective", 3800), Decimal("1140.00"))
        self.assertEqual(worth(table((0, None, 10)), "retrospective", 3800), Decimal("380.00"))
        # 10 + 40 + 30 % of 5,700; the peer gives 1,870
        self.assertEqual(worth(OCA, "progressive", 6000), Decimal("1760.00"))

    def test_enable_late_line_of_a_locked_month_is_the_difference(self):
        flat = table((0, None, 10))
        january = worth(flat, "retrospective", 100)
        february = delta(worth(flat, "retrospective", 150), january)
        self.assertEqual((january, february, january + february), (Decimal(10), Decimal(5), Decimal(15)))

    def test_liquor_schedule_at_its_boundaries(self):
        # a cent below, exactly on, a cent above each threshold, retrospective
        for base, expected in (
            ("499999.99", "0.00"),
            ("500000.00", "2500.00"),
            ("500000.01", "2500.00"),
            ("999999.99", "5000.00"),
            ("1000000.00", "10000.00"),
            ("2000000.00", "24000.00"),
            ("5000000.00", "75000.00"),
            ("10000000.00", "200000.00"),
        ):
            self.assertEqual(worth(LIQUOR, "retrospective", base), Decimal(expected), base)

    def test_year_of_the_accounting_example(self):
        # Acc-2: 3 % / 4 % from 500,000: 6,000, then 14,000 more, then 6,500 back after a return of 50,000
        tiers = table((0, 500000, 3), (500000, None, 4))
        owed = [worth(tiers, "retrospective", base) for base in (200000, 500000, 450000)]
        self.assertEqual([delta(owed[1], owed[0]), delta(owed[2], owed[1])], [Decimal(14000), Decimal(-6500)])


class TestShapes(unittest.TestCase):
    def test_zero_and_negative_bases_are_worth_nothing(self):
        for method in ("progressive", "retrospective"):
            self.assertEqual([worth(OCA, method, base) for base in (0, -50)], [Decimal("0.00")] * 2)

    def test_per_unit_and_fixed_rates(self):
        tiers = table((0, 100, 10), (100, None, 15))
        self.assertEqual(evaluate(tiers, "retrospective", "per_unit", Decimal(120)).amount, Decimal(1800))
        self.assertEqual(evaluate(tiers, "progressive", "per_unit", Decimal(120)).amount, Decimal(1300))
        self.assertEqual(evaluate(tiers, "retrospective", "fixed", Decimal(120)).amount, Decimal(15))
        self.assertEqual(evaluate(tiers, "progressive", "fixed", Decimal(120)).amount, Decimal(25))

    def test_a_lump_is_due_exactly_on_its_threshold(self):
        # [lower, upper): 100 belongs to the higher tier; progressive adds the lumps reached, 10 + 15
        tiers = table((50, 100, 10), (100, None, 15))
        for base, progressive, retrospective in (("49.99", 0, 0), (50, 10, 10), ("99.99", 10, 10), (100, 25, 15)):
            measure = Decimal(str(base))
            self.assertEqual(evaluate(tiers, "progressive", "fixed", measure).amount, Decimal(progressive), base)
            self.assertEqual(evaluate(tiers, "retrospective", "fixed", measure).amount, Decimal(retrospective), base)

    def test_tiers_in_cases_that_pay_a_percentage_of_the_amount(self):
        tiers = table((0, 100, 2), (100, None, 3))
        result = evaluate(tiers, "retrospective", "percent", Decimal(100), paid_on=Decimal(50000))
        self.assertEqual(result.amount, Decimal(1500))
        with self.assertRaises(ValueError):
            evaluate(tiers, "progressive", "percent", Decimal(100), paid_on=Decimal(50000))

    def test_cap(self):
        result = evaluate(OCA, "retrospective", "percent", Decimal(3800), cap=Decimal(1000))
        self.assertEqual((result.amount, result.capped), (Decimal(1000), True))

    def test_faulty_tables_are_named(self):
        for rows, code, row in (
            ((), "empty", 0),
            (((-1, None, 1),), "negative", 1),
            (((0, None, -1),), "negative", 1),
            (((0, 100, 1), (101, None, 2)), "gap", 2),
            (((0, 100, 1), (99, None, 2)), "overlap", 2),
            (((0, None, 1), (100, None, 2)), "overlap", 2),
            (((0, 0, 1),), "order", 1),
            (((0, 100, 1),), "closed", 1),
        ):
            with self.assertRaises(TierError) as caught:
                check(table(*rows))
            self.assertEqual((caught.exception.code, caught.exception.row), (code, row))
        check(LIQUOR)


cents = st.decimals(min_value=-1_000_000, max_value=5_000_000, places=2)
rates = st.decimals(min_value=0, max_value=30, places=2)


@st.composite
def tables(draw):
    """A valid table of one to five tiers."""
    bounds = sorted(draw(st.sets(st.integers(0, 4_000_000), min_size=1, max_size=5)))
    uppers = [*bounds[1:], None]
    return [
        Tier(Decimal(low), None if up is None else Decimal(up), draw(rates))
        for low, up in zip(bounds, uppers, strict=True)
    ]


class TestProperties(unittest.TestCase):
    @given(tables(), st.lists(cents, max_size=12), st.sampled_from(["progressive", "retrospective"]), st.randoms())
    def test_cumulative_recompute_does_not_depend_on_order(self, tiers, lines, method, random):
        """Booked deltas sum to f(total), whatever the order and however often it is recomputed."""
        shuffled = list(lines)
        random.shuffle(shuffled)
        booked = []
        for order in (lines, shuffled):
            total = ledger = Decimal(0)
            for line in order:
                total += line
                for _again in range(2):
                    ledger += delta(worth(tiers, method, total), ledger)
            booked.append(ledger)
        self.assertEqual(booked[0], booked[1])
        self.assertEqual(booked[0], worth(tiers, method, sum(lines, Decimal(0))))

    @given(tables(), cents)
    def test_steps_of_a_progressive_table_cover_the_base(self, tiers, base):
        check(tiers)
        steps = evaluate(tiers, "progressive", "percent", base).steps
        covered = sum((step.part for step in steps), Decimal(0))
        self.assertEqual(covered, max(base - tiers[0].lower, Decimal(0)) if base > 0 else 0)

    @given(tables(), cents)
    def test_exactly_one_tier_is_attained(self, tiers, base):
        containing = [t for t in tiers if t.lower <= base and (t.upper is None or base < t.upper)]
        self.assertEqual([attained(tiers, base)] if containing else [], containing)
