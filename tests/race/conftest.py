"""Races run over HTTP against a served copy of the test database, with real connections and commits."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tools.environment import served
from tools.environment.settings import RACE_DATABASE


@pytest.fixture(scope="session")
def site() -> Iterator[served.Site]:
    """Serve the copy that ``make test`` made, in threaded mode with the documented number of threads."""
    with served.serve(RACE_DATABASE) as one:
        yield one


@pytest.fixture
def race() -> Callable:
    """Return ``race(function, arguments) -> results``: all calls wait at one barrier, then run at once."""

    def at_once(function: Callable, arguments: list[tuple]) -> list:
        barrier = threading.Barrier(len(arguments))

        def one(words: tuple):
            barrier.wait(timeout=30)
            return function(*words)

        with ThreadPoolExecutor(max_workers=len(arguments)) as pool:
            return list(pool.map(one, arguments))

    return at_once
