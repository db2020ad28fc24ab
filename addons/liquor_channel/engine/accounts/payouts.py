"""Entries of a payout batch: rewards become payable, money and withheld tax leave, what was owed back is netted.

Amounts are Decimal in the company's currency; a balance is debit minus credit (channel.md Acc-2 #6, #7, #7b, #11).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .grouping import ZERO, EntryLine, Weights


@dataclass(frozen=True, slots=True)
class PayoutPart:
    """What one payee is paid: ``accrued`` owed, less ``clawed_back`` he owes, gives ``amount`` (Acc-2 #11).

    ``role`` is where it stood before it was approved: rewards of shops and guides, the cash-back of a member, a rebate.
    ``withheld`` of the amount goes to the tax office instead of the payee; ``borne`` is tax the brand pays on top.
    """

    partner_id: int
    accrued: Decimal
    clawed_back: Decimal = ZERO
    role: str = "reward_accrued"
    weights: Weights = field(default_factory=dict)
    withheld: Decimal = ZERO
    borne: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        """What the payee is paid, before tax."""
        return self.accrued - self.clawed_back


class PartSums:
    """Adds up the earnings of one payee.

    >>> sums = PartSums()
    >>> sums.add(Decimal(200), (1, 5))
    >>> sums.add(Decimal(-150), (1, 5), clawed=True)
    >>> part = sums.part(7)
    >>> str(part.accrued), str(part.clawed_back), str(part.amount)
    ('200', '150', '50')
    """

    def __init__(self) -> None:
        self.accrued, self.clawed_back, self.weights = ZERO, ZERO, {}

    def add(self, amount: Decimal, place: tuple[int, int], clawed: bool = False) -> None:
        """Add an earning; a negative one that was ``clawed`` back is what the payee owes."""
        if clawed:
            self.clawed_back -= amount
        else:
            self.accrued += amount
        self.weights[place] = self.weights.get(place, ZERO) + amount

    def part(self, partner_id: int) -> PayoutPart:
        """Return the sums as the part of ``partner_id``."""
        return PayoutPart(partner_id, self.accrued, self.clawed_back, weights=self.weights)


def merged(weights: Iterable[Weights]) -> Weights:
    """Return the sum of weights.

    >>> merged([{(1, 2): Decimal(5)}, {(1, 2): Decimal(3)}])
    {(1, 2): Decimal('8')}
    """
    total: Weights = {}
    for one in weights:
        for place, amount in one.items():
            total[place] = total.get(place, ZERO) + amount
    return total


def approval_lines(parts: Sequence[PayoutPart]) -> list[EntryLine]:
    """Return the lines that make accrued rewards payable, one pair per partner (Acc-2 #6).

    >>> [(line.role, str(line.balance)) for line in approval_lines([PayoutPart(7, Decimal(600))])]
    [('reward_accrued', '600'), ('reward_payable', '-600')]
    """
    lines = []
    for part in sorted(parts, key=lambda item: (item.partner_id, item.role)):
        lines.append(EntryLine(part.role, part.partner_id, part.accrued, weights=part.weights))
        lines.append(EntryLine("reward_payable", part.partner_id, -part.accrued, weights=part.weights))
    return lines


def payment_lines(parts: Sequence[PayoutPart]) -> list[EntryLine]:
    """Return the lines of money that left, netted with what the payee owed (Acc-2 #7 and #11), tax withheld (#7b).

    >>> lines = payment_lines([PayoutPart(7, Decimal(200), Decimal(150))])
    >>> [(line.role, str(line.balance)) for line in lines]
    [('reward_payable', '200'), ('clawback_due', '-150'), ('bank', '-50')]
    >>> lines = payment_lines([PayoutPart(7, Decimal(600), withheld=Decimal(120))])
    >>> [(line.role, str(line.balance)) for line in lines]
    [('reward_payable', '600'), ('withheld_tax', '-120'), ('bank', '-480')]
    """
    lines = []
    for part in _by_partner(parts):
        lines.append(EntryLine("reward_payable", part.partner_id, part.accrued, weights=part.weights))
        if part.clawed_back:
            lines.append(EntryLine("clawback_due", part.partner_id, -part.clawed_back, weights=part.weights))
    weights = merged(part.weights for part in parts)
    borne = sum((part.borne for part in parts), ZERO)
    withheld = sum((part.withheld for part in parts), ZERO)
    bank = sum((part.amount - part.withheld for part in parts), ZERO)
    sums = (("reward_contra", borne), ("withheld_tax", -borne - withheld), ("bank", -bank))
    return lines + [EntryLine(role, None, balance, weights=weights) for role, balance in sums if balance]


def _by_partner(parts: Sequence[PayoutPart]) -> list[PayoutPart]:
    groups: dict[int, list[PayoutPart]] = {}
    for part in parts:
        groups.setdefault(part.partner_id, []).append(part)
    return [
        PayoutPart(
            partner_id,
            sum((part.accrued for part in group), ZERO),
            sum((part.clawed_back for part in group), ZERO),
            weights=merged(part.weights for part in group),
        )
        for partner_id, group in sorted(groups.items())
    ]
