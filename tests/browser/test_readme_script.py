"""The 15-minute script of README, walked in a real browser on a copy of the demo world, with the figures README states.

What is expected stands in README alone: behind the arrow of each step, in backticks. That those figures follow from
the policies of the demo world is worked out by hand in ``test_00``.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from tools.demo_world.logins import BY_NAME
from tools.demo_world.plan import tour
from tools.environment import cluster, demo, served
from tools.environment.python_env import PYTHON
from tools.environment.settings import ROOT, WORLD_DATABASE
from tools.screenshots import camera

pytestmark = pytest.mark.story
STORY_DATABASE = "liquor_story"
PATIENCE = 60_000
PHONE = "13700001234"


def steps(readme: str) -> dict[int, list[str]]:
    """Return what README expects: step -> the words in backticks behind its arrow."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    script = re.search(r"<!-- script -->(.*)<!-- /script -->", text, re.DOTALL).group(1)
    parts = re.split(r"^(\d+)\. ", script, flags=re.MULTILINE)[1:]
    return {
        int(number): re.findall(r"`([^`]+)`", words.split("→", 1)[1])
        for number, words in zip(parts[::2], parts[1::2], strict=True)
    }


SCRIPT = steps("README.zh_CN.md")


@pytest.fixture(scope="module")
def world() -> Iterator[served.Site]:
    """Serve a copy of the demo world as it was built; no nightly job runs into the story."""
    demo.ensure_world()
    served.copy(WORLD_DATABASE, STORY_DATABASE)
    with served.serve(STORY_DATABASE, max_cron_threads=0) as one:
        yield one


@pytest.fixture(scope="module")
def codes(world) -> dict[str, str]:
    """Return the codes that ``make up`` prints, by letter; ``delivery`` is the number behind A."""
    found = demo.samples(STORY_DATABASE, world.url)
    assert sorted(found) == list("ABCDEF")
    values = {letter: text.split()[0] for letter, text in found.items()}
    return {**values, "delivery": re.search(r"\((\S+)\)", found["A"]).group(1)}


@pytest.fixture
def enter(world, chromium) -> Iterator[Callable[..., Page]]:
    """Return ``enter(login, phone=False) -> page`` of a demo login, or of a consumer; no page may fail in it."""
    errors, sessions = [], []

    def one(login: str = "", *, phone: bool = False) -> Page:
        session = camera.context(chromium, world.url, phone=phone)
        session.set_default_timeout(PATIENCE)
        sessions.append(session)
        page = session.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("response", lambda answer: answer.status >= 500 and errors.append(f"{answer.url}: {answer.status}"))
        if login:
            camera.log_in(page, login, BY_NAME[login].password)
        return page

    yield one
    for session in sessions:
        session.close()
    assert errors == []


def sees(place, words: str) -> None:
    """Wait until the words stand there."""
    expect(place).to_contain_text(words, timeout=PATIENCE)


def only(amount: str) -> re.Pattern[str]:
    """Return what finds this amount and no longer one that ends or begins with it."""
    return re.compile(rf"(?<![\d.,-]){re.escape(amount)}(?!\d)")


def scan(page: Page, code: str) -> None:
    """Type a code on the phone's scanning page."""
    page.fill("#manual input", code)
    page.click("#manual button")


def agree(page: Page) -> None:
    """Say yes to the dialog that asks before something moves."""
    page.locator(".modal .btn-primary").first.click()
    expect(page.locator(".modal")).to_have_count(0, timeout=PATIENCE)


def open_row(page: Page, words: str) -> None:
    """Open the record of a list whose row has these words."""
    page.locator(".o_data_row", has_text=words).first.locator("td.o_data_cell").first.click()


def first_reward(page: Page):
    """Return the newest reward on the shop's page."""
    page.goto("/my/terminal")
    return page.locator("details").first


