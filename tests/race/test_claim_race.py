"""Twenty phones claim the same bottle at the same moment: one reward, and a clean answer for everybody."""

import json
import re

import pytest

from .browser import ask

N = 20
DEVICE, VISIT = "liquor_device", "liquor_visit"
PREPARE = f"""
import json
from odoo import fields
company = env["res.company"].create({{"name": "赛跑酒业", "country_id": env.ref("base.cn").id}})
env.user.company_ids |= company
env = env(context={{"allowed_company_ids": company.ids}})
club = env["liquor.member.program"].create({{"name": "赛跑会", "company_id": company.id, "mode": "national"}})
env["liquor.claim.rule"].create({{
    "name": "Race", "company_id": company.id, "program_id": club.id, "reward": "points", "points": 50,
    "date_start": "2020-01-01",
}})
product = env["product.product"].create({{"name": "赛跑", "company_id": company.id}})
printer = env["res.partner"].create({{"name": "Printer"}})
order = env["liquor.print.order"].create({{
    "company_id": company.id, "supplier_id": printer.id, "product_id": product.id, "quantity": 360, "over_issue": 0,
    "scheme_id": env.ref("liquor_scan.scheme_cap_case").id,
}})
order.action_issue()
batch = order.batch_ids
env["liquor.code.range"]._book(batch, "active", 0, 359)
shop = env["res.partner"].create({{"name": "Shop", "is_company": True}})
now = fields.Datetime.now()
env["liquor.scan.event"].sudo()._record([{{
    "company_id": company.id, "kind": "receive", "status": "accepted", "batch_id": batch.id, "level": 6,
    "unit_index": case, "code_kind": "case_outer", "product_id": product.id, "bottles": 6, "party_id": shop.id,
    "party_kind": "terminal", "holder_id": shop.id, "holder_kind": "terminal", "custody_state": "held",
    "user_id": env.uid, "event_time": now, "received_time": now, "business_day": now.date(), "source": "portal",
    "place_source": "none", "fact_kind": "received",
}} for case in range(4)])
tokens = []
for number in range({N}):
    member = env["liquor.member"]._join(club, f"1390013{{8000 + number}}", "cap", "1")
    tokens.append(env["liquor.device"]._issue(member))
env.cr.commit()
print("PREPARED " + json.dumps({{"codes": [batch._code("cap_inner", n) for n in range(24)], "tokens": tokens,
      "company": company.id}}))
"""


@pytest.fixture(scope="module")
def world(site):
    """One bottle in a shop, and twenty members with their phones."""
    answer = site.shell(PREPARE)
    return json.loads(re.search(r"PREPARED (\{.*\})", answer).group(1))


def form_of(site, code, token):
    """Open the page as a member's phone does; return its cookies and the form."""
    cookies = {DEVICE: token}
    _status, headers, text = ask(f"{site.url}/b/{code}", cookies)
    cookies[VISIT] = re.search(rf"{VISIT}=([0-9a-f]+)", " ".join(headers.get_all("Set-Cookie"))).group(1)
    return cookies, "nonce=" + re.search(r'name="nonce" value="(\w+)"', text).group(1)


def count(site, table, where):
    return int(site.query(f"SELECT count(*) FROM {table} WHERE {where}"))


def test_twenty_members_one_bottle(site, race, world):
    """One claim, one entry of 50 points, one opening; nobody reads an error."""
    code = world["codes"][0]
    forms = [form_of(site, code, token) for token in world["tokens"]]
    answers = race(
        lambda cookies, form: ask(f"{site.url}/b/{code}/claim", cookies, form.encode()), [tuple(form) for form in forms]
    )
    assert {status for status, _headers, _text in answers} == {303}
    check_one(site, world)
    pages = [ask(f"{site.url}/b/{code}", cookies)[2] for cookies, _form in forms]
    assert sum('class="worth"' in page for page in pages) == 1
    assert sum("139****80" in page for page in pages) == N - 1


def check_one(site, world):
    company = world["company"]
    assert count(site, "liquor_code_claim", f"company_id = {company}") == 1
    assert site.query(f"SELECT sum(points), count(*) FROM liquor_point_entry WHERE company_id = {company}") == "50|1"
    assert count(site, "liquor_qualifying_event", f"company_id = {company}") == 1
    assert count(site, "liquor_scan_event", f"company_id = {company} AND kind = 'open'") == 1


def test_one_member_taps_twenty_times(site, race, world):
    """The same phone sends the same form twenty times at once: one more claim and 50 more points."""
    code, company = world["codes"][1], world["company"]
    cookies, form = form_of(site, code, world["tokens"][0])
    before = count(site, "liquor_code_claim", f"company_id = {company}")
    answers = race(lambda _n: ask(f"{site.url}/b/{code}/claim", cookies, form.encode()), [(n,) for n in range(N)])
    assert {status for status, _headers, _text in answers} == {303}
    assert count(site, "liquor_code_claim", f"company_id = {company}") == before + 1
    assert count(site, "liquor_point_entry", f"company_id = {company}") == before + 1


def test_one_member_claims_twenty_bottles_at_once(site, race, world):
    """Attack A15: all is one account's. Nobody reads an error, nothing is lost or paid twice, others are served."""
    codes, company = world["codes"][2:22], world["company"]
    mine = [(code, *form_of(site, code, world["tokens"][1])) for code in codes]
    others = [
        (world["codes"][22 + n], *form_of(site, world["codes"][22 + n], world["tokens"][2 + n])) for n in range(2)
    ]
    before = count(site, "liquor_code_claim", f"company_id = {company}")
    # he may have been the one who got the bottle that all members claimed
    paid = f"SELECT COALESCE(sum(points), 0) FROM liquor_point_entry WHERE company_id = {company}"
    paid_before = int(site.query(paid))

    def send(code, cookies, form):
        return ask(f"{site.url}/b/{code}/claim", cookies, form.encode())[0]

    answers = race(send, [*mine[:10], *others, *mine[10:]])
    own, theirs = answers[:10] + answers[12:], answers[10:12]
    assert theirs == [303, 303]
    assert set(own) <= {303, 429}, own
    late = [send(*form) for form, status in zip(mine, own, strict=True) if status == 429]
    assert set(late) <= {303}, late
    assert count(site, "liquor_code_claim", f"company_id = {company}") == before + 22
    one_account = (
        f"SELECT count(*), count(DISTINCT member_id) FROM liquor_code_claim WHERE company_id = {company}"
        " AND batch_id = (SELECT max(batch_id) FROM liquor_code_claim) AND index BETWEEN 2 AND 21"
    )
    assert site.query(one_account) == "20|1"
    assert int(site.query(paid)) == paid_before + 50 * (len(codes) + 2)
