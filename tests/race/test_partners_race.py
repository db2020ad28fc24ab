"""Twenty calls at the same moment, over HTTP: quotas hold, contracts are signed once, a shop is given away once."""

from collections import Counter

import pytest

from .browser import Browser, failed
from .cast import prepared

N = 20
PREPARE = """
giver, taker, shop = party("赛跑给方", "distributor"), party("赛跑收方", "distributor"), party("赛跑门店", "terminal")
env["liquor.channel.assignment"].create({"terminal_id": shop.id, "distributor_id": giver.id,
    "company_id": company.id, "date_start": "2026-01-01"})
user("race_giver", "base.group_portal", parent=giver)
signer = user("race_taker", "base.group_portal", parent=taker)
clerk = user("race_sales", "liquor_channel.group_clerk")
category = env["product.category"].create({"name": "赛跑系列"})
product = env["product.product"].create({"name": "赛跑酒", "type": "consu", "categ_id": category.id, "list_price": 100})
env["liquor.price.ladder"].create({"product_id": product.id, "date_start": "2026-01-01", "price_factory": 100})
quota = env["liquor.agreement"].create({"kind": "distributor", "distributor_id": taker.id, "date_start": "2026-01-01",
    "right_ids": [Command.create({"category_id": category.id, "quota_bottles": 60})]})
quota.action_send()
quota._accept(signer)
contract = env["liquor.agreement"].create({"kind": "distributor", "distributor_id": giver.id,
    "date_start": "2026-01-01", "target_ids": [Command.create({"label": "2026", "goal": 500})]})
contract.action_send()
orders = env["sale.order"].with_user(clerk).create([{"partner_id": taker.id,
    "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 6})]} for _number in range(%(n)s)])
transfer = env["liquor.terminal.transfer"].create({"terminal_id": shop.id, "from_id": giver.id, "to_id": taker.id,
    "reason": "赛跑"})
transfer.action_ask()
env.cr.commit()
print("PREPARED " + json.dumps({"orders": orders.ids, "right": quota.right_ids.id, "contract": contract.id,
    "transfer": transfer.id, "shop": shop.id, "taker": taker.id, "giver": giver.id, "product": product.id}))
"""


@pytest.fixture(scope="module")
def world(site):
    """Two distributors, a shop of one of them, a quota of 60 bottles and twenty orders of six."""
    return prepared(site, PREPARE, n=N)


def test_a_quota_is_not_exceeded(site, race, world):
    """Twenty orders of six bottles against a quota of sixty: ten are confirmed, ten are told why not."""
    clerk = Browser(site.url).login("race_sales")
    answers = race(
        lambda order: clerk.call("sale.order", "action_confirm", [order]), [(order,) for order in world["orders"]]
    )
    errors = Counter(map(failed, answers))
    # whoever lost the race five times over was told to try again: he does
    for order, answer in zip(world["orders"], answers, strict=True):
        if failed(answer) not in ("", "UserError"):
            clerk.call("sale.order", "action_confirm", [order])
    assert set(errors) <= {"", "UserError", "LockError", "OperationalError", "SerializationFailure"}, errors
    taken = site.query(f"SELECT taken::int FROM liquor_cap_counter WHERE key = 'quota/{world['right']}'")
    sold = site.query(f"SELECT count(*) FROM sale_order WHERE partner_id = {world['taker']} AND state = 'sale'")
    assert (taken, sold) == ("60", "10")


def test_a_contract_is_signed_once(site, race, world):
    """Twenty presses of the button: one acceptance."""
    giver = Browser(site.url).login("race_giver")
    page = f"/my/channel/agreements/{world['contract']}"
    token = giver.token(page)
    answers = race(
        lambda _n: Browser(site.url, giver.cookies).open(f"{page}/accept", csrf_token=token, read="1"),
        [(number,) for number in range(N)],
    )
    assert {status for status, _text in answers} <= {200, 303}
    proofs = f"SELECT count(*) FROM liquor_agreement_acceptance WHERE agreement_id = {world['contract']}"
    assert site.query(proofs) == "1"
    assert site.query(f"SELECT state FROM liquor_agreement WHERE id = {world['contract']}") == "accepted"


def test_a_shop_is_given_or_kept_once(site, race, world):
    """Ten press agree, ten refuse: one word counts, and the supply follows it."""
    giver = Browser(site.url).login("race_giver")
    token = giver.token("/my/channel/transfers")
    words = ("agree", "refuse")
    url = f"/my/channel/transfers/{world['transfer']}"
    answers = race(
        lambda number: Browser(site.url, giver.cookies).open(f"{url}/{words[number % 2]}", csrf_token=token),
        [(number,) for number in range(N)],
    )
    statuses = Counter(status for status, _text in answers)
    assert set(statuses) <= {200, 303}
    assert statuses[303] == 1
    state = site.query(f"SELECT state FROM liquor_terminal_transfer WHERE id = {world['transfer']}")
    new = site.query(
        "SELECT count(*) FROM liquor_channel_assignment"
        f" WHERE terminal_id = {world['shop']} AND distributor_id = {world['taker']}"
    )
    assert (state, new) in {("done", "1"), ("refused", "0")}


def test_one_draft_and_one_order(site, race, world):
    """Twenty pages put a case on the order at once: one draft; twenty order it: one order."""
    giver = Browser(site.url).login("race_giver")
    token = giver.token("/my/channel/order")
    form = {"csrf_token": token, f"q_{world['product']}": "1"}
    answers = race(
        lambda _n: Browser(site.url, giver.cookies).open("/my/channel/order", **form), [(n,) for n in range(N)]
    )
    assert {status for status, _text in answers} <= {200, 303}
    mine = f"sale_order WHERE partner_id = {world['giver']} AND liquor_ordered_by_id IS NOT NULL"
    assert site.query(f"SELECT count(*) FROM {mine} AND state = 'draft'") == "1"
    seen = site.query(f"SELECT to_char(amount_total, 'FM999990.00') FROM {mine}")
    answers = race(
        lambda _n: Browser(site.url, giver.cookies).open("/my/channel/order/confirm", csrf_token=token, seen=seen),
        [(n,) for n in range(N)],
    )
    assert Counter(status for status, _text in answers)[303] == 1
    assert site.query(f"SELECT count(*), min(state) FROM {mine}") == "1|sale"
