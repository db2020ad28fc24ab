"""One cause of each variance class V1 to V16 (channel.md d2), planted where nothing else touches it: in wine C.

Each function returns ``{(class, key of the cause): amount at stake}``, known by hand.
"""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command

from .facts import OPENED, PER_CASE, PRICE, SHIPPED, opening, receipt
from .world import LAST_DAY, MONTH, NEXT, World, at

CASE = PER_CASE * PRICE
#: days on which the month is settled, and on which it is matched and closed
SETTLED, CLOSED = NEXT + timedelta(days=1), NEXT + timedelta(days=9)
#: classes that wait: after so many days something is one
DAYS = {"v01": 5, "v02": 5, "v11": 5, "v12": 5}
CLERKS = ("v01", "v02", "v03", "v04", "v07", "v15", "v16")
HELD_BACK, TYPED, OVERDRAWN, SHARE = 16, 113, 200, 180


def owners(world: World) -> None:
    """Each class has somebody who looks after it: goods a clerk, money finance."""
    world.env["liquor.variance.rule"].create([
        {
            "company_id": world.company.id,
            "variance_class": f"v{number:02d}",
            "owner_id": world.users["clerk" if f"v{number:02d}" in CLERKS else "finance"].id,
            "days": DAYS.get(f"v{number:02d}", 30),
        }
        for number in range(1, 17)
    ])


def _sent(world: World, distributor: int, bottles: int) -> None:
    """A delivery of wine C."""
    order = world.env["sale.order"].create({
        "partner_id": world.distributors[distributor],
        "company_id": world.company.id,
        "order_line": [
            Command.create({"product_id": world.products["C"].id, "product_uom_qty": bottles, "price_unit": PRICE})
        ],
    })
    order.action_confirm()
    for move in order.picking_ids.move_ids:
        move.write({"quantity": bottles, "picked": True})
    order.picking_ids._action_done()
    order.date_order = at(SHIPPED)
    order.picking_ids.move_ids.date = at(SHIPPED)


def _earned(world: World, shop: int, amount: float, key: str, **values):
    """Something a shop earned that no policy booked by itself."""
    return world.env["liquor.earning"]._book([
        {
            "company_id": world.company.id,
            "partner_id": world.shops[shop],
            "beneficiary_kind": "terminal",
            "currency_id": world.company.currency_id.id,
            "amount": amount,
            "event_time": at(OPENED),
            "payable": "available",
            "fact_key": key,
            "component": "base",
            "idempotency_key": f"planted/{key}/{shop}",
            **values,
        }
    ])


def goods(world: World) -> dict:
    """V1 to V4 and V16: what was shipped, received and opened."""
    product, shops, distributors = world.products["C"].id, world.shops, world.distributors
    given = {1: 12, 2: PER_CASE, 4: PER_CASE, 5: PER_CASE, 15: PER_CASE}
    for distributor, bottles in given.items():
        _sent(world, distributor, bottles)
    ahead = {"device_time": at(MONTH + timedelta(days=8)) + timedelta(hours=2)}
    receipts = [
        receipt(world, "C", 0, shops[0], distributors[0]),  # V1: nobody sent him any; 12 bottles to 1 are V2
        receipt(world, "C", 1, shops[4], distributors[2], territory_id=world.away.id),
        receipt(world, "C", 2, shops[8], distributors[4]),
        receipt(world, "C", 3, shops[10], distributors[5]),
        receipt(world, "C", 4, shops[30], distributors[15], **ahead),
    ]
    events = world.env["liquor.scan.event"]._record(receipts)
    world.env["liquor.scan.event"]._record([opening(world, "C", 50, shops[6])])
    world.planted = {"twice": f"liquor.scan.event/{events[2]}", "void": f"liquor.scan.event/{events[3]}"}
    return {
        ("v01", f"flow/{distributors[0]}/{product}"): CASE,
        # with 13 % tax: amounts of deliveries are those of their order lines
        ("v02", f"flow/{distributors[1]}/{product}"): 12 * PRICE * 1.13,
        ("v03", f"place/{distributors[2]}/{shops[4]}"): CASE,
        ("v04", f"flow/{shops[6]}/{product}"): PRICE,
        ("v16", f"clock/{events[4]}"): CASE,
    }


