"""Which screens are photographed: every menu of the suite for the back office, fixed pages for the others.

``python -m tools.screenshots.album URL CODE [all | part of a name ...]``: CODE is a bottle that nobody has claimed.
Without further words the pictures of docs/screenshots are taken; ``all`` photographs every menu into .run/screenshots.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

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


# Pages of the portal, by login.
PAGES: dict[str, tuple[Shot, ...]] = {
    "distributor": (
        Shot("distributor-home", "/my/channel"),
        Shot("distributor-home-phone", "/my/channel", phone=True),
        Shot("distributor-statements-phone", "/my/channel/statements", phone=True),
    ),
    "terminal": (
        Shot("terminal-home-phone", "/my/terminal", phone=True),
        Shot("terminal-scan-phone", "/my/terminal/scan", phone=True),
        Shot("terminal-withdraw-phone", "/my/terminal/withdraw", phone=True),
    ),
    "guide": (Shot("guide-home-phone", "/my/guide", phone=True),),
}
# Menus of the back office that docs/screenshots shows, and the names they have there.
MENUS = {
    "clerk-liquor_channel-channel_role_menu_terminal": "clerk-terminals",
    "clerk-liquor_channel-policy_version_menu": "clerk-policy-versions",
    "clerk-liquor_channel-earning_menu": "clerk-earnings",
    "finance-liquor_channel-liquor_settlement_menu": "finance-settlements",
    "finance-liquor_channel-liquor_payout_batch_menu": "finance-payout-batches",
    "finance-liquor_channel-liquor_period_menu": "finance-periods",
    "warehouse-liquor_scan-scan_event_menu_held": "warehouse-held-scans",
    "warehouse-liquor_scan-print_order_menu": "warehouse-print-orders",
    "manager-liquor_member-member_menu": "manager-members",
    "manager-liquor_scan-code_claim_menu": "manager-claims",
}
EVERYTHING = "all"


def menus(page: Page) -> Iterator[tuple[str, str]]:
    """Yield (external id, action path) of every leaf of the suite's menus that the logged-in user sees."""
    tree = page.request.get("/web/webclient/load_menus").json()
    for key, entry in tree.items():
        own = str(entry.get("xmlid") or "").startswith(ROOTS)
        if key != "root" and own and entry.get("actionID"):
            yield entry["xmlid"], f"/odoo/action-{entry['actionID']}"


def back_office(page: Page, role: str) -> list[Shot]:
    """Return a desktop picture for every menu of the role."""
    shots = {f"{role}-{xmlid.replace('.', '-')}": path for xmlid, path in menus(page)}
    return [Shot(MENUS.get(name, name), path) for name, path in shots.items()]


def main(words: Sequence[str]) -> int:
    """Take the pictures; the status is 1 when a page has an error of its own."""
    base_url, code, *wanted = words
    errors = []
    with camera.browser() as one:
        session = camera.context(one, base_url, phone=True)
        visitor = [Shot("public-bottle-phone", f"/b/{code}"), Shot("public-wrong-code-phone", "/b/10000ABCDEFGHJKMN")]
        errors += _take(session.new_page(), [*visitor, Shot("member-login-phone", "/m")], wanted)
        session.close()
        for login in filter(lambda one: one.is_account, LOGINS):
            errors += _take_role(one, base_url, login, wanted)
    for error in errors:
        sys.stderr.write(f"{error}\n")
    return 1 if errors else 0


def _take_role(one: Browser, base_url: str, login, wanted: Sequence[str]) -> list[str]:
    errors = []
    for phone in (False, True):
        if (not phone and login.name in ("terminal", "guide")) or (phone and login.name not in PAGES):
            continue
        session = camera.context(one, base_url, phone=phone)
        page = session.new_page()
        camera.log_in(page, login.name, login.password)
        shots = PAGES.get(login.name) or back_office(page, login.name)
        errors += _take(page, [shot for shot in shots if shot.phone == phone], wanted)
        session.close()
    return errors


def _is_wanted(shot: Shot, wanted: Sequence[str]) -> bool:
    if not wanted:
        return _is_shown(shot)
    return wanted == [EVERYTHING] or any(part in shot.name for part in wanted)


def _is_shown(shot: Shot) -> bool:
    pages = {one.name for shots in PAGES.values() for one in shots}
    return shot.name in pages | set(MENUS.values()) or shot.name.startswith(("public-", "member-"))


def _take(page: Page, shots: Sequence[Shot], wanted: Sequence[str]) -> list[str]:
    errors = []
    for shot in shots:
        if not _is_wanted(shot, wanted):
            continue
        target = (SHOWN if _is_shown(shot) else ALL) / f"{shot.name}.png"
        try:
            found = camera.photograph(page, shot.path, target, whole=shot.whole)
        except PlaywrightError as error:
            found = [str(error).splitlines()[0]]
        errors += [f"{shot.name}: {one}" for one in found]
    return errors


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
