"""Which screens are photographed: every menu of the suite for the back office, fixed pages for the others.

``python -m tools.screenshots.album URL [part of a name ...]``
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tools.demo_world.logins import LOGINS
from tools.environment.settings import ROOT, RUN

from . import camera

SHOWN = ROOT / "docs" / "screenshots"
ALL = RUN / "screenshots"
ROOTS = ("liquor_member.", "liquor_channel.", "liquor_scan.")


@dataclass(frozen=True)
class Shot:
    """One picture: file name, path below the site's address, phone or desktop width."""

    name: str
    path: str
    phone: bool = False
    whole: bool = False


# Pages of the portal and the public, by login (None: a visitor without one).
PAGES: dict[str | None, tuple[Shot, ...]] = {
    "distributor": (
        Shot("distributor-home", "/my/channel"),
        Shot("distributor-home-phone", "/my/channel", phone=True),
    ),
    "terminal": (
        Shot("terminal-home-phone", "/my/terminal", phone=True),
        Shot("terminal-home", "/my/terminal"),
    ),
    "guide": (Shot("guide-home-phone", "/my/guide", phone=True),),
}


def menus(page: Page) -> Iterator[tuple[str, str]]:
    """Yield (external id, action path) of every leaf of the suite's menus that the logged-in user sees."""
    tree = page.request.get("/web/webclient/load_menus").json()
    for key, entry in tree.items():
        own = str(entry.get("xmlid") or "").startswith(ROOTS)
        if key != "root" and own and entry.get("actionID"):
            yield entry["xmlid"], f"/odoo/action-{entry['actionID']}"


def back_office(page: Page, role: str) -> list[Shot]:
    """Return a desktop picture for every menu of the role."""
    return [Shot(f"{role}-{xmlid.replace('.', '-')}", path) for xmlid, path in menus(page)]


def main(words: Sequence[str]) -> int:
    """Take the pictures; the status is 1 when a page has an error of its own."""
    base_url, *wanted = words
    errors = []
    with camera.browser() as one:
        for login in filter(lambda one: one.is_account, LOGINS):
            for phone in (False, True):
                session = camera.context(one, base_url, phone=phone)
                page = session.new_page()
                camera.log_in(page, login.name, login.password)
                shots = [shot for shot in _shots(page, login.name) if shot.phone == phone]
                errors += _take(page, [shot for shot in shots if _is_wanted(shot, wanted)])
                session.close()
    for error in errors:
        sys.stderr.write(f"{error}\n")
    return 1 if errors else 0


def _shots(page: Page, role: str) -> Sequence[Shot]:
    return PAGES.get(role) or back_office(page, role)


def _is_wanted(shot: Shot, wanted: Sequence[str]) -> bool:
    return not wanted or any(part in shot.name for part in wanted)


def _take(page: Page, shots: Sequence[Shot]) -> list[str]:
    errors = []
    for shot in shots:
        found = camera.photograph(page, shot.path, _target(shot), whole=shot.whole)
        errors += [f"{shot.name}: {error}" for error in found]
    return errors


def _target(shot: Shot) -> Path:
    shown = SHOWN / f"{shot.name}.png"
    return shown if shown.exists() else ALL / f"{shot.name}.png"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
