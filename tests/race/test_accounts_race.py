"""Twenty at the same moment, over HTTP: a blue invoice carries its amount once, a bill is booked once (N = 20)."""

from collections import Counter

import pytest

from .browser import failed, told
from .cast import prepared

N = 20
LOGINS = "booksrace_"
PREPARE = """
import base64, json
from datetime import date, timedelta
env["liquor.account.mapping"]._ensure_accounts(company)
clerk = user("booksrace_clerk", "liquor_channel.group_clerk")
finance, payer = (user(f"booksrace_{name}", "liquor_channel.group_finance") for name in ("finance", "payer"))
distributor, shop = party("赛跑红字商贸", "distributor"), party("赛跑账单烟酒", "terminal")
tax = company.account_sale_tax_id
blue = env["account.move"].create({"move_type": "out_invoice", "partner_id": distributor.id,
    "invoice_date": fields.Date.today(), "liquor_buyer_use": "used", "invoice_line_ids": [Command.create({
        "name": "wine", "price_unit": 12000, "tax_ids": [Command.set(tax.ids)]})]})
blue.action_post()
first = fields.Date.today() - timedelta(days=%(n)s)
settlements = []
for number in range(%(n)s):
    day = first + timedelta(days=number)
    book(distributor, "distributor", 1000, f"booksrace/{number}", fields.Datetime.to_datetime(day))
    own = env["liquor.settlement"].with_user(clerk).create({"partner_id": distributor.id, "date_from": day,
        "date_to": day, "payment_method": "credit_note"})
    own.action_prepare()
    own.action_send()
    own.sudo()._confirm()
    own.with_user(finance).action_approve()
    settlements.append(own.id)
env["liquor.accrual.run"]._accrue(company)
book(shop, "terminal", 600, "booksrace/shop", fields.Datetime.now())
payee = env["liquor.payee"]._store_account(company, shop, "bank", "赛跑", "6222020000007654321", "ICBC")
payee.created_at = "2026-01-01"
payout = env["liquor.payout"]._request(company, shop, payee, None, "booksrace", env.user)
batch = env["liquor.payout.batch"].with_user(finance).create({})
batch.action_collect()
batch.with_user(payer).action_approve()
batch.action_send()
text = "交易单号,商户单号,交易类型,金额,手续费\\n" + f"R1,{payout.name},转账,600.00,0.60\\nR2,,手续费,5.00,0\\n"
values = {"channel": "wechat", "file": base64.b64encode(text.encode()), "filename": "bill.csv"}
bills = env["liquor.payout.bill"].with_user(finance).create([dict(values) for _number in range(%(n)s)])
users = [user(f"booksrace_{name}", "liquor_channel.group_clerk") for name in ("asker", "checker")]
boss = user("booksrace_boss", "liquor_channel.group_channel_manager")
own_kind = env["liquor.expense.kind"].create({"name": "赛跑", "code": "booksrace", "proof_count": 0})
expenses = env["liquor.expense"]
for number in range(%(n)s):
    partner = party(f"赛跑费用{number}", "distributor")
    fund = env["liquor.fund"].create({"name": f"赛跑池{number}", "date_start": "2026-01-01"})
    env["liquor.fund.transfer"].with_user(finance).create({"fund_to_id": fund.id, "amount": 100,
        "reason": "Race"}).with_user(payer).action_approve()
    one = env["liquor.expense"].with_user(users[0]).create({"title": "赛跑", "fund_id": fund.id, "amount": 100,
        "kind_id": own_kind.id, "distributor_id": partner.id, "date_start": "2026-01-01",
        "date_end": fields.Date.today()})
    one.action_apply()
    one.with_user(boss).action_approve()
    one.action_claim()
    one.with_user(users[1]).action_check()
    expenses |= one
clawbacks = env["liquor.expense.clawback"]
paid = expenses[-1:]
paid.with_user(finance).action_pay()
for number in range(%(n)s):
    clawbacks |= env["liquor.expense.clawback"].with_user(users[0]).create({"expense_id": paid.id, "amount": 10,
        "reason": "Race"})
env.cr.commit()
print("PREPARED " + json.dumps({"blue": blue.id, "net": blue.amount_untaxed, "settlements": settlements,
    "payout": payout.id, "bills": bills.ids, "company": company.id,
    "expenses": (expenses - paid).ids, "paid": paid.id, "clawbacks": clawbacks.ids}))
"""


@pytest.fixture(scope="module")
def world(site):
    """Twenty approved credit notes of 1,000.00 for one buyer with one invoice of 12,000.00; twenty copies of a bill."""
    return prepared(site, PREPARE, n=N)


