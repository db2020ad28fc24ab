"""A shop that changed between scans and reports: each bottle pays once, whatever came first (trade.md R10, C13)."""

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ...engine.common.money import ZERO
from ...engine.partners.roles import RoleSpan
from ...engine.policies.proof import STOCK_DAYS, Booked, Purchase, follow, has_to_scan, part_of, prove, stretches

JANUARY, APRIL = date(2026, 1, 1), date(2026, 4, 1)
TOLD = RoleSpan("terminal", JANUARY, date(2026, 3, 31), must_scan=False)
SCANS = RoleSpan("terminal", APRIL, date.max, must_scan=True)
BECAME_SCANNING = [TOLD, SCANS]
BECAME_REPORTED = [
    RoleSpan("terminal", JANUARY, date(2026, 3, 31), must_scan=True),
    RoleSpan("terminal", APRIL, date.max, must_scan=False),
]


def row(key, month, day, bottles, product=7):
    return Purchase(key, "reported", date(2026, month, day), product, Decimal(bottles))


def scan(key, month, day, bottles, product=7):
    return Purchase(key, "received", date(2026, month, day), product, Decimal(bottles))


def counted(spans, *facts):
    """Bottles that count, by key."""
    proofs = prove(spans, facts)
    return {one.key: paid_of(one, proofs) for one in facts}


def paid_of(one, proofs):
    return Fraction(one.bottles) * proofs[one.key].part


class TestByHand:
    def test_reported_before_and_scanned_after(self):
        # 60 of the report were paid; of 84 scanned in April 24 are new goods
        found = counted(BECAME_SCANNING, row("r", 3, 20, 60), scan("s1", 4, 2, 36), scan("s2", 4, 9, 48))
        assert found == {"r": 60, "s1": 0, "s2": 24}

    def test_scanned_before_and_reported_after(self):
        found = counted(BECAME_REPORTED, scan("s", 3, 30, 60), row("r1", 4, 2, 36), row("r2", 4, 9, 48))
        assert found == {"s": 60, "r1": 0, "r2": 24}

    def test_ordinary_trade_after_the_change_is_paid(self):
        """300 of March lie in the shop; what is reported and received in April meets itself."""
        facts = [row("old", 3, 5, 300), row("way", 3, 31, 12), scan("way*", 4, 2, 12)]
        facts += [row("new", 4, 7, 60), scan("new*", 4, 9, 60)]
        assert counted(BECAME_SCANNING, *facts) == {"old": 300, "way": 12, "way*": 0, "new": 0, "new*": 60}

    def test_the_shelf_is_scanned_in(self):
        facts = [row("january", 1, 10, 30), row("march", 3, 5, 300), scan("shelf", 4, 1, 200), row("new", 4, 7, 60)]
        assert counted(BECAME_SCANNING, *facts, scan("new*", 4, 9, 60)) == {
            "january": 30, "march": 300, "shelf": 0, "new": 0, "new*": 60,
        }  # fmt: skip

    def test_goods_that_no_proof_of_their_day_counted(self):
        """Reported while scans counted, received while reports did: they pay once, by the kind of the first day."""
        assert counted(BECAME_REPORTED, row("r", 3, 30, 12), scan("s", 4, 2, 12)) == {"r": 0, "s": 12}

    def test_other_products_and_older_goods_meet_nothing(self):
        # 28 February is the 32nd day before the change, 1 March the 31st
        spans = [RoleSpan("terminal", date(2025, 1, 1), date(2026, 3, 31), must_scan=False), SCANS]
        facts = [
            Purchase("old", "reported", date(2026, 2, 28), 7, Decimal(6)),
            row("r", 3, 1, 5),
            row("x", 3, 1, 9, 8),
        ]
        assert counted(spans, *facts, scan("s", 4, 3, 12)) == {"old": 6, "r": 5, "x": 9, "s": 7}

    def test_what_went_back_is_no_more_to_be_scanned(self):
        facts = [row("r", 3, 20, 60), row("back", 3, 25, -60), scan("s", 4, 2, 60)]
        assert counted(BECAME_SCANNING, *facts) == {"r": 60, "back": -60, "s": 60}

    def test_a_return_that_both_proofs_tell_counts_once(self):
        facts = [row("r", 3, 20, 60), scan("s", 4, 2, 60), row("rb", 4, 10, -12), scan("sb", 4, 11, -12)]
        assert counted(BECAME_SCANNING, *facts) == {"r": 60, "s": 0, "rb": 0, "sb": -12}
        across = [row("r", 3, 1, 60), scan("s", 3, 2, 60), row("rb", 3, 31, -12), scan("sb", 4, 1, -12)]
        assert counted(BECAME_SCANNING, *across) == {"r": 60, "s": 0, "rb": -12, "sb": 0}

    def test_returns_of_known_goods_leave_the_others_waiting(self):
        # 12 more were scanned and are reported later: the scanned 60 that both know go back, not these
        facts = [row("r", 3, 1, 60), scan("s", 3, 2, 60), scan("x", 3, 30, 12), scan("b", 3, 31, -60)]
        found = counted(BECAME_REPORTED, *facts, row("x*", 4, 5, 12))
        assert found == {"r": 0, "s": 60, "x": 12, "b": -60, "x*": 0}

    def test_a_return_before_any_receipt(self):
        assert counted(BECAME_SCANNING, row("b", 3, 1, -6), row("r", 3, 2, 12), scan("s", 4, 2, 12)) == {
            "b": -6, "r": 12, "s": 0,
        }  # fmt: skip

    def test_odd_quantities(self):
        facts = [row("r", 3, 20, "2.5"), scan("s", 4, 2, "4"), scan("zero", 4, 3, 0), row("none", 4, 3, 0)]
        found = prove(BECAME_SCANNING, facts)
        assert (found["s"].part, found["zero"].part, found["none"].part) == (Fraction(3, 8), 1, 0)
        assert found["s"].met == (("r", Decimal("2.5")),)

    def test_days_without_a_role(self):
        """The new role begins ten days later: goods of the gap belong to the first day on which it is a shop."""
        spans = [TOLD, RoleSpan("terminal", date(2026, 4, 11), date.max, must_scan=True)]
        facts = [row("gap", 4, 5, 12), scan("s", 4, 12, 12), scan("unseen", 4, 6, 6)]
        assert counted(spans, *facts) == {"gap": 0, "s": 12, "unseen": 0}

    def test_registered_twice_on_a_day_and_back_dated(self):
        """A day that a role has is not taken by one that was registered later, however early that begins."""
        day = date(2026, 3, 31)
        again = [TOLD, RoleSpan("terminal", day, day, must_scan=True), RoleSpan("terminal", day, date.max)]
        assert [one.must_scan for one in stretches(again)] == [False]
        back_dated = [TOLD, RoleSpan("terminal", date(2026, 2, 1), date.max, must_scan=True)]
        assert stretches(back_dated) == stretches(BECAME_SCANNING)
        assert has_to_scan(back_dated, date(2026, 3, 1)) is False

    def test_and_back_again(self):
        spans = [TOLD, RoleSpan("terminal", APRIL, date(2026, 4, 30), must_scan=True)]
        spans += [RoleSpan("terminal", date(2026, 5, 1), date.max, must_scan=False)]
        facts = [row("r", 3, 30, 10), scan("s", 4, 29, 30), row("r2", 5, 3, 25)]
        # 10 of the scanned are those of March; 20 are left, which the report of May repeats
        assert counted(spans, *facts) == {"r": 10, "s": 20, "r2": 5}


