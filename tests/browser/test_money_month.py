"""The money of a month: the clerk sends statements, the distributor disputes and confirms on the phone, the shop
withdraws, finance pays, matches and closes, and a second person opens the month again.

The tours build on each other as the month does, so they run in the order they stand in. Last month 60,000.00 were paid
in: 2 % = 1,200.00, and 300.00 for delivery = 1,500.00; the month before 30,000.00: 600.00 + 300.00 = 900.00.
"""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("month")
DISTRIBUTOR, SHOP = "启明商贸有限公司", "金桥烟酒"
PROOF = {"name": "配送签收单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 signed delivery note"}


def step(finance, label: str):
    """A row of the month's checklist."""
    return finance.page.locator(".o_field_widget[name='step_ids'] .o_data_row", has_text=label)


def do_step(finance, label: str, result: str) -> None:
    """Do a step of the checklist and read its state."""
    step(finance, label).locator("button[name=action_do]").click()
    expect(step(finance, label).locator("td[name=state]")).to_contain_text(result)


def send_statement(clerk, days=None) -> None:
    """Collect and send a settlement of a period, last month by itself."""
    clerk.open("liquor_settlement_action", "new")
    clerk.pick("partner_id", DISTRIBUTOR)
    if days:
        clerk.type("date_from", days[0])
        clerk.type("date_to", days[1])
    clerk.press("action_prepare")
    expect(clerk.field("amount_total")).to_contain_text("900.00" if days else "1,500.00")
    clerk.press("action_send")
    expect(clerk.page.locator(".o_arrow_button_current")).to_contain_text("已发送")


def confirm_on_phone(phone) -> None:
    """Say yes to the statement that is open."""
    phone.once("dialog", lambda dialog: dialog.accept())
    phone.locator("form[action$='/confirm'] button").click()
    expect(phone.locator("h1 .badge")).to_have_text("已确认")


def test_1_finance_accrues_and_the_clerk_sends_two_statements(desk, month, site):
    """What was earned stands in the ledger, 2,400.00 of it his; 900.00 of the month before, 1,500.00 of last month."""
    finance = desk("tour_finance")
    finance.open("liquor_period_action", month["period"])
    do_step(finance, "计提", "已完成")
    expect(step(finance, "计提").locator("td[name=left_count]")).to_have_text("0")
    accrued = f"""SELECT sum(e.amount) FROM liquor_accrual_line a JOIN liquor_earning e ON e.id = a.earning_id
                   WHERE e.partner_id = {month["distributor"]}"""
    assert float(site.query(accrued)) == 2400.0
    clerk = desk("tour_clerk")
    send_statement(clerk, month["before_days"])
    send_statement(clerk)


def test_2_distributor_drills_down_disputes_a_line_and_confirms_the_other(role, month):
    """From 1,200.00 to the money that was paid in; 300.00 are disputed with a file; 900.00 are confirmed."""
    phone = role("tour_qiming", phone=True)
    expect(phone).to_have_url(re.compile("/my/channel"))
    expect(phone.locator("#wrap")).to_contain_text("2,400.00")
    phone.goto("/my/channel/statements")
    rows = phone.locator("a[href^='/my/channel/statements/']:not([href*='.'])")
    expect(rows).to_have_count(2)
    newest = rows.first.get_attribute("href")
    oldest = rows.last.get_attribute("href")
    phone.goto(newest)
    expect(phone.locator("#wrap")).to_contain_text("1,500.00")
    phone.locator("a[href^='/my/channel/earnings/']", has_text="打款返利").first.click()
    expect(phone.locator("#wrap")).to_contain_text("60,000.00")
    expect(phone.locator("#wrap")).to_contain_text("1,200.00")
    phone.goto(newest)
    line = phone.locator("div[id^=line]", has_text="月度配送补贴")
    line.locator("summary", has_text="异议").click()
    line.locator("textarea").fill("十月只补了一半的配送，应为 600 元")
    line.locator("input[type=file]").set_input_files(PROOF)
    line.locator("form button").click()
    expect(line).to_contain_text("配送签收单.pdf")
    expect(line.locator("form")).to_have_count(0)
    phone.goto(oldest)
    expect(phone.locator("#wrap")).to_contain_text("900.00")
    confirm_on_phone(phone)


def test_3_clerk_answers_and_the_distributor_confirms(role, desk, month):
    """The clerk opens the proof, answers, sends again; the same 1,500.00 are confirmed."""
    clerk = desk("tour_clerk")
    clerk.open("liquor_dispute_action")
    clerk.page.locator(".o_data_row", has_text=DISTRIBUTOR).first.locator("td").nth(1).click()
    expect(clerk.page.locator(".o_form_view")).to_contain_text("配送签收单.pdf")
    clerk.type("answer", "合同约定每月 300 元，另一半属于上月，已在上月对账单中")
    clerk.press("action_reject")
    expect(clerk.page.locator("button[name=action_reject]")).to_be_hidden()
    clerk.open("liquor_settlement_action")
    row = clerk.page.locator(".o_data_row", has_text=DISTRIBUTOR).filter(has_text="1,500.00")
    row.locator("td").nth(1).click()
    clerk.press("action_send")
    expect(clerk.page.locator(".o_arrow_button_current")).to_contain_text("已发送")
    phone = role("tour_qiming", phone=True)
    phone.goto("/my/channel/statements")
    phone.locator("a[href^='/my/channel/statements/']:not([href*='.'])").first.click()
    expect(phone.locator("#wrap")).to_contain_text("另一半属于上月")
    confirm_on_phone(phone)


