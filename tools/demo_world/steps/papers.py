"""Finance's papers: rewards expected at shipment, bills of the bank, red letters, frozen performance."""

import base64
import csv
import io
from datetime import time, timedelta
from itertools import pairwise

from ..plan.calendar import moment

#: policy and product of a campaign by maker, reward a case, part expected, days it lasts (None: it runs on)
EXPECTED = (
    (("display", "YQ-JC10", 15, 60, None), ("opening_red", "YQ-QC", 5, 45, 27)),
    (("receipt", "LT-JX", 20, 70, None),),
)
#: what a point of the national club is worth; consumers of the regional one get cash-back: product, a case, expected
POINT_WORTH, CONSUMERS = 0.01, ("YQ-QC", 17.28, 40)
BILLED, BANK_FEE, ACCOUNT_FEE = 12, 0.5, 30
#: the buyer confirms a form within 72 hours
FORM_DAYS = 2


def plan(story, trade) -> None:
    """Write campaigns, bills and the red-letter queue into the diary."""
    world, calendar = story.world, story.world.calendar
    for row in EXPECTED[world.trades.index(trade)]:
        campaign = Campaign(trade, *row)
        story.at(moment(calendar.first, time(7, 40)), campaign.open)
        if campaign.days:
            story.at(moment(calendar.first + timedelta(days=campaign.days + 3), time(9, 15)), campaign.close)
    story.at(moment(calendar.first, time(7, 35)), value_points if trade is world.national else expect_cash, trade)
    story.at(moment(calendar.today - timedelta(days=5), time(17, 0)), load_bill, trade)
    for number, (month, following) in enumerate(pairwise(calendar.months())):
        story.at(moment(following, time(8, 20)), freeze, trade, month)
        # the national maker's red letter still waits for its form
        if number < 2 and trade is world.regional:
            day = following + timedelta(days=6)
            story.at(moment(day, time(9, 20)), file_form, trade, number == 0)
            story.at(moment(day + timedelta(days=FORM_DAYS), time(9, 20)), confirm_form, trade, number == 0)
    if trade is world.regional:
        story.at(moment(calendar.today - timedelta(days=1), time(9, 20)), file_form, trade, False)
    story.at(moment(calendar.today, time(7, 55)), export_targets, trade)
    story.at(moment(calendar.today, time(7, 50)), draft_campaign, trade)


class Campaign:
    """A campaign whose cost is booked when its goods leave."""

    def __init__(self, trade, key: str, item: str, amount: float, percent: float, days: int | None) -> None:
        self.trade, self.key, self.item, self.amount, self.percent, self.days = trade, key, item, amount, percent, days
        self.record = None

    def open(self, world) -> None:
        """Finance estimates, the controller approves."""
        first = world.calendar.first
        finance = world.as_user("finance", self.trade.company)
        self.record = finance["liquor.reward.expectation"].create(
            expected(
                self.trade, self.key, self.item, self.amount, self.percent, first,
                first + timedelta(days=self.days or 180), "去年同期扫码率",
            )
        )  # fmt: skip
        self.record.with_env(world.as_user("controller", self.trade.company)).action_open()

    def close(self, world) -> None:
        """It is over: what nobody earned goes back."""
        self.record.with_env(world.as_user("finance", self.trade.company)).action_close()


def expected(trade, key, item, amount, percent, first, last, source) -> dict:
    """Return the values of an estimate."""
    return {
        "company_id": trade.company.id,
        "policy_id": trade.policies[key].id if key else False,
        "product_ids": [(6, 0, trade.products[item].ids)],
        "date_start": first,
        "date_end": last,
        "amount_per_case": amount,
        "expected_percent": percent,
        "rate_source": source,
    }


def value_points(world, trade) -> None:
    """Finance says what a point is worth: points are in the books from the first day."""
    world.as_user("finance", trade.company)["liquor.point.worth"].create({
        "program_id": trade.program.id, "date_start": world.calendar.first, "worth": POINT_WORTH,
        "source": "积分商城兑换价",
    })  # fmt: skip


def expect_cash(world, trade) -> None:
    """What consumers will open of the goods that leave is expected as shops' rewards are."""
    item, amount, percent = CONSUMERS
    first = world.calendar.first
    values = expected(trade, None, item, amount, percent, first, first + timedelta(days=180), "去年同期开瓶扫码率")
    values.update(reward="cash", policy_id=False, program_id=trade.program.id)
    record = world.as_user("finance", trade.company)["liquor.reward.expectation"].create(values)
    record.with_env(world.as_user("controller", trade.company)).action_open()


