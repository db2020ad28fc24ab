"""Price ladders, policies and agreements: written by the clerk, put in force by the manager."""

from datetime import timedelta

from odoo.fields import Command

from ..plan import terms

PLANS = (terms.REGIONAL, terms.NATIONAL)
# What a distributor carries in all, for each shop of the maker.
CAP_PER_SHOP = 350
# Where a share comes from, in this order; only the second distributor also accepted to owe it.
SOURCES = {
    "4101": ("rebate", "deposit", "prepayment"),
    "4103": ("rebate", "deposit", "open"),
    "4113": ("rebate", "deposit"),
}
RUNGS = ("factory", "terminal", "group", "retail", "market")


def build(world) -> None:
    """Set up accounts, prices, policies and agreements of both makers."""
    for trade, plan in zip(world.trades, PLANS, strict=True):
        world.of_company(trade.company)["liquor.account.mapping"]._ensure_accounts(trade.company)
        _ladders(world, trade)
        trade.policies = {policy.key: _policy(world, trade, policy) for policy in plan}
        _agreements(world, trade)


def _ladders(world, trade) -> None:
    """Write the price ladder: one that has ended, the one in force, and a better one in the third city."""
    first = world.calendar.first
    values = []
    for item in trade.goods:
        prices = {f"price_{rung}": getattr(item, rung) for rung in RUNGS}
        common = {"product_id": trade.products[item.code].id, "company_id": trade.company.id}
        old = {name: round(price * 0.95) for name, price in prices.items()}
        values.append({**common, **old, "date_start": first - timedelta(300), "date_end": first - timedelta(61)})
        values.append({**common, **prices, "date_start": first - timedelta(60)})
        if "4113" in trade.cities:
            values.append({
                **common,
                **prices,
                "price_terminal": item.terminal - 4,
                "territory_id": world.territories["4113"].id,
                "date_start": first - timedelta(60),
            })
    world.as_user("manager", trade.company)["liquor.price.ladder"].create(values)


def _policy(world, trade, plan):
    env = world.as_user("clerk", trade.company)
    policy = env["liquor.policy"].create({
        "name": plan.name,
        "company_id": trade.company.id,
        "kind": plan.kind,
        "beneficiary_kind": plan.beneficiary,
        "nature": plan.nature,
        # what a person earns is taxed; what a shop gets is a discount of what it bought
        "tax_treatment": "withheld" if plan.beneficiary == "guide" else "discount",
    })
    for version in plan.versions:
        draft = env["liquor.policy.version"].create(_version_values(world, trade, policy, version))
        if version.active:
            manager = world.as_user("manager", trade.company)
            manager["liquor.policy.version"].browse(draft.id).action_activate()
    return policy.with_env(world.of_company(trade.company))


def _version_values(world, trade, policy, version) -> dict:
    kinds = world.env["liquor.terminal.kind"].search([("code", "in", version.kinds)])
    first = world.calendar.first
    return {
        **version.terms,
        "policy_id": policy.id,
        "currency_id": trade.company.currency_id.id,
        "date_start": first + timedelta(days=version.first),
        "date_end": first + timedelta(days=version.last) if version.last is not None else False,
        "terminal_kind_ids": [Command.set(kinds.ids)] if version.kinds else [],
        "product_ids": [Command.set([trade.products[code].id for code in version.products])],
        "tier_ids": [
            Command.create({"from_value": low, "to_value": high, "rate": rate}) for low, high, rate in version.tiers
        ],
    }


def _agreements(world, trade) -> None:
    """Send each distributor his agreement; those who do not wait accept it in their portal."""
    env = world.as_user("clerk", trade.company)
    for city in trade.cities:
        share, key = terms.SHARES[city]
        distributor = world.distributors[city]
        agreement = env["liquor.agreement"].create({
            "distributor_id": distributor.id,
            "company_id": trade.company.id,
            "currency_id": trade.company.currency_id.id,
            "date_start": world.calendar.first,
            "text": f"<p>经销商承担终端扫码奖励的 {share}%，按月结算，从返利账户抵扣。</p>",
            "source_ids": [
                Command.create({"sequence": number, "kind": kind}) for number, kind in enumerate(SOURCES[city])
            ],
            "line_ids": [
                Command.create({
                    "share": share,
                    "policy_id": trade.policies[key].id if key else False,
                    "cap_amount": CAP_PER_SHOP * len(trade.shops),
                })
            ],
        })
        agreement.action_send()
        if city not in terms.WAITING:
            agreement.sudo()._accept(world.user_of[distributor.id])
    _expired_agreement(world, trade)


def _expired_agreement(world, trade) -> None:
    """Keep an agreement of last year, so that the list also holds one that ran out."""
    env = world.as_user("clerk", trade.company)
    distributor = world.distributors[trade.cities[0]]
    old = env["liquor.agreement"].create({
        "distributor_id": distributor.id,
        "company_id": trade.company.id,
        "currency_id": trade.company.currency_id.id,
        "date_start": world.calendar.first - timedelta(days=400),
        "date_end": world.calendar.first - timedelta(days=36),
        "line_ids": [Command.create({"share": 20, "cap_amount": 10000})],
    })
    old.action_send()
    old.sudo()._accept(world.user_of[distributor.id])
