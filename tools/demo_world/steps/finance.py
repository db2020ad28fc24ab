"""Finance's month: account statements that distributors confirm or object to, the three-way match and its owners."""

from datetime import time, timedelta
from itertools import pairwise

from ..plan.calendar import moment

SEND_AT, ANSWER_AT = time(16, 0), time(11, 0)
OBJECTION = "货款期末余额与我方账面相差一笔，请核对本月最后一车的发票。"
OWNERS = {"v02": "clerk", "v03": "clerk", "v11": "finance", "v12": "finance"}


def plan(story, trade) -> None:
    """Write statements and matches of each month that is over into the diary."""
    months = story.world.calendar.months()
    for month, following in pairwise(months):
        accounts = Accounts(trade, month, last=following == months[-1])
        story.at(moment(following + timedelta(days=1), SEND_AT), accounts.send)
        story.at(moment(following + timedelta(days=4), ANSWER_AT), accounts.answer)
    story.at(story.world.calendar.until, match, trade)
    if trade is story.world.national:
        story.at(moment(months[0], time(9, 0)), estimate_use, trade)
        for month in months[1:]:
            story.at(moment(month, time(12, 0)), book_unused, trade, month - timedelta(days=1))


def estimate_use(world, trade) -> None:
    """Finance says how many of the club's points will ever be used."""
    world.as_user("finance", trade.company)["liquor.point.use.rate"].create({
        "program_id": trade.program.id,
        "date_start": world.calendar.months()[0],
        "percent": 85,
        "source": "近三年积分核销台账：发放积分中 85% 最终被使用",
    })


def book_unused(world, trade, day) -> None:
    """What nobody will use is booked at the end of each month, as the closing of the period does."""
    world.of_company(trade.company)["liquor.point.use.entry"]._true_up(trade.company, day)


def match(world, trade) -> None:
    """Name who looks after what, and match what was shipped, scanned and paid."""
    env = world.as_user("finance", trade.company)
    env["liquor.variance.rule"].create([
        {"company_id": trade.company.id, "variance_class": name, "owner_id": world.users[login].id, "days": 30}
        for name, login in OWNERS.items()
    ])
    # The world is one transaction, which autovacuum has never seen: without statistics the planner would compare every
    # earning with every movement.
    env.cr.execute("ANALYZE")
    env["liquor.variance.match"].sudo()._match(trade.company, world.calendar.today)


class Accounts:
    """The account statements of one month of all distributors and what becomes of them."""

    def __init__(self, trade, month, last: bool) -> None:
        self.trade, self.month, self.last = trade, month, last
        self.records = None

    def send(self, world) -> None:
        """The clerk makes and sends them."""
        statements = world.as_user("clerk", self.trade.company)["liquor.account.statement"]
        partners = statements._owed_partners(self.trade.company, self.month)
        self.records = statements._make(self.trade.company, self.month, partners)
        self.records.action_send()

    def answer(self, world) -> None:
        """Distributors confirm on their pages; of the last month the first objects and the third has yet to answer."""
        for place, record in enumerate(self.records or ()):
            user = world.user_of.get(record.partner_id.id)
            if not user or (self.last and place == 2):
                continue
            his = record.with_user(user).sudo()
            if self.last and place == 0:
                his._answer(("goods",), user, his.snapshot_hash, OBJECTION)
            else:
                his._answer((), user, his.snapshot_hash)
