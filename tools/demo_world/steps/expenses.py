"""Expenses on their way: applied for, approved, proven by photos, claimed, checked and paid in every way."""

import base64
import io
from datetime import time, timedelta

from PIL import Image, ImageDraw

from ..plan import expenses
from ..plan.calendar import moment

PLANS = (expenses.REGIONAL, expenses.NATIONAL)
STEPS = ("approve", "prove", "claim", "check", "pay")
#: an event is visited by so many, of whom so many joined the club at every other one
GUESTS, NEW_GUESTS = 40, (14, 3)


def plan(story, trade) -> None:
    """Write applications and their steps, the months' ends and what follows from events into the diary."""
    calendar = story.world.calendar
    cases = [Case(trade, number, row) for number, row in enumerate(PLANS[story.world.trades.index(trade)])]
    for case in cases:
        begun = max(calendar.today - timedelta(days=case.plan.ago), calendar.first)
        at = time(13, 2 * case.number)
        story.at(moment(begun, at), case.apply)
        for number, step in enumerate(STEPS, start=1):
            late = step == "pay" and case.plan.late
            day = calendar.today if late else begun + timedelta(days=number * case.plan.pace)
            story.at(moment(day, time(8, 2 * case.number) if late else at), getattr(case, step))
    for month in calendar.months()[1:]:
        story.at(moment(month, time(8, 0)), close_month, trade)
    story.at(moment(calendar.today - timedelta(days=2), time(16, 0)), review_events, trade)
    for case in cases:
        if case.plan.method == "goods" and case.plan.reached == "paid":
            story.at(moment(calendar.today - timedelta(days=1), time(16, 40)), case.send_goods)


def close_month(world, trade) -> None:
    """Accrue what was executed and is not claimed, and let go what was not claimed in time, as the nightly jobs do."""
    world.env["liquor.expense.accrual"]._accrue_month(trade.company)
    late = world.env["liquor.expense"].sudo()._late(200)
    late.filtered(lambda one: one.company_id == trade.company)._expire()


def review_events(world, trade) -> None:
    """The member manager says what changes after events that brought few new guests."""
    world.as_user("manager", trade.company)["liquor.event.review"].create({
        "program_id": trade.program.id,
        "change": "下一场只邀请未入会的客人，入场即扫码入会",
    })


def photo(number: int) -> bytes:
    """Draw a shelf with bottles: what a display photo shows, without anybody's picture."""
    image = Image.new("RGB", (480, 360), (235, 228, 215))
    draw = ImageDraw.Draw(image)
    for shelf in range(3):
        bottom = 105 + shelf * 100
        draw.rectangle((30, bottom, 450, bottom + 8), fill=(120, 82, 50))
        for bottle in range(9):
            left = 40 + bottle * 45 + (number * 7 + shelf * 5) % 11
            colour = ((40 + number * 37) % 200, 60 + shelf * 50, (150 + bottle * 9) % 255)
            draw.rectangle((left, bottom - 50, left + 20, bottom), fill=colour)
            draw.rectangle((left + 6, bottom - 65, left + 14, bottom - 50), fill=(190, 30, 40))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=70)
    return base64.b64encode(stream.getvalue())


