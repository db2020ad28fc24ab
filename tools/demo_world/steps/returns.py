"""What the money brought: four weeks against the four before, kept up to date; a season; all days of the story."""

from datetime import timedelta

DAYS = 28
#: first day of the season that is looked at, counted from the first day of the story
SEASON = 32
#: share of the factory price that a bottle costs; the cheapest series has no cost price, its margin is typed
COST = 0.36
FAMILY_MARGIN = {"YQ": 22, "LT": 120}


def cost_of(item, items) -> float:
    """Return the cost price of a bottle, 0 of the cheapest one."""
    return 0.0 if item.factory == min(one.factory for one in items) else round(COST * item.factory, 2)


def build(world) -> None:
    """Finance computes them as of yesterday; the manager has typed a margin where no cost price is known."""
    last = world.calendar.today - timedelta(days=1)
    for trade in world.trades:
        manager, finance = world.as_user("manager", trade.company), world.as_user("finance", trade.company)
        manager["liquor.family.margin"].create({
            "category_id": trade.products[trade.items[0].code].categ_id.id,
            "margin": FAMILY_MARGIN[trade.items[0].code[:2]],
            "source": "年度成本测算表（财务部）",
            "date_start": world.calendar.first - timedelta(days=60),
        })
        returns = finance["liquor.spend.return"].create([
            {
                "date_from": last - timedelta(days=DAYS - 1),
                "date_to": last,
                "choice": "before_period",
                "is_rolling": True,
            },
            {
                "date_from": world.calendar.first + timedelta(days=SEASON),
                "date_to": world.calendar.first + timedelta(days=SEASON + DAYS - 1),
                "choice": "before_period",
            },
            {"date_from": world.calendar.first, "date_to": last},
        ])
        returns.action_compute()
