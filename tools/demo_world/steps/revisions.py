"""Policies that change: simulated before, re-rated from a past month, asked of head office above a region's limit."""

from datetime import time, timedelta

from odoo.fields import Command

from ..plan import terms
from ..plan.calendar import moment

CHAIN_TIERS = ((0, 20, 4), (20, 50, 7), (50, 0, 9))
#: reward a case that the region of Luoyang wants, its reason, and what head office said
WISHES = ((15, "竞品在洛阳县区加大投放", ""), (13, "洛阳牡丹节专项", "action_grant"), (20, "全年加码", "action_refuse"))
REGION = "4103"
#: fewer scanning shops make no two groups
FEWEST_SHOPS = 6


def plan(story, trade) -> None:
    """Write the changes of the last days into the diary."""
    calendar = story.world.calendar
    eve = calendar.today - timedelta(days=1)
    if trade is story.world.regional:
        story.at(moment(calendar.today - timedelta(days=4), time(10, 40)), rerate, trade)
        story.at(moment(eve, time(9, 40)), ask_head_office, trade)
    story.at(moment(eve, time(10, 50)), simulate, trade)
    story.at(moment(eve, time(11, 20)), try_out, trade)


def _draft(world, trade, key: str, first, values: dict):
    return world.as_user("clerk", trade.company)["liquor.policy.version"].create({
        **values,
        "policy_id": trade.policies[key].id,
        "currency_id": trade.company.currency_id.id,
        "date_start": first,
    })


def _kinds(world, codes):
    return [Command.set(world.env["liquor.terminal.kind"].search([("code", "in", codes)]).ids)]


def rerate(world, trade) -> None:
    """The middle tier of chains was agreed too low: from the month before on the differences are booked."""
    last_month = (world.calendar.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    tiers = [Command.create({"from_value": low, "to_value": high, "rate": rate}) for low, high, rate in CHAIN_TIERS]
    kinds = _kinds(world, ("key_account", "group_buyer", "online"))
    draft = _draft(
        world, trade, "chain", last_month, {**terms.MONTHLY_FLOW, "terminal_kind_ids": kinds, "tier_ids": tiers}
    )
    draft.action_simulate()
    draft.with_env(world.as_user("manager", trade.company)).action_rerate()


def simulate(world, trade) -> None:
    """What next year's reward of the receipt would have given in the last weeks, with its losers."""
    running = trade.policies["receipt"].version_ids.sorted("date_start")[-1:]
    values = terms.per_case("received", running.rate * 0.9, "available")
    draft = _draft(
        world, trade, "receipt", world.calendar.first + timedelta(days=120),
        {**values, "terminal_kind_ids": _kinds(world, terms.SCANNING)},
    )  # fmt: skip
    simulation = world.as_user("clerk", trade.company)["liquor.policy.simulation"].create({
        "version_id": draft.id,
        "date_from": world.calendar.today - timedelta(days=28),
        "date_to": world.calendar.today - timedelta(days=1),
    })
    simulation.action_simulate()


def try_out(world, trade) -> None:
    """A reward of openings was to be tried on half the scanning shops; looked back at, nothing but chance is seen."""
    calendar = world.calendar
    if sum(shop.scans and shop.state == "formal" for shop in trade.shops) < FEWEST_SHOPS:
        return
    values = terms.per_case("received", 6, "available")
    draft = _draft(
        world, trade, "receipt", calendar.first + timedelta(days=150),
        {**values, "terminal_kind_ids": _kinds(world, terms.SCANNING)},
    )  # fmt: skip
    pilot = world.as_user("clerk", trade.company)["liquor.policy.pilot"].create({
        "version_id": draft.id,
        "date_start": calendar.today - timedelta(days=15),
        "days": 14,
        "basis": "received",
    })
    pilot.action_draw()
    pilot.action_compare()


def ask_head_office(world, trade) -> None:
    """The region's manager wants more than his limit: one wish was granted, one refused, one waits."""
    region = _regional_manager(world, trade)
    first = world.calendar.today + timedelta(days=15)
    for rate, reason, decision in WISHES:
        policy = region["liquor.policy"].create({
            "name": f"洛阳收货加奖 {rate} 元（草拟）",
            "company_id": trade.company.id,
            "kind": "per_unit",
            "beneficiary_kind": "terminal",
        })
        version = region["liquor.policy.version"].create({
            **terms.per_case("received", rate, "pending", cap_amount=5000, period="quarter"),
            "policy_id": policy.id,
            "currency_id": trade.company.currency_id.id,
            "date_start": first,
            "territory_ids": [Command.set(world.territories[REGION].ids)],
        })
        version.action_ask_head_office(reason)
        if decision:
            asked = world.as_user("manager", trade.company)["liquor.policy.override"].search([
                ("version_id", "=", version.id)
            ])  # fmt: skip
            getattr(asked, decision)()


def _regional_manager(world, trade):
    """Return the environment of a manager of one city; nobody logs in as him."""
    users = world.env["res.users"].with_context(no_reset_password=True)
    world.users["regional"] = users.create({
        "name": "何敏（洛阳）",
        "login": "regional",
        "lang": "zh_CN",
        "tz": "Asia/Shanghai",
        "company_id": trade.company.id,
        "company_ids": [Command.set(trade.company.ids)],
        "group_ids": [Command.set(world.env.ref("liquor_channel.group_channel_manager").ids)],
        "liquor_territory_ids": [Command.set(world.territories[REGION].ids)],
    })
    return world.as_user("regional", trade.company)
