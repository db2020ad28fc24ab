"""What other terms would have given: per party and in total, who loses and why, what ledger and fund would feel."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..accounts.grouping import EarningInput, group_earnings
from ..common.money import ZERO
from ..policies.conditions import Base
from ..policies.owed import Owed, Terms, owed

LOSERS = 10
#: why a party gets another amount; ``cut`` is what exclusion or a common cap took
REASONS = ("same", "enters", "leaves", "measure", "refused", "admitted", "cut", "capped", "rate", "amount")


@dataclass(frozen=True, slots=True)
class Side:
    """What one set of terms gives a party: ``amount`` in money, ``measure`` what it has done under them.

    ``rate`` is that of the highest tier reached, ``why_nothing`` as in ``Owed``, ``cut`` as in the claim's note
    (``excluded``, ``shared_cap`` or None).
    """

    amount: Decimal = ZERO
    measure: Decimal = ZERO
    rate: Decimal | None = None
    why_nothing: str | None = None
    capped: bool = False
    cut: str | None = None

    @classmethod
    def of(cls, result: Owed, measure: Decimal) -> "Side":
        """The side of a result that nothing else cuts."""
        return cls(result.amount, measure, top_rate(result), result.why_nothing, result.capped)

    def plus(self, other: "Side") -> "Side":
        """Both together: versions that follow each other, or several periods."""
        return Side(
            self.amount + other.amount,
            self.measure + other.measure,
            other.rate if other.rate is not None else self.rate,
            other.why_nothing or (None if other.amount else self.why_nothing),
            self.capped or other.capped,
            other.cut or self.cut,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """One party under the old and the new terms; ``reason`` is one of ``REASONS``."""

    partner: int
    old: Side
    new: Side
    reason: str

    @property
    def difference(self) -> Decimal:
        """What the party gains; negative for a loser."""
        return self.new.amount - self.old.amount


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of a group of parties."""

    key: Hashable
    parties: int
    old: Decimal
    new: Decimal

    @property
    def difference(self) -> Decimal:
        """What the group gains."""
        return self.new - self.old


def simulate(old: Terms | None, new: Terms | None, bases: Mapping[int, Base]) -> list[Outcome]:
    """Outcomes of parties whose bases both terms read; None stands for no terms.

    >>> from ..policies.tiers import Tier
    >>> three = Terms(tiers=(Tier(ZERO, None, Decimal(3)),))
    >>> four = Terms(tiers=(Tier(ZERO, None, Decimal(4)),))
    >>> [outcome] = simulate(three, four, {7: Base(Decimal(200000))})
    >>> str(outcome.old.amount), str(outcome.new.amount), str(outcome.difference), outcome.reason
    ('6000.00', '8000.00', '2000.00', 'rate')
    """
    return compare(
        {partner: Side.of(owed(old, base), base.measure) for partner, base in bases.items()} if old else {},
        {partner: Side.of(owed(new, base), base.measure) for partner, base in bases.items()} if new else {},
    )


def compare(old: Mapping[int, Side], new: Mapping[int, Side]) -> list[Outcome]:
    """Outcomes of all parties of either side, ordered by partner."""
    found = []
    for partner in sorted(old.keys() | new.keys()):
        before, after = old.get(partner, Side()), new.get(partner, Side())
        found.append(Outcome(partner, before, after, why(before, after)))
    return found


def why(old: Side, new: Side) -> str:
    """The main reason of a difference; what decides first is named first.

    >>> why(Side(Decimal(5), Decimal(10), Decimal(3)), Side(ZERO, Decimal(10), None, "conditions"))
    'refused'
    """
    if old.amount == new.amount:
        return "same"
    if not old.measure and new.measure:
        return "enters"
    if old.measure and not new.measure:
        return "leaves"
    if old.cut != new.cut:
        return "cut"
    if new.why_nothing and not old.why_nothing:
        return "refused"
    if old.why_nothing and not new.why_nothing:
        return "admitted"
    if old.capped != new.capped:
        return "capped"
    if old.measure != new.measure:
        return "measure"
    return "rate" if old.rate != new.rate else "amount"


def top_rate(result: Owed) -> Decimal | None:
    """Rate of the highest tier that gave something."""
    return result.steps[-1].tier.rate if result.steps else None


def total(outcomes: Iterable[Outcome], key: Hashable = None) -> Total:
    """Sums of outcomes."""
    own = list(outcomes)
    return Total(key, len(own), sum((one.old.amount for one in own), ZERO), sum((one.new.amount for one in own), ZERO))


def totals(outcomes: Iterable[Outcome], key_of: Callable[[int], Hashable]) -> list[Total]:
    """Sums by a key of the partner, e.g. its region or grade; the largest loss first.

    >>> side = Side(Decimal(5))
    >>> [(one.key, str(one.difference)) for one in totals([Outcome(1, side, Side(), "leaves")], {1: "A"}.get)]
    [('A', '-5')]
    """
    groups: dict[Hashable, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(key_of(outcome.partner), []).append(outcome)
    found = [total(own, key) for key, own in groups.items()]
    return sorted(found, key=lambda one: (one.difference, str(one.key)))


def losers(outcomes: Iterable[Outcome], most: int = LOSERS) -> list[Outcome]:
    """The parties that lose most; on a tie the smaller id is first."""
    losing = [outcome for outcome in outcomes if outcome.difference < 0]
    return sorted(losing, key=lambda outcome: (outcome.difference, outcome.partner))[:most]


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody else carries of a party's difference."""

    funder: int | None = None
    amount: Decimal = ZERO


def ledger_effect(
    outcomes: Sequence[Outcome],
    beneficiary_kind: str,
    day: date,
    shares: Mapping[int, Share] | None = None,
    nature: str = "",
) -> dict[str, Decimal]:
    """Balance (debit - credit) that the differences would bring to each account role; sums to zero.

    :param nature: that of the policy, as ``EarningInput`` knows it

    >>> gain = Outcome(7, Side(Decimal(6000)), Side(Decimal(8000)), "rate")
    >>> effect = ledger_effect([gain], "distributor", date(2026, 3, 31))
    >>> {role: str(balance) for role, balance in effect.items()}
    {'rebate_accrued': '-2000', 'rebate_contra': '2000'}
    """
    shares = shares or {}
    rows = []
    for outcome in outcomes:
        share = shares.get(outcome.partner, Share())
        if outcome.difference:
            rows.append(
                EarningInput(
                    outcome.partner,
                    outcome.partner,
                    beneficiary_kind,
                    outcome.difference,
                    day,
                    share.funder,
                    share.amount,
                    nature=nature,
                )
            )
    effect: dict[str, Decimal] = {}
    for entry in group_earnings(rows):
        for line in entry.lines:
            effect[line.role] = effect.get(line.role, ZERO) + line.balance
    return dict(sorted(effect.items()))


def headroom(free: Decimal, difference: Decimal, carried: Decimal = ZERO) -> Decimal:
    """What a fund would still have free after the brand's part of the difference; negative = not covered.

    >>> headroom(Decimal(5000), Decimal(2000), Decimal(600))
    Decimal('3600')
    """
    return free - (difference - carried)
