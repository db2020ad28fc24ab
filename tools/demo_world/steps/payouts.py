"""提现: shops and guides ask for their money, finance pays in weekly batches, the bank's answers come back."""

import base64
import csv
import io
from datetime import time, timedelta

from ..plan.calendar import moment

FRIDAY, TUESDAY = 4, 1
ASK_AT, BATCH_AT, RESULT_AT = time(11, 0), time(10, 0), time(16, 0)
BANK = "云城银行"
FAILED, RETURNED = "收款账号与户名不符", "对方银行退回"
# Nobody asks for less, so that a wallet also shows something that can still be withdrawn.
WORTHWHILE = 60


def plan(story, trade) -> None:
    """Write the first accounts, the weekly requests, batches and answers into the diary."""
    calendar = story.world.calendar
    story.at(moment(calendar.first, time(8, 30)), register_payees, trade)
    story.at(moment(calendar.today, time(7, 45)), choose_weekly, trade)
    days = calendar.days()
    batches = [day for day in days if day.weekday() == TUESDAY and (day - calendar.first).days > 10]
    for day in days:
        if day.weekday() == FRIDAY:
            story.at(moment(day, ASK_AT), ask, trade)
    for position, day in enumerate(batches):
        batch = Batch(trade, last=position == len(batches) - 1)
        story.at(moment(day, BATCH_AT), batch.approve_and_send)
        story.at(moment(day + timedelta(days=1), RESULT_AT), batch.load_result)


def _payees(world, trade) -> list[tuple]:
    """Return (partner, user who asks, holder) of everybody who is paid."""
    found = []
    for shop in trade.shops:
        partner = world.partners[shop.number]
        found.append((partner, world.user_of.get(partner.id), shop.owner))
        guide = world.partners.get(("guide", shop.number))
        if guide:
            found.append((guide, world.user_of.get(guide.id), guide.name))
    return found


def register_payees(world, trade) -> None:
    """Let everybody give his account; candidates have none yet."""
    payees = world.env["liquor.payee"]
    trade.payees = {}
    for number, (partner, _user, holder) in enumerate(_payees(world, trade)):
        account = f"6200{trade.company.id:02d}{number:010d}"
        trade.payees[partner.id] = payees._store_account(trade.company, partner, "bank", holder, account, BANK)


def choose_weekly(world, trade) -> None:
    """A shop tried to be paid every week by itself, and asks by hand again."""
    weekly = world.env["liquor.weekly.withdrawal"]
    for partner, user, _holder in _payees(world, trade)[1:3]:
        weekly._choose(trade.company, partner, trade.payees[partner.id], user or world.env.user)
        weekly._stop(trade.company, partner)
    for partner, _user, holder in _payees(world, trade):
        if not partner.is_company:
            world.env["liquor.prize.identity"]._give(trade.company, partner, "resident", holder, "11010519491231002X")
            break


def ask(world, trade) -> None:
    """Everybody with enough available money taps 提现."""
    people = _payees(world, trade)
    partners = world.env["res.partner"].browse([partner.id for partner, _user, _holder in people])
    wallets = world.env["liquor.earning"]._wallets(partners, trade.company)
    payouts = world.env["liquor.payout"]
    for partner, user, _holder in people:
        # the shop that logs in keeps its balance of the last weeks
        keeps = world.login_shop and partner == world.partners[world.login_shop.number]
        if wallets[partner.id]["available"] >= (WORTHWHILE * 20 if keeps else WORTHWHILE):
            key = f"{partner.id}/{world.clock.now:%Y%m%d}"
            payee = trade.payees[partner.id]
            payouts._request(trade.company, partner, payee, None, key, user or world.env.user)


class Batch:
    """One weekly payout batch."""

    def __init__(self, trade, last: bool) -> None:
        self.trade, self.last = trade, last
        self.record = None

    def approve_and_send(self, world) -> None:
        """Finance collects the requests, the controller approves, finance sends the file."""
        env = world.as_user("finance", self.trade.company)
        batch = env["liquor.payout.batch"].create({
            "company_id": self.trade.company.id,
            "fresh_payees_checked": True,
        })
        batch.action_collect()
        if not batch.payout_ids:
            batch.unlink()
            return
        world.as_user("controller", self.trade.company)["liquor.payout.batch"].browse(batch.id).action_approve()
        batch.action_send()
        self.record = batch

    def load_result(self, world) -> None:
        """Load the bank's answers: nearly all arrive; of the last batch some have no answer yet."""
        if not self.record:
            return
        payouts = self.record.payout_ids.sorted("id")
        if self.last:
            payouts = payouts[: len(payouts) * 2 // 3]
        wizard = self.record.env["liquor.payout.result"].create({
            "batch_id": self.record.id,
            "file": base64.b64encode(self._file(payouts)),
            "filename": f"{self.record.name}回盘.csv",
        })
        wizard.action_load()

    def _file(self, payouts) -> bytes:
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(("商户单号", "状态", "金额", "原因"))
        for number, payout in enumerate(payouts):
            status, message = {4: ("失败", FAILED), 9: ("退回", RETURNED)}.get(number, ("成功", ""))
            writer.writerow((payout.name, status, f"{payout.amount_sent:.2f}", message))
        return stream.getvalue().encode("utf-8-sig")
