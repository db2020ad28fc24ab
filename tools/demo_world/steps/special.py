"""What differs between shops and regions: uplifts, one shop one policy, exclusive groups, checks, limits, growth."""

from datetime import timedelta

from odoo.fields import Command


def build(world) -> None:
    """Add to the regional maker what its simple policies do not have."""
    trade = world.regional
    _group(world, trade)
    _growth(world, trade)
    _goods(world, trade)
    _overlays(world, trade)
    _checks(world, trade)
    _limits(world, trade)


def _draft(world, trade, policy, terms):
    env = world.as_user("clerk", trade.company)
    record = env["liquor.policy"].create({**policy, "company_id": trade.company.id})
    return env["liquor.policy.version"].create({
        "policy_id": record.id,
        "currency_id": trade.company.currency_id.id,
        "date_start": world.calendar.first - timedelta(days=30),
        **terms,
    })


def _approve(world, trade, record) -> None:
    world.as_user("manager", trade.company)[record._name].browse(record.id).action_activate()


def _group(world, trade) -> None:
    """Two autumn rewards of which one shop gets the better, as drafts for next season."""
    group = world.as_user("clerk", trade.company)["liquor.policy.group"].create({
        "name": "中秋备货（二选一）",
        "choice": "best",
        "company_id": trade.company.id,
    })
    start = world.calendar.first + timedelta(days=100)
    for name, rate, star in (("中秋备货奖励", 6, False), ("中秋明星单品奖励", 5, True)):
        uplift = {
            "kind": "star_product",
            "percent": 50,
            "product_ids": [Command.link(trade.products["YQ-JC10"].id)],
        }
        _draft(
            world,
            trade,
            {"name": name, "beneficiary_kind": "terminal", "group_id": group.id},
            {"date_start": start, "rate": rate, "uplift_ids": [Command.create(uplift)] if star else []},
        )


def _growth(world, trade) -> None:
    """A growth rebate of the year with three conditions, in force."""
    tiers = [{"from_value": 0, "to_value": 20, "rate": 1}, {"from_value": 20, "rate": 2}]
    conditions = [
        {"kind": "minimum", "value": 300000},
        {"kind": "each_part", "value": 20},
        {"kind": "check", "check_kind": "diversion"},
    ]
    version = _draft(
        world,
        trade,
        {"name": "经销商年度增长返利", "kind": "growth", "beneficiary_kind": "distributor", "nature": "rebate"},
        {
            "basis": "paid_in",
            "measure": "amount",
            "rate_kind": "percent",
            "period": "year",
            "pay_at": "end",
            "baseline_minimum": 200000,
            "payable": "available",
            "tier_ids": [Command.create(values) for values in tiers],
            "condition_ids": [Command.create(values) for values in conditions],
        },
    )
    _approve(world, trade, version)


def _goods(world, trade) -> None:
    """10 + 1 in goods for distributors, a draft to approve."""
    _draft(
        world,
        trade,
        {"name": "开门红搭赠 10+1", "kind": "tiered", "beneficiary_kind": "distributor", "nature": "rebate"},
        {
            "date_start": world.calendar.first + timedelta(days=100),
            "basis": "ordered",
            "measure": "cases",
            "rate_kind": "goods",
            "goods_block": 10,
            "goods_product_id": trade.products["YQ-JC10"].id,
            "period": "quarter",
            "tier_ids": [Command.create({"from_value": 0, "rate": 1})],
        },
    )


def _overlays(world, trade) -> None:
    """A shop with a better rate, one with more on top, and one that waits for approval."""
    env = world.as_user("clerk", trade.company)
    wishes = (
        ("receipt", "rate", 10, "门头店，主干道，竞品正在进店"),
        ("opening", "strength", 20, "核心合作店，陈列二十瓶以上"),
        ("display", "cap", 9000, "申请提高季度上限"),
    )
    for number, (shop, (key, kind, value, reason)) in enumerate(zip(trade.shops[3:], wishes, strict=False)):
        overlay = env["liquor.policy.overlay"].create({
            "policy_id": trade.policies[key].id,
            "partner_id": world.partners[shop.number].id,
            "kind": kind,
            "value": value,
            "reason": reason,
            "date_start": world.calendar.first,
        })
        if number < 2:
            world.as_user("manager", trade.company)["liquor.policy.overlay"].browse(overlay.id).action_approve()


def _checks(world, trade) -> None:
    """The checks before the yearly rebate: one distributor did not pass."""
    env = world.as_user("finance", trade.company)
    env["liquor.policy.check"].create([
        {
            "company_id": trade.company.id,
            "partner_id": world.distributors[city].id,
            "kind": "diversion",
            "period_label": str(world.calendar.first.year),
            "passed": number != 1,
            "note": "稽查无未结案件" if number != 1 else "有一件窜货案件尚未结案",
        }
        for number, city in enumerate(trade.cities)
    ])


def _limits(world, trade) -> None:
    """Regional mode: what regions may promise by themselves."""
    trade.company.liquor_policy_mode = "regional"
    world.as_user("manager", trade.company)["liquor.policy.limit"].create([
        {
            "company_id": trade.company.id,
            "territory_id": world.territories[city].id,
            "beneficiary_kind": "terminal",
            "rate_kind": "per_case",
            "rate": rate,
            "cap_amount": 6000,
            "date_start": world.calendar.first,
        }
        for city, rate in zip(trade.cities, (15, 12, 12), strict=False)
    ])