def test_4_shop_withdraws_on_the_phone(role, month, site):
    """88.50 can be withdrawn; the account asks for the password, the withdrawal for a confirmation."""
    phone = role("tour_jinqiao", phone=True)
    expect(phone.locator("#wrap")).to_contain_text("88.50")
    phone.goto("/my/terminal/withdraw")
    for name, value in (("holder", "金桥烟酒店"), ("account", "6222020000001234567"), ("bank_name", "工商银行")):
        phone.fill(f"form[action$='/payee'] [name={name}]", value)
    phone.fill("form[action$='/payee'] [name=password]", "wrong")
    phone.click("form[action$='/payee'] button")
    expect(phone.locator("#wrap")).to_contain_text("密码")
    for name, value in (("holder", "金桥烟酒店"), ("account", "6222020000001234567"), ("bank_name", "工商银行")):
        phone.fill(f"form[action$='/payee'] [name={name}]", value)
    phone.fill("form[action$='/payee'] [name=password]", "tour_jinqiao")
    phone.click("form[action$='/payee'] button")
    expect(phone.locator("#amount")).to_have_value("88.50")
    phone.locator("form[action$='/withdraw'] button").click()
    expect(phone.locator("form[action$='/withdraw']")).to_contain_text("88.50")
    expect(phone.locator("form[action$='/withdraw']")).to_contain_text("金桥烟酒店")
    phone.locator("form[action$='/withdraw'] button").click()
    expect(phone.locator(".alert-success")).to_be_visible()
    phone.goto("/my/terminal")
    expect(phone.locator("#wrap")).to_contain_text("88.50")
    asked = (
        f"SELECT sum(amount), count(*) FROM liquor_payout WHERE partner_id = {month['shop']} AND state = 'requested'"
    )
    assert site.query(asked) == "88.50|1"


def settled(desk, login: str, button: str, *amounts: str) -> None:
    """Approve or post each statement after a window that names amount and payee."""
    finance = desk(login)
    for amount in amounts:
        finance.open("liquor_settlement_action")
        row = finance.page.locator(".o_data_row", has_text=DISTRIBUTOR).filter(has_text=amount)
        row.locator("td").nth(1).click()
        finance.page.locator(".o_statusbar_buttons button", has_text=button).click()
        expect(finance.page.locator(".modal")).to_contain_text(amount)
        expect(finance.page.locator(".modal")).to_contain_text(DISTRIBUTOR)
        finance.page.click(".modal button[name=action_confirm]")
        expect(finance.page.locator(".o_statusbar_buttons button", has_text=button)).to_be_hidden()


def test_5_finance_approves_and_another_posts(desk, month, site):
    """Author, approver and payer are three people; 2,400.00 stand on the rebate account."""
    settled(desk, "tour_finance", "批准", "900.00", "1,500.00")
    settled(desk, "tour_cashier", "过账并兑付", "900.00", "1,500.00")
    credited = f"SELECT sum(amount) FROM liquor_rebate_entry WHERE partner_id = {month['distributor']}"
    assert float(site.query(credited)) == 2400.0


def test_6_finance_closes_the_month_and_a_second_person_opens_it(desk, month, site):
    """Match, say why something is left, close; who closed it may not open it again, somebody else may."""
    finance = desk("tour_finance")
    finance.open("liquor_period_action", month["period"])
    expect(finance.field("unaccrued_count")).to_have_text("0")
    expect(finance.field("unsettled_count")).to_have_text("0")
    expect(finance.field("difference_amount")).to_contain_text("0.00")
    do_step(finance, "三方核对", "已完成")
    finance.type("carry_reason", "差异已逐条登记责任人，下月处理")
    finance.press("action_close")
    assert "关账" in finance.agree()
    expect(finance.page.locator(".o_arrow_button_current")).to_contain_text("已关账")
    finance.type("reopen_reason", "补一张发票")
    finance.press("action_reopen")
    assert "关账人以外" in finance.refusal()
    cashier = desk("tour_cashier")
    cashier.open("liquor_period_action", month["period"])
    cashier.press("action_reopen")
    expect(cashier.page.locator(".o_arrow_button_current")).to_contain_text("未关账")
    expect(step(cashier, "三方核对").locator("td[name=state]")).to_contain_text("待办")
    state = f"SELECT state, closed_by_id IS NULL FROM liquor_period WHERE id = {month['period']}"
    assert site.query(state) == "open|t"
