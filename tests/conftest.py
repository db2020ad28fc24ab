"""What tests that cross add-ons share: the served copy of the test database, with real connections and commits."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tools.environment import served
from tools.environment.settings import RACE_DATABASE
from tools.screenshots import camera


@pytest.fixture(scope="session")
def site() -> Iterator[served.Site]:
    """Serve the copy that ``make test`` made, in threaded mode with the documented number of threads."""
    with served.serve(RACE_DATABASE) as one:
        yield one


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a run: a process can drive one at a time only."""
    with camera.browser() as one:
        yield one