def test_a_blue_invoice_carries_its_amount_once(site, race, world, people):
    """Twenty notes of 1,000.00 are posted at once against 12,000.00: twelve are carried, eight find no invoice."""
    payer = people("payer")
    assert world["net"] == 12000
    calls = [(number,) for number in world["settlements"]]
    assert told(race(lambda number: payer.call("liquor.settlement", "action_post", [number]), calls)) == N
    notes = f"liquor_settlement_id IN ({','.join(map(str, world['settlements']))})"
    assert site.query(f"SELECT count(*) FROM account_move WHERE {notes} AND state = 'posted'") == str(N)
    taken = f"SELECT liquor_red_amount::float FROM account_move WHERE id = {world['blue']}"
    rows = f"SELECT count(*), sum(amount)::float FROM liquor_red_allocation WHERE invoice_id = {world['blue']}"
    assert (site.query(taken), site.query(f"{rows} AND state <> 'dropped'")) == ("12000", "12|12000")


def test_one_bill_is_booked_once(site, race, world, people):
    """One bill, loaded from twenty records at once: 600.00 arrived once, fees of 5.60 booked once."""
    finance = people("finance")
    calls = [(number,) for number in world["bills"]]
    assert told(race(lambda number: finance.call("liquor.payout.bill", "action_load", [number]), calls)) == N
    bills = f"id IN ({','.join(map(str, world['bills']))})"
    done = f"SELECT count(*), sum(repeated_count) FROM liquor_payout_bill WHERE state = 'done' AND {bills}"
    assert site.query(done) == f"{N}|{2 * (N - 1)}"
    lines = f"bill_{bills}"
    assert site.query(f"SELECT count(*), sum(fee)::float FROM liquor_payout_bill_line WHERE {lines}") == "2|0.6"
    assert site.query(f"SELECT state FROM liquor_payout WHERE id = {world['payout']}") == "ok"
    fees = (
        "SELECT count(*), sum(i.balance)::float FROM account_move_line i JOIN liquor_account_mapping m"
        " ON m.account_id = i.account_id AND m.company_id = i.company_id AND m.role = 'payout_fee'"
    )
    assert site.query(f"{fees} WHERE i.parent_state = 'posted'") == "1|5.6"


def test_one_record_loaded_twenty_times(site, race, world, people):
    """The same record, twenty presses: nothing more is booked, and nobody meets an error of the server."""
    finance, number = people("finance"), world["bills"][0]
    calls = [(n,) for n in range(N)]
    told(race(lambda _n: finance.call("liquor.payout.bill", "action_load", [number]), calls))
    lines = f"SELECT count(*) FROM liquor_payout_bill_line WHERE bill_id IN ({','.join(map(str, world['bills']))})"
    assert site.query(lines) == "2"


def test_nobody_is_sent_away_by_an_accrual_that_runs(site, race, world, people):
    """Nineteen claims of as many distributors are paid at once, each accrues its own: all are paid, none is told no."""
    finance = people("finance")
    answers = race(lambda number: finance.call("liquor.expense", "action_pay", [number]),
                   [(number,) for number in world["expenses"]])  # fmt: skip
    assert Counter(map(failed, answers)) == {"": N - 1}, answers
    numbers = ",".join(map(str, world["expenses"]))
    assert site.query(f"SELECT count(*) FROM liquor_expense WHERE state = 'paid' AND id IN ({numbers})") == "19"
    accrued = (
        "SELECT count(*), sum(l.amount)::float FROM liquor_accrual_line l JOIN liquor_earning e ON e.id = l.earning_id"
    )
    assert site.query(f"{accrued} WHERE e.origin_model = 'liquor.expense' AND e.origin_id IN ({numbers})") == "19|1900"


def test_no_more_is_taken_back_than_was_paid(site, race, world, people):
    """100.00 were paid; twenty clawbacks of 10.00 are decided at once: ten take 100.00 back, the fund has them."""
    payer = people("payer")
    calls = [(number,) for number in world["clawbacks"]]
    assert told(race(lambda number: payer.call("liquor.expense.clawback", "action_approve", [number]), calls)) == 10
    assert site.query(f"SELECT clawed_amount::float FROM liquor_expense WHERE id = {world['paid']}") == "100"
    rows = f"SELECT count(*), sum(amount)::float FROM liquor_expense_clawback WHERE expense_id = {world['paid']}"
    assert site.query(f"{rows} AND state = 'done'") == "10|100"
    fund = f"(SELECT fund_id FROM liquor_expense WHERE id = {world['paid']})"
    assert site.query(f"SELECT free::float, paid::float FROM liquor_fund WHERE id = {fund}") == "100|0"