def test_00_figures_follow_from_the_policies():
    """By hand: a case pays the shop 8.00 and the distributor 20.00, an opening 3.00, a cap 18.88; he bears 30 %."""
    money = "{:.2f}".format
    receipt, opening, share = tour.RECEIPT_PER_CASE, tour.OPENING_PER_BOTTLE, tour.DISTRIBUTOR_SHARE
    cases = tour.RECEIVED.count + tour.NEIGHBOUR.count
    statement = cases * tour.DELIVERY_PER_CASE
    assert (receipt, opening, tour.CASH_BACK, tour.DELIVERY_PER_CASE) == tuple(
        map(Decimal, ("8.00", "3.00", "18.88", "20.00"))
    )
    assert (cases, statement, share) == (10, Decimal(200), Decimal("0.30"))
    assert SCRIPT[1][0] == f"{60 * tour.ITEM.case} 瓶"
    assert SCRIPT[2] == [f"+¥{receipt}"]
    assert SCRIPT[3] == ["已扫", f"+¥{receipt}"]
    assert SCRIPT[6] == ["正品", money(tour.CASH_BACK), money(opening)]
    assert SCRIPT[7] == [f"已被 {PHONE[:3]}****{PHONE[-4:]} 于"]
    assert SCRIPT[9] == [f"-{receipt}"]
    assert SCRIPT[10] == [money(statement), money(tour.DELIVERY_PER_CASE)]
    assert SCRIPT[11] == [money(statement - tour.DELIVERY_PER_CASE)]
    assert SCRIPT[12] == ["已付款", money(statement - tour.DELIVERY_PER_CASE)]
    # a line per programme (Acc-1): the receipt's and the opening's; in all with what the member got
    black = [amount * part for part in (1, share, 1 - share) for amount in (receipt, opening)]
    red = [-receipt, -receipt * share, -receipt * (1 - share)]
    assert SCRIPT[13] == [money(opening + tour.CASH_BACK), *map(money, black), *map(money, red)]


def test_00_both_readmes_expect_the_same():
    assert steps("README.md") == SCRIPT
    assert list(SCRIPT) == list(range(1, 15))


def test_01_warehouse_ships_by_scanning(enter, codes, world):
    page = enter("warehouse")
    page.get_by_text(codes["delivery"]).first.click()
    page.click("button[name=action_liquor_scan]")
    field, verdict = page.locator(".o_liquor_code"), page.locator(".o_liquor_verdict")
    bottles, twice, done = SCRIPT[1]
    for words in (bottles, twice):
        field.fill(codes["A"])
        field.press("Enter")
        sees(verdict, words)
    page.locator(".o_liquor_picking_scan button.btn-success").click()
    page.click("button[name=button_validate]")
    sees(page.locator(".o_arrow_button_current"), done)


def test_02_03_04_shop_receives_twice_and_wrong(enter, codes):
    page = enter("terminal", phone=True)
    page.click("a[href='/my/terminal/scan']")
    message, total = page.locator("#message"), page.locator("#total")
    scan(page, codes["B"])
    sees(message, *SCRIPT[2])
    scan(page, codes["B"])
    again, same = SCRIPT[3]
    sees(message, again)
    expect(total).to_have_text(same)
    scan(page, codes["C"])
    sees(message, *SCRIPT[4])
    expect(total).to_have_text(same)


def test_05_goods_move_between_shops(enter, codes):
    shop = enter("terminal", phone=True)
    shop.goto("/my/terminal/scan")
    name = shop.locator("h1").inner_text()
    scan(shop, codes["D"])
    sees(shop.locator("#message"), *SCRIPT[5])
    expect(shop.locator("#total")).to_have_text("")
    page = enter("manager")
    page.goto("/odoo/action-liquor_scan.custody_action")
    page.locator(".o_searchview_dropdown_toggler").click()
    page.locator(".o_filter_menu .o-dropdown-item", has_text="待决定的调货").click()
    asked = page.locator(".o_data_row", has=page.locator("td[name=pending_id]", has_text=name))
    asked.first.locator("td.o_data_cell").first.click()
    page.click("button[name=action_accept_transfer]")
    agree(page)
    sees(page.locator("div[name=holder_id]"), name)


def test_06_07_consumer_joins_and_claims_once(enter, codes):
    page = enter(phone=True)
    genuine, cash_back, opening = SCRIPT[6]
    page.goto(codes["E"])
    sees(page.locator("body"), genuine)
    page.fill("input[name=phone]", PHONE)
    page.check("input[name=adult]")
    page.locator("form button[type=submit]").first.click()
    expect(page.locator(".note")).to_contain_text(re.compile(r"\b\d{6}\b"), timeout=PATIENCE)
    digits = re.search(r"\b(\d{6})\b", page.locator(".note").inner_text()).group(1)
    page.fill("input[name=digits]", digits)
    page.locator("form button[type=submit]").first.click()
    sees(page.locator(".worth"), cash_back)
    sees(first_reward(enter("terminal", phone=True)), opening)
    other = enter(phone=True)
    other.goto(codes["E"])
    sees(other.locator("body"), *SCRIPT[7])
    expect(other.locator("input[name=phone]")).to_have_count(0)


def test_08_code_that_is_not_activated(enter, codes):
    page = enter(phone=True)
    page.goto(codes["F"])
    sees(page.locator("h1"), *SCRIPT[8])


