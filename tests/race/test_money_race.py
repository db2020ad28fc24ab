"""Twenty calls at the same moment, over HTTP: money and gifts leave once, goods arrive once, one person joins once."""

import re
from collections import Counter

import pytest

from .browser import REFUSALS, Browser, failed, told
from .cast import prepared

N = 20
LOGINS = "race_"
PHONE = "13900137000"
PREPARE = """
now = fields.Datetime.now()
env["liquor.account.mapping"]._ensure_accounts(company)
distributor, shop = party("赛跑商贸", "distributor"), party("赛跑烟酒", "terminal")
second = party("赛跑二店", "terminal")
for terminal in (shop, second):
    env["liquor.channel.assignment"].create({"terminal_id": terminal.id, "distributor_id": distributor.id,
        "company_id": company.id, "date_start": "2026-01-01"})
user("race_distributor", "base.group_portal", parent=distributor)
user("race_shop", "base.group_portal", parent=shop)
user("race_second", "base.group_portal", parent=second)
clerk = user("race_clerk", "liquor_channel.group_clerk", "liquor_member.group_service")
for login in ("race_finance", "race_payer"):
    user(login, "liquor_channel.group_finance")
book(shop, "terminal", 600, "race/shop")
book(distributor, "distributor", 6000, "race/distributor")
payee = env["liquor.payee"]._store_account(company, shop, "bank", "赛跑", "6222020000001234567", "ICBC")
payee.created_at = "2026-01-01"
company.liquor_withdraw_weekday = "1"
book(second, "terminal", 300, "race/second")
second_payee = env["liquor.payee"]._store_account(company, second, "bank", "赛跑", "6222020000001234999", "ICBC")
second_payee.created_at = "2026-01-01"
env["liquor.weekly.withdrawal"]._choose(company, second, second_payee, env.user)
settlement = env["liquor.settlement"].with_user(clerk).create({"partner_id": distributor.id, "date_from": "2026-01-01",
    "date_to": "2026-12-31"})
settlement.action_prepare()
settlement.action_send()
club = env["liquor.member.program"].create({"name": "赛跑荟", "company_id": company.id, "mode": "national"})
gift = env["liquor.benefit"].create({"name": "赛跑杯", "program_id": club.id, "unit_cost": 25, "valid_days": 30})
member = env["liquor.member"]._join(club, "13900136999", "desk", "1")
entitlement = env["liquor.reward"]._grant([{"kind": "gift", "member": member, "benefit": gift, "key": "race/gift"}])[0]
claim = env["liquor.benefit.claim"]._take(entitlement)
joins = env["liquor.member.join"].with_user(clerk).create([
    {"program_id": club.id, "phone": "%(phone)s", "accepted": True} for _number in range(%(n)s)])
product = env["product.product"].create({"name": "赛跑", "company_id": company.id})
order = env["liquor.print.order"].create({"company_id": company.id, "product_id": product.id, "quantity": 360,
    "supplier_id": env["res.partner"].create({"name": "Printer"}).id, "over_issue": 0,
    "scheme_id": env.ref("liquor_scan.scheme_cap_case").id})
order.action_issue()
batch = order.batch_ids
env["liquor.code.range"]._book(batch, "active", 0, 359)
policy = env["liquor.policy"].create({"name": "Race", "company_id": company.id, "kind": "per_unit",
    "beneficiary_kind": "terminal"})
env["liquor.policy.version"].create({"policy_id": policy.id, "date_start": "2026-01-01", "basis": "received",
    "measure": "bottles", "rate": 2.5, "product_ids": [Command.set(product.ids)]}).action_activate()
at = fields.Datetime.subtract(now, hours=1)
warehouse = user("race_warehouse", "liquor_scan.group_warehouse")
shipped = env["liquor.scan.request"]._take(warehouse, [{"id": "race-ship", "type": "ship", "at": f"{at.isoformat()}Z",
    "code": batch._code("pallet", 0), "to": str(distributor.id)}], source="warehouse")
assert shipped[0]["status"] == "accepted", shipped
env.cr.commit()
print("PREPARED " + json.dumps({"shop": shop.id, "second": second.id, "distributor": distributor.id, "payee": payee.id,
    "settlement": settlement.id, "claim": claim.id, "second_payee": second_payee.id,
    "weekly": env.ref("liquor_channel.weekly_withdrawal_cron").id, "code": claim._code(), "joins": joins.ids,
    "club": club.id, "cases": [batch._code("case_outer", n) for n in range(3)], "batch": batch.id,
    "at": f"{now.isoformat()}Z"}))
"""


