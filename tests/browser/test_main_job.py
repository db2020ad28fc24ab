"""One tour per role through the main job, in a real browser and in Chinese: a bottle from the maker to the drinker.

The tours build on each other as the bottle does, so they run in the order they stand in.
"""

import re

from playwright.sync_api import expect
from tools.screenshots import camera


def test_1_warehouse_fills_a_delivery_by_scanning(role, stage, site):
    """Two cases of six are scanned, a wrong code stops, validation moves custody to the distributor."""
    page = role("tour_warehouse")
    page.goto(f"/odoo/action-stock.action_picking_tree_all/{stage['picking']}")
    page.click("button[name=action_liquor_scan]")
    field = page.locator(".o_liquor_code")
    for code in stage["cases"][:2]:
        field.fill(code)
        field.press("Enter")
        expect(page.locator(".o_liquor_verdict")).to_have_class(re.compile("alert-success"))
        expect(page.locator(".o_liquor_log li", has_text=code)).to_be_visible()
    field.fill(stage["cases"][0])
    field.press("Enter")
    expect(page.locator(".o_liquor_verdict")).to_have_class(re.compile("alert-danger"))
    page.locator(".o_liquor_picking_scan button.btn-success").click()
    page.click("button[name=button_validate]")
    expect(page.locator(".o_arrow_button_current")).to_contain_text("完成")
    events = site.query("SELECT count(*) FROM liquor_scan_event WHERE kind = 'ship' AND status = 'accepted'")
    assert int(events) >= 2


def test_1b_distributor_scans_out_to_his_shop(role, stage, site):
    """On his phone he chooses the shop and types two cases, takes one back, and sees one waiting for the shop."""
    page = role("tour_distributor", phone=True)
    expect(page).to_have_url(re.compile("/my/channel"))
    page.click("a.btn[href='/my/channel/scan']")
    page.select_option("#receiver select", label="福来烟酒")
    for code in stage["cases"][:2]:
        page.fill("#manual input", code)
        page.click("#manual button")
        expect(page.locator("#log li.ok", has_text=code)).to_contain_text("福来烟酒")
    page.locator("#log li", has_text=stage["cases"][1]).locator("button").click()
    expect(page.locator("#log li.wait", has_text=stage["cases"][1])).to_be_visible()
    page.click("header a")
    expect(page.locator(".list-group-item")).to_have_count(1)
    expect(page.locator(".list-group-item")).to_contain_text("福来烟酒")
    held = "SELECT count(*) FROM liquor_custody c JOIN res_partner p ON p.id = c.holder_id WHERE p.ref = 'T901'"
    assert site.query(f"{held} AND c.state = 'in_transit'") == "1"


def test_2_terminal_receives_a_case_on_the_phone(role, stage, site):
    """The shop sees it coming and types the code: 6 bottles at 2.50 are 15.00, at once and in its wallet."""
    page = role("tour_terminal", phone=True)
    expect(page).to_have_url(re.compile("/my/terminal"))
    page.click("a[href='/my/terminal/arriving']")
    expect(page.locator(".list-group-item")).to_have_count(1)
    page.goto("/my/terminal")
    page.click("a[href='/my/terminal/scan']")
    page.fill("#manual input", stage["cases"][0])
    page.click("#manual button")
    expect(page.locator("#log")).to_contain_text("15.00")
    page.goto("/my/terminal")
    expect(page.locator("main, #wrap").first).to_contain_text("15.00")
    paid = "SELECT sum(amount) FROM liquor_earning e JOIN res_partner p ON p.id = e.partner_id WHERE p.ref = 'T901'"
    assert float(site.query(paid)) == 15.0


