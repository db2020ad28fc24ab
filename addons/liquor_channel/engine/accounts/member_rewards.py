"""What members are owed, from their ledgers to balanced entries: cash-back, and points at what their club says.

Cash-back is owed to the member (2241.M). Points are a promise that is carried by the sales which gave them, until they
are used or expire (2204.J, CAS 14): a lot is worth its points at the worth of its day, what is taken of it is worth the
cumulative part, so that a lot that is used up leaves nothing. What a campaign expected is taken from 2241.E (trade.md
R7), and what is taken back goes there while the campaign is open.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .grouping import ZERO, Entry, EntryLine

#: kind of an entry -> where it is owed
MEMBER_ROLES = {"member_cash": "member_cash", "member_points": "member_points"}
#: steps that are taken back by a red entry; points that are used are revenue from then on, which is black
RED_STEPS = frozenset({"taken", "expired"})


@dataclass(frozen=True, slots=True)
class MemberReward:
    """One movement of a member's ledger that is not in the books yet; ``amount`` positive: more is owed.

    ``kind``: member_cash | member_points; ``step``: earned | used | taken | expired; ``source``, ``id``: its row.
    ``partner_id``: the member, of cash only. ``expectation_id``: its cost was expected before (Acc-2 #16).
    """

    kind: str
    source: str
    id: int
    amount: Decimal
    day: date
    step: str = "earned"
    program_id: int | None = None
    partner_id: int | None = None
    expectation_id: int | None = None
    worth_id: int | None = None
    territory_id: int | None = None
    policy_id: int | None = None
    funder_amount: Decimal = ZERO


def group_member_rewards(rewards: Iterable[MemberReward]) -> list[Entry]:
    """Group what members are owed into one balanced entry per kind and month.

    Forty bottles of 10.50 for a member (partner 7), which a campaign expected (as channel.md Acc-2 #16):

    >>> forty = MemberReward("member_cash", "cash_entry_id", 1, Decimal(420), date(2026, 3, 9), partner_id=7,
    ...                      expectation_id=3)
    >>> [(line.role, line.partner_id, str(line.balance)) for line in group_member_rewards([forty])[0].lines]
    [('expected_reward', None, '420'), ('member_cash', 7, '-420')]

    1,000 points worth 10.00, of which 300 are used:

    >>> earned = MemberReward("member_points", "point_entry_id", 2, Decimal(10), date(2026, 3, 9))
    >>> used = MemberReward("member_points", "allocation_id", 3, Decimal(-3), date(2026, 3, 9), "used")
    >>> [(line.role, str(line.balance)) for line in group_member_rewards([earned, used])[0].lines]
    [('member_points', '-10'), ('reward_contra', '10'), ('member_points', '3'), ('reward_contra', '-3')]
    """
    groups: dict[tuple[str, date], list[MemberReward]] = defaultdict(list)
    for reward in rewards:
        groups[reward.kind, reward.day.replace(day=1)].append(reward)
    return [_entry(kind, month, groups[kind, month]) for kind, month in sorted(groups)]


def _entry(kind: str, month: date, rewards: list[MemberReward]) -> Entry:
    sums: dict[tuple, Decimal] = defaultdict(lambda: ZERO)
    for reward in rewards:
        place = (reward.territory_id or 0, reward.policy_id or 0)
        cost = "expected_reward" if reward.expectation_id else "reward_contra"
        sums[reward.step, MEMBER_ROLES[kind], reward.partner_id or 0, place] -= reward.amount
        sums[reward.step, cost, 0, place] += reward.amount
    # an entry needs lines, also where what was used and what was given back of it are the same
    moved = {key: balance for key, balance in sums.items() if balance} or sums
    lines = [
        EntryLine(role, partner or None, balance, step in RED_STEPS, {place: abs(balance) or Decimal(1)})
        for (step, role, partner, place), balance in sorted(moved.items())
    ]
    assert sum((line.balance for line in lines), ZERO) == ZERO
    return Entry(kind=kind, month=month, lines=lines, rewards=rewards)
