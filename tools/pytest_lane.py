"""pytest plugin of one lane of ``make test`` (``tools/environment/lanes.py``): what it plans, and in which order.

With ``--lane-queue`` the files of tests are a queue that lanes share: whoever is free takes the next one, so that no
lane waits for another whatever grows. A file is taken by making its mark in the queue's folder, which one can only.
"""

import itertools
import json
import unittest
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

# Session fixtures with child processes, which Odoo's test cases end when their class ends.
SERVED_FIXTURES = frozenset({"site", "chromium"})


def pytest_addoption(parser) -> None:
    """Add the options with which the runner of the lanes starts pytest."""
    group = parser.getgroup("lanes")
    group.addoption("--lane-plan", type=Path, help="Write the ids of all tests of this lane's choice to this file")
    group.addoption("--lane-queue", type=Path, help="Share the files of tests with other lanes by this folder")
    group.addoption("--lane-backwards", action="store_true", help="Take from the end of the queue")


def pytest_collection_finish(session) -> None:
    """Write what should run, in this lane or in one that shares the queue.

    :raises pytest.UsageError: a test of the queue needs the served copy
    """
    option = session.config.option
    if option.lane_queue:
        stray = [item.nodeid for item in session.items if SERVED_FIXTURES.intersection(item.fixturenames)]
        if stray:
            raise pytest.UsageError(f"{stray[0]} needs the served copy: its folder belongs into lanes.SERVED")
    if option.lane_plan:
        tests = [item.nodeid for item in session.items]
        plan = {"tests": tests, "queue": bool(option.lane_queue), "parts": len(parts(session.items))}
        option.lane_plan.write_text(json.dumps(plan), encoding="utf-8")


def parts(items: Sequence) -> list[tuple[str, list]]:
    """Return name and tests of each part of the queue: of a file its Odoo cases, and apart from them its functions."""
    cases = itertools.groupby(items, lambda item: (item.nodeid.split("::")[0], _is_case(item)))
    return [(f"{path} {'cases' if case else 'functions'}", list(own)) for (path, case), own in cases]


def _is_case(item) -> bool:
    return issubclass(getattr(item, "cls", None) or object, unittest.TestCase)


def take(folder: Path, name: str) -> bool:
    """Take a part of the queue; False when another lane has it."""
    try:
        (folder / name.replace("/", "|")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def taken(items: Sequence, folder: Path, *, backwards: bool) -> Iterator:
    """Take part after part and yield its tests."""
    every = parts(items)
    for name, own in reversed(every) if backwards else every:
        if take(folder, name):
            yield from own


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session) -> bool | None:
    """Run what this lane takes from the queue; without one, pytest's own loop runs everything.

    The next part is taken before the last test of this one runs, so that fixtures know how far to be torn down.
    """
    option = session.config.option
    if not option.lane_queue or session.testsfailed or option.collectonly:
        return None
    mine = taken(session.items, option.lane_queue, backwards=option.lane_backwards)
    for item, following in itertools.pairwise(itertools.chain(mine, [None])):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    return True
