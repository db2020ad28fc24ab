"""Supermarkets, group buyers and web shops do not scan: the distributor's monthly file tells what they got."""

import base64
import csv
import io
from collections import Counter
from datetime import datetime, time, timedelta

from ..plan.calendar import moment
from . import changes

HEADER = ("单据日期", "商品编码", "数量", "单位", "金额", "客户编码", "类型", "单号")
REPORT_AT = time(10, 30)
# A row that nobody can match, so that the error file has something to say.
BAD_ROW = ("2026/13/40", "YQ-JC10", "2", "箱", "", "ZD9999", "", "CK-ERR")


def plan(story, trade) -> None:
    """Write one report for each month and distributor into the diary; the open month's is of this week."""
    reported = {shop.number for shop in trade.shops if not shop.scans}
    by_month: dict = {}
    told = changes.told_otherwise(story, trade)
    for receipt in trade.flow.receipts:
        if receipt.shop in reported:
            shop = next(shop for shop in trade.shops if shop.number == receipt.shop)
            by_month.setdefault((receipt.at.strftime("%Y%m"), shop.city), []).append((shop, receipt))
    for (month, city), receipts in sorted(by_month.items()):
        first = datetime.strptime(month, "%Y%m")
        day = min((first + timedelta(days=32)).date().replace(day=1), story.world.calendar.today - timedelta(days=1))
        story.at(moment(day, REPORT_AT), load, trade, city, month, receipts, told)


def load(world, trade, city: str, month: str, receipts: list, told: dict) -> None:
    """The clerk loads the file of one distributor and month."""
    env = world.as_user("clerk", trade.company)
    distributor = world.distributors[city]
    rows = [row for shop, receipt in receipts for row in _rows(trade, shop, receipt, told)]
    report = env["liquor.flow.report"].create({
        "company_id": trade.company.id,
        "partner_id": distributor.id,
        "file": base64.b64encode(_file([*rows, BAD_ROW] if city == "4103" else rows)),
        "filename": f"{distributor.name}{month[:4]}年{int(month[4:])}月流向.csv",
    })
    report.action_read()
    report._load_now()


def _rows(trade, shop, receipt, told) -> list[tuple]:
    """Return a row a product; ``told`` are bottles where the distributor says otherwise, see ``changes``."""
    cases: Counter = Counter()
    for run in receipt.runs:
        cases[trade.flow.lots[run.lot].item] += run.count
    day = (receipt.at + timedelta(hours=8)).strftime("%Y/%m/%d")
    rows = []
    for item, count in cases.items():
        bottles = told.get((receipt, item.code), count * item.case)
        number, unit = (count, "箱") if bottles == count * item.case else (bottles, "瓶")
        amount = f"{bottles * item.terminal:.2f}"
        document = f"CK{receipt.at:%y%m%d}{shop.number:04d}{item.code}"
        if number:
            rows.append((day, item.code, number, unit, amount, shop.reference, "销售", document))
    return rows


def _file(rows: list[tuple]) -> bytes:
    return table(HEADER, rows)


def table(header, rows) -> bytes:
    """Return a CSV file as Excel opens it."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")
