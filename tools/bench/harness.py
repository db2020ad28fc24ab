"""Runs ours and the peer in turn and says what came out."""

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.environment.console import say

RUNS = 5
PATIENCE = 60.0
SAMPLE = 100
QUICK = bool(os.environ.get("QUICK"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of ``bench.json``; see the package's docstring for the fields."""

    name: str
    ours: float
    peer: float
    peer_name: str
    ratio: float
    unit: str
    n: int
    peer_n: int
    min: float
    max: float


def size(full: int, quick: int) -> int:
    """Return how many items to measure: fewer under ``QUICK=1``."""
    return quick if QUICK else full


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peer_size(n: int, rate: Callable[[int], float]) -> int:
    """Return the peer's ``n``: the whole, or a hundredth where the whole would take longer than a minute.

    :param rate: runs the peer on so many items and returns items a second

    >>> peer_size(1_000, lambda count: 100.0), peer_size(10_000, lambda count: 100.0)
    (1000, 100)
    """
    sample = max(1, n // SAMPLE)
    return sample if n / rate(sample) > PATIENCE else n


def compare(
    name: str,
    ours: Callable[[], float],
    peer: Callable[[], float],
    *,
    peer_name: str,
    unit: str,
    n: int,
    peer_n: int,
    runs: int = RUNS,
) -> Line:
    """Run both sides ``runs`` times in turn.

    :param ours: does the work once and returns its rate (items a second)
    :param peer: the same for the peer
    """
    pairs = []
    for turn in range(1, runs + 1):
        pairs.append((ours(), peer()))
        say(f"{name}: run {turn}: ours {pairs[-1][0]:,.1f}, peer {pairs[-1][1]:,.1f} {unit}")
    return line(name, pairs, peer_name=peer_name, unit=unit, n=n, peer_n=peer_n)


def line(name: str, pairs: list[tuple[float, float]], *, peer_name: str, unit: str, n: int, peer_n: int) -> Line:
    """Return the line of pairs of rates (ours, peer).

    >>> line("x", [(4.0, 2.0), (6.0, 2.0), (9.0, 1.0)], peer_name="y", unit="z", n=3, peer_n=3)
    Line(name='x', ours=6.0, peer=2.0, peer_name='y', ratio=3.0, unit='z', n=3, peer_n=3, min=2.0, max=9.0)
    """
    mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratios = [one / other for one, other in pairs]
    figures = [mine, theirs, mine / theirs, min(ratios), max(ratios)]
    mine, theirs, ratio, least, most = (float(f"{figure:.4g}") for figure in figures)
    return Line(name, mine, theirs, peer_name, ratio, unit, n, peer_n, least, most)


def growth(name: str, rate: Callable[[int], float], sizes: tuple[int, ...], *, unit: str) -> Line:
    """Return the ``.growth`` line: the rate at the largest size against the rate at the smallest.

    A ratio of 1 means that the cost grows in proportion to the rows, below 1 faster than that.
    """
    pairs = []
    for turn in range(1, RUNS + 1):
        rates = {count: rate(count) for count in sizes}
        pairs.append((rates[sizes[-1]], rates[sizes[0]]))
        shown = ", ".join(f"{count:,}: {value:,.0f}" for count, value in rates.items())
        say(f"{name}.growth: run {turn}: {shown} {unit}")
    return line(f"{name}.growth", pairs, peer_name="itself at peer_n", unit=unit, n=sizes[-1], peer_n=sizes[0])


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process (not its children) on one core while the block runs."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def write(path: Path, lines: list[Line]) -> None:
    """Put ``lines`` into the JSON list at ``path``; lines of other names stay."""
    kept = {}
    if path.exists():
        kept = {known["name"]: known for known in json.loads(path.read_text(encoding="utf-8"))}
    kept |= {one.name: asdict(one) for one in lines}
    path.write_text(json.dumps([kept[name] for name in sorted(kept)], indent=1) + "\n", encoding="utf-8")
