"""Budgets of both makers, who carries what, and what distributors are charged of their shares."""

from datetime import time, timedelta

from odoo.fields import Command

from ..plan.calendar import moment

#: policies whose brand's part the channel's budget carries, by maker
CARRIED = (("receipt", "opening", "yearly"), ("receipt", "yearly"))
#: a year's budget for 60 shops; it grows with them
BUDGET = {"channel": 800_000, "member_operations": 200_000}
#: a charge lies this many days back: the statements of the month before are sent by then
CHARGED_BEFORE = 2


def plan(story, trade) -> None:
    """Write budgets, further budgets and the collection of shares into the diary."""
    calendar = story.world.calendar
    story.at(moment(calendar.first, time(7, 30)), set_up, trade)
    story.at(moment(calendar.first + timedelta(days=40), time(9, 30)), ask_for_more, trade)
    story.at(moment(calendar.today - timedelta(days=CHARGED_BEFORE), time(8, 30)), charge, trade)


def set_up(world, trade) -> None:
    """One budget for the channel and one for member operations, each approved by another person."""
    company = trade.company
    finance, executive = world.as_user("finance", company), _executive(world, company)
    funds = finance["liquor.fund"].create([
        {"name": "渠道费用池", "company_id": company.id, "date_start": world.calendar.first, "kind": "channel"},
        {
            "name": "用户运营预算",
            "company_id": company.id,
            "date_start": world.calendar.first,
            "kind": "member_operations",
        },
    ])
    approvers = (world.as_user("controller", company), executive)
    for fund, approver in zip(funds, approvers, strict=True):
        amount = BUDGET[fund.kind] * max(1, len(world.shops) / 60)
        _transfer(finance, fund, amount, "年度预算", approver, "action_approve")
    trade.funds = {fund.kind: fund.with_env(world.of_company(company)) for fund in funds}
    trade.program.with_env(world.of_company(company)).fund_id = trade.funds["member_operations"]
    for key in CARRIED[world.trades.index(trade)]:
        trade.policies[key].fund_id = trade.funds["channel"]


def ask_for_more(world, trade) -> None:
    """Finance asks for more: one budget is refused, another one waits."""
    finance = world.as_user("finance", trade.company)
    fund = trade.funds["channel"].with_env(finance)
    controller = world.as_user("controller", trade.company)
    _transfer(finance, fund, 300_000, "双节加码（全国）", controller, "action_refuse")
    _transfer(finance, fund, 60_000, "旺季追加")


def _transfer(finance, fund, amount: float, reason: str, decider=None, decision: str = "") -> None:
    transfer = finance["liquor.fund.transfer"].create({
        "company_id": fund.company_id.id,
        "fund_to_id": fund.id,
        "amount": amount,
        "reason": reason,
    })
    if decider:
        getattr(decider["liquor.fund.transfer"].browse(transfer.id), decision)()


def charge(world, trade) -> None:
    """Finance collects what distributors owe of shares; of the first one the charge waits for the controller."""
    charges = world.as_user("finance", trade.company)["liquor.charge"]
    charges.action_collect()
    waiting = charges.search([("company_id", "=", trade.company.id), ("state", "=", "draft")], order="id")
    home = world.distributors[trade.cities[0]]
    decided = waiting.filtered(lambda one: trade is world.national or one.distributor_id != home)
    decided.with_env(world.as_user("controller", trade.company)).action_post()


def _executive(world, company):
    """Return the environment of an executive of no sales group, who decides about member operations.

    Nobody logs in as him.
    """
    if "executive" not in world.users:
        companies = world.regional.company | world.national.company
        users = world.env["res.users"].with_context(no_reset_password=True)
        world.users["executive"] = users.create({
            "name": "雷振",
            "login": "executive",
            "lang": "zh_CN",
            "tz": "Asia/Shanghai",
            "company_id": world.regional.company.id,
            "company_ids": [Command.set(companies.ids)],
            "group_ids": [Command.set(world.env.ref("liquor_member.group_executive").ids)],
        })
    return world.as_user("executive", company)
