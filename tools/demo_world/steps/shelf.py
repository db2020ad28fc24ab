"""What the packing hall and the warehouse leave behind: line files, sample checks, new labels, counts, leaked codes."""

from datetime import time, timedelta

from odoo.fields import Command

from ..plan import shelf
from ..plan.calendar import iso, moment
from ..plan.flow import CASES_PER_PALLET
from .incidents import _take

LINE = "灌装二线"
EVERY = 20
CHECKED = CASES_PER_PALLET // EVERY
LABELS = (("外箱标签被叉车刮破", True), ("箱码沾水无法识读", False), ("外箱标签脱落，待补贴", None))


def plan(story, trade) -> None:
    """Write the days of the packing hall into the diary of the regional maker."""
    if trade is not story.world.regional:
        return
    today = story.world.calendar.today
    for back, at, happening in (
        (24, time(8, 20), store_pallets),
        (24, time(8, 40), order_spare_labels),
        (21, time(9, 0), load_line_files),
        (18, time(9, 30), check_rolls),
        (15, time(10, 20), replace_labels),
        (10, time(15, 30), move_to_places),
        (9, time(16, 30), count_places),
        (7, time(12, 30), show_unprinted),
        (1, time(12, 10), show_unprinted),
    ):
        story.at(moment(today - timedelta(days=back), at), happening, trade)


def batch_of(trade):
    """Return the code batch of the goods on the shelf."""
    position = next(number for number, lot in enumerate(trade.flow.lots) if lot.name == shelf.LOT)
    return trade.batches[position]


def case_codes(trade, numbers) -> list[str]:
    """Return the codes outside of cases of the shelf."""
    batch = batch_of(trade)
    return [batch._code("case_outer", number) for number in numbers]


def store_pallets(world, trade) -> None:
    """The warehouse scans every pallet of the lot into its shelf."""
    now, batch = world.clock.now, batch_of(trade)
    events = [
        {"id": f"store-{number}", "type": "store", "code": batch._code("pallet", number), "at": iso(now)}
        for number in range(shelf.PALLETS)
    ]
    answers = world.env["liquor.scan.request"]._take(world.users["warehouse"], events, "warehouse")
    if any(answer["status"] != "accepted" for answer in answers):
        raise RuntimeError(f"The shelf was not filled: {answers[:2]}")


def order_spare_labels(world, trade) -> None:
    """A small order of labels in reserve; its codes are not activated."""
    batch, orders = batch_of(trade), world.as_user("manager", trade.company)["liquor.print.order"]
    orders.create({
        "company_id": trade.company.id,
        "supplier_id": batch.print_order_id.supplier_id.id,
        "product_id": batch.product_id.id,
        "scheme_id": batch.scheme_id.id,
        "lot_id": batch.lot_id.id,
        "quantity": CASES_PER_PALLET * shelf.ITEM.case,
        "over_issue": 0,
        "note": "备用标签，补贴破损箱码",
    }).action_issue()


def _spare(trade):
    """Return the code batch of the labels in reserve."""
    batch = batch_of(trade)
    return batch.search([("lot_id", "=", batch.lot_id.id), ("id", "!=", batch.id)], limit=1)


# --- packing ----------------------------------------------------------------------------------------------------


def load_line_files(world, trade) -> None:
    """The line packs pairs of cases crosswise; one file is right, one partly, one came a second time."""
    numbers = shelf.cases(shelf.PACKED)
    files = (
        ("灌装二线-早班.csv", _rows(trade, numbers[:10])),
        ("灌装二线-中班.csv", [*_rows(trade, numbers[10:16])[:-2], ("4000XXXX", "1000XXXX")]),
        ("灌装二线-早班-重传.csv", _rows(trade, numbers[2:6])),
    )
    uploads, user = world.env["liquor.packing.upload"], world.users["warehouse"]
    for number, (name, rows) in enumerate(files):
        text = "\n".join(",".join(row) for row in rows)
        at = world.clock.now - timedelta(minutes=90 - 30 * number)
        uploads._load(user, trade.company, text.encode(), name, "file", LINE, at)


def _rows(trade, numbers) -> list[tuple[str, str]]:
    """Return (case, bottle) codes: each case holds the bottles of the one beside it."""
    batch = batch_of(trade)
    return [
        (batch._code("case_outer", number), batch._code("cap_outer", bottle))
        for number in numbers
        for bottle in shelf.bottles(number ^ 1)
    ]


def check_rolls(world, trade) -> None:
    """Four rolls are checked: one passed, one was stopped and released, one is stopped, one is under way."""
    passed, released, stopped, to_check = (
        _check(world, trade, pallet, name)
        for pallet, name in (
            (shelf.PASSED, "卷 P-02"),
            (shelf.RELEASED, "卷 P-03"),
            (shelf.STOPPED, "卷 P-04"),
            (shelf.TO_CHECK, "卷 P-05"),
        )
    )
    for step in range(CHECKED):
        _sample(trade, passed, shelf.PASSED, step)
    _sample(trade, released, shelf.RELEASED, 0)
    _sample(trade, released, shelf.RELEASED, 1, short=True)
    _sample(trade, stopped, shelf.STOPPED, 0, strange=True)
    _sample(trade, to_check, shelf.TO_CHECK, 0)
    manager = released.with_env(world.as_user("manager", trade.company))
    manager.release_reason = "漏扫一瓶，复核整箱无误"
    manager.action_release()


