"""Days on which a role is in force, after any steps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.liquor_channel.engine.partners.roles import (
    LIVE,
    STEPS,
    RoleDays,
    RoleSpan,
    StepError,
    chain,
    has_circle,
    last_day,
    take_step,
)

FIRST = date(2026, 1, 1)
TODAY = date(2026, 3, 10)


def span(role):
    last = last_day(role.state, role.end, role.suspended_on)
    return RoleSpan("terminal", role.start, last, None, role.pauses) if last else None


def holds(role, day):
    own = span(role)
    return bool(own and own.holds(day))


def test_a_suspension_that_is_over_stays_a_gap():
    role = take_step(RoleDays("formal", FIRST), "suspended", TODAY, TODAY)
    assert not holds(role, TODAY)
    role = take_step(role, "formal", TODAY + timedelta(5), TODAY + timedelta(5))
    assert [holds(role, TODAY + timedelta(days)) for days in (-1, 0, 4, 5)] == [True, False, False, True]


def test_back_on_the_day_of_the_suspension_leaves_no_gap():
    role = take_step(RoleDays("formal", FIRST), "suspended", TODAY, TODAY)
    assert take_step(role, "formal", TODAY, TODAY).pauses == ()


def test_who_was_never_accepted_never_was_in_force():
    role = take_step(RoleDays("candidate", FIRST), "ended", TODAY, TODAY)
    assert role.end is None
    assert span(role) is None


def test_a_suspended_role_ends_with_the_eve_of_its_suspension():
    role = take_step(RoleDays("formal", FIRST), "suspended", date(2026, 3, 1), date(2026, 3, 1))
    assert take_step(role, "ended", TODAY, TODAY).end == date(2026, 2, 28)
    # suspended on its first day: it never was in force
    role = take_step(RoleDays("trial", TODAY), "suspended", TODAY, TODAY)
    assert take_step(role, "ended", TODAY, TODAY).end is None


def test_accepted_from_a_later_day_on():
    later = TODAY + timedelta(9)
    assert take_step(RoleDays("candidate", FIRST), "formal", later, TODAY).start == later
    assert take_step(RoleDays("candidate", FIRST), "formal", TODAY, TODAY).start == FIRST


@pytest.mark.parametrize(("state", "step"), [("formal", "trial"), ("ended", "formal"), ("candidate", "suspended")])
def test_steps_that_do_not_exist(state, step):
    with pytest.raises(StepError, match="step"):
        take_step(RoleDays(state, FIRST), step, TODAY, TODAY)


def test_no_step_lies_in_the_past():
    with pytest.raises(StepError, match="past"):
        take_step(RoleDays("formal", FIRST), "ended", TODAY - timedelta(1), TODAY)


STEP = st.tuples(st.sampled_from([*STEPS]), st.integers(0, 20), st.integers(0, 20))


@given(st.lists(STEP, max_size=8))
def test_no_step_changes_the_days_before_it(steps):
    """Whatever was in force before the day of a step stays so: nobody is paid or unpaid afterwards."""
    role, today = RoleDays("candidate", FIRST), TODAY
    for step, wait, ahead in steps:
        today += timedelta(wait)
        try:
            after = take_step(role, step, today + timedelta(ahead), today)
        except StepError:
            continue
        if role.state in LIVE:
            days = [FIRST + timedelta(number) for number in range((today - FIRST).days)]
            assert [holds(role, day) for day in days] == [holds(after, day) for day in days]
        role = after


def test_suppliers_above():
    assert chain({4: 3, 3: 1}, 4) == [3, 1]
    assert has_circle({4: 3, 3: 4}, [4])
    assert has_circle({5: 5}, [5])
    assert not has_circle({4: 3, 3: 1}, [4, 3, 1])
