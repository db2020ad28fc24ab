"""Benches over HTTP: ours and the peer's route on one server, eight connections each, in turn."""

import dataclasses
from collections.abc import Callable

from tools.environment.console import Failure

from . import database, load, server
from .harness import Line, compare, size

UNIT = "requests/s"
RUNS_AND_WARMING = 6


def seconds() -> int:
    """Return how long one run lasts."""
    return size(10, 3)


def prepared(fastest: int) -> int:
    """Return how many requests suffice for all runs at ``fastest`` requests a second; none is sent twice."""
    return RUNS_AND_WARMING * seconds() * fastest


class Side:
    """One of the two: its requests, of which each run takes the next, and a count that proves its work."""

    def __init__(self, address: str, requests: list[load.Request], count: Callable[[], int] | None = None):
        self.address, self.requests, self.count, self.answered = address, requests, count, 0
        self.batch = len(requests) // RUNS_AND_WARMING

    def rate(self) -> float:
        """Run once and return answered requests a second.

        :raises Failure: when the database shows less work than requests were answered
        """
        mine, self.requests = self.requests[: self.batch], self.requests[self.batch :]
        before = self.count() if self.count else 0
        outcome = load.drive(self.address, mine, seconds())
        if self.count and self.count() - before < outcome.answered:
            raise Failure(f"{outcome.answered} requests were answered, {self.count() - before} did their work.")
        self.answered = outcome.answered
        return outcome.rate


def measure(name: str, template: str, prepare, *, peer_name: str) -> list[Line]:
    """Measure a page on a served copy of ``template``.

    :param prepare: ``prepare(env)`` writes the fixture, commits, and returns the requests of ours and of the peer
        and the SQL statements that count the work of each (None: it leaves no trace)
    """
    with database.scratch(f"liquor_bench_{name.replace('.', '_')}", template) as copy:
        with database.environment(copy) as env:
            ours, peer, count_ours, count_peer = prepare(env)
        database.analyze(copy)
        with server.serve(copy) as address:
            mine = Side(address, ours, lambda: database.figure(copy, count_ours))
            theirs = Side(address, peer, (lambda: database.figure(copy, count_peer)) if count_peer else None)
            mine.rate(), theirs.rate()  # both workers have loaded what they need
            line = compare(name, mine.rate, theirs.rate, peer_name=peer_name, unit=UNIT, n=0, peer_n=0)
    return [dataclasses.replace(line, n=mine.answered, peer_n=theirs.answered)]
