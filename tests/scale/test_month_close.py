"""A month closes on 300 distributors, 12 policies and 600 shops (issue 3, "Tried as its users would")."""

from collections import defaultdict
from decimal import Decimal

import pytest

from . import facts, policies, world

pytestmark = pytest.mark.load


def by_policy(scale) -> dict:
    """What was booked: ``{policy: {("D" or "T", number): amount}}``."""
    places = {partner: ("D", place) for place, partner in enumerate(scale.distributors)}
    places.update({partner: ("T", place) for place, partner in enumerate(scale.shops)})
    names = {version.id: name for name, version in scale.versions.items()}
    scale.env.flush_all()
    scale.env.cr.execute(
        "SELECT policy_version_id, partner_id, SUM(amount) FROM liquor_earning"
        " WHERE policy_version_id = ANY(%s) GROUP BY 1, 2",
        [list(names)],
    )
    found: dict = defaultdict(dict)
    for version, partner, amount in scale.env.cr.fetchall():
        found[names[version]][places[partner]] = Decimal(str(amount))
    return dict(found)


def test_month_closes(scratch, watch):
    with watch.step("parties"):
        scale = world.build(scratch)
    with watch.step("12 policies, 30 contracts"):
        policies.build(scale)
    with watch.step("facts"):
        facts.build(scale)
        scratch.cr.commit()
    with watch.step("earnings per unit"):
        policies.earn(scale)
    with watch.step("earnings of the month"):
        policies.bring_up_to_date(scale)
        scratch.cr.commit()
    wanted, found = policies.expected(), by_policy(scale)
    assert found.keys() == wanted.keys()
    for policy, parties in wanted.items():
        assert found[policy] == parties, policy
