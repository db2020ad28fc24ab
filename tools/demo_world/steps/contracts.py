"""Contracts of distributors and shops, registrations, transfers and the state of markets: made through the services."""

from datetime import time, timedelta

from odoo.fields import Command

from ..plan import places
from ..plan.calendar import moment
from ..plan.shops import phone

DEPOSITS = {"4101": 200000, "4103": 100000, "4113": 80000}
QUARTER_CASES = {"4101": 3000, "4103": 1600, "4113": 1200}
DISPLAY, VOLUME, CASES = 600, 1200, 30
SIGNED_SHOPS = 6
JUDGED_AT = time(7, 45)


def build(world) -> None:
    """Sign contracts and ask for what waits this morning."""
    for trade in world.trades:
        _markets(world, trade)
        for city in trade.cities:
            _yearly(world, trade, city)
        _shops(world, trade)
        _newcomers(world, trade)
    _transfer(world, world.regional)
    _move(world, world.regional)


def plan(story, trade) -> None:
    """Write the judgement of displays into the diary; what is approved is accrued this morning."""
    story.at(moment(story.world.calendar.today, JUDGED_AT), judge, trade)


def judge(world, trade) -> None:
    """Judge the displays of signed shops and approve the first payment."""
    displays = world.as_user("clerk", trade.company)["liquor.agreement.payment"].search([
        ("company_id", "=", trade.company.id), ("kind", "=", "display"), ("agreement_id.state", "=", "accepted")
    ], limit=3)  # fmt: skip
    for row, verdict in zip(displays, ("kept", "partly", "kept"), strict=False):
        row.write({
            "verdict": verdict,
            "allowed_amount": DISPLAY / 2 if verdict == "partly" else 0,
            "verdict_reason": "主货架缺两面" if verdict == "partly" else "陈列符合约定",
        })
    displays[:1].with_env(world.as_user("manager", trade.company)).action_approve()


def refresh(world) -> None:
    """Measure the targets as of this morning."""
    for trade in world.trades:
        env = world.of_company(trade.company)
        env["liquor.agreement.target"].search([("company_id", "=", trade.company.id)])._refresh()


def _quarter(day) -> str:
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def _markets(world, trade) -> None:
    """Say how mature each city is, and where a famous brand attacks."""
    first = world.calendar.first
    values = [
        ("maturity", trade.cities[0], "mature", "渠道成熟，覆盖稳定"),
        ("under_attack", trade.cities[0], "attacked", "名酒在该区域加大投放，终端反馈强烈"),
    ]
    values += [("maturity", city, "growing", "终端数量持续增长") for city in trade.cities[1:]]
    world.as_user("manager", trade.company)["liquor.territory.status"].create([
        {
            "territory_id": world.territories[city].id,
            "company_id": trade.company.id,
            "kind": kind,
            "value": value,
            "date_start": first - timedelta(days=30),
            "reason": reason,
        }
        for kind, city, value, reason in values
    ])


def _yearly(world, trade, city) -> None:
    """A distributor signs his year: targets by quarter, products and territory, deposit."""
    year, last = world.calendar.first.year, world.calendar.today
    distributor = world.distributors[city]
    contract = world.as_user("clerk", trade.company)["liquor.agreement"].create({
        "kind": "distributor",
        "company_id": trade.company.id,
        "currency_id": trade.company.currency_id.id,
        "distributor_id": distributor.id,
        "date_start": f"{year}-01-01",
        "date_end": f"{last.year}-12-31",
        "deposit_due": DEPOSITS[city],
        "text": f"<p>{distributor.name} 在授权区域内经销约定产品，按季完成任务量；保证金 {DEPOSITS[city]:,} 元。</p>",
        "target_ids": [
            Command.create({"label": label, "measure": "cases", "basis": "shipped", "goal": QUARTER_CASES[city]})
            for label in sorted({_quarter(world.calendar.first), _quarter(last)})
        ]
        + [Command.create({"label": str(last.year), "measure": "amount", "basis": "invoiced", "goal": 8_000_000})],
        "right_ids": [Command.create({"territory_id": world.territories[city].id, "exclusive": True})],
    })
    contract.action_send()
    contract.sudo()._accept(world.user_of[distributor.id])