@pytest.fixture(scope="module")
def world(site):
    """A distributor with a statement, two shops of his, a member with a gift, a pallet on its way."""
    return prepared(site, PREPARE, phone=PHONE, n=N)


def rows(site, table, where):
    return int(site.query(f"SELECT count(*) FROM {table} WHERE {where}"))


def statuses(answers):
    return {status for status, _text in answers}


def once(answers):
    """One call did it; all others were told by a sentence, none by an error of the server."""
    assert told(answers) == 1, answers


def test_one_withdrawal(site, race, world, people):
    """A shop with 600.00 asks twenty times at once, each time for all of it: 600.00 leave once."""
    shop = people("shop")
    token = shop.token("/my/terminal/withdraw")

    def withdraw(number):
        form = {"amount": "600", "payee": world["payee"], "request_key": f"k{number}", "confirmed": "1"}
        return Browser(site.url, shop.cookies).open("/my/terminal/withdraw", csrf_token=token, **form)

    answers = race(withdraw, [(number,) for number in range(N)])
    assert statuses(answers) <= {200, 303}
    assert Counter(status for status, _text in answers)[303] == 1
    assert (
        site.query(f"SELECT count(*), sum(amount)::float FROM liquor_payout WHERE partner_id = {world['shop']}")
        == "1|600"
    )
    assert rows(site, "liquor_payout_line l JOIN liquor_earning e ON e.id = l.earning_id",
                f"l.live AND e.partner_id = {world['shop']}") == 1  # fmt: skip
    assert site.query(f"SELECT amount::float FROM liquor_withdrawal_day WHERE partner_id = {world['shop']}") == "600"


def test_one_weekly_withdrawal(site, race, world, people):
    """The week is handled ten times at once while the shop asks ten times by hand: 300.00 leave once."""
    boss, shop = Browser(site.url).login("admin"), people("second")
    token = shop.token("/my/terminal/withdraw")

    def ask(number):
        if number % 2:
            return failed(boss.call("ir.cron", "method_direct_trigger", [world["weekly"]]))
        form = {"amount": "300", "payee": world["second_payee"], "request_key": f"w{number}", "confirmed": "1"}
        return Browser(site.url, shop.cookies).open("/my/terminal/withdraw", csrf_token=token, **form)[0]

    answers = race(ask, [(number,) for number in range(N)])
    assert set(answers) <= {200, 303, "", *REFUSALS}, answers
    boss.call("ir.cron", "method_direct_trigger", [world["weekly"]])
    asked = f"FROM liquor_payout WHERE partner_id = {world['second']}"
    assert site.query(f"SELECT count(*), sum(amount)::float {asked}") == "1|300"
    assert site.query(f"SELECT amount::float FROM liquor_withdrawal_day WHERE partner_id = {world['second']}") == "300"


def test_one_batch_is_paid_once(site, race, world, people):
    """The batch of that withdrawal is approved, then sent, twenty times at once: one entry each."""
    payer, finance = people("payer"), people("finance")
    batch = payer.call("liquor.payout.batch", "create", [{}])[0]
    payer.call("liquor.payout.batch", "action_collect", [batch])
    moves = f"liquor_payout_batch_id = {batch}"
    for person, step in ((finance, "action_approve"), (payer, "action_send")):
        before = rows(site, "account_move", moves)
        once(race(lambda _n, person=person, step=step: person.call("liquor.payout.batch", step, [batch]),
                  [(number,) for number in range(N)]))  # fmt: skip
        assert rows(site, "account_move", moves) == before + 1
    assert site.query(f"SELECT state FROM liquor_payout_batch WHERE id = {batch}") == "sent"


