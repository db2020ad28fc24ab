"""What the lists also hold: drafts, refused and cancelled papers, answered disputes, undone scans, looks."""

import base64
from datetime import time, timedelta

from ..plan import tour
from ..plan.calendar import iso, moment
from .flow_reports import _file
from .incidents import _take
from .openings import caps
from .receipts import case_codes

LOOKED_AT = 12
FOREIGN_CASES = 2


def plan(story, trade) -> None:
    """Write the odd papers of the last days into the diary."""
    calendar = story.world.calendar
    eve = tour.day_of_receipt(calendar)
    story.at(moment(eve, time(9, 30)), batch_payouts, trade)
    story.at(moment(eve, time(13, 0)), draft_papers, trade)
    story.at(moment(eve, time(13, 30)), put_back_gifts, trade)
    story.at(moment(eve, time(20, 0)), look, trade)
    if trade is story.world.regional:
        story.at(moment(eve, time(10, 30)), receive_in_luoyang, trade)
        story.at(moment(eve, time(13, 10)), report, trade)
        story.at(moment(eve, time(18, 10)), answer_dispute, trade, eve)
        story.at(moment(eve, time(18, 20)), half_made_statements, trade, eve)
        story.at(moment(eve, time(19, 0)), count_and_undo, trade)


def batch_payouts(world, trade) -> None:
    """A batch is approved and waits for its file, or is still a draft; another was dissolved."""
    batches = world.as_user("finance", trade.company)["liquor.payout.batch"]
    values = {"company_id": trade.company.id, "fresh_payees_checked": True}
    dissolved = batches.create(values)
    dissolved.action_collect()
    requests = dissolved.payout_ids
    dissolved.action_cancel()
    requests[:1].action_cancel()
    batch = batches.create(values)
    batch.action_collect()
    if batch.payout_ids and trade is world.regional:
        world.as_user("controller", trade.company)["liquor.payout.batch"].browse(batch.id).action_approve()


def draft_papers(world, trade) -> None:
    """Clerk and finance have begun what they will finish today."""
    finance, clerk = world.as_user("finance", trade.company), world.as_user("clerk", trade.company)
    day = world.clock.now.date()
    finance["liquor.accrual.run"].create({"company_id": trade.company.id, "date_to": day})
    finance["liquor.period"].sudo()._for_day(trade.company, day)
    distributor = world.distributors[trade.cities[0]]
    for name in ("明年费用分摊（草拟）", "去年门头分摊"):
        agreement = clerk["liquor.agreement"].create({
            "distributor_id": distributor.id,
            "company_id": trade.company.id,
            "currency_id": trade.company.currency_id.id,
            "date_start": day + timedelta(days=60) if "草拟" in name else day - timedelta(days=500),
            "date_end": day + timedelta(days=425) if "草拟" in name else day - timedelta(days=460),
            "text": f"<p>{name}</p>",
            "line_ids": [(0, 0, {"share": 15, "cap_amount": 5000})],
        })
        if "草拟" not in name:
            agreement.action_send()
            agreement.sudo()._accept(world.user_of[distributor.id])
            agreement.action_end()
    manager = world.as_user("manager", trade.company)
    if trade is world.national:
        member = next(iter(trade.member_of.values()))
        manager["liquor.point.adjustment"].create({"name": "活动补发（草拟）", "member_id": member.id, "points": 30})


def put_back_gifts(world, trade) -> None:
    """A member gives a gift back that he had taken."""
    claims = world.of_company(trade.company)["liquor.benefit.claim"]
    for claim in claims.search([("company_id", "=", trade.company.id), ("state", "=", "ready")], limit=1):
        claim._cancel()


def look(world, trade) -> None:
    """People look at bottles in the shop and open none; one code was looked at from many phones."""
    lot = next(number for number, lot in enumerate(trade.flow.lots) if lot.next_case)
    looks = world.env["liquor.look"].sudo()
    for number, unit in enumerate(caps(trade, [(lot, bottle) for bottle in range(LOOKED_AT)])):
        for visitor in range(6 if number == 0 else 1):
            pseudonym = looks._pseudonym("visit", f"{number}/{visitor}")
            looks._count(unit, pseudonym, looks._pseudonym("origin", pseudonym), False)