FACTS = st.lists(
    st.tuples(
        st.sampled_from(["reported", "received"]),
        st.integers(0, 170),
        st.sampled_from([7, 8]),
        st.integers(-9, 30),
    ),
    max_size=14,
)
# so early that nothing was told too long before
DAY_OF_CHANGE = st.integers(1, STOCK_DAYS.days - 1)
CHANGES = st.lists(DAY_OF_CHANGE, max_size=3, unique=True)


def spans_of(changes, scans_first=False):
    """A shop in force from 2026 on whose kind changes on these days."""
    firsts = [JANUARY, *(JANUARY + timedelta(days=day) for day in sorted(changes))]
    lasts = [*(day - timedelta(days=1) for day in firsts[1:]), date.max]
    return [
        RoleSpan("terminal", first, last, must_scan=bool(place % 2) != scans_first)
        for place, (first, last) in enumerate(zip(firsts, lasts, strict=True))
    ]


def purchases(drawn):
    return [
        Purchase(f"{place:02}", basis, JANUARY + timedelta(days=day), product, Decimal(bottles))
        for place, (basis, day, product, bottles) in enumerate(drawn)
    ]


@given(FACTS, CHANGES, st.booleans(), st.randoms(use_true_random=False))
def test_never_more_than_there_is_and_in_any_order(drawn, changes, scans_first, order: random.Random):
    """Of what was told both ways, no more counts than the larger of the two tells of: different bottles for sure."""
    spans = spans_of(changes, scans_first)
    facts = [one for one in purchases(drawn) if one.bottles > 0]
    proofs = prove(spans, facts)
    assert proofs == prove(spans, order.sample(facts, len(facts)))
    assert all(0 <= one.part <= 1 for one in proofs.values())
    for product in (7, 8):
        own = [one for one in facts if one.product == product]
        sums = {basis: sum(one.bottles for one in own if one.basis == basis) for basis in ("reported", "received")}
        paid = sum(paid_of(one, proofs) for one in own)
        if changes:
            assert paid <= max(sums.values())


