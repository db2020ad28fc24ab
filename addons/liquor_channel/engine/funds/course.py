"""How far the money of a fund's policies has come: owed, then settled, then paid, and all the way back.

Amounts are Decimal in the fund's currency. What is owed, settled and paid are signed sums of documents: an accrual, a
settlement, a payout, each counted once. Where the money stands follows from the three sums alone, so it does not
depend on the order in which returns, late data and reversals arrive (channel.md, minimum bar: funds).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .stages import ZERO, Move

#: where owed money stands, in its order
STANDING = ("accrued", "settled", "paid")


@dataclass(frozen=True, slots=True)
class Course:
    """Sums of the documents: what was ``earned``, what of it is in posted papers, what of it is paid."""

    earned: Decimal = ZERO
    settled: Decimal = ZERO
    paid: Decimal = ZERO

    def moved(self, step: str, amount: Decimal) -> "Course":
        """Return the course after a document moved ``amount`` (negative: back) at ``step``.

        >>> Course(Decimal(100)).moved("settled", Decimal(60))
        Course(earned=Decimal('100'), settled=Decimal('60'), paid=Decimal('0'))

        :raises ValueError: an unknown step
        """
        if step not in ("earned", "settled", "paid"):
            raise ValueError(f"no document is known by the step {step}")
        return replace(self, **{step: getattr(self, step) + amount})

    def standing(self) -> dict[str, Decimal]:
        """Return what stands in each stage; the three sum to what is owed, never below nothing.

        100 were paid, then 30 of them are clawed back, then 50 more are earned: 30 of these are in his hands already.

        >>> course = Course(Decimal(100), Decimal(100), Decimal(100)).moved("earned", Decimal(-30))
        >>> [int(amount) for amount in course.standing().values()]
        [0, 0, 70]
        >>> [int(amount) for amount in course.moved("earned", Decimal(50)).standing().values()]
        [20, 0, 100]
        """
        total = max(self.earned, ZERO)
        settled = min(max(self.settled, ZERO), total)
        paid = min(max(self.paid, ZERO), settled)
        return {"accrued": total - settled, "settled": settled - paid, "paid": paid}


def steer(before: Course, after: Course, balances: Mapping[str, Decimal], hard: bool = True) -> list[Move]:
    """Return the moves that bring a fund from one course to another; a document gives a handful at most.

    What is free goes first; what is missing on a hard stop is uncovered: owed already, it is never refused. What goes
    back covers what was uncovered before it is free again.

    >>> start, owed = Course(), Course(Decimal(100))
    >>> [(m.stage_from, m.stage_to, int(m.amount)) for m in steer(start, owed, {"free": Decimal(70)})]
    [('free', 'accrued', 70), ('uncovered', 'accrued', 30)]
    >>> gone = Course(Decimal(50))
    >>> [(m.stage_from, m.stage_to, int(m.amount)) for m in steer(owed, gone, {"uncovered": Decimal(30)})]
    [('accrued', 'uncovered', 30), ('accrued', 'free', 20)]
    >>> [(m.stage_from, m.stage_to, int(m.amount)) for m in steer(owed, owed.moved("settled", Decimal(60)), {})]
    [('accrued', 'settled', 60)]
    """
    old, new = before.standing(), after.standing()
    change = sum(new.values(), ZERO) - sum(old.values(), ZERO)
    leaving = _leaving(old, new, max(-change, ZERO))
    moves = _inflow(balances, max(change, ZERO), hard) + _outflow(balances, leaving)
    onwards = old["accrued"] - leaving["accrued"] + max(change, ZERO) - new["accrued"]
    paying = new["paid"] - (old["paid"] - leaving["paid"])
    flows = [_flow("accrued", "settled", onwards), _flow("settled", "paid", paying)]
    # what comes back from what was paid is there before it goes back further
    moves += flows if paying >= 0 else reversed(flows)
    return [move for move in moves if move.amount]


def _flow(stage: str, following: str, amount: Decimal) -> Move:
    return Move(stage, following, amount) if amount >= 0 else Move(following, stage, -amount)


def _leaving(old: Mapping[str, Decimal], new: Mapping[str, Decimal], rest: Decimal) -> dict[str, Decimal]:
    parts = {}
    for stage in STANDING:
        parts[stage] = min(max(old[stage] - new[stage], ZERO), rest)
        rest -= parts[stage]
    return parts


def _inflow(balances: Mapping[str, Decimal], amount: Decimal, hard: bool) -> list[Move]:
    free = min(max(balances.get("free", ZERO), ZERO), amount) if hard else amount
    return [Move("free", "accrued", free), Move("uncovered", "accrued", amount - free)]


def _outflow(balances: Mapping[str, Decimal], leaving: Mapping[str, Decimal]) -> list[Move]:
    moves, uncovered = [], balances.get("uncovered", ZERO)
    for stage, part in leaving.items():
        covering = min(part, uncovered)
        uncovered -= covering
        moves += [Move(stage, "uncovered", covering), Move(stage, "free", part - covering)]
    return moves
