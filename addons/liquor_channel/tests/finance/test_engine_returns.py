"""Return on spend (C9): figures by hand, and what always holds."""

import doctest
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.finance import baselines, returns
from ...engine.finance.baselines import Course, Window, courses, pilot_course, segments
from ...engine.finance.returns import Goods, Grant, Moved, measure, parts_of, rate_of, total, windows_of

MARCH = Window(date(2026, 3, 1), date(2026, 3, 31))
LATE = Window(date(2026, 3, 17), date(2026, 3, 31))
BEFORE = Window(date(2026, 1, 29), date(2026, 2, 28))  # 31 days
KNOWN = date(2025, 1, 1)
WINE, GIFT = 1, 2
CASES = {WINE: 6, GIFT: 4}


def known(*shops, kind="opened", since=KNOWN):
    return {(shop, kind): since for shop in shops}


def grant(key, shop, amount, window=MARCH, baseline=BEFORE, **values):
    return Grant(key, shop, Decimal(amount), window, (Course("before_programme", window, baseline),), **values)


def goods(*shops, margin="40.00"):
    return Goods({(shop, product): Decimal(margin) for shop in shops for product in CASES}, CASES)


@pytest.mark.parametrize("module", [baselines, returns])
def test_worked_examples(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_two_shops_and_the_ratio_of_sums():
    """Shop 7: 300.00 for 20 bottles more, 800.00: 167 %. Shop 8: 100.00 for 1 more, 40.00: -60 %. Both: 440 / 400."""
    moved = Moved(
        [
            (7, "opened", *MARCH, WINE, Decimal(50)), (7, "opened", *BEFORE, WINE, Decimal(30)),
            (8, "opened", *MARCH, WINE, Decimal(6)), (8, "opened", *BEFORE, WINE, Decimal(5)),
            (7, "received", *MARCH, WINE, Decimal(48)), (7, "received", *MARCH, GIFT, Decimal(8)),
        ],
        known(7, 8),
    )  # fmt: skip
    one, other = found = measure([grant("a", 7, 300), grant("b", 8, 100)], moved, goods(7, 8))
    assert (one.increment, one.margin, rate_of(one.margin, one.amount)) == (20, 800, Decimal("1.666667"))
    assert (other.increment, other.margin, rate_of(other.margin, other.amount)) == (1, 40, Decimal("-0.6"))
    assert one.received_cases == 10  # 48 / 6 + 8 / 4
    both = total(found)
    # (840 - 400) / 400, not the mean of both rates (0.53); 400 over 56 opened bottles; 400 over 10 cases
    assert (both.rate, both.per_opened, both.per_case) == (Decimal("1.1"), Decimal("7.1429"), Decimal("40"))


def test_two_programmes_at_one_shop_take_by_their_money():
    """A of 300.00 all March, B of 100.00 from the 17th on. 16 bottles up to the 16th, 40 after, 31 in 31 days before.

    A: 16 + 3/4 x 40 = 46, less (16 + 3/4 x 15) x 1 = 27.25 a day each: 18.75. B: 10 of 56, less its baseline: 15
    bottles were opened in the 15 days before the 17th, a quarter is 3.75: 6.25. No bottle counts twice: 46 + 10 = 56.
    """
    early, before_b = Window(date(2026, 3, 1), date(2026, 3, 16)), Window(date(2026, 3, 2), date(2026, 3, 16))
    moved = Moved(
        [
            (7, "opened", *early, WINE, Decimal(16)), (7, "opened", *LATE, WINE, Decimal(40)),
            (7, "opened", *BEFORE, WINE, Decimal(31)), (7, "opened", *before_b, WINE, Decimal(15)),
        ],
        known(7),
    )  # fmt: skip
    a, b = measure([grant("a", 7, 300), grant("b", 7, 100, LATE, before_b)], moved, goods(7))
    assert (a.sold, a.baseline) == ({WINE: 46}, {WINE: Decimal("27.25")})
    assert (b.sold, b.baseline, b.margin) == ({WINE: 10}, {WINE: Decimal("3.75")}, 250)
    assert a.opened + b.opened == 56


def test_a_pilot_is_compared_with_its_control_group():
    """Shop 7: 10 to 18. Controls: 6 to 8 and 4 to 8, +3 on average. 8 - 3 = 5 bottles by the policy."""
    course = pilot_course(MARCH, LATE, {8, 9})
    before = course.baseline
    assert (course.window, before.days, before.last) == (LATE, 15, date(2026, 3, 16))
    rows = [
        (shop, "opened", *days, WINE, Decimal(bottles))
        for shop, counts in ((7, (10, 18)), (8, (6, 8)), (9, (4, 8)))
        for days, bottles in zip((before, LATE), counts, strict=True)
    ]
    [found] = measure([Grant("p", 7, Decimal(50), LATE, (course,))], Moved(rows, known(7, 8, 9)), goods(7))
    assert (found.baseline, found.increment, found.margin) == ({WINE: 13}, 5, 200)
    # a control shop of which the weeks before are not known shows nothing: +4 by the other one alone
    late = {**known(7, 9), (8, "opened"): LATE.first}
    [found] = measure([Grant("p", 7, Decimal(50), LATE, (course,))], Moved(rows, late), goods(7))
    assert found.increment == 4
    [found] = measure([Grant("p", 7, Decimal(50), LATE, (course,))], Moved(rows, known(7)), goods(7))
    assert found.reason == "no_baseline"


def test_of_each_shop_one_proof_counts():
    """A till's sale and its opening are one bottle: 30 sold, of them 12 opened, are 30 and never 42."""
    rows = [
        (7, "sold", *MARCH, WINE, Decimal(30)), (7, "opened", *MARCH, WINE, Decimal(12)),
        (7, "sold", *BEFORE, WINE, Decimal(20)), (7, "opened", *BEFORE, WINE, Decimal(1)),
    ]  # fmt: skip
    [found] = measure([grant("a", 7, 90)], Moved(rows, known(7, kind="sold")), goods(7))
    assert (found.proof, found.increment, found.opened) == ("sold", 10, 12)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (grant("a", 7, 0), "no_spend"),
        (grant("a", 7, -5), "no_spend"),
        (grant("a", None, 5), "no_shop"),
        (Grant("a", 7, Decimal(5), None), "no_days"),
        (Grant("a", 7, Decimal(5), None, reason="days_outside"), "days_outside"),
        (Grant("a", 7, Decimal(5), MARCH), "no_baseline"),
        (grant("a", 8, 5), "no_baseline"),
        (grant("a", 9, 5), "no_margin"),
        (grant("a", 7, 5), ""),
    ],
)
def test_why_no_return_is_stated(one, reason):
    """In words, never a nought: money taken back, at no shop, on no day, nothing known before, no margin known."""
    rows = [(shop, "opened", *MARCH, WINE, Decimal(6)) for shop in (7, 8, 9)]
    moved = Moved(rows, {**known(7, 9), (8, "opened"): date(2026, 2, 1)})
    [found] = measure([one], moved, goods(7, 8))
    assert found.reason == reason
    assert (total([found]).rate is None) == bool(reason)
    assert found.missing == ((WINE,) if reason == "no_margin" else ())


