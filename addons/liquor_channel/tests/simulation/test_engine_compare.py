"""Simulation engine: the version in force against itself is 0.00 for everyone; parts sum to the whole."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...engine.policies.conditions import Base, Condition
from ...engine.policies.owed import Terms
from ...engine.policies.tiers import Tier
from ...engine.simulation.compare import (
    Outcome,
    Share,
    Side,
    headroom,
    ledger_effect,
    losers,
    simulate,
    total,
    totals,
)

ZERO = Decimal(0)


def table(*rows):
    """Tiers of (lower, rate); each ends where the next begins."""
    bounds = [Decimal(low) for low, _rate in rows] + [None]
    return tuple(Tier(bounds[i], bounds[i + 1], Decimal(str(rate))) for i, (_low, rate) in enumerate(rows))


amounts = st.decimals(min_value=0, max_value=10**7, places=2)
rates = st.decimals(min_value=0, max_value=20, places=3)


@st.composite
def any_terms(draw):
    """Tiered, growth, target or fixed terms, with and without condition, cap, minimum and rounding."""
    lows = [ZERO, *sorted(draw(st.sets(st.integers(1, 10**6), max_size=3)))]
    return Terms(
        kind=draw(st.sampled_from(("tiered", "growth", "target", "fixed"))),
        method=draw(st.sampled_from(("retrospective", "progressive"))),
        tiers=table(*((low, draw(rates)) for low in lows)),
        rate=draw(amounts),
        conditions=draw(st.sampled_from(((), (Condition(1, "minimum", Decimal(50000)),)))),
        step=draw(st.sampled_from((None, Decimal(1), Decimal(10)))),
        minimum=draw(st.sampled_from((ZERO, Decimal(500)))),
        cap=draw(st.one_of(st.none(), amounts)),
    )


any_bases = st.dictionaries(
    st.integers(1, 50), st.builds(Base, measure=amounts, baseline=amounts, target=amounts), max_size=12
)


@given(any_terms(), any_bases)
def test_the_version_in_force_changes_nothing(terms, bases):
    outcomes = simulate(terms, terms, bases)
    assert [(one.partner, one.difference, one.reason) for one in outcomes] == [
        (key, ZERO, "same") for key in sorted(bases)
    ]
    assert losers(outcomes) == []
    assert ledger_effect(outcomes, "distributor", date(2026, 3, 31)) == {}


@given(any_terms(), any_terms(), any_bases)
def test_parts_sum_to_the_whole(old, new, bases):
    outcomes = simulate(old, new, bases)
    difference = total(outcomes).difference
    assert sum((one.difference for one in outcomes), ZERO) == difference
    assert sum((one.difference for one in totals(outcomes, lambda partner: partner % 3)), ZERO) == difference
    effect = ledger_effect(outcomes, "distributor", date(2026, 3, 31))
    assert sum(effect.values(), ZERO) == 0
    assert effect.get("rebate_contra", ZERO) == difference


@given(any_terms(), any_terms(), any_bases)
def test_turned_round_it_is_the_opposite(old, new, bases):
    there = {one.partner: one.difference for one in simulate(old, new, bases)}
    back = {one.partner: -one.difference for one in simulate(new, old, bases)}
    assert there == back


def test_year_of_the_accounting_example():
    # channel.md Acc-2 #3: 500,000 is worth 20,000 at 4 %, 15,000 if the tier of 4 % began at 600,000
    old = Terms(tiers=table((0, 3), (500000, 4)))
    new = Terms(tiers=table((0, 3), (600000, 4)))
    bases = {1: Base(Decimal(500000)), 2: Base(Decimal(200000)), 3: Base(Decimal(600000))}
    first, second, third = simulate(old, new, bases)
    assert (first.difference, first.reason, first.old.rate, first.new.rate) == (-5000, "rate", 4, 3)
    assert (second.difference, third.difference) == (0, 0)
    assert [one.partner for one in losers([first, second, third])] == [1]


def test_each_reason_by_name():
    base = {1: Base(Decimal(1000))}
    ten = Terms(tiers=table((0, 10)))
    refused = Terms(tiers=table((0, 10)), conditions=(Condition(1, "minimum", Decimal(2000)),))
    capped = Terms(tiers=table((0, 10)), cap=Decimal(60))
    lifted = ten.lifted(Decimal(5))
    found = {
        name: simulate(old, new, base)[0]
        for name, old, new in (
            ("refused", ten, refused),
            ("admitted", refused, ten),
            ("capped", ten, capped),
            ("amount", ten, lifted),
            ("enters", None, ten),
            ("leaves", ten, None),
        )
    }
    assert {name: one.reason for name, one in found.items()} == {name: name for name in found}
    assert [str(one.difference) for one in found.values()] == [
        "-100.00",
        "100.00",
        "-40.00",
        "5.00",
        "100.00",
        "-100.00",
    ]


def test_ten_largest_losers_in_order():
    outcomes = [Outcome(number, Side(Decimal(number)), Side(), "leaves") for number in range(1, 13)]
    assert [one.partner for one in losers(outcomes)] == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]


def test_ledger_and_fund_with_a_distributor_who_carries_his_share():
    # Acc-2 #5 as a difference: a shop gains 600, of which its distributor (9) carries 30 %
    outcome = Outcome(7, Side(), Side(Decimal(600)), "enters")
    effect = ledger_effect([outcome], "terminal", date(2026, 3, 9), {7: Share(9, Decimal(180))})
    assert effect == {"cofunding_due": 180, "reward_accrued": -600, "reward_contra": 420}
    assert headroom(Decimal(400), Decimal(600), Decimal(180)) == -20
