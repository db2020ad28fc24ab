"""What waits for somebody this morning: deliveries to scan, orders to confirm, claims and withdrawals under way."""

from datetime import time, timedelta

from odoo.fields import Command

from ..plan.calendar import moment
from ..plan.flow import CASES_PER_PALLET
from .openings import caps

UNSHIPPED_CAPS = 4
WITHDRAWALS = 8


def plan(story, trade) -> None:
    """Write the last days' open ends into the diary."""
    today = story.world.calendar.today
    eve = today - timedelta(days=1)
    for number, city in enumerate(trade.cities):
        story.at(moment(eve, time(16, 10 + number)), order, trade, city, number == 0)
    story.at(moment(eve, time(18, 0)), quote, trade)
    story.at(moment(today - timedelta(days=4), time(21, 0)), open_unshipped, trade, 0)
    story.at(moment(today - timedelta(days=2), time(21, 0)), settle_waiting, trade)
    story.at(moment(eve, time(21, 30)), open_unshipped, trade, UNSHIPPED_CAPS)
    if trade is story.world.regional:
        for back in (9, 1):
            story.at(moment(today - timedelta(days=back), time(10, 0)), withdraw, trade, back)


def order(world, trade, city: str, uses_rebate: bool) -> None:
    """An order is confirmed and waits for the truck; one is scanned in part.

    Rebate and allowed claims are used where there are some.
    """
    record = _order(world, trade, city, pallets=2)
    if uses_rebate and record.liquor_rebate_usable:
        record.action_liquor_use_rebate()
    if record.liquor_expense_waiting:
        record.action_liquor_use_expenses()
    record.action_confirm()
    if not uses_rebate:
        lot = _spare(trade)
        picking = world.as_user("warehouse", trade.company)["stock.picking"].browse(record.picking_ids.ids)
        last = trade.flow.lots[lot].pallets - 1 - list(trade.cities).index(city)
        picking.liquor_scan([trade.batches[lot]._code("pallet", last)])


def quote(world, trade) -> None:
    """A quotation waits for the distributor's word, another was cancelled."""
    _order(world, trade, trade.cities[0], pallets=1)
    _order(world, trade, trade.cities[-1], pallets=1).action_cancel()


def _spare(trade) -> int:
    """Return the lot of which most stays in the warehouse."""
    lots = trade.flow.lots
    return max(range(len(lots)), key=lambda number: lots[number].cases - lots[number].next_case)


def _order(world, trade, city: str, pallets: int):
    item = trade.flow.lots[_spare(trade)].item
    return world.as_user("clerk", trade.company)["sale.order"].create({
        "partner_id": world.distributors[city].id,
        "company_id": trade.company.id,
        "order_line": [
            Command.create({
                "product_id": trade.products[item.code].id,
                "product_uom_qty": pallets * CASES_PER_PALLET * item.case,
                "price_unit": item.factory,
            })
        ],
    })


def open_unshipped(world, trade, offset: int) -> None:
    """Bottles are claimed that no upload has shipped yet: the reward waits."""
    lot = _spare(trade)
    first = trade.flow.lots[lot].next_case * trade.flow.lots[lot].item.case + offset
    units = caps(trade, [(lot, first + number) for number in range(UNSHIPPED_CAPS)])
    members = [trade.member_of[number] for number in sorted(trade.member_of)[:UNSHIPPED_CAPS]]
    world.env["liquor.code.claim"]._claim_many(list(zip(units, members, strict=True)))


def settle_waiting(world, trade) -> None:
    """What waited for a day without an upload is refused, as the hourly job does."""
    claims = world.env["liquor.code.claim"].sudo()
    for claim in claims.search([("company_id", "=", trade.company.id), ("state", "=", "waiting")]):
        claim._settle(world.clock.now - timedelta(hours=24))


def withdraw(world, trade, back: int) -> None:
    """Members take their cash-back out."""
    env = world.of_company(trade.company)
    members = env["liquor.member"].browse([trade.member_of[number].id for number in sorted(trade.member_of)[:40]])
    balances = env["liquor.cash.entry"].sudo()._balances(members)
    rich = sorted(balances, key=balances.get, reverse=True)[:WITHDRAWALS]
    for member in members.browse(rich):
        env["liquor.payee"]._store_account(
            trade.company, member.partner_id, "wechat", member.number, f"wx_demo_{member.number}"
        )
        env["liquor.cash.entry"]._withdraw(member, balances[member.id] // 2, f"demo/{member.id}/{back}")