def test_09_return_takes_the_reward_back(enter, codes):
    page = enter("terminal", phone=True)
    page.goto("/my/terminal/scan")
    page.click("nav button[data-mode=return]")
    scan(page, codes["B"])
    expect(page.locator("#log li.ok", has_text=codes["B"])).to_be_visible(timeout=PATIENCE)
    newest = first_reward(page).locator("strong").inner_text()
    assert SCRIPT[9][0] in newest.replace("\ufeff", "")  # Odoo glues sign and figure together by it


def open_statement(page: Page) -> None:
    """Open the distributor's newest statement."""
    page.goto("/my/channel/statements")
    page.locator("a[href^='/my/channel/statements/']").first.click()


def test_10_distributor_disputes_a_line(enter):
    page = enter("distributor")
    total, line = SCRIPT[10]
    open_statement(page)
    sees(page.locator("h2", has_text=total), total)
    first = page.locator("div[id^=line]").first
    sees(first, line)
    first.locator("summary", has_text="异议").click()
    first.locator("textarea").fill("这一件由我司自提")
    first.locator("button").click()
    sees(page.locator("div[id^=line]").first, "这一件由我司自提")


def test_11_clerk_accepts_and_distributor_confirms(enter):
    page = enter("clerk")
    page.goto("/odoo/action-liquor_channel.liquor_dispute_action")
    open_row(page, "这一件由我司自提")
    page.locator("div[name=answer] textarea").fill("同意，自提件不计补贴")
    page.click("button[name=action_accept]")
    agree(page)
    page.locator("div[name=settlement_id] input, div[name=settlement_id] a").first.wait_for()
    page.goto("/odoo/action-liquor_channel.liquor_settlement_action")
    open_row(page, "200.00")
    page.click("button[name=action_send]")
    sees(page.locator(".o_arrow_button_current"), "已发送")
    sees(page.locator("div[name=amount_total]"), *SCRIPT[11])
    portal = enter("distributor")
    open_statement(portal)
    portal.on("dialog", lambda dialog: dialog.accept())
    portal.locator("form[action$='/confirm'] button").click()
    sees(portal.locator("h1 .badge"), "已确认")


def usable_rebate(page: Page) -> Decimal:
    """Return the rebate that the distributor's home shows as usable for orders."""
    page.goto("/my/channel")
    card = page.locator(".card", has_text="订单可用").first
    return Decimal(re.search(r"[\d,]+\.\d\d", card.inner_text()).group().replace(",", ""))


def test_12_finance_approves_and_another_pays(enter):
    portal = enter("distributor")
    before = usable_rebate(portal)
    state, amount = SCRIPT[12]
    for login, button in (("finance", "批准"), ("controller", "过账并兑付")):
        page = enter(login)
        page.goto("/odoo/action-liquor_channel.liquor_settlement_action")
        open_row(page, amount)
        pressed = page.locator(".o_statusbar_buttons button", has_text=button)
        pressed.click()
        sees(page.locator(".modal"), amount)
        agree(page)
        expect(pressed).to_be_hidden(timeout=PATIENCE)
    sees(page.locator(".o_arrow_button_current"), state)
    assert usable_rebate(portal) - before == Decimal(amount)


def test_13_accrual_books_it(enter, world):
    page = enter("finance")
    page.goto("/odoo/action-liquor_channel.liquor_accrual_run_action/new")
    page.locator(".o_statusbar_buttons button", has_text="计提").click()
    agree(page)
    total, *amounts = SCRIPT[13]
    expect(page.locator("div[name=amount_total]").first).to_contain_text(only(total), timeout=PATIENCE)
    page.locator("button[name=action_open_moves]").click()
    page.wait_for_url(lambda url: "/account.move" in url)
    page.locator(".o_list_view .o_data_row", has_text="奖励").locator("td[name=name]").click()
    lines = page.locator("div[name=line_ids] .o_data_row")
    expect(lines).to_have_count(len(amounts), timeout=PATIENCE)
    cells = " ".join(lines.all_inner_texts())
    for amount in amounts:
        assert only(amount).search(cells.replace("\u2011", "-")), (amount, cells)


def test_14_audit_finds_nothing(world):
    environment = {**os.environ, **cluster.environment(), "PGDATABASE": STORY_DATABASE, "PYTHONPATH": str(ROOT)}
    words = [PYTHON, "-m", "tools.audit"]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert SCRIPT[14][0] in done.stdout


def test_15_what_was_used_is_not_printed_again(world, codes):
    found = demo.samples(STORY_DATABASE, world.url)
    for letter in "ABCDE":
        assert found[letter].split()[0] != codes[letter]
        assert "FRESH" not in found[letter]
