"""Where the money of a budget stands, and which moves are allowed (channel.md, minimum bar: funds).

Amounts are Decimal in the fund's currency. A fund's money stands in stages; a move takes a positive amount from one
stage to another, so allocated + uncovered = free + reserved + accrued + settled + paid at any time.

``uncovered`` is what was owed although nothing was free (an earning cannot be undone by an empty budget): it is
shown as overdrawn and is covered by the next allocation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
#: stages whose sum is what was allocated and what was owed without cover
HELD = ("free", "reserved", "accrued", "settled", "paid")
#: outside the fund: the budget of the year, or what was promised without cover
SOURCES = ("allocated", "uncovered")
STAGES = (*SOURCES, *HELD)
ALLOWED = frozenset({
    ("allocated", "free"),
    ("free", "allocated"),
    ("free", "reserved"),
    ("reserved", "free"),
    ("free", "accrued"),
    ("reserved", "accrued"),
    ("uncovered", "accrued"),
    ("free", "uncovered"),
    ("accrued", "free"),
    ("accrued", "uncovered"),
    ("accrued", "reserved"),
    ("accrued", "settled"),
    ("settled", "accrued"),
    ("settled", "free"),
    ("settled", "uncovered"),
    ("settled", "paid"),
    ("paid", "settled"),
    ("paid", "free"),
    ("paid", "uncovered"),
})


class ShortageError(Exception):
    """A stage does not hold what a move takes: ``stage``, ``held`` and ``asked`` say which."""

    def __init__(self, stage: str, held: Decimal, asked: Decimal) -> None:
        super().__init__(f"{stage} holds {held}, {asked} are asked")
        self.stage, self.held, self.asked = stage, held, asked


@dataclass(frozen=True, slots=True)
class Move:
    """A positive amount from one stage to another."""

    stage_from: str
    stage_to: str
    amount: Decimal


def apply(balances: Mapping[str, Decimal], moves: Iterable[Move], hard: bool = True) -> dict[str, Decimal]:
    """Return the balances after moves, in their order.

    ``allocated`` and ``uncovered`` count what came from there. Only ``free`` may go below zero, and only where the
    fund warns instead of stopping.

    A budget of 1,000 of which 300 are reserved, 250 turn out to be owed and the rest is released:

    >>> steps = [Move("allocated", "free", Decimal(1000)), Move("free", "reserved", Decimal(300)),
    ...          Move("reserved", "accrued", Decimal(250)), Move("reserved", "free", Decimal(50))]
    >>> {stage: int(amount) for stage, amount in apply({}, steps).items() if amount}
    {'allocated': 1000, 'free': 750, 'accrued': 250}

    :raises ValueError: a move that is not allowed, or an amount that is not positive
    :raises ShortageError: a stage does not hold the amount
    """
    after = {stage: balances.get(stage, ZERO) for stage in STAGES}
    for move in moves:
        if (move.stage_from, move.stage_to) not in ALLOWED:
            raise ValueError(f"money does not move from {move.stage_from} to {move.stage_to}")
        if move.amount <= 0:
            raise ValueError(f"a move is more than nothing, not {move.amount}")
        _take(after, move, hard)
    return after


def _take(after: dict[str, Decimal], move: Move, hard: bool) -> None:
    held, asked = after[move.stage_from], move.amount
    overdraft = move.stage_from == "free" and not hard and move.stage_to != "allocated"
    if move.stage_from in HELD and held < asked and not overdraft:
        raise ShortageError(move.stage_from, held, asked)
    if move.stage_to in SOURCES and after[move.stage_to] < asked:
        raise ShortageError(move.stage_to, after[move.stage_to], asked)
    after[move.stage_from] += asked if move.stage_from in SOURCES else -asked
    after[move.stage_to] -= asked if move.stage_to in SOURCES else -asked


def cover(balances: Mapping[str, Decimal]) -> list[Move]:
    """Return the move by which free money covers what was owed without cover.

    >>> [int(move.amount) for move in cover({"free": Decimal(100), "uncovered": Decimal(30)})]
    [30]
    """
    part = min(max(balances.get("free", ZERO), ZERO), balances.get("uncovered", ZERO))
    return [Move("free", "uncovered", part)] if part else []
