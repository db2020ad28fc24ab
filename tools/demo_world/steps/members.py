"""What members do besides opening bottles: join at tastings, buy by the case, pick up gifts, ask for corrections."""

from datetime import time, timedelta

from ..plan.calendar import moment
from .openings import member_of

TASTINGS = 8
BUYERS = 40
# Cases that a group buyer takes; the highest levels of the club need the last ones.
CASES = (2, 3, 5, 6, 8, 12, 24, 70)
PICK_UPS = 30
TASTING_POINTS = 20


def plan(story, trade) -> None:
    """Write tastings, purchases, gifts and the weekly clean-up into the diary."""
    calendar = story.world.calendar
    opened = {opening.member for opening in trade.flow.openings}
    quiet = [number for number in range(trade.members) if number not in opened]
    for step in range(TASTINGS):
        day = calendar.first + timedelta(days=10 * step + 6)
        story.at(moment(day, time(15, 30)), taste, trade, quiet[step::TASTINGS])
    for week in range(13):
        day = calendar.first + timedelta(days=7 * week + 5)
        story.at(moment(day, time(16, 20)), pick_up, trade, week)
        story.at(moment(day, time(23, 30)), clean_up, trade)
        if trade is story.world.national:
            story.at(moment(day, time(14, 10)), buy, trade, week)
    if trade is story.world.national:
        story.at(moment(calendar.today - timedelta(days=6), time(10, 0)), ask_for_corrections, trade)


def taste(world, trade, numbers: list[int]) -> None:
    """People join at a tasting, without a bottle of their own yet."""
    members = [member_of(world, trade, number, "event") for number in numbers]
    if trade is world.national:
        day = (world.clock.now + timedelta(hours=8)).date()
        world.env["liquor.reward"]._grant([
            {
                "kind": "points",
                "member": member,
                "points": TASTING_POINTS,
                "key": f"tasting/{member.id}",
                "reason": "品鉴会签到积分（30天有效）",
                "available_on": day,
                "expires_on": day + timedelta(days=30),
            }
            for member in members
        ])


def buy(world, trade, week: int) -> None:
    """Group buyers take cases from a distributor, who reports it."""
    members = [trade.member_of[number] for number in sorted(trade.member_of)[week::13]][: BUYERS // 13]
    items = trade.items
    rows = []
    for position, member in enumerate(members):
        item = items[(week + position) % len(items)]
        cases = CASES[(week + 3 * position) % len(CASES)]
        rows.append({
            "member_id": member,
            "source": "report",
            "credit": "purchase",
            "product_id": trade.products[item.code],
            "bottles": cases * item.case,
            "amount": cases * item.case * item.group,
            "event_time": world.clock.now,
            "event_key": f"group/{trade.company.id}/{week}/{position}",
        })
    if rows:
        world.env["liquor.qualifying.event"]._record(rows)


def pick_up(world, trade, week: int) -> None:
    """Some take their gift on the phone; most of them pick it up in a shop, some let it lie."""
    env = world.of_company(trade.company)
    day = (world.clock.now + timedelta(hours=8)).date()
    usable = env["liquor.benefit.entitlement"].search(
        [("company_id", "=", trade.company.id), ("claimed", "=", 0), ("valid_to", ">=", day)],
        limit=PICK_UPS // 10,
        order="id",
    )
    shops = [shop for shop in trade.shops if shop.state == "formal" and shop.scans]
    claims = env["liquor.benefit.claim"]
    for number, entitlement in enumerate(usable):
        claim = claims._take(entitlement)
        if number != week % 3:
            partner = world.partners[shops[(week + number) % len(shops)].number]
            claims._redeem(claim._code(), partner, world.user_of[partner.id])


def clean_up(world, trade) -> None:
    """What the nightly jobs do: points become usable or expire, gifts that nobody fetched are closed."""
    env = world.of_company(trade.company)
    members = env["liquor.member"].browse([member.id for member in trade.member_of.values()])
    env["liquor.point.entry"].sudo()._refresh(members)
    claims = env["liquor.benefit.claim"].sudo()
    claims._overdue(500)._close("expired")


def ask_for_corrections(world, trade) -> None:
    """The manager asks for corrections of points; another manager approves one and refuses one."""
    env = world.as_user("manager", trade.company)
    members = [trade.member_of[number] for number in sorted(trade.member_of)[:3]]
    reasons = ("活动积分漏发，补发", "投诉补偿", "重复登记，扣回")
    requests = env["liquor.point.adjustment"].create([
        {"name": reason, "member_id": member.id, "points": points}
        for reason, member, points in zip(reasons, members, (200, 500, 60), strict=True)
    ])
    requests.action_request()
    other = world.env(user=world.env.ref("base.user_admin"), su=False)["liquor.point.adjustment"]
    other.browse(requests[0].id).action_approve()
    other.browse(requests[1].id).action_refuse()