def _shops(world, trade) -> None:
    """Some shops sign for display and volume; the last one has not read it yet."""
    quarter = _quarter(world.calendar.today)
    shops = [shop for shop in trade.shops if world.partners[shop.number].id in world.user_of and shop.state == "formal"]
    contracts = world.as_user("clerk", trade.company)["liquor.agreement"].create([
        {
            "kind": "terminal",
            "company_id": trade.company.id,
            "currency_id": trade.company.currency_id.id,
            "terminal_id": world.partners[shop.number].id,
            "distributor_id": world.distributors[shop.city].id,
            "date_start": world.calendar.first,
            "date_end": f"{world.calendar.today.year}-12-31",
            "text": "<p>主货架陈列不少于八个面；按季进货达到约定件数，兑付包量奖励。</p>",
            "payment_ids": [
                Command.create({"label": quarter, "kind": "display", "amount": DISPLAY}),
                Command.create({
                    "label": quarter,
                    "kind": "volume",
                    "amount": VOLUME,
                    "goal_cases": CASES,
                    "floor_percent": 80,
                }),
            ],
        }
        for shop in shops[:SIGNED_SHOPS]
    ])
    contracts.action_send()
    for contract in contracts[:-1]:
        contract.sudo()._accept(world.user_of[contract.terminal_id.id])


def _newcomers(world, trade) -> None:
    """Shops that registered and wait; one of them is known already."""
    env = world.of_company(trade.company)
    city = trade.cities[0]
    link = env["liquor.registration.link"]._of_distributor(trade.company, world.distributors[city])
    kind = env["liquor.terminal.kind"].search([], limit=1)
    known = world.partners[trade.shops[0].number]
    county = world.territories[trade.shops[0].address.county]
    common = {"company": trade.company, "terminal_kind": kind, "link": link, "territory": county}
    roles = env["liquor.channel.role"]
    number = 9000 + 10 * world.trades.index(trade)
    roles._register_shop({
        **common, "name": "新源烟酒行", "phone": phone(137, number), "contact": "马建国", "phone_proven": True,
        "licence": "92410105MA45XK2N7Q", "street": f"{places.name_of(city)}文化路 18 号",
    })  # fmt: skip
    roles._register_shop({
        **common, "name": f"{known.name}（分店）", "phone": phone(137, number + 1), "phone_proven": True,
        "latitude": known.partner_latitude, "longitude": known.partner_longitude,
    })  # fmt: skip


def _transfer(world, trade) -> None:
    """A shop is asked for by another distributor, and waits for the giver's word."""
    shop = next(
        shop
        for shop in trade.shops
        if shop.city == trade.cities[0] and shop.state == "formal" and shop is not world.login_shop
    )
    transfer = world.as_user("clerk", trade.company)["liquor.terminal.transfer"].create({
        "terminal_id": world.partners[shop.number].id,
        "from_id": world.distributors[trade.cities[0]].id,
        "to_id": world.distributors[trade.cities[1]].id,
        "company_id": trade.company.id,
        "day": world.calendar.today + timedelta(days=10),
        "reason": "门店搬迁，离新经销商仓库更近",
    })
    transfer.action_ask()


def _move(world, trade) -> None:
    """A shop's street will belong to the neighbouring district: the manager plans its move ahead."""
    near = [shop for shop in trade.shops if shop.city == trade.cities[-1]]
    counties = {shop.address.county for shop in near}
    shop = [shop for shop in near if shop.state == "formal" and shop.scans and shop is not world.login_shop][-1]
    other = max(counties - {shop.address.county}, default=trade.cities[-1])
    env = world.as_user("manager", trade.company)
    env["liquor.role.move"].create({
        "role_id": world.partners[shop.number]._liquor_role("terminal", trade.company).id,
        "territory_id": world.territories[other].id,
        "date_start": world.calendar.today + timedelta(days=12),
        "reason": "街道划归相邻区县管理",
    })
