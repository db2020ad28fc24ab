"""Drivers take members home: what was used, and the provider's bills: taken back, paid, and one that differs."""

import base64
from datetime import time, timedelta

from ..plan.calendar import moment
from .flow_reports import table
from .partners import give_logins

HEADER = ("服务单号", "服务日期", "金额")
COST = 60
#: so many days ago members were driven home; the first five are on the first bill
DAYS = (30, 27, 24, 21, 18, 9, 7, 5, 3)
FIRST_BILL = 5


class Provider:
    """Who drives, and the numbers of the uses with their days."""

    def __init__(self, trade) -> None:
        self.trade, self.benefit, self.uses, self.bill = trade, None, [], None

    def agree(self, world) -> None:
        """The club offers the service at the agreed cost."""
        env = world.of_company(self.trade.company)
        partner = env["res.partner"].create({
            "name": "安途代驾服务有限公司", "is_company": True, "company_id": self.trade.company.id, "lang": "zh_CN",
            "ref": "FW01",
        })  # fmt: skip
        give_logins(world, partner)
        self.benefit = env["liquor.benefit"].create({
            "name": "代驾到家",
            "program_id": self.trade.program.id,
            "description": "酒后代驾一次，30 公里内免费。",
            "unit_cost": COST,
            "valid_days": 30,
            "provider_id": partner.id,
        })

    def drive(self, world, number: int) -> None:
        """A member is driven home from a shop."""
        env = world.of_company(self.trade.company)
        shop = world.partners[world.login_shop.number]
        member = self.trade.member_of[sorted(self.trade.member_of)[number]]
        grant = {"kind": "gift", "member": member, "benefit": self.benefit, "key": f"drive/{number}"}
        claims = env["liquor.benefit.claim"]
        claim = claims._take(env["liquor.reward"]._grant([grant])[0])
        claims._redeem(claim._code(), shop, world.user_of[shop.id])
        self.uses.append((claim.provider_use_number, (world.clock.now + timedelta(hours=8)).date()))

    def send(self, world, reference: str, uses: slice, odd: bool) -> None:
        """Finance enters the provider's file and matches it."""
        finance = world.as_user("finance", self.trade.company)
        rows = [(number, day.isoformat(), COST) for number, day in self.uses[uses]]
        if odd:
            rows = [(*rows[0][:2], COST + 20), *rows[1:], rows[-1], ("S999999", rows[0][1], COST)]
        day = (world.clock.now + timedelta(hours=8)).date()
        self.bill = finance["liquor.provider.bill"].create({
            "company_id": self.trade.company.id,
            "partner_id": self.benefit.provider_id.id,
            "reference": reference,
            "date": day,
            "date_from": day - timedelta(days=31),
            "date_to": day,
            "file": base64.b64encode(table(HEADER, rows)),
            "filename": f"{reference}.csv",
        })
        self.bill.action_match()

    def approve(self, world) -> None:
        """The controller approves: a vendor bill."""
        self.bill.with_env(world.as_user("controller", self.trade.company)).action_approve()

    def take_back(self, world) -> None:
        """Finance takes it back: the provider sends a corrected one."""
        self.bill.with_env(world.as_user("finance", self.trade.company)).action_reverse()


def plan(story, trade) -> None:
    """Write uses and bills of the regional maker into the diary."""
    if trade is not story.world.regional:
        return
    provider, today = Provider(trade), story.world.calendar.today
    story.at(moment(today - timedelta(days=DAYS[0]), time(9, 0)), provider.agree)
    for number, ago in enumerate(DAYS):
        story.at(moment(today - timedelta(days=ago), time(21, 0)), provider.drive, number)
    steps = (
        (16, provider.send, "AT-0001", slice(FIRST_BILL), False),
        (15, provider.approve),
        (14, provider.take_back),
        (13, provider.send, "AT-0001-1", slice(FIRST_BILL), False),
        (12, provider.approve),
        (1, provider.send, "AT-0002", slice(FIRST_BILL, None), True),
    )
    for ago, *step in steps:
        story.at(moment(today - timedelta(days=ago), time(15, 30)), *step)
