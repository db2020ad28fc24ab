"""Calls that arrive at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from .browser import Browser


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


@pytest.fixture(scope="module")
def people(request, site, world) -> Callable[[str], Browser]:
    """Return ``people(name) -> browser``: signed in when first asked for, as the module's ``LOGINS`` + name."""
    known: dict[str, Browser] = {}

    def person(name: str) -> Browser:
        if name not in known:
            known[name] = Browser(site.url).login(request.module.LOGINS + name)
        return known[name]

    return person
