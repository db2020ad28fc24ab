"""Recalls: one is over, one is under way, one is a drill that a second person has yet to look at."""

from datetime import time, timedelta

from odoo.fields import Command

from ..plan import recall as under_way
from ..plan import shelf
from ..plan.calendar import moment
from ..plan.flow import CASES_PER_PALLET
from .shelf import LINE, batch_of

QUALITY = "秦卫东（质量主管）"
CLOSED_AT, LAST_DAYS = 20, 6


def plan(story, trade) -> None:
    """Write the recalls into the diary of the regional maker; the one under way begins when the day is over."""
    if trade is not story.world.regional:
        return
    begun = story.world.calendar.today - timedelta(days=CLOSED_AT)
    night = under_way.begins(story.world.calendar)
    story.at(moment(begun, time(9, 0)), begin_and_activate, trade, "shelf")
    story.at(moment(begun + timedelta(days=LAST_DAYS), time(16, 0)), close, trade)
    story.at(night, begin_and_activate, trade, "sold")
    story.at(night + timedelta(minutes=15), drill, trade)


def quality(world, trade):
    """Return the environment of who prepares recalls: nobody logs in as her."""
    if "quality" not in world.users:
        world.users["quality"] = (
            world
            .env["res.users"]
            .with_context(no_reset_password=True)
            .create({
                "name": QUALITY,
                "login": "quality",
                "lang": "zh_CN",
                "tz": "Asia/Shanghai",
                "company_id": trade.company.id,
                "company_ids": [Command.set(trade.company.ids)],
                "group_ids": [Command.set(world.env.ref("liquor_scan.group_scan_manager").ids)],
            })
        )
    return world.as_user("quality", trade.company)


def _prepare(world, trade, reason: str, advice: str, *selections: dict):
    recall = quality(world, trade)["liquor.recall"].create({
        "company_id": trade.company.id,
        "reason": reason,
        "advice": advice,
        "selection_ids": [Command.create(values) for values in selections],
    })
    recall.action_prepare()
    return recall


def begin_and_activate(world, trade, which: str) -> None:
    """Quality prepares a recall, the manager begins it and holders are told."""
    if which == "shelf":
        size = CASES_PER_PALLET * shelf.ITEM.case
        before = shelf.RECALLED * size
        window = {"batch_id": batch_of(trade).id, "first": before + 1, "last": before + size}
        texts = "同批胶帽出厂检验不合格，先行停售", "请暂停销售并等待通知。"
    else:
        batch, bottles = trade.batches[under_way.position(trade.flow.lots)], under_way.bottles(trade.flow.lots)
        window = {"batch_id": batch.id, "first": 1, "last": len(bottles)}
        texts = "顾客反映瓶口渗漏，抽检确认封口不严", "请停止饮用和销售，凭原瓶到购买门店免费更换。"
    recall = _prepare(world, trade, *texts, {"kind": "window", **window})
    manager = recall.with_env(world.as_user("manager", trade.company))
    manager.action_activate()
    manager.action_notify()


def close(world, trade) -> None:
    """The manager ends the recall: the goods were looked at and are sold again."""
    env = world.as_user("manager", trade.company)
    recall = env["liquor.recall"].search([("company_id", "=", trade.company.id), ("state", "=", "active")])
    recall.write({"outcome": "released", "close_reason": "送检合格，胶帽更换完毕，恢复销售"})
    recall.action_close()


def drill(world, trade) -> None:
    """Quality works out who has what a line packed in one shift, and the two oldest pallets; nothing is stopped."""
    upload = world.env["liquor.packing.upload"].search([("line", "=", LINE)], order="id", limit=1)
    size = CASES_PER_PALLET * trade.flow.lots[0].item.case
    _prepare(
        world,
        trade,
        "季度召回演练：二线早班与最早两垛",
        "演练，无需处理。",
        {
            "kind": "line",
            "line": LINE,
            "time_from": upload.packed_at - timedelta(hours=1),
            "time_to": upload.packed_at + timedelta(hours=1),
        },
        {"kind": "window", "batch_id": trade.batches[0].id, "first": 1, "last": 2 * size},
    )
