"""盘点 at shops and distributors, second places of shops, and what follows: opening rates and estimated stock."""

from datetime import time, timedelta

from ..plan import tour
from ..plan.calendar import moment

SHOPS_PER_CITY = 4
# Of what the codes say a shop had: many bottles were sold without a scan.
FOUND = {46: 85, 9: 68}
PLACES = (
    ("楼上库房", "approved"), ("对街仓库", "refused"), ("旧仓库", "ended"), ("地下室", "asked"),
)  # fmt: skip


def plan(story, trade) -> None:
    """Write the counts into the diary; the last evening tells what every shop should have."""
    calendar = story.world.calendar
    eve = tour.day_of_receipt(calendar)
    if trade is story.world.regional:
        for back, percent in FOUND.items():
            story.at(moment(calendar.today - timedelta(days=back), time(10, 40)), count_shops, trade, percent)
        story.at(moment(calendar.today - timedelta(days=9), time(11, 30)), ask_places, trade)
        story.at(moment(eve, time(17, 20)), count_themselves, trade)
    story.at(moment(eve, time(22, 30)), estimate, trade)


def _shops(world, trade) -> list:
    """Return some shops of every city that scan, without those that README's script plays with."""
    found = []
    for city in trade.cities:
        own = [shop for shop in trade.shops if shop.city == city and shop.scans and shop.state == "formal"]
        found += own[2 : 2 + SHOPS_PER_CITY]
    return [shop for shop in found if shop is not world.login_shop]


def count_shops(world, trade, percent: int) -> None:
    """The clerk counts at shops: less is there than the codes say."""
    counts = world.as_user("clerk", trade.company)["liquor.stock.count"]
    for shop in _shops(world, trade):
        party = world.partners[shop.number]
        lines = [
            (0, 0, {"product_id": product, "typed_bottles": bottles * percent // 100})
            for product, bottles in _recorded(world, trade, party).items()
        ]
        if lines:
            counts.create({"company_id": trade.company.id, "party_id": party.id, "note": "月度巡店", "line_ids": lines})


def _recorded(world, trade, party) -> dict[int, int]:
    """Return product id -> bottles that a party holds by its codes."""
    return world.env["liquor.custody"].sudo()._held_by(trade.company, party)


def count_themselves(world, trade) -> None:
    """The shop that logs in and the third distributor count by themselves, on the phone."""
    counts = world.env["liquor.stock.count"].sudo()
    for party, missing in ((world.partners[world.login_shop.number], 5), (world.distributors[trade.cities[-1]], 6)):
        typed = {product: max(bottles - missing, 0) for product, bottles in _recorded(world, trade, party).items()}
        if typed:
            counts._take_count(trade.company, party, world.user_of[party.id], typed, "demo-own", "月末自盘", "own")


def ask_places(world, trade) -> None:
    """Four shops asked for a second place: approved, refused, ended again, waiting."""
    places, clerk = world.env["liquor.shop.place"], world.as_user("clerk", trade.company)
    for shop, (name, state) in zip(_shops(world, trade)[1:], PLACES, strict=False):
        party, address = world.partners[shop.number], shop.address
        values = {
            "name": name,
            "street": f"{address.street}后院",
            "latitude": address.latitude + 0.0012,
            "longitude": address.longitude + 0.0009,
            "accuracy": 25,
        }
        place = places._ask(party._liquor_role("terminal", trade.company), values, world.user_of[party.id])
        decision = clerk["liquor.shop.place"].browse(place.id)
        if state in ("approved", "ended"):
            decision.action_approve()
        if state == "refused":
            decision.action_refuse()
        if state == "ended":
            decision.action_end()


def estimate(world, trade) -> None:
    """Learn the rates and tell every shop's stock, as the nightly job does."""
    world.of_company(trade.company)["liquor.stock.estimate"].sudo()._refresh(trade.company)
