"""Rewards that are expected when the goods leave, before anybody scanned (trade.md R7; channel.md Acc-2 #15 to #17).

The cumulative method: what must stand in the books of a campaign is computed anew each time, and the difference to what
was accrued is booked. So late data, another rate and goods that came back are just another run.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..common.money import quantize
from .grouping import ZERO, Entry, EntryLine

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Expectation:
    """One campaign: goods shipped so far, what is expected of them, and what the books hold.

    ``percent`` of the cases are expected to be rewarded with ``amount_per_case``, of which the distributors carry
    ``share_percent``. ``accrued``: expected so far (Cr 2241.E); ``used``: the brand's part of what was earned (Dr).
    """

    id: int
    cases: Decimal
    amount_per_case: Decimal
    percent: Decimal
    share_percent: Decimal = ZERO
    accrued: Decimal = ZERO
    used: Decimal = ZERO
    closing: bool = False
    territory_id: int | None = None
    policy_id: int | None = None

    @property
    def expected(self) -> Decimal:
        """What the campaign will cost the brand in all, by the present estimate, to the cent.

        >>> str(Expectation(1, Decimal(100), Decimal(15), Decimal(60), Decimal(30)).expected)
        '630.00'
        """
        own = self.amount_per_case * (HUNDRED - self.share_percent) / HUNDRED
        return quantize(self.cases * own * self.percent / HUNDRED)

    @property
    def due(self) -> Decimal:
        """What is to be accrued now; negative: too much was expected, it goes back red.

        More than expected was earned: the accrual follows. The campaign ends: what nobody earned goes back (#17).

        >>> str(Expectation(1, Decimal(100), Decimal(15), Decimal(60), Decimal(30), Decimal(630), Decimal(420)).due)
        '0.00'
        >>> last = Expectation(1, Decimal(100), Decimal(15), Decimal(60), Decimal(30), Decimal(630), Decimal(420), True)
        >>> str(last.due)
        '-210'
        """
        needed = self.used if self.closing else max(self.expected, self.used)
        return needed - self.accrued

    @property
    def left(self) -> Decimal:
        """What stands on 2241.E for this campaign."""
        return self.accrued - self.used


def expected_entry(expectation: Expectation, day: date) -> Entry | None:
    """Return the entry that brings a campaign's expectation up to date; None where nothing changes.

    >>> entry = expected_entry(Expectation(1, Decimal(100), Decimal(15), Decimal(60), Decimal(30)), date(2026, 3, 9))
    >>> [(line.role, str(line.balance)) for line in entry.lines]
    [('reward_contra', '630.00'), ('expected_reward', '-630.00')]
    """
    due = expectation.due
    if not due:
        return None
    weights = {(expectation.territory_id or 0, expectation.policy_id or 0): abs(due)}
    red = due < 0
    return Entry(
        kind="expected",
        month=day.replace(day=1),
        lines=[
            EntryLine("reward_contra", None, due, red, weights),
            EntryLine("expected_reward", None, -due, red, weights),
        ],
        expectation_id=expectation.id,
        cases=expectation.cases,
    )