def test_3_consumer_opens_the_bottle_and_joins(role, stage, site):
    """Two screens on a phone: the tick and the number, then the code; 50 points, one claim."""
    page = role(None, phone=True)
    page.goto(f"/b/{stage['caps'][0]}")
    expect(page.locator("body")).to_contain_text("正品")
    page.fill("input[name=phone]", "13800005678")
    page.check("input[name=adult]")
    page.locator("form button[type=submit]").first.click()
    expect(page.locator("body")).to_contain_text(re.compile(r"\b\d{6}\b"))
    digits = re.search(r"\b(\d{6})\b", page.locator("body").inner_text()).group(1)
    page.locator("input[name=digits], input[name=otp], input[autocomplete=one-time-code]").first.fill(digits)
    page.locator("form button[type=submit]").first.click()
    expect(page.locator(".worth")).to_contain_text("50")
    page.goto("/m")
    expect(page.locator("body")).to_contain_text("云泉会")
    points = """SELECT sum(e.points) FROM liquor_point_entry e JOIN liquor_member m ON m.id = e.member_id
                  JOIN liquor_member_program p ON p.id = m.program_id WHERE p.name::text LIKE '%云泉会%'"""
    assert int(site.query(points)) == 50


def test_4_the_second_phone_reads_who_was_first(role, stage):
    """Somebody else with the same cap gets a clean answer with a masked number."""
    page = role(None, phone=True)
    page.goto(f"/b/{stage['caps'][0]}")
    expect(page.locator("body")).to_contain_text("138****5678")


def test_5_clerk_makes_the_statement_of_the_month(role, stage):
    """The clerk settles last month's 6,000.00 with the distributor and sends the statement."""
    page = role("tour_clerk")
    page.goto("/odoo/action-liquor_channel.liquor_settlement_action/new")
    page.locator("div[name=partner_id] input").fill("晨光商贸")
    page.locator(".o-autocomplete--dropdown-item", has_text="晨光商贸").first.click()
    page.click("button[name=action_prepare]")
    expect(page.locator("div[name=amount_total]").first).to_contain_text("6,000.00")
    page.click("button[name=action_send]")
    expect(page.locator(".o_arrow_button_current")).to_contain_text("已发送")


def test_6_distributor_reads_and_confirms(role, stage):
    """In the portal the same 6,000.00 can be read line by line and is confirmed."""
    page = role("tour_distributor")
    expect(page).to_have_url(re.compile("/my/channel"))
    page.goto("/my/channel/statements")
    page.locator("a[href^='/my/channel/statements/']").first.click()
    expect(page.locator("#wrap")).to_contain_text("6,000.00")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("form[action$='/confirm'] button").click()
    expect(page.locator("h1 .badge")).to_have_text("已确认")


def test_7_finance_approves_and_another_posts(role, site):
    """Author, approver and poster are three people; posting credits the rebate account with 6,000.00."""
    for login, button in (("tour_finance", "批准"), ("tour_cashier", "过账并兑付")):
        page = role(login)
        page.goto("/odoo/action-liquor_channel.liquor_settlement_action")
        page.locator(".o_data_row", has_text="晨光商贸").first.locator("td").nth(1).click()
        page.locator(".o_statusbar_buttons button", has_text=button).click()
        expect(page.locator(".modal")).to_contain_text("6,000.00")
        expect(page.locator(".modal")).to_contain_text("晨光商贸")
        page.click(".modal button[name=action_confirm]")
        expect(page.locator(".o_statusbar_buttons button", has_text=button)).to_be_hidden()
    credited = """SELECT sum(e.amount) FROM liquor_rebate_entry e JOIN res_partner p ON p.id = e.partner_id
                   WHERE p.name LIKE '晨光商贸%'"""
    assert float(site.query(credited)) == 6000.0


def test_8_no_page_of_shop_or_distributor_is_wider_than_the_phone(role):
    """Every kind of page that their own first page leads to, files aside, and what those lead to in turn."""
    wide = "() => Math.max(document.documentElement.scrollWidth, document.querySelector('#wrapwrap')?.scrollWidth || 0)"
    own = "links => links.map(link => link.getAttribute('href'))"
    for login, home, least in (("tour_terminal", "/my/terminal", 8), ("tour_distributor", "/my/channel", 15)):
        page, waiting, seen = role(login, phone=True), [home], {}
        while waiting:
            path = waiting.pop(0)
            kind = re.sub(r"\d+", "#", path.partition("?")[0])
            if kind not in seen and "." not in kind:
                page.goto(path)
                seen[kind] = page.evaluate(wide)
                waiting += page.locator(f"a[href^='{home}']").evaluate_all(own)
        assert len(seen) >= least, "the pages were found"
        assert {kind: width for kind, width in seen.items() if width > camera.PHONE["width"]} == {}