def _check(world, trade, pallet: int, name: str):
    size = CASES_PER_PALLET * shelf.ITEM.case
    return world.as_user("warehouse", trade.company)["liquor.packing.check"].create({
        "name": name,
        "batch_id": batch_of(trade).id,
        "first": pallet * size + 1,
        "last": (pallet + 1) * size,
        "every": EVERY,
    })


def _sample(trade, check, pallet: int, step: int, short: bool = False, strange: bool = False) -> None:
    """Scan one case of a roll fully; ``short`` misses a bottle, ``strange`` has one of the next case."""
    case = shelf.cases(pallet)[step * EVERY]
    numbers = list(shelf.bottles(case))
    if short or strange:
        numbers.pop()
    if strange:
        numbers.append(shelf.bottles(case + 1)[0])
    batch = batch_of(trade)
    check._sample(batch._code("case_outer", case), [batch._code("cap_outer", bottle) for bottle in numbers])


def replace_labels(world, trade) -> None:
    """Three damaged labels: a new one is in force, one was refused, one is asked for."""
    asked, spare = world.as_user("warehouse", trade.company)["liquor.code.replacement"], _spare(trade)
    for number, (reason, agreed) in enumerate(LABELS):
        record = asked.create({
            "old_code": case_codes(trade, shelf.cases(shelf.RELABELLED)[number : number + 1])[0],
            "new_code": spare._code("case_outer", number),
            "reason": reason,
        })
        decision = record.with_env(world.as_user("manager", trade.company))
        if agreed is not None:
            decision.action_approve() if agreed else decision.action_refuse()


def show_unprinted(world, trade) -> None:
    """Codes in reserve were shown before they were activated: a shop scanned a case, somebody opened a page."""
    spare, day = _spare(trade), world.clock.now.day
    shop = next(shop for shop in trade.shops if shop.scans and shop.state == "formal" and shop is not world.login_shop)
    _take(world, shop, "receive", [spare._code("case_outer", 20 + day % 20)])
    code = spare._code("cap_outer", 300 + day % 30)
    world.env["liquor.code.leak"].sudo()._note([spare._locate([code])[code]], "page")


# --- counts of the own warehouse --------------------------------------------------------------------------------


def move_to_places(world, trade) -> None:
    """Two pallets are scanned into places of their own."""
    env = world.of_company(trade.company)
    warehouse = env["stock.warehouse"].search([("company_id", "=", trade.company.id)], limit=1)
    for name, pallet in (("零拣区", shelf.COUNTED), ("待检区", shelf.PROPOSED), ("样品区", shelf.COUNTING)):
        place = env["stock.location"].create({"name": name, "location_id": warehouse.lot_stock_id.id})
        picking = world.as_user("warehouse", trade.company)["stock.picking"].create({
            "picking_type_id": warehouse.int_type_id.id,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": place.id,
            "move_ids": [Command.create(_move(trade, warehouse, place))],
        })
        picking.action_confirm()
        picking.liquor_scan([batch_of(trade)._code("pallet", pallet)])
        picking.button_validate()
        if picking.state != "done":
            raise RuntimeError(f"{picking.name} was not moved to {name}.")


def _move(trade, warehouse, place) -> dict:
    return {
        "product_id": trade.products[shelf.ITEM.code].id,
        "product_uom_qty": CASES_PER_PALLET * shelf.ITEM.case,
        "location_id": warehouse.lot_stock_id.id,
        "location_dest_id": place.id,
    }


def count_places(world, trade) -> None:
    """One count is applied, one waits for the manager, one is under way, one was dropped."""
    applied = _count(world, trade, "零拣区", shelf.cases(shelf.COUNTED)[:-1])
    applied.action_propose()
    applied.with_env(world.as_user("manager", trade.company)).action_apply()
    _count(world, trade, "待检区", [*shelf.cases(shelf.PROPOSED)[:-2], 10**4]).action_propose()
    _count(world, trade, "样品区", shelf.cases(shelf.COUNTING)[:20])
    _count(world, trade, "样品区", []).action_cancel()


def _count(world, trade, place: str, numbers):
    """Begin a count and scan cases; a number beyond the batch is a code that nobody knows."""
    env = world.as_user("warehouse", trade.company)
    location = env["stock.location"].search([("name", "=", place), ("company_id", "=", trade.company.id)])
    count = env["liquor.warehouse.count"].create({"company_id": trade.company.id, "location_id": location.id})
    last = shelf.PALLETS * CASES_PER_PALLET
    codes = [case_codes(trade, [number])[0] if number < last else "4000ABCDEFGHJKMN" for number in numbers]
    if codes:
        count.liquor_scan_take([{"id": f"{count.name}-{step}", "code": code} for step, code in enumerate(codes)])
    return count