def test_what_a_programme_is_compared_with():
    year = Window(date(2026, 1, 1), date(2026, 12, 31))
    window, (first, second) = courses("automatic", year, date(2026, 11, 1), date(2026, 11, 30))
    assert (window, first.kind, first.baseline) == (
        Window(date(2026, 11, 1), date(2026, 11, 30)), "before_programme", Window(date(2026, 10, 2), date(2026, 10, 31))
    )  # fmt: skip
    assert (second.kind, second.baseline) == ("year_before", Window(date(2025, 11, 1), date(2025, 11, 30)))
    # long running: the period before it is asked for by name; what has no programme has no beginning
    window, [only] = courses("before_period", MARCH, date(2024, 1, 1), None)
    assert (window, only.baseline) == (MARCH, BEFORE)
    assert [one.kind for one in courses("automatic", MARCH, None, None)[1]] == ["year_before"]
    assert courses("automatic", MARCH, date(2026, 4, 1), None) == (None, ())
    assert Window(date(2024, 2, 29), date(2024, 2, 29)).year_before().first == date(2023, 2, 28)


AMOUNTS = st.integers(min_value=-200, max_value=900)
DAYS = st.integers(min_value=0, max_value=30)
WINDOWS = st.tuples(DAYS, DAYS).map(lambda pair: Window(date(2026, 3, 1 + min(pair)), date(2026, 3, 1 + max(pair))))
GRANTS = st.lists(
    st.tuples(st.integers(7, 9), AMOUNTS, WINDOWS), min_size=1, max_size=7
).map(lambda rows: [grant(place, *row) for place, row in enumerate(rows)])  # fmt: skip
BOTTLES = st.integers(min_value=0, max_value=60).map(Decimal)


