"""A real browser that logs in as a role and photographs pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 375, "height": 812}
# The web client and the portal say so themselves when they are still busy.
BUSY = ".o_blockUI, .o_loading_indicator, .o_web_client .o_view_nocontent_loading"


@contextmanager
def browser() -> Iterator[Browser]:
    """Start headless Chromium for the length of the block."""
    with sync_playwright() as play:
        one = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield one
        one.close()


def context(one: Browser, base_url: str, *, phone: bool) -> BrowserContext:
    """Return a fresh session of a Chinese-speaking visitor."""
    return one.new_context(
        base_url=base_url,
        viewport=PHONE if phone else DESKTOP,
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )


def log_in(page: Page, name: str, password: str) -> None:
    """Log in through the login page, as the person does."""
    page.goto("/web/login")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]:not([name])")
    page.wait_for_url(lambda url: "/web/login" not in url)


def photograph(page: Page, path: str, target: Path, *, whole: bool = False) -> list[str]:
    """Open ``path``, wait until it is quiet, save the picture; return the page's own errors."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    answer = page.goto(path, wait_until="load")
    page.wait_for_timeout(400)
    if page.locator(".o_web_client").count():
        page.wait_for_selector(".o_action_manager > *", timeout=20000)
    page.wait_for_selector(BUSY, state="hidden", timeout=20000)
    page.wait_for_timeout(700)
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, full_page=whole)
    if answer and answer.status >= 400:
        errors.append(f"{path} answered {answer.status}")
    return errors
