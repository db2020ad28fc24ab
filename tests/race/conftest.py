"""Calls that arrive at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest


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
