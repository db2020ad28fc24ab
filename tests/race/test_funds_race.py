"""Twenty at the same moment, over HTTP: a budget is never promised twice, an expense is paid once (N = 20)."""

import pytest

from .browser import told
from .cast import CAST, printed

N = 20
LOGINS = "fundrace_"
PREPARE = """
import base64, io
from odoo.addons.liquor_member.tools.business_day import today
from PIL import Image
env["liquor.account.mapping"]._ensure_accounts(company)
clerk, second = (user(f"fundrace_{name}", "liquor_channel.group_clerk") for name in ("clerk", "second"))
manager = user("fundrace_manager", "liquor_channel.group_channel_manager")
finance = user("fundrace_finance", "liquor_channel.group_finance")
payer = user("fundrace_payer", "liquor_channel.group_finance")
partner = party("赛跑费用商贸", "distributor")
fund = env["liquor.fund"].create({"name": "赛跑费用池", "date_start": "2026-01-01"})
def transfer(amount):
    return env["liquor.fund.transfer"].with_user(finance).create({"fund_to_id": fund.id, "amount": amount,
        "reason": "Race"})
transfer(1000).with_user(payer).action_approve()
def expense(amount, **values):
    made = env["liquor.expense"].with_user(clerk).create({"title": "赛跑", "fund_id": fund.id, "amount": amount,
        "kind_id": env.ref("liquor_channel.expense_kind_group").id, "distributor_id": partner.id,
        "date_start": "2026-01-01", "date_end": "2026-12-31", **values})
    made.action_apply()
    return made
stream = io.BytesIO()
Image.new("RGB", (9, 9)).save(stream, "PNG")
paid = expense(100)
paid.with_user(manager).action_approve()
proof = env["liquor.expense.proof"].with_user(clerk).create({"expense_id": paid.id, "taken_on": "2026-03-01",
    "image": base64.b64encode(stream.getvalue())})
proof.with_user(second).action_judge("accepted")
paid.action_claim()
paid.with_user(second).action_check()
asked = [expense(100).id for _number in range(%(n)s)]
# a driver home for 80.00, billed and matched by the payer
club = env["liquor.member.program"].create({"name": "赛跑会", "mode": "regional", "company_id": company.id})
drivers = env["res.partner"].create({"name": "赛跑代驾", "is_company": True})
service = env["liquor.benefit"].create({"name": "代驾", "program_id": club.id, "unit_cost": 80, "valid_days": 30,
    "provider_id": drivers.id})
shop = party("赛跑代驾店", "terminal")
keeper = user("fundrace_shop", "base.group_portal", parent=shop)
member = env["liquor.member"]._join(club, "13900167000", "desk", "1")
granted = env["liquor.reward"]._grant([{"kind": "gift", "member": member, "benefit": service, "key": "fundrace/1"}])
claim = env["liquor.benefit.claim"]._take(granted[0])
number = env["liquor.benefit.claim"]._redeem(claim._code(), shop, keeper).provider_use_number
bill = env["liquor.provider.bill"].with_user(payer).create({"partner_id": drivers.id, "reference": "RACE-1",
    "company_id": company.id, "date_from": "2026-01-01", "date_to": today(company), "filename": "bill.csv",
    "file": base64.b64encode(f"服务单号,金额\\n{number},80\\n".encode())})
bill.action_match()
env.cr.commit()
print("PREPARED " + json.dumps({"fund": fund.id, "asked": asked, "paid": paid.id, "transfer": None,
    "partner": partner.id, "bill": bill.id}))
more = transfer(500)
env.cr.commit()
print("TRANSFER " + json.dumps({"id": more.id}))
"""


@pytest.fixture(scope="module")
def world(site):
    """A fund with 1,000.00, of which 100.00 are owed; twenty applications of 100.00."""
    answer = site.shell(CAST + PREPARE % {"n": N})
    return {**printed(answer), "transfer": printed(answer, "TRANSFER")["id"]}


def balances(site, world):
    return site.query(f"SELECT free::float, reserved::float, paid::float FROM liquor_fund WHERE id = {world['fund']}")


def test_the_last_yuan_is_promised_once(site, race, world, people):
    """900.00 are free, twenty ask for 100.00 each at once: nine get it, nothing is free, nothing is below zero."""
    manager = people("manager")
    done = told(race(lambda number: manager.call("liquor.expense", "action_approve", [number]),
                     [(number,) for number in world["asked"]]))  # fmt: skip
    # who gave up after Odoo's retries asks again, one after the other
    for number in world["asked"]:
        done += told([manager.call("liquor.expense", "action_approve", [number])])
    assert done == 9
    assert balances(site, world) == "0|900|0"
    approved = f"SELECT count(*) FROM liquor_expense WHERE fund_id = {world['fund']} AND state = 'approved'"
    assert site.query(approved) == "9"


def test_one_payment(site, race, world, people):
    """Twenty payments of one claim at once: 100.00 in the rebate account, once."""
    payer = people("finance")
    assert (
        told(race(lambda _n: payer.call("liquor.expense", "action_pay", [world["paid"]]), [(n,) for n in range(N)]))
        == 1
    )
    assert balances(site, world) == "0|900|100"
    balance = f"SELECT balance::float FROM liquor_rebate_account WHERE partner_id = {world['partner']}"
    assert site.query(balance) == "100"


def test_one_budget(site, race, world, people):
    """Twenty approvals of one budget at once: 500.00 more, once."""
    payer = people("payer")
    calls = [(n,) for n in range(N)]
    assert told(race(lambda _n: payer.call("liquor.fund.transfer", "action_approve", [world["transfer"]]), calls)) == 1
    assert balances(site, world) == "500|900|100"


def test_one_vendor_bill(site, race, world, people):
    """A provider's bill of 80.00 is approved twenty times at once and reversed twenty times at once: once each."""
    finance, payer = people("finance"), people("payer")
    number = world["bill"]
    everybody = [(n,) for n in range(N)]
    assert told(race(lambda _n: finance.call("liquor.provider.bill", "action_approve", [number]), everybody)) == 1
    entries = f"SELECT string_agg(move_type || ' ' || amount_total::float, ', ' ORDER BY id) FROM account_move WHERE " \
        f"liquor_provider_bill_id = {number} AND state = 'posted'"  # fmt: skip
    assert site.query(entries) == "in_invoice 80"
    assert told(race(lambda _n: payer.call("liquor.provider.bill", "action_reverse", [number]), everybody)) == 1
    assert site.query(entries) == "in_invoice 80, in_refund 80"
    assert site.query(f"SELECT state FROM liquor_provider_bill WHERE id = {number}") == "reversed"