@given(FACTS, CHANGES, st.booleans())
def test_what_met_is_counted_exactly_once(drawn, changes, scans_first):
    spans = spans_of(changes, scans_first)
    facts = {one.key: one for one in purchases(drawn)}
    proofs = prove(spans, facts.values())
    for back in (False, True):
        own = [one for one in facts.values() if (one.bottles < 0) == back]
        met = sum(bottles for one in own for _key, bottles in proofs[one.key].met) * Decimal("0.5")
        alone = sum(
            abs(one.bottles) - sum(bottles for _key, bottles in proofs[one.key].met)
            for one in own
            if has_to_scan(spans, one.day) == (one.basis == "received")
        )
        assert sum(abs(paid_of(one, proofs)) for one in own) == met + alone
    for one in facts.values():
        for key, _bottles in proofs[one.key].met:
            assert facts[key].basis != one.basis and facts[key].product == one.product


@given(FACTS, CHANGES, st.booleans(), st.integers(0, 170))
def test_what_was_counted_stays_whatever_comes_afterwards(drawn, changes, scans_first, until):
    spans, facts = spans_of(changes, scans_first), purchases(drawn)
    before = [one for one in facts if one.day <= JANUARY + timedelta(days=until)]
    proofs = prove(spans, facts)
    assert all(one.part == proofs[key].part for key, one in prove(spans, before).items())


@given(FACTS, DAY_OF_CHANGE, st.booleans())
def test_bottle_by_bottle(drawn, change, scans_first):
    """The same rule played with single bottles: each meets the last one told of by the other proof."""
    spans = spans_of([change], scans_first)
    facts = [one for one in purchases(drawn) if one.bottles > 0]
    waiting, paid = {}, {one.key: 0 for one in facts}
    for one in sorted(facts, key=lambda one: (one.day, one.basis == "received", one.key)):
        kind = has_to_scan(spans, one.day)
        for _bottle in range(int(one.bottles)):
            others = waiting.setdefault((one.product, one.basis != "received"), [])
            first = others.pop() if others else None
            if first is None:
                waiting.setdefault((one.product, one.basis == "received"), []).append((one.key, one.basis, kind))
                paid[one.key] += kind == (one.basis == "received")
            else:
                key, basis, kind_of_first = first
                paid[key] -= kind_of_first == (basis == "received")
                paid[key if kind_of_first == (basis == "received") else one.key] += 1
    proofs = prove(spans, facts)
    assert {one.key: paid_of(one, proofs) for one in facts} == paid


@given(st.integers(-99, 999), st.lists(st.integers(0, 12), min_size=1, max_size=6), st.integers(1, 12))
def test_differences_add_up_to_what_counts(cents, twelfths, paid):
    """Whatever parts counted on the way: origin and differences sum to the last part, to the cent."""
    origin = Booked(Decimal(cents) / 100, Decimal(cents // 3) / 100, Decimal(12))
    before, step = Booked(), Decimal("0.01")
    for twelfth in twelfths:
        parts = (Fraction(paid, 12), Fraction(twelfth, 12))
        change = follow(origin, before, Booked(), parts, step)
        assert abs(change.carried) <= abs(change.worth) and change.carried * change.worth >= 0
        before = before.plus(change)
    exact = Fraction(cents * twelfths[-1], paid)
    assert abs(Fraction(origin.worth + before.worth) * 100 - exact) <= Fraction(1, 2)
    assert not follow(origin, before, Booked(), (Fraction(paid, 12), Fraction(twelfths[-1], 12)), step).worth


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("counts"), st.integers(0, 12)),
        st.tuples(st.just("back"), st.integers(1, 4)),
    ),
    min_size=1,
    max_size=8,
)


@given(st.integers(0, 80), ACTS, st.randoms(use_true_random=False))
def test_scan_return_and_report_net_the_same_in_any_order(dozens, acts, order: random.Random):
    """A receipt of 12 bottles: reports change what counts (the last one holds), goods go back, whatever comes first."""
    value, step = Decimal(12 * dozens) / 100, Decimal("0.01")
    parts = [Fraction(number, 12) for kind, number in acts if kind == "counts"] or [Fraction(1)]
    backs = [number for kind, number in acts if kind == "back"]

    def netted(steps):
        """The ledger as the models keep it: paid once it counts, returns in proportion of that, then differences."""
        origin, paid_for, before, back, gone, part = None, None, Booked(), Booked(), 0, Fraction()
        for kind, number in steps:
            if kind == "counts":
                part = number
            else:
                gone = min(12, gone + number)
            if origin is None and part:
                paid_for, origin = part, Booked(part_of(value, part), ZERO, part_of(Decimal(12), part))
            if origin:
                worth = -(origin.worth * gone / 12).quantize(step)
                back = Booked(worth, ZERO, Decimal(-gone))
                before = before.plus(follow(origin, before, back, (paid_for, part), step))
        return origin.worth + before.worth + back.worth if origin else ZERO

    last = parts[-1]
    counts = [("counts", part) for part in parts]
    returns = [("back", number) for number in backs]
    gone = min(12, sum(backs))
    expected = max(ZERO, part_of(value, last) - value * gone / 12)
    for _try in range(3):
        steps, waiting = [], [list(counts), list(returns)]
        while any(waiting):
            steps.append(order.choice([own for own in waiting if own]).pop(0))
        assert netted(steps) == expected
