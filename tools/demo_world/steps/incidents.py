"""What also happens in three months: held, refused, returned and moved things, planted on their day."""

from datetime import time, timedelta

from ..plan.calendar import iso, moment
from ..plan.flow import ENDED_WEEK
from .receipts import place_of

SUSPENDED_AFTER = 52
FAR_DEGREES = 0.06


def plan(story, trade) -> None:
    """Write the incidents of the first maker into the diary."""
    day = story.world.calendar.first
    shops = [shop for shop in trade.shops if shop.state == "formal" and shop.scans]
    for shop in trade.shops:
        if shop.state == "suspended":
            story.at(moment(day + timedelta(days=SUSPENDED_AFTER), time(9, 0)), suspend, trade, shop)
        if shop.state == "ended":
            story.at(moment(day + timedelta(weeks=ENDED_WEEK, days=6), time(9, 0)), end, trade, shop)
    if trade is not story.world.regional:
        return
    today = story.world.calendar.today
    for step, (happening, back) in enumerate((
        (scan_unshipped, 20), (scan_far_away, 12), (scan_twice, 9), (mistype, 6), (scan_foreign_case, 4),
        (scan_unshipped, 3), (scan_far_away, 2), (scan_foreign_case, 1),
    )):  # fmt: skip
        story.at(moment(today - timedelta(days=back), time(15, step)), happening, trade, shops, step)
    story.at(moment(today - timedelta(days=30), time(16, 0)), open_cases, trade, shops)
    story.at(moment(today - timedelta(days=3), time(16, 0)), open_cases, trade, shops)
    story.at(moment(today - timedelta(days=25), time(11, 0)), give_back, trade, shops, 0)
    story.at(moment(today - timedelta(days=5), time(11, 0)), give_back, trade, shops, 1)
    story.at(moment(today - timedelta(days=14), time(17, 0)), move_between_shops, trade, shops, True)
    story.at(moment(today - timedelta(days=2), time(17, 0)), move_between_shops, trade, shops, False)
    story.at(moment(today - timedelta(days=8), time(10, 0)), hold_earnings, trade)


def suspend(world, trade, shop) -> None:
    """The manager suspends a shop; what it scans from now on is held."""
    _role(world, trade, shop).action_suspend(reason="长期不进货，且有客户投诉，暂停合作")


def end(world, trade, shop) -> None:
    """The contract with a shop ends."""
    _role(world, trade, shop).action_end(reason="门店转让，合作终止")


def _role(world, trade, shop):
    env = world.as_user("manager", trade.company)
    return env["liquor.channel.role"].search([
        ("partner_id", "=", world.partners[shop.number].id),
        ("company_id", "=", trade.company.id),
        ("kind", "=", "terminal"),
    ])


def _take(world, shop, kind: str, codes: list[str], **more) -> list[dict]:
    """Send events of a shop's phone and return the answers."""
    if not codes:
        return []
    now = world.clock.now
    events = [
        {
            "id": f"{kind}-{shop.number}-{now:%y%m%d%H%M%S}-{number}",
            "type": kind,
            "code": code,
            "at": iso(now),
            **place_of(shop),
            **more,
        }
        for number, code in enumerate(codes)
    ]
    return world.env["liquor.scan.request"]._take(world.user_of[world.partners[shop.number].id], events, "portal")


def scan_unshipped(world, trade, shops, step: int) -> None:
    """A shop scans a case that never left the warehouse: held."""
    lot = next(number for number, lot in enumerate(trade.flow.lots) if lot.cases - lot.next_case > 20)
    first = trade.flow.lots[lot].cases - 2 * step - 2
    codes = [trade.batches[lot]._code("case_outer", first + number) for number in range(2)]
    _take(world, shops[step % len(shops)], "receive", codes)


def scan_far_away(world, trade, shops, step: int) -> None:
    """A shop scans kilometres away from its place: held."""
    shop = shops[step % len(shops)]
    case = _unreceived(world, trade, shop.city, 1)
    address = shop.address
    _take(world, shop, "receive", case, lat=address.latitude + FAR_DEGREES, lon=address.longitude)


def scan_foreign_case(world, trade, shops, step: int) -> None:
    """A shop scans goods that another city's distributor holds: held, a sign of diversion."""
    shop = shops[step % len(shops)]
    other = next(city for city in trade.cities if city != shop.city)
    _take(world, shop, "receive", _unreceived(world, trade, other, 2))


def scan_twice(world, trade, shops, step: int) -> None:
    """A shop scans what it scanned before: refused."""
    shop = shops[step % len(shops)]
    _take(world, shop, "receive", _held_by(world, trade, shop, 2))


def mistype(world, trade, shops, step: int) -> None:
    """A shop types a code that nobody printed: refused."""
    _take(world, shops[step % len(shops)], "receive", ["40000ABCDEFGHJKMN", "41234567890123456"])


def open_cases(world, trade, shops) -> None:
    """Shops open cases: what their receipt earned for later is due now."""
    for shop in shops[: len(shops) // 2]:
        codes = _held_by(world, trade, shop, 4)
        if codes:
            _take(world, shop, "unpack", codes)


def give_back(world, trade, shops, which: int) -> None:
    """A shop returns cases to its distributor: what they earned is taken back."""
    shop = shops[(3 + which) % len(shops)]
    codes = _held_by(world, trade, shop, 2)
    if codes:
        _take(world, shop, "return", codes)


def move_between_shops(world, trade, shops, agreed: bool) -> None:
    """A second shop of the same distributor scans goods of the first; the first consents, or has yet to answer."""
    giver = shops[1 if agreed else 2 % len(shops)]
    taker = next((shop for shop in shops if shop.city == giver.city and shop is not giver), None)
    codes = _held_by(world, trade, giver, 1)
    if taker and codes:
        _take(world, taker, "receive", codes)
        if agreed:
            _take(world, giver, "transfer", codes)


def hold_earnings(world, trade) -> None:
    """The clerk holds what a shop earned while its receipts are looked at, and releases another shop's."""
    env = world.as_user("clerk", trade.company)
    earnings = env["liquor.earning"].search(
        [("company_id", "=", trade.company.id), ("beneficiary_kind", "=", "terminal"), ("amount", ">", 0)],
        limit=12,
        order="id desc",
    )
    states = env["liquor.earning.state"].sudo()
    states._set(earnings[:8], "held", "同一手机号为多家门店扫码，待核实")
    states._set(earnings[:3], "released", "核实为连锁店店长，予以放行")


def _held_by(world, trade, shop, count: int) -> list[str]:
    """Return case codes that a shop holds unopened now."""
    rows = world.env["liquor.custody"].search(
        [
            ("company_id", "=", trade.company.id),
            ("holder_id", "=", world.partners[shop.number].id),
            ("state", "=", "held"),
            ("level", ">", 1),
        ],
        limit=count,
        order="id desc",
    )
    return [row.batch_id._code("case_outer", row.unit_index) for row in rows]


def _unreceived(world, trade, city: str, count: int) -> list[str]:
    """Return case codes at the end of what a city's distributor got last: still in his warehouse."""
    last = [shipment for shipment in trade.flow.shipments if shipment.city == city]
    done = [shipment for shipment in last if moment(shipment.day, time(23, 0)) < world.clock.now]
    run = done[-1].runs[0]
    batch = trade.batches[run.lot]
    return [batch._code("case_outer", run.first + run.count - 1 - number) for number in range(count)]