class Case:
    """One expense; it stops at the step that it has reached this morning."""

    def __init__(self, trade, number: int, row: expenses.Expense) -> None:
        self.trade, self.number, self.plan, self.record = trade, number, row, None

    def _as(self, world, name: str):
        return self.record.with_env(world.as_user(name, self.trade.company))

    def apply(self, world) -> None:
        """The clerk hands it in for a distributor."""
        env = world.as_user("clerk", self.trade.company)
        self.record = env["liquor.expense"].create(self._values(world))
        if self.plan.goes_to("applied"):
            self.record.action_apply()

    def _values(self, world) -> dict:
        trade, day = self.trade, world.calendar.today - timedelta(days=self.plan.ago)
        kind = world.env["liquor.expense.kind"].search([("code", "=", self.plan.kind)])
        city = trade.cities[self.plan.city]
        values = {
            "title": self.plan.title,
            "kind_id": kind.id,
            "company_id": trade.company.id,
            "distributor_id": world.distributors[city].id,
            "amount": self.plan.amount,
            "payment_method": self.plan.method,
            "date_start": day,
            "date_end": day + timedelta(days=self.plan.days),
            "fund_id": trade.funds["channel"].id,
        }
        if kind.has_guests:
            values["program_id"] = trade.program.id
        if self.plan.method == "wallet":
            values.update(paid_by="maker", beneficiary_id=self._shop(world, city).id)
        if self.plan.method == "goods":
            values["goods_product_id"] = trade.products[trade.items[0].code].id
        return values

    def _shop(self, world, city: str):
        shops = (shop for shop in self.trade.shops if shop.city == city and shop.state == "formal" and shop.scans)
        return next(world.partners[shop.number] for shop in shops if shop is not world.login_shop)

    def approve(self, world) -> None:
        """The manager approves, or refuses with a reason."""
        if self.plan.reached == "refused":
            self._as(world, "manager").action_refuse("与渠道政策重复支持")
        elif self.plan.goes_to("approved"):
            self._as(world, "manager").action_approve()

    def prove(self, world) -> None:
        """Photos come in; those of claims that were checked are judged."""
        if not self.plan.goes_to("executing"):
            return
        proofs = (
            self
            ._as(world, "clerk")
            .env["liquor.expense.proof"]
            .create([
                {
                    "expense_id": self.record.id,
                    "image": photo(self._subject(place)),
                    "taken_on": world.clock.now.date(),
                }
                for place in range(max(self.record.kind_id.proof_count, 2))
            ])
        )
        if self.plan.goes_to("checked"):
            proofs.with_env(world.as_user("finance", self.trade.company)).action_judge("accepted")

    def _subject(self, place: int) -> int:
        """What a photo shows: the promoters' first one is the display's of the first expense, which the wall tells."""
        return 0 if self.plan.kind == "promoter" and not place else self.number * 10 + place

    def claim(self, world) -> None:
        """The clerk claims in the distributor's name."""
        if not self.plan.goes_to("claimed"):
            return
        record = self._as(world, "clerk")
        if record.has_guests:
            record.write({"guests": GUESTS, "new_guests": NEW_GUESTS[self.number % 2]})
        record.action_claim()

    def check(self, world) -> None:
        """Finance cuts a little of every other claim and allows the rest."""
        if not self.plan.goes_to("checked"):
            return
        record = self._as(world, "finance")
        if self.number % 2:
            reason = record.env["liquor.expense.reason"].search([("code", "=", "standard")])
            record.env["liquor.expense.cut"].create({
                "expense_id": record.id,
                "reason_id": reason.id,
                "amount": self.plan.amount // 20,
                "note": "两家门店排面不足",
            })
        record.action_check()

    def pay(self, world) -> None:
        """The controller pays."""
        if self.plan.goes_to("paying"):
            self._as(world, "controller").action_pay()

    def send_goods(self, world) -> None:
        """The clerk lets the goods leave beside an order of the distributor that is paid for."""
        env = world.as_user("clerk", self.trade.company)
        own = [("partner_id", "=", self.record.distributor_id.id), ("company_id", "=", self.trade.company.id)]
        orders = env["sale.order"].search([*own, ("liquor_kind", "=", "goods_rebate"), ("state", "=", "draft")])
        paid = env["sale.order"].search(
            [*own, ("liquor_kind", "=", "normal"), ("state", "=", "sale"), ("invoice_status", "!=", "invoiced")],
            order="id desc",
            limit=1,
        )
        orders.filtered(lambda order: order.order_line.sudo().liquor_expense_id).write({
            "liquor_paid_order_id": paid.id
        })
        orders.action_confirm()