def test_one_gift(site, race, world, people):
    """Twenty scans of one pick-up code by two shops: handed over once."""
    shops = [people("shop"), people("second")]
    tokens = [shop.token("/my/terminal/redeem") for shop in shops]

    def redeem(number):
        browser = Browser(site.url, shops[number % 2].cookies)
        return browser.open("/my/terminal/redeem", csrf_token=tokens[number % 2], code=world["code"])

    answers = race(redeem, [(number,) for number in range(N)])
    assert statuses(answers) == {200}
    assert sum("alert-success" in text for _status, text in answers) == 1
    assert rows(site, "liquor_benefit_claim", f"id = {world['claim']} AND state = 'done'") == 1


def test_one_member(site, race, world, people):
    """The desk registers one phone twenty times at once: one member, and everybody is shown him."""
    clerk = people("clerk")
    answers = race(
        lambda number: clerk.call("liquor.member.join", "action_join", [number]),
        [(number,) for number in world["joins"]],
    )
    assert [failed(answer) for answer in answers] == [""] * N
    assert len({answer["res_id"] for answer in answers}) == 1
    # one more is the member with the gift
    assert rows(site, "liquor_member", f"program_id = {world['club']}") == 2
    assert rows(site, "liquor_consent", f"member_id = {answers[0]['res_id']} AND purpose = 'terms'") == 1


def receive(site, race, world, senders, case, number_of):
    """Scan a case in, twenty times at once; return the answers."""
    tokens = [sender.token("/my/terminal/scan") for sender in senders]

    def scan(number):
        which = number % len(senders)
        event = {"id": number_of(number), "type": "receive", "code": world["cases"][case], "at": world["at"]}
        taken = senders[which].json("/my/terminal/scan/take", events=[event], token=tokens[which])
        return taken["answers"][0]

    return race(scan, [(number,) for number in range(N)])


def received(site, world, case):
    """Accepted receipts of a case, and what was earned by it."""
    where = f"batch_id = {world['batch']} AND unit_index = {case} AND kind = 'receive' AND status = 'accepted'"
    earned = site.query(
        "SELECT count(*), sum(e.amount)::float FROM liquor_earning e JOIN liquor_scan_event s"
        f" ON e.fact_key = 'liquor.scan.event/' || s.id WHERE s.{where.replace(' AND ', ' AND s.')}"
    )
    return rows(site, "liquor_scan_event", where), earned


@pytest.mark.parametrize("logins", [("shop", "second"), ("shop",)])
def test_one_receipt(site, race, world, people, logins):
    """One case, scanned in by two shops, or by one with twenty devices: one receipt, 6 x 2.50 = 15.00 earned once."""
    case = len(logins) - 1
    answers = receive(site, race, world, [people(name) for name in logins], case, lambda n: f"race-{case}-{n}")
    assert Counter(answer["status"] for answer in answers)["accepted"] == 1, answers
    assert received(site, world, case) == (1, "1|15")


def test_one_event_sent_twenty_times(site, race, world, people):
    """A phone sends its queue again and again: one receipt, and twenty times the same answer."""
    answers = receive(site, race, world, [people("shop")], 2, lambda _n: "race-same")
    assert {answer["status"] for answer in answers} == {"accepted"}
    assert sum(answer["repeated"] for answer in answers) == N - 1
    assert received(site, world, 2) == (1, "1|15")


def test_one_settlement(site, race, world, people):
    """Confirmed, approved and posted, each twenty times at once: one effect each, 6,000.00 in the account."""
    number, calls = world["settlement"], [(number,) for number in range(N)]
    his = people("distributor")
    page = his.open(f"/my/channel/statements/{number}")[1]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    mark = re.search(r'name="fingerprint" value="(\w+)"', page).group(1)
    path = f"/my/channel/statements/{number}/confirm"
    answers = race(lambda _n: Browser(site.url, his.cookies).open(path, csrf_token=token, fingerprint=mark), calls)
    assert statuses(answers) <= {200, 303}
    assert Counter(status for status, _text in answers)[303] == 1
    for login, step in (("finance", "action_approve"), ("payer", "action_post")):
        once(race(lambda _n, login=login, step=step: people(login).call("liquor.settlement", step, [number]), calls))
    assert site.query(f"SELECT state FROM liquor_settlement WHERE id = {number}") == "paid"
    entries = "SELECT count(*), sum(e.amount)::float FROM liquor_rebate_entry e JOIN liquor_rebate_account a"
    assert (
        site.query(f"{entries} ON a.id = e.rebate_account_id WHERE a.partner_id = {world['distributor']}") == "1|6000"
    )