def draft_campaign(world, trade) -> None:
    """Finance has begun to estimate next year's campaign."""
    key, item, amount, percent, _days = EXPECTED[world.trades.index(trade)][0]
    first = world.calendar.first + timedelta(days=200)
    values = expected(trade, key, item, amount, percent, first, first + timedelta(days=60), "待渠道部确认")
    world.as_user("finance", trade.company)["liquor.reward.expectation"].create(values)


def load_bill(world, trade) -> None:
    """The bank's bill of the last batches: fees with each payment, one that came back, a row nobody knows."""
    env = world.as_user("finance", trade.company)
    shop = world.partners[world.login_shop.number]
    payouts = env["liquor.payout"].search(
        [("company_id", "=", trade.company.id), ("state", "=", "ok"), ("partner_id", "!=", shop.id)],
        order="id desc",
        limit=BILLED,
    )
    bill = env["liquor.payout.bill"].create({
        "company_id": trade.company.id,
        "channel": "bank",
        "file": base64.b64encode(_bill(payouts, world.clock.now)),
        "filename": f"云城银行对账单{world.clock.now:%Y%m%d}.csv",
    })
    bill.action_load()


def _bill(payouts, now) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(("交易流水号", "商户单号", "交易类型", "金额", "手续费", "交易日期", "备注"))
    for number, payout in enumerate(payouts):
        row = (
            f"YC{now:%Y%m%d}{number:04d}",
            payout.name,
            "付款",
            f"{payout.amount_sent:.2f}",
            BANK_FEE,
            f"{now:%Y-%m-%d}",
        )
        writer.writerow((*row, ""))
    for payout in payouts[:1]:
        row = (f"YC{now:%Y%m%d}9001", payout.name, "退汇", f"{payout.amount_sent:.2f}", 0, f"{now:%Y-%m-%d}")
        writer.writerow((*row, "收款账户已销户"))
    writer.writerow((f"YC{now:%Y%m%d}9002", "", "手续费", ACCOUNT_FEE, 0, f"{now:%Y-%m-%d}", "账户管理费"))
    writer.writerow((f"YC{now:%Y%m%d}9003", "TX0000000000000001", "付款", "88.00", 0, f"{now:%Y-%m-%d}", ""))
    return stream.getvalue().encode("utf-8-sig")


def file_form(world, trade, again: bool) -> None:
    """Finance files the form of the oldest red letter that waits; ``again``: after it was dropped once."""
    row = _waiting(world, trade)
    if row and again:
        note = row.note_id
        row.action_drop()
        world.of_company(trade.company)["liquor.red.allocation"]._allocate(note.sudo())
        row = _waiting(world, trade)
    if row:
        row.form_number = f"4100{world.clock.now:%y%m%d}{row.id:06d}"
        row.action_send()


def confirm_form(world, trade, issued: bool) -> None:
    """The buyer confirmed; where it is ``issued``, the red-letter invoice has its number."""
    rows = world.as_user("finance", trade.company)["liquor.red.allocation"].search([
        ("company_id", "=", trade.company.id), ("state", "=", "sent")
    ])  # fmt: skip
    rows.action_confirm()
    for row in rows if issued else ():
        row.red_number = f"2641{row.id:016d}"
        row.action_issue()


def _waiting(world, trade):
    return world.as_user("finance", trade.company)["liquor.red.allocation"].search(
        [("company_id", "=", trade.company.id), ("state", "=", "waiting")], order="id", limit=1
    )


def export_targets(world, trade) -> None:
    """The clerk has taken the targets of this maker into Excel, to edit them today."""
    clerk = world.as_user("clerk", trade.company)
    targets = clerk["liquor.agreement.target"].search([("company_id", "=", trade.company.id)])
    clerk["liquor.bulk.edit"]._export(trade.company, targets)


def freeze(world, trade, month) -> None:
    """Freeze what shops and distributors had done in a month, as the nightly job does."""
    snapshots = world.of_company(trade.company)["liquor.performance.snapshot"]
    period = snapshots._period_before(world.clock.now.date(), "month")
    for basis in ("shipped", "received"):
        snapshots._freeze(trade.company, basis, "cases", period)