def rewards(world: World) -> dict:
    """V5 to V8, V12 and V14: what was earned."""
    version = world.versions["receipt"].id
    twice, void = world.planted["twice"], world.planted["void"]
    _earned(world, 8, 15, twice, policy_version_id=version, bottles=6)
    again = _earned(world, 9, 15, twice, policy_version_id=version, bottles=6)
    undone = _earned(world, 10, 15, void)
    world.env["liquor.code.range"]._book(world.batches["C"], "void", 18, 23, reason="recalled")
    closed = world.env["res.partner"].create({"name": "Closed shop", "is_company": True})
    _earned(world, 11, 15, "planted/closed", partner_id=closed.id)
    wrong = _earned(world, 12, HELD_BACK, "planted/wrong", trace={"kind": "per_unit", "amount": "15.00"})
    funder = world.distributors[12]
    agreement = _consent(world, funder)
    carried = {"funder_id": funder, "funder_amount": SHARE, "agreement_id": agreement.id}
    _earned(world, 24, 600, "planted/share", **carried)
    world.planted |= {"again": again, "undone": undone, "wrong": wrong}
    fund = _fund(world, 1000)
    world.versions["opening"].policy_id.sudo().fund_id = fund
    return {
        ("v05", f"fact/{version}/terminal/{twice}"): 15,
        ("v06", f"void/{undone.id}"): 15,
        ("v07", f"role/{closed.id}/terminal"): 15,
        ("v08", f"earning/{wrong.id}"): 1,
        ("v12", f"share/{funder}"): SHARE,
        # 1,200 openings at 1.00 from a budget of 1,000.00
        ("v14", f"fund/{fund.id}"): OVERDRAWN,
    }


def _consent(world: World, distributor: int):
    """A distributor carries 30 % of a campaign of his own, by an agreement that he accepted."""
    env = world.env
    policy = env["liquor.policy"].create({"name": "Local", "company_id": world.company.id, "kind": "per_unit"})
    signer = env["res.users"].search([("login", "=", "scale_signer")])
    signer.partner_id.parent_id = distributor
    with freeze_time(at(MONTH)):
        agreement = env["liquor.agreement"].create({
            "kind": "co_funding",
            "company_id": world.company.id,
            "distributor_id": distributor,
            "date_start": MONTH,
            "line_ids": [Command.create({"share": 30, "policy_id": policy.id})],
        })
        agreement.action_send()
        agreement._accept(signer)
    return agreement


def _fund(world: World, amount: float):
    fund = world.env["liquor.fund"].create({"name": "Openings", "date_start": MONTH, "company_id": world.company.id})
    world.planted["fund"] = fund
    allocate(world, fund, amount)
    return fund


def allocate(world: World, fund, amount: float) -> None:
    """Give a fund budget: asked for by one of finance, approved by another."""
    transfer = world.user("finance", "liquor.fund.transfer").create({
        "fund_to_id": fund.id,
        "amount": amount,
        "reason": "Budget",
    })
    transfer.with_user(world.users["second_finance"]).action_approve()


def ledger(world: World, settlement, notes) -> dict:
    """V9, V10, V13 and V15, once the month is settled: a total, an entry, red letters that wait, a policy's end."""
    env = world.env
    env.flush_all()
    env.cr.execute("UPDATE liquor_settlement SET amount_total = amount_total + 1 WHERE id = %s", [settlement.id])
    accounts = env["liquor.account.mapping"]._accounts(world.company)
    other = env["account.account"].search([("account_type", "=", "asset_cash")], limit=1)
    typed = env["account.move"].create({
        "date": LAST_DAY,
        "line_ids": [
            Command.create({
                "account_id": accounts["reward_accrued"].id,
                "partner_id": world.shops[400],
                "balance": -TYPED,
            }),
            Command.create({"account_id": other.id, "balance": TYPED}),
        ],
    })
    typed.action_post()
    ended = world.versions["reported"]
    env.cr.execute("UPDATE liquor_policy_version SET date_end = %s WHERE id = %s", [MONTH, ended.id])
    env.invalidate_all()
    world.planted |= {"typed": typed, "settlement": settlement, "ended": ended}
    return {
        ("v09", f"settlement/{settlement.id}"): 1,
        ("v10", f"account/reward_accrued/{world.shops[400]}"): TYPED,
        ("v15", f"version/{ended.id}"): 60 * 12 * 2,
        **{("v13", f"note/{note.id}"): note.amount_total for note in notes},
    }
