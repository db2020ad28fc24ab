"""Codes for every lot: ordered from a printer, issued, handed over, activated when the rolls arrive."""

from datetime import timedelta

from odoo.fields import Command

from ..plan.flow import CASES_PER_PALLET

PRINTER = "云城安全印务有限公司"
LEVELS = (("cap_inner", 1), ("cap_outer", 1), ("case_inner", 0), ("case_outer", 0), ("pallet", CASES_PER_PALLET))


def build(world) -> None:
    """Make the production lots and the codes of both makers."""
    for trade in world.trades:
        schemes = {item.case: _scheme(world, item.case) for item in trade.items}
        printer = world.of_company(trade.company)["res.partner"].create({
            "name": PRINTER,
            "is_company": True,
            "company_id": trade.company.id,
            "supplier_rank": 1,
        })
        lots = _lots(world, trade)
        env = world.as_user("manager", trade.company)
        for lot, record in zip(trade.flow.lots, lots, strict=True):
            trade.lots.append(record)
            trade.batches.append(_issue(world, trade, env, lot, record, printer, schemes[lot.item.case]))
        _leftovers(world, trade, env, printer, schemes)


def _scheme(world, case: int):
    """Return the packing scheme with cases of ``case`` bottles; the one that ships is for six."""
    schemes = world.env["liquor.code.scheme"]
    shipped = world.env.ref("liquor_scan.scheme_cap_case")
    if shipped.bottles_per_case == case:
        return shipped
    name = f"盖内-盖外-箱内-箱外-垛（每件{case}瓶）"
    return schemes.search([("name", "=", name)], limit=1) or schemes.create({
        "name": name,
        "sequence": 30,
        "level_ids": [
            Command.create({
                "sequence": number,
                "kind": kind,
                "bottles": 1 if size == 1 else case * (size or 1),
            })
            for number, (kind, size) in enumerate(LEVELS, start=1)
        ],
    })


def _lots(world, trade):
    return world.of_company(trade.company)["stock.lot"].create([
        {
            "name": lot.name,
            "product_id": trade.products[lot.item.code].id,
            "company_id": trade.company.id,
        }
        for lot in trade.flow.lots
    ])


def _order(trade, env, product, bottles: int, printer, scheme, **more):
    return env["liquor.print.order"].create({
        "company_id": trade.company.id,
        "supplier_id": printer.id,
        "product_id": product.id,
        "scheme_id": scheme.id,
        "quantity": bottles,
        "over_issue": 0,
        **more,
    })


def _issue(world, trade, env, lot, record, printer, scheme):
    """Order the codes of one lot and activate its rolls."""
    product = trade.products[lot.item.code]
    order = _order(trade, env, product, lot.bottles, printer, scheme, lot_id=record.id, bottled_on=lot.bottled)
    order.action_issue()
    batch = order.batch_ids
    env["liquor.code.range"]._book(batch, "active", 0, batch.bottles - 1, roll=f"卷 {lot.name}")
    return batch.sudo()


def _leftovers(world, trade, env, printer, schemes) -> None:
    """Leave what a list also holds: a draft, an order that is partly active, a voided roll, a cancelled order."""
    item = trade.items[0]
    product, scheme = trade.products[item.code], schemes[item.case]
    pallet = item.case * CASES_PER_PALLET
    _order(trade, env, product, 4 * pallet, printer, scheme, note="明年一季度用码，待下单")
    partly = _order(trade, env, product, 4 * pallet, printer, scheme, bottled_on=world.calendar.today - timedelta(3))
    partly.action_issue()
    ranges = env["liquor.code.range"]
    ranges._book(partly.batch_ids, "active", 0, pallet - 1, roll="卷 A1")
    ranges._book(partly.batch_ids, "void", pallet, pallet + 359, roll="卷 A2", reason="印刷模糊，整卷作废")
    dropped = _order(trade, env, product, pallet, printer, scheme, note="尺寸有误")
    dropped.action_issue()
    dropped.action_cancel()
