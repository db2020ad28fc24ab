"""The channel clerk writes contracts in the screens, in Chinese; the other side accepts on the phone.

Expected figures are worked out by hand above each tour.
"""

import pytest
from playwright.sync_api import expect

from .test_clerk_policies import approve, earned_on_screen, proposed, tier, write_policy

pytestmark = pytest.mark.usefixtures("trade", "ten_minutes")


def write_contract(clerk, kind: str, party: str, name: str) -> None:
    """Begin a contract with a party."""
    clerk.open("agreement_action", "new")
    clerk.choose("kind", kind)
    clerk.pick(party, name)


def send(clerk) -> None:
    """Send the contract to be signed."""
    clerk.press("action_send")
    expect(clerk.page.locator(".o_arrow_button_current")).to_contain_text("已发送")


def accept(phone, path: str, words: str) -> None:
    """Read the contract on the phone, tick and accept."""
    phone.goto(path)
    if "/channel/" in path:
        phone.locator("a[href^='/my/channel/agreements/']").first.click()
    expect(phone.locator("#wrap")).to_contain_text(words)
    phone.locator("input[name=read]").check()
    phone.locator("form[action$='/accept'] button").click()
    expect(phone.locator("#wrap")).to_contain_text("接受人")


def first_target(clerk, label: str, goal: str) -> None:
    """Type period and amount: a distributor's targets are of money paid in, as the screen proposes."""
    row = clerk.add_row("target_ids")
    clerk.type("label", label, row)
    expect(clerk.field("basis", row).locator("input")).to_have_value("打款")
    expect(clerk.field("measure", row).locator("input")).to_have_value("金额")
    clerk.type("goal", goal, row)


def next_target(clerk, label: str, goal: str) -> None:
    """Type the amount of the target that the screen proposes next."""
    row = clerk.add_row("target_ids")
    expect(clerk.field("label", row).locator("input")).to_have_value(label)
    expect(clerk.field("basis", row).locator("input")).to_have_value("打款")
    expect(clerk.field("measure", row).locator("input")).to_have_value("金额")
    clerk.type("goal", goal, row)


def payment(clerk, label: str, kind: str, **values: str) -> None:
    """Type one payment of a shop's contract."""
    row = clerk.add_row("payment_ids")
    clerk.type("label", label, row)
    clerk.choose("kind", kind, row)
    for name, value in values.items():
        clerk.type(name, value, row)


def payment_row(desk, kind: str):
    """The row of the shop's payments that is about a kind."""
    return desk.page.locator(".o_data_row", has_text="同心烟酒").filter(has_text=kind)


def judge_display(clerk, verdict: str, amount: str, reason: str) -> None:
    """The clerk says what he saw and what is allowed for it."""
    clerk.open("agreement_payment_action")
    payment_row(clerk, "陈列").locator("td[name=verdict]").click()
    row = clerk.page.locator(".o_selected_row")
    clerk.choose("verdict", verdict, row)
    clerk.type("allowed_amount", amount, row)
    clerk.type("verdict_reason", reason, row)
    clerk.page.locator(".o_list_button_save:visible").click()
    expect(clerk.page.locator(".o_selected_row")).to_have_count(0)


def approve_display(manager, amount: str) -> None:
    """Somebody else approves in a window that names amount and shop."""
    manager.open("agreement_payment_action")
    row = payment_row(manager, "陈列")
    row.locator("button", has_text="批准").click()
    question = manager.page.locator(".o_dialog")
    expect(question).to_contain_text(amount)
    expect(question).to_contain_text("同心烟酒")
    question.locator("button[name=action_confirm]").click()
    expect(row.locator("td[name=booked_amount]")).to_contain_text(amount)