@st.composite
def worlds(draw):
    found = draw(GRANTS)
    rows = [
        (shop, "opened", *window, product, draw(BOTTLES))
        for shop in (7, 8, 9)
        for window in windows_of(found)
        for product in (WINE, GIFT)
    ]
    return found, rows


@given(worlds())
def test_no_bottle_counts_twice(world):
    """What grants take of a shop on some days is what it opened on them, to the hundredth of a bottle."""
    found, rows = world
    results = measure(found, Moved(rows, known(7, 8, 9)), goods(7, 8, 9))
    paid = [one for one in found if one.amount > 0]
    parts = set(segments([one.window for one in found]))
    for shop in (7, 8, 9):
        days = {part for part in parts if any(one.shop == shop and one.window.common(part) for one in paid)}
        opened = sum((row[5] for row in rows if row[0] == shop and Window(row[2], row[3]) in days), Decimal(0))
        taken = [one for one, own in zip(results, found, strict=True) if own.shop == shop]
        assert sum((one.opened for one in taken), Decimal(0)) == opened
        assert sum((sum(one.sold.values()) for one in taken), Decimal(0)) == opened


@given(worlds())
def test_some_shops_alone_give_the_same_as_all_together(world):
    """A run measures some shops at a time: the days are cut, and movements read, as for all."""
    found, rows = world
    moved, wine = Moved(rows, known(7, 8, 9)), goods(7, 8, 9)
    together = {one.key: one for one in measure(found, moved, wine)}
    for shop in (7, 8, 9):
        own = [one for one in found if one.shop == shop]
        alone = Moved([row for row in rows if row[0] == shop], known(shop))
        assert all(one == together[one.key] for one in measure(own, alone, wine, parts_of(found)))


@given(worlds(), st.randoms())
def test_the_order_of_money_and_movements_does_not_matter(world, random):
    """A lone programme at a shop on its days always says the same; the sums do so whatever stands beside it."""
    found, rows = world
    straight = total(measure(found, Moved(rows, known(7, 8, 9)), goods(7, 8, 9)))
    random.shuffle(rows)
    random.shuffle(found)
    shuffled = total(measure(found, Moved(rows, known(7, 8, 9)), goods(7, 8, 9)))
    assert (straight.amount, straight.measured, straight.opened) == (
        shuffled.amount, shuffled.measured, shuffled.opened
    )  # fmt: skip
    # a hundredth of a bottle may fall to another programme of the same shop, with another baseline, never be lost
    assert abs(straight.increment - shuffled.increment) == 0


@given(worlds())
def test_sums_are_ratios_of_sums(world):
    """The return of all is that of the sums, lies between the least and the largest one, and never divides by 0."""
    found, rows = world
    results = measure(found, Moved(rows, known(7, 8, 9)), goods(7, 8, 9))
    whole = total(results)
    stated = [one for one in results if not one.reason]
    assert whole.measured == sum((one.amount for one in stated), Decimal(0))
    assert whole.amount == sum((one.amount for one in found), Decimal(0))
    rates = [rate_of(one.margin, one.amount) for one in stated]
    if not stated:
        assert whole.rate is None
        return
    assert None not in rates
    assert min(rates) - Decimal("0.000001") <= whole.rate <= max(rates) + Decimal("0.000001")
    assert whole.rate == rate_of(whole.margin, whole.measured)


@given(worlds(), st.integers(min_value=2, max_value=5))
def test_a_margin_twice_as_large_earns_twice_as_much(world, times):
    found, rows = world
    plain, more = (
        total(measure(found, Moved(rows, known(7, 8, 9)), goods(7, 8, 9, margin=str(margin)))).margin
        for margin in (40, 40 * times)
    )
    assert more == times * plain
