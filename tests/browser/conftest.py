"""A browser, the stage, and a page for each role."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from tools.screenshots import camera

from .desk import Desk
from .stage import STAGE
from .trade_stage import MONTH, TRADE

PATIENCE = 120_000  # milliseconds a page may take on a busy machine; it never decides whether a result is right
expect.set_options(timeout=PATIENCE)
FACTS = """
import json
from datetime import date, datetime, timedelta
from odoo import Command, fields

company = env.ref("base.main_company")
bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
found = []


def pay_in(partner, amount, day):
    env["account.payment"].create({
        "payment_type": "inbound", "partner_type": "customer", "partner_id": partner, "amount": amount, "date": day,
        "journal_id": bank.id,
    }).action_post()


def owed(version, day=None):
    \"\"\"Bring a version up to date; say what it has given in all, to the cent.\"\"\"
    version = env["liquor.policy.version"].browse(version)
    version._bring_up_to_date(day and date.fromisoformat(day))
    earned = env["liquor.earning"].search([("policy_version_id", "=", version.id)])
    return f"{sum(earned.mapped('amount')):.2f}"
"""


@pytest.fixture(scope="session")
def stage(site) -> dict:
    """The small world: ids and codes that the tours use."""
    return json.loads(re.search(r"STAGE (\{.*\})", site.shell(STAGE)).group(1))


@pytest.fixture(scope="session")
def trade(site, stage) -> dict:
    """Whom the clerk's policies and contracts are for: ids, codes and the year of today."""
    return json.loads(re.search(r"TRADE (\{.*\})", site.shell(TRADE)).group(1))


@pytest.fixture(scope="module")
def month(site, stage) -> Iterator[dict]:
    """Two months of a distributor to settle and to close, and a shop with money in its wallet.

    What the shop asked for is cancelled afterwards: others collect payouts of the same company.
    """
    yield json.loads(re.search(r"MONTH (\{.*\})", site.shell(MONTH)).group(1))
    site.shell('env["liquor.payout"].search([("state", "=", "requested")]).action_cancel()\nenv.cr.commit()\n')


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


@pytest.fixture
def desk(role, desks) -> Callable[[str], Desk]:
    """Return ``desk(login)``: that person at the back office."""

    def sit(login: str) -> Desk:
        desks.append((login, Desk(role(login))))
        return desks[-1][1]

    return sit


@pytest.fixture
def desks() -> list[tuple[str, Desk]]:
    """Who has worked at the back office in this test."""
    return []


@pytest.fixture
def ten_minutes(desks, request) -> Iterator[None]:
    """The channel clerk's own part of the tour takes a person ten minutes at most, two of them for the machine.

    How long the machine takes is seen in the tour's own time and decides nothing here.
    """
    yield
    took = sum(one.hand.seconds() for login, one in desks if login == "tour_clerk")
    request.node.user_properties.append(("clerk_seconds", round(took)))
    print(f"The clerk's hands and head: {took:.0f} s")  # noqa: T201 - shown by -s, and with a failure
    assert 60 < took <= 480, f"{took:.0f} s of a clerk's work"


@pytest.fixture
def facts(site) -> Callable[[str], list]:
    """Return ``facts(script)``: run a script on the suite's services, commit, and read the list ``found``."""

    def run(script: str) -> list:
        text = f"{FACTS}\n{script}\nenv.cr.commit()\nprint('FACTS ' + json.dumps(found))\n"
        return json.loads(re.search(r"FACTS (.*)", site.shell(text)).group(1))

    return run
