"""The end of every month: tiered policies, accrual, statements, approval, payment, close."""

import base64
from datetime import date, time, timedelta
from itertools import pairwise

from odoo.addons.liquor_member.tools.xlsx import write_xlsx

from ..plan.calendar import moment

# after the month's flow reports (10:30), which chains are paid by
ACCRUE_AT, SEND_AT, ANSWER_AT, APPROVE_AT, CLOSE_AT = time(11, 0), time(15, 0), time(10, 0), time(14, 0), time(17, 30)
OBJECTION = "10月有一车货（窖藏10，两垛）未计入返利基数，请核对出库单。"
# The paper he sends with it.
PAPER = (("出库单号", "日期", "产品", "件数"), (("CK26103107", "10月31日", "窖藏10", 120),))
# What becomes of last month's statement of each city: the second distributor objects, the third has yet to answer.
LAST_MONTH = {"4101": "paid", "4103": "disputed", "4113": "sent"}
# The month before: the second distributor asked for a credit note, the third one's was taken back as wrong.
BEFORE = {"4101": "paid", "4103": "credit_note", "4113": "reversed"}
# The first month: red letters against blue invoices, by maker.
FIRST = ({"4103": "credit_note", "4113": "credit_note"}, {"4101": "credit_note"})
PAID = ("paid", "credit_note", "reversed")


def plan(story, trade) -> None:
    """Write the end of each month that is over into the diary."""
    months = story.world.calendar.months()
    for month, following in pairwise(months):
        last = following == months[-1]
        outcomes = LAST_MONTH if last else BEFORE if following == months[-2] else {}
        if month == months[0]:
            outcomes = {**FIRST[story.world.trades.index(trade)], **outcomes}
        end = following - timedelta(days=1)
        story.at(moment(following, ACCRUE_AT), accrue, trade, end)
        for city in trade.cities:
            statement = Statement(trade, city, month, end, outcomes.get(city, "paid"))
            story.at(moment(following + timedelta(days=1), SEND_AT), statement.send)
            story.at(moment(following + timedelta(days=3), ANSWER_AT), statement.answer)
            story.at(moment(following + timedelta(days=4), APPROVE_AT), statement.approve)
        if not last:
            story.at(moment(following + timedelta(days=9), CLOSE_AT), close, trade, month)
    story.at(story.world.calendar.until, accrue, trade, story.world.calendar.today)


def accrue(world, trade, day: date) -> None:
    """Bring tiered policies up to date and book what was earned."""
    env = world.of_company(trade.company)
    versions = env["liquor.policy.version"].search([
        ("company_id", "=", trade.company.id),
        ("policy_id.kind", "=", "tiered"),
        ("state", "in", ("active", "frozen")),
    ])
    versions._bring_up_to_date(day)
    finance = world.as_user("finance", trade.company)
    run = finance["liquor.accrual.run"].create({"company_id": trade.company.id, "date_to": day})
    run.action_run()


def close(world, trade, month: date) -> None:
    """Finance closes the month."""
    env = world.as_user("finance", trade.company)
    period = env["liquor.period"]._for_day(trade.company, month).with_env(env)
    period.carry_reason = "个别打款待银行回盘，结转下月跟进"
    period.action_close()


class Statement:
    """A distributor's statement of one month and what becomes of it."""

    def __init__(self, trade, city: str, first: date, last: date, outcome: str) -> None:
        self.trade, self.city, self.first, self.last, self.outcome = trade, city, first, last, outcome
        self.record = None

    def send(self, world) -> None:
        """The clerk prepares and sends it."""
        env = world.as_user("clerk", self.trade.company)
        record = env["liquor.settlement"].create({
            "company_id": self.trade.company.id,
            "partner_id": world.distributors[self.city].id,
            "date_from": self.first,
            "date_to": self.last,
        })
        if self.outcome == "credit_note":
            record.payment_method = "credit_note"
        record.action_prepare()
        if not record.line_ids:
            record.unlink()
            return
        record.action_send()
        self.record = record

    def answer(self, world) -> None:
        """The distributor confirms on his page, or objects to a line."""
        if not self.record or self.outcome == "sent":
            return
        user = world.user_of[world.distributors[self.city].id]
        record = self.record.with_user(user).sudo()
        if self.outcome == "disputed":
            dispute = record._dispute_line(record.line_ids.filtered("live")[:1], OBJECTION, user)
            dispute._add_files([("10月出库单.xlsx", base64.b64encode(write_xlsx(*PAPER)).decode())])
        else:
            record._confirm()

    def approve(self, world) -> None:
        """Finance approves, the controller pays; finance closes what is paid, or takes it back."""
        if not self.record or self.outcome not in PAID:
            return
        record = world.as_user("finance", self.trade.company)["liquor.settlement"].browse(self.record.id)
        record.action_approve()
        controller = world.as_user("controller", self.trade.company)["liquor.settlement"].browse(record.id)
        controller.action_post()
        if self.outcome == "reversed":
            record.action_reverse()
        elif record.state == "paid":
            record.action_close()
