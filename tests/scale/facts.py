"""A month of facts, planted: orders, deliveries, invoices, receipts, openings, flow reports.

Distributor ``n`` is of size ``n % 3``: he orders, gets and is invoiced 4, 8 or 12 cases of A and 2 of B; his two shops
receive half of it each, and each opens two bottles of A.
"""

import base64
from datetime import timedelta

from tools.bench.database import multiply, number

from odoo import Command, fields

from .world import DISTRIBUTORS, MONTH, SHOPS, World, at

CASES_A, CASES_B, PER_CASE, PRICE = (4, 8, 12), 2, 6, 1000
ORDERED, SHIPPED, INVOICED = (MONTH + timedelta(days=days) for days in (2, 4, 5))
RECEIVED, OPENED, REPORTED = (MONTH + timedelta(days=days) for days in (8, 15, 18))
#: the year before: net amount invoiced to distributors of each size in the same month
YEAR_BEFORE = {1: 50_000, 2: 40_000}
#: the first so many distributors report 12 bottles each
REPORTERS, REPORTED_BOTTLES = 60, 12
OPENED_EACH = 2


def size_of(distributor: int) -> int:
    """Size of the distributor with that number."""
    return distributor % 3


def cases_of(distributor: int) -> int:
    """Cases of A and B that he ordered, got and was invoiced."""
    return CASES_A[size_of(distributor)] + CASES_B


def net_of(distributor: int) -> int:
    """What he was invoiced without tax."""
    return cases_of(distributor) * PER_CASE * PRICE


def build(world: World) -> None:
    """Write the month."""
    _codes(world)
    for size in range(len(CASES_A)):
        _trade(world, size)
    for size, net in YEAR_BEFORE.items():
        _last_year(world, size, net)
    _scans(world)
    _reports(world)


# ------------------------------------------------------------------ orders, deliveries, invoices
def _trade(world: World, size: int) -> None:
    """One order of a size with its delivery and invoice through the services, the others of that size like it."""
    env = world.env
    partners = world.distributors[size :: len(CASES_A)]
    quantities = {"A": CASES_A[size] * PER_CASE, "B": CASES_B * PER_CASE}
    order = env["sale.order"].create({
        "partner_id": partners[0],
        "company_id": world.company.id,
        "order_line": [
            Command.create({"product_id": world.products[name].id, "product_uom_qty": quantity, "price_unit": PRICE})
            for name, quantity in quantities.items()
        ],
    })
    order.action_confirm()
    order.date_order = at(ORDERED)
    moves = order.picking_ids.move_ids
    for move in moves:
        move.write({"quantity": move.product_uom_qty, "picked": True})
    order.picking_ids._action_done()
    moves.date = at(SHIPPED)
    bill = invoice(world, partners[0], INVOICED, quantities)
    env.flush_all()
    copy_orders(world, order, moves, partners[1:], f"S{size}")
    copy_bills(world, bill, partners[1:], f"I{size}")


def copy_orders(world: World, order, moves, partners: list[int], mark: str) -> None:
    """Give each partner an order with deliveries like this one."""
    cursor = world.env.cr
    number(cursor, f"scale_buyer_{mark}", partners)
    buyer = f"(SELECT id FROM scale_buyer_{mark} WHERE n = i)"
    columns = dict.fromkeys(("partner_id", "partner_invoice_id", "partner_shipping_id"), buyer)
    orders = multiply(cursor, "sale_order", order.id, len(partners), name=f"'SCALE/{mark}/' || i", **columns)
    number(cursor, f"scale_order_{mark}", orders)
    for line in order.order_line:
        own = f"(SELECT id FROM scale_order_{mark} WHERE n = i)"
        lines = multiply(
            cursor, "sale_order_line", line.id, len(partners), order_id=own, order_partner_id=buyer
        )  # fmt: skip
        number(cursor, f"scale_line_{mark}_{line.id}", lines)
        for move in moves.filtered(lambda one, line=line: one.sale_line_id == line):
            multiply(
                cursor,
                "stock_move",
                move.id,
                len(partners),
                sale_line_id=f"(SELECT id FROM scale_line_{mark}_{line.id} WHERE n = i)",
                partner_id=buyer,
            )
    world.env.invalidate_all()


def invoice(world: World, partner: int, day, quantities: dict[str, float], price: float = PRICE):
    """Post an invoice."""
    bill = world.env["account.move"].create({
        "move_type": "out_invoice",
        "partner_id": partner,
        "company_id": world.company.id,
        "invoice_date": day,
        "date": day,
        "liquor_buyer_use": "used",
        "invoice_line_ids": [
            Command.create({
                "product_id": world.products[name].id,
                "quantity": quantity,
                "price_unit": price,
                "tax_ids": [Command.set(world.tax.ids)],
            })
            for name, quantity in quantities.items()
        ],
    })
    bill.action_post()
    return bill


def copy_bills(world: World, bill, partners: list[int], mark: str) -> None:
    """Give each partner a posted invoice like this one."""
    cursor = world.env.cr
    world.env.flush_all()
    number(cursor, f"scale_payer_{mark}", partners)
    payer = f"(SELECT id FROM scale_payer_{mark} WHERE n = i)"
    bills = multiply(
        cursor,
        "account_move",
        bill.id,
        len(partners),
        name=f"'SCALE/{mark}/' || i",
        partner_id=payer,
        commercial_partner_id=payer,
        partner_shipping_id=payer,
    )
    number(cursor, f"scale_bill_{mark}", bills)
    own = f"(SELECT id FROM scale_bill_{mark} WHERE n = i)"
    for item in bill.line_ids:
        items = multiply(
            cursor,
            "account_move_line",
            item.id,
            len(partners),
            move_id=own,
            partner_id=payer,
            move_name=f"'SCALE/{mark}/' || i",
        )
        cursor.execute(
            "INSERT INTO account_move_line_account_tax_rel (account_move_line_id, account_tax_id)"
            " SELECT item, account_tax_id FROM account_move_line_account_tax_rel, unnest(%s) item"
            " WHERE account_move_line_id = %s",
            [items, item.id],
        )
    world.env.invalidate_all()


