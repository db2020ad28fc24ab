"""A browser, the stage, and a page for each role."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tools.screenshots import camera

from .stage import STAGE

PATIENCE = 60_000  # milliseconds a page may take on a busy machine; it never decides whether a result is right
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def stage(site) -> dict:
    """The small world: ids and codes that the tours use."""
    return json.loads(re.search(r"STAGE (\{.*\})", site.shell(STAGE)).group(1))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tours."""
    with camera.browser() as one:
        yield one


@pytest.fixture(scope="session")
def warm(site, stage, chromium) -> None:
    """Open the back office once: the server then builds its bundles, which takes a busy machine a minute and more."""
    session = camera.context(chromium, site.url, phone=False)
    session.set_default_timeout(5 * PATIENCE)
    page = session.new_page()
    camera.log_in(page, "tour_warehouse", "tour_warehouse")
    page.wait_for_selector(".o_main_navbar")
    session.close()


@pytest.fixture
def role(site, warm, chromium) -> Iterator[Callable[..., Page]]:
    """Return ``role(login, phone=False) -> page``: a Chinese session of that person; no page may fail in it."""
    errors, sessions = [], []

    def enter(login: str | None, *, phone: bool = False) -> Page:
        session = camera.context(chromium, site.url, phone=phone)
        session.set_default_timeout(PATIENCE)
        sessions.append(session)
        page = session.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("response", lambda answer: answer.status >= 500 and errors.append(f"{answer.url}: {answer.status}"))
        if login:
            camera.log_in(page, login, login)
        return page

    yield enter
    for session in sessions:
        session.close()
    assert errors == []