def _luoyang(world, trade):
    shops = (shop for shop in trade.shops if shop.city == tour.FOREIGN_CITY and shop.scans)
    return next(shop for shop in shops if shop.state == "formal")


def receive_in_luoyang(world, trade) -> None:
    """A shop of the second distributor scans in the last cases of his pallet."""
    position = next(number for number, lot in enumerate(trade.flow.lots) if lot.item is tour.ITEM)
    run = tour.pallet(position, tour.FOREIGN)
    codes = case_codes(trade, run)[-FOREIGN_CASES:]
    _take(world, _luoyang(world, trade), "receive", codes)


def _statement(world, trade, city: str, day):
    record = world.as_user("clerk", trade.company)["liquor.settlement"].create({
        "company_id": trade.company.id,
        "partner_id": world.distributors[city].id,
        "date_from": day,
        "date_to": day,
    })
    record.action_prepare()
    return record


def answer_dispute(world, trade, day) -> None:
    """The second distributor objected to two lines: one was right, one was not; finance has approved the rest."""
    record = _statement(world, trade, tour.FOREIGN_CITY, day)
    record.action_send()
    user = world.user_of[world.distributors[tour.FOREIGN_CITY].id]
    sent = record.with_user(user).sudo()
    lines = record.line_ids.filtered("live")
    disputes = world.as_user("clerk", trade.company)["liquor.dispute"]
    for line, answer in zip(lines[:2], ("核对属实，下月更正", "出库单已签收，维持原数"), strict=False):
        dispute = disputes.browse(sent._dispute_line(line, "这一件不是我司配送", user).id)
        dispute.answer = answer
        dispute.action_accept() if "属实" in answer else dispute.action_reject()
    record.action_send()
    sent._confirm()
    world.as_user("finance", trade.company)["liquor.settlement"].browse(record.id).action_approve()


def half_made_statements(world, trade, day) -> None:
    """The third distributor's statement of this month is a draft; one made by mistake was cancelled."""
    first = day.replace(day=1)
    settlements = world.as_user("clerk", trade.company)["liquor.settlement"]
    values = {
        "company_id": trade.company.id,
        "partner_id": world.distributors[trade.cities[-1]].id,
        "date_from": first,
    }
    mistake = settlements.create({**values, "date_to": day})
    mistake.action_cancel()
    mistake.flush_recordset()
    settlements.create({**values, "date_to": day})


def report(world, trade) -> None:
    """Three files of a distributor: just uploaded, checked, and loaded by mistake and taken back."""
    clerk = world.as_user("clerk", trade.company)
    shop = next(shop for shop in trade.shops if not shop.scans)
    item, day = trade.items[0], world.clock.now.strftime("%Y/%m/%d")
    for number, title in enumerate(("待读取", "待载入", "重复上传")):
        rows = [
            (day, item.code, 6, "箱", "7128.00", shop.reference, "销售", f"CK-{number}-1"),
            (day, item.code, 1, "箱", "1188.00", shop.reference, "退货", f"CK-{number}-2"),
        ]
        record = clerk["liquor.flow.report"].create({
            "company_id": trade.company.id,
            "partner_id": world.distributors[shop.city].id,
            "file": base64.b64encode(_file(rows)),
            "filename": f"{title}流向.csv",
        })
        if number:
            record.action_read()
            record.action_check()
        if title == "重复上传":
            record._load_now()
            record.action_undo()


def count_and_undo(world, trade) -> None:
    """A shop counts two cases, receives one by mistake and takes it back within ten minutes."""
    shop = _luoyang(world, trade)
    position = next(number for number, lot in enumerate(trade.flow.lots) if lot.item is tour.ITEM)
    codes = case_codes(trade, tour.pallet(position, tour.FOREIGN))[-FOREIGN_CASES - 1 :]
    _take(world, shop, "count", codes[1:])
    _take(world, shop, "receive", codes[:1])
    now = world.clock.now
    undo = {"id": "undo-1", "type": "void", "undo_of": f"receive-{shop.number}-{now:%y%m%d%H%M%S}-0", "at": iso(now)}
    user = world.user_of[world.partners[shop.number].id]
    world.env["liquor.scan.request"]._take(user, [undo], "portal")
