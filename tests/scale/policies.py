"""Twelve policies, and by plain arithmetic what each must give for the planted month."""

from collections import defaultdict
from decimal import Decimal
from functools import partial

from odoo import Command
from odoo.tests import new_test_user

from . import facts
from .facts import CASES_A, CASES_B, OPENED_EACH, PER_CASE, REPORTED_BOTTLES, REPORTERS, YEAR_BEFORE
from .world import DISTRIBUTORS, LAST_DAY, MONTH, SHOPS, World

#: the first so many distributors have a target of 50,000.00 in orders; the first so many shops a display
WITH_TARGET, TARGET, WITH_DISPLAY, DISPLAY = 30, 50_000, 100, 300
#: the first so many distributors get one bottle of B for twelve, worth the factory price
WITH_GOODS, BOTTLE = 60, 800
NET = {"measure": "amount", "rate_kind": "percent", "tax_basis": "excluded"}


def build(world: World) -> None:
    """Make the policies and put them in force."""
    _targets(world)
    shops = {"beneficiary_kind": "terminal", "nature": "reward"}
    make = partial(_version, world)
    make("receipt", "per_unit", basis="received", measure="bottles", rate=2.5, **shops)
    make("opening", "per_unit", basis="opened", measure="bottles", rate=1, **shops)
    make("service", "per_unit", basis="received", measure="cases", rate=1)
    make("turnover", "tiered", [(0, 50_000, 1), (50_000, 80_000, 2), (80_000, 0, 3)], basis="invoiced", **NET)
    make("steps", "tiered", [(0, 8, 10), (8, 12, 20), (12, 0, 30)], basis="shipped", method="progressive")
    make("growth", "growth", [(0, 50, 1), (50, 0, 2)], basis="invoiced", **NET)
    make("target", "target", [(90, 100, 1), (100, 0, 2)], basis="ordered", **NET)
    display = [Command.set(world.shops[:WITH_DISPLAY])]
    make("display", "fixed", basis="received", rate=DISPLAY, partner_ids=display, **shops)
    goods = {"rate_kind": "goods", "goods_block": 12, "goods_product_id": world.products["B"].id}
    goods["partner_ids"] = [Command.set(world.distributors[:WITH_GOODS])]
    make("goods", "tiered", [(0, 0, 1)], basis="shipped", measure="bottles", names="B", **goods)
    make("reported", "per_unit", basis="reported", measure="bottles", rate=2)
    make("delivery", "per_unit", basis="shipped", rate=0.5, **NET)
    make("volume", "tiered", [(0, 4, 1), (4, 6, 2), (6, 0, 3)], basis="received", **shops)
    world.env.flush_all()


def _version(world, key, kind, tiers=(), names="AB", beneficiary_kind="distributor", nature="rebate", **values):
    """Terms written by the clerk and put in force by the manager."""
    policy = world.user("clerk", "liquor.policy").create({
        "name": f"Scale {key}",
        "company_id": world.company.id,
        "kind": kind,
        "beneficiary_kind": beneficiary_kind,
        "nature": nature,
    })
    version = world.user("clerk", "liquor.policy.version").create({
        "policy_id": policy.id,
        "date_start": MONTH.replace(year=MONTH.year - 2),
        "period": "month",
        "payable": "available",
        "product_ids": [Command.set([world.products[name].id for name in names])],
        "tier_ids": [Command.create({"from_value": low, "to_value": high, "rate": rate}) for low, high, rate in tiers],
        **values,
    })
    version.with_user(world.users["manager"]).action_activate()
    world.versions[key] = world.env["liquor.policy.version"].browse(version.id)


def _targets(world: World) -> None:
    """Yearly contracts of the first distributors, accepted by a person who signs for each of them in turn."""
    user = new_test_user(world.env, "scale_signer", groups="base.group_portal")
    for place in range(WITH_TARGET):
        partner = world.env["res.partner"].browse(world.distributors[place])
        user.partner_id.parent_id = partner
        contract = world.env["liquor.agreement"].create({
            "kind": "distributor",
            "company_id": world.company.id,
            "distributor_id": partner.id,
            "date_start": MONTH.replace(month=1, day=1),
            "date_end": MONTH.replace(month=12, day=31),
            "text": "<p>Yearly contract</p>",
            "target_ids": [
                Command.create({"label": f"{MONTH:%Y-%m}", "goal": TARGET, "measure": "amount", "basis": "ordered"})
            ],
        })
        contract.action_send()
        contract._accept(user)


def earn(world: World) -> None:
    """What happens when facts arrive and when the month's end is computed."""
    policies = world.env["liquor.policy"]
    policies._earn(facts.movements(world, "received", "opened", "reported", "shipped"))


def bring_up_to_date(world: World) -> None:
    """Period policies, up to the last day of the month."""
    versions = [version for version in world.versions.values() if version.kind != "per_unit"]
    for version in versions:
        version._bring_up_to_date(LAST_DAY)


# ------------------------------------------------------------------ by hand
def expected() -> dict[str, dict[tuple[str, int], Decimal]]:
    """What each policy owes: ``{policy: {("D" or "T", number of the party): amount}}``, from the planted facts."""
    owed: dict = defaultdict(lambda: defaultdict(Decimal))
    for number in range(DISTRIBUTORS):
        size, party = number % 3, ("D", number)
        cases = CASES_A[size] + CASES_B
        net = Decimal(cases * PER_CASE * 1000)
        owed["service"][party] += cases
        # 36,000: 1 %, 60,000: 2 %, 84,000: 3 % of all
        owed["turnover"][party] += net * (1, 2, 3)[size] / 100
        # 6 cases: 60; 10 cases: 80 + 2 x 20; 14 cases: 80 + 4 x 20 + 2 x 30
        owed["steps"][party] += (60, 120, 220)[size]
        if size in YEAR_BEFORE:
            # 10,000 over 50,000 is 20 %: 1 %; 44,000 over 40,000 is 110 %: 2 % of the growth
            owed["growth"][party] += (net - YEAR_BEFORE[size]) * size / 100
        if number < WITH_TARGET and size:
            # 60,000 and 84,000 of 50,000: 2 % of all; 36,000 is 72 %: nothing
            owed["target"][party] += net * 2 / 100
        if number < WITH_GOODS:
            owed["goods"][party] += BOTTLE
        owed["delivery"][party] += net / 200
        if number < REPORTERS:
            owed["reported"][party] += 2 * REPORTED_BOTTLES
    for number in range(SHOPS):
        size, party = number // 2 % 3, ("T", number)
        cases = (CASES_A[size] + CASES_B) // 2
        owed["receipt"][party] += cases * PER_CASE * Decimal("2.5")
        owed["opening"][party] += OPENED_EACH
        owed["volume"][party] += cases * (1, 2, 3)[size]  # 3 x 1, 5 x 2, 7 x 3
        if number < WITH_DISPLAY:
            owed["display"][party] += DISPLAY
    return {policy: dict(parties) for policy, parties in owed.items()}