def test_2_a_quarterly_target_with_a_floor_of_a_fifth(role, desk, trade, facts):
    """A yearly target of 1,000,000.00 with 250,000.00 a quarter; every quarter at least 20 % of the year (channel.md).

    Paid in last year: 300,000.00, 250,000.00, 199,999.99 and 300,000.01 = 1,050,000.00, 105 %. The third quarter is
    below 200,000.00: nothing. One cent more in it: 2 % of 1,050,000.01 = 21,000.00.
    Worked example: target 1,000,000, done 1,050,000, 105 %: x 2 % = 21,000.00.
    """
    last = trade["year"] - 1
    clerk = desk("tour_clerk")
    write_contract(clerk, "年度经销合同", "distributor_id", "瑞丰酒业有限公司")
    clerk.type("date_start", f"{last}-01-01")
    clerk.type("date_end", f"{trade['year']}-12-31")
    clerk.tab("targets")
    first_target(clerk, str(last), "1000000")
    for quarter in (1, 2, 3, 4):
        next_target(clerk, f"{last}-Q{quarter}", "250000")
    clerk.saved()
    send(clerk)
    accept(role("tour_ruifeng", phone=True), "/my/channel/agreements", "250,000.00")

    write_policy(clerk, "季度任务达成返利", "经销商", "任务达成")
    proposed(clerk, basis="打款（收到货款）", measure="金额", rate_kind="金额百分比", period="年")
    clerk.choose("pay_at", "周期结束后")
    clerk.type("date_start", f"{last}-01-01")
    tier(clerk, 80, 100, "1")
    tier(clerk, 100, None, "2")
    clerk.tab("conditions")
    row = clerk.add_row("condition_ids")
    clerk.choose("kind", "各季度（各月）不低于 %", row)
    clerk.type("value", "20", row)
    clerk.field("of_target", row).locator("input").check()
    expect(clerk.field("sentence")).to_contain_text("20 %")
    expect(clerk.field("sentence")).to_contain_text("1,050,000.00 × 2 % = ¥ 21,000.00")
    clerk.saved()
    version = clerk.record()
    approve(desk, version)
    amounts = facts(f"""
for amount, day in ((300000, "03-31"), (250000, "04-01"), (199999.99, "09-30"), (300000.01, "12-31")):
    pay_in({trade["distributor"]}, amount, f"{last}-{{day}}")
found.append(owed({version}, "{last}-12-31"))
pay_in({trade["distributor"]}, 0.01, "{last}-07-01")
found.append(owed({version}, "{last}-12-31"))
""")
    assert amounts == ["0.00", "21000.00"]
    earned_on_screen(desk, version, "21,000.00")


def test_5_a_signed_display_contract(role, desk, trade, facts):
    """门店签约: display 600.00 a quarter, volume 1,200.00 for 40 cases, paid from 80 % on.

    The display was kept in part: 450.00, judged by the clerk, approved by the manager. 36 cases were received in the
    quarter, 90 %: 1,080.00. Together 1,530.00.
    """
    label = trade["quarter"]
    clerk = desk("tour_clerk")
    write_contract(clerk, "门店签约", "terminal_id", "同心烟酒")
    clerk.type("date_start", f"{trade['year'] - 1}-01-01")
    clerk.type("date_end", f"{trade['year']}-12-31")
    clerk.tab("payments")
    payment(clerk, label, "陈列", amount="600")
    payment(clerk, label, "包量", amount="1200", goal_cases="40", floor_percent="80")
    clerk.saved()
    send(clerk)
    accept(role("tour_tongxin", phone=True), "/my/terminal/contracts", "1,200.00")

    judge_display(clerk, "部分符合", "450", "只陈列一面墙")
    approve_display(desk("tour_manager"), "450.00")
    amounts = facts(f"""
shop = env["res.partner"].browse({trade["shop"]})
day = datetime.fromisoformat("{trade["quarter_day"]}")
batch = env["liquor.code.batch"].search([("product_id", "=", {trade["codes"]["B"]["product"]})])
env["liquor.scan.event"]._record([{{
    "company_id": company.id, "kind": "receive", "status": "accepted", "batch_id": batch.id, "level": 6,
    "unit_index": 10 + number, "code_kind": "case_outer", "product_id": batch.product_id.id, "bottles": 6,
    "party_id": shop.id, "party_kind": "terminal", "holder_id": shop.id, "holder_kind": "terminal",
    "custody_state": "held", "user_id": env.uid, "event_time": day, "received_time": day, "business_day": day.date(),
    "source": "portal", "place_source": "none", "fact_kind": "received", "purpose": "normal",
}} for number in range(36)])
for _time in range(2):
    env["liquor.agreement.payment"]._pay_volumes(company, date.fromisoformat("{trade["today"]}"))
payments = env["liquor.agreement.payment"].search([("party_id", "=", shop.id)])
found += [f"{{one.booked_amount:.2f}}" for one in payments.sorted("kind")]
""")
    assert amounts == ["450.00", "1080.00"]
    clerk.open("agreement_payment_action")
    volume = payment_row(clerk, "包量")
    expect(volume.locator("td[name=booked_amount]")).to_contain_text("1,080.00")
    expect(volume.locator("td[name=done]")).to_contain_text("36")