def _last_year(world: World, size: int, net: int) -> None:
    """The same month of the year before, for the growth policy."""
    partners = world.distributors[size :: len(CASES_A)]
    day = INVOICED.replace(year=INVOICED.year - 1)
    bill = invoice(world, partners[0], day, {"A": 10}, price=net / 10)
    copy_bills(world, bill, partners[1:], f"Y{size}")


# ------------------------------------------------------------------ codes and scans
def _codes(world: World) -> None:
    """Print and activate as many codes as the month needs, and some for what is planted."""
    env = world.env
    printer = env["res.partner"].create({"name": "Printer"})
    bottles = {"A": sum(CASES_A) * DISTRIBUTORS // 3 * PER_CASE, "B": CASES_B * DISTRIBUTORS * PER_CASE, "C": 360}
    for name, quantity in bottles.items():
        product = world.products[name]
        product.tracking = "lot"
        lot = env["stock.lot"].create({"name": f"LOT-{name}", "product_id": product.id, "company_id": world.company.id})
        product.tracking = "none"
        order = env["liquor.print.order"].create({
            "company_id": world.company.id,
            "supplier_id": printer.id,
            "product_id": product.id,
            "lot_id": lot.id,
            "quantity": quantity,
            "over_issue": 0,
            "scheme_id": env.ref("liquor_scan.scheme_cap_case").id,
        })
        order.action_issue()
        world.batches[name] = order.batch_ids
        env["liquor.code.range"]._book(order.batch_ids, "active", 0, order.batch_ids.bottles - 1)


def receipt(world: World, name: str, index: int, shop: int, distributor: int, **values) -> dict:
    """One case that a shop scans in; ids of shop and distributor."""
    return {
        **_event(world, name, 6, index, RECEIVED),
        "kind": "receive",
        "fact_kind": "received",
        "code_kind": "case_outer",
        "amount": PER_CASE * PRICE,
        "party_id": shop,
        "party_kind": "terminal",
        "counterparty_id": distributor,
        "counterparty_kind": "distributor",
        "holder_id": shop,
        "holder_kind": "terminal",
        "custody_state": "held",
        **values,
    }


def opening(world: World, name: str, index: int, shop: int, **values) -> dict:
    """One bottle that a guest opens in a shop."""
    return {
        **_event(world, name, 1, index, OPENED),
        "kind": "open",
        "fact_kind": "opened",
        "code_kind": "cap_inner",
        "amount": PRICE,
        "party_kind": "consumer",
        "counterparty_id": shop,
        "counterparty_kind": "terminal",
        "holder_kind": "consumer",
        "custody_state": "gone",
        **values,
    }


def _event(world: World, name: str, level: int, index: int, day) -> dict:
    return {
        "company_id": world.company.id,
        "status": "accepted",
        "batch_id": world.batches[name].id,
        "level": level,
        "unit_index": index,
        "product_id": world.products[name].id,
        "bottles": level,
        "user_id": world.env.uid,
        "event_time": at(day),
        "device_time": at(day),
        "received_time": at(day),
        "business_day": day,
        "source": "portal",
        "place_source": "none",
        "territory_id": world.county.id,
        "currency_id": world.company.currency_id.id,
        "purpose": "normal",
    }


def _scans(world: World) -> None:
    """Every case is received, half by each of the distributor's shops; each shop opens two bottles."""
    receipts, openings, used = [], [], {"A": 0, "B": 0}
    for shop in range(SHOPS):
        own = world.distributor_of(shop)
        given = {"A": CASES_A[size_of(own)] // 2, "B": CASES_B // 2}
        first_bottle = used["A"] * PER_CASE
        for name, count in given.items():
            numbers = range(used[name], used[name] + count)
            receipts += [receipt(world, name, one, world.shops[shop], world.distributors[own]) for one in numbers]
            used[name] += count
        openings += [opening(world, "A", first_bottle + one, world.shops[shop]) for one in range(OPENED_EACH)]
    world.env["liquor.scan.event"]._record(receipts)
    world.env["liquor.scan.event"]._record(openings)


# ------------------------------------------------------------------ flow reports
def _reports(world: World) -> None:
    """The first distributors report what their shops' customers bought."""
    header = "日期,商品编码,数量,单位,客户,类型,单号,金额"
    for place in range(REPORTERS):
        row = f"{REPORTED:%Y-%m-%d},SCALE-A,{REPORTED_BOTTLES},瓶,,,CK{place},"
        report = world.user("clerk", "liquor.flow.report").create({
            "partner_id": world.distributors[place],
            "file": base64.b64encode(f"{header}\n{row}\n".encode()),
            "filename": f"flow{place}.csv",
        })
        report.action_read()
        report._load_now()
        assert report.state == "loaded", report.preview
    world.env.flush_all()


def movements(world: World, *kinds: str) -> list[dict]:
    """Facts of the month."""
    last = fields.Date.end_of(MONTH, "month")
    return world.env["liquor.flow.fact"]._facts([
        ("kind", "in", kinds),
        ("business_day", ">=", MONTH),
        ("business_day", "<=", last),
    ])
