"""A count at a shop is closed while the phone's last codes arrive: what was answered "found" is in the stored count."""

import re

import pytest

from .browser import Browser, failed
from .cast import prepared

N = 20
CLOSINGS = 5
BOTTLES_A_CASE = 6
PREPARE = """
company = env["res.company"].create({"name": "盘点酒业", "country_id": env.ref("base.cn").id})
env.user.company_ids |= company
env = env(context={"allowed_company_ids": company.ids})
shop = party("盘点烟酒", "terminal")
product = env["product.product"].create({"name": "盘点酒", "company_id": company.id})
order = env["liquor.print.order"].create({"company_id": company.id, "product_id": product.id, "quantity": 360,
    "supplier_id": env["res.partner"].create({"name": "Printer"}).id, "over_issue": 0,
    "scheme_id": env.ref("liquor_scan.scheme_cap_case").id})
order.action_issue()
batch = order.batch_ids
env["liquor.code.range"]._book(batch, "active", 0, batch.bottles - 1)
counter = user("shop_counter", "base.group_user", "liquor_member.group_field")
count = env(user=counter)["liquor.shop.count"].create({"party_id": shop.id, "company_id": company.id})
count.liquor_scan_take([{"id": "first", "code": batch._code("case_outer", 59)}])
env.cr.commit()
print("PREPARED " + json.dumps({"count": count.id, "cases": [batch._code("case_outer", n) for n in range(%(number)s)]}))
"""
STORED = """
count = env["liquor.shop.count"].browse(%s)
counts = env["liquor.stock.count"].search([("party_id", "=", count.party_id.id)])
print("STORED", count.state, len(counts), counts.line_ids.scanned_bottles)
"""


@pytest.fixture(scope="module")
def world(site):
    """A count at a shop with one case found."""
    return prepared(site, PREPARE, number=N - CLOSINGS)


def test_closed_while_codes_arrive(site, race, world):
    phone = Browser(site.url).login("shop_counter")

    def act(code):
        if code is None:
            return phone.call("liquor.shop.count", "action_finish", [world["count"]])
        return phone.call("liquor.shop.count", "liquor_scan_take", [world["count"]], [{"id": code, "code": code}])

    cases = world["cases"]
    calls = [*cases[:8], *[None] * CLOSINGS, *cases[8:]]
    answers = race(act, [(code,) for code in calls])
    closed = [answer for code, answer in zip(calls, answers, strict=True) if code is None]
    assert [failed(answer) for answer in closed].count("") == 1, closed
    assert {failed(answer) for answer in closed} <= {"", "UserError"}, closed
    scans = [answer for code, answer in zip(calls, answers, strict=True) if code is not None]
    assert not [answer for answer in scans if failed(answer)], scans
    told = [answer["answers"][0] for answer in scans]
    assert {one["reason"] for one in told} <= {"", "transfer_closed"}, told
    found = 1 + sum(one["ok"] for one in told)
    state, number, bottles = re.search(r"STORED (\S+) (\d+) (\d+)", site.shell(STORED % world["count"])).groups()
    assert (state, int(number), int(bottles)) == ("done", 1, found * BOTTLES_A_CASE)
