"""What an opened bottle gives its opener: cash-back at the cap in one club, points in the other."""

from datetime import timedelta

from ..plan import tour

# Cash-back in CNY of the regional maker, points of the national one, by item code.
CASH_BACK = {"YQ-JC10": 5.88, "YQ-JC20": 8.88, "YQ-QC": 2.88, "YQ-XT": 1.68, tour.ITEM.code: float(tour.CASH_BACK)}
POINTS = {"LT-JX": 160, "LT-DC": 300, "LT-YJ": 60}


def build(world) -> None:
    """Write the claim rules; one of last summer has ended."""
    first = world.calendar.first - timedelta(days=60)
    regional, national = world.trades
    rules = [_rule(regional, code, first, reward="cash_back", amount=amount) for code, amount in CASH_BACK.items()]
    rules += [_rule(national, code, first, reward="points", points=points) for code, points in POINTS.items()]
    old = _rule(regional, "YQ-QC", first - timedelta(days=90), reward="cash_back", amount=3.88)
    rules.append({**old, "name": "青瓷·夏季开瓶返现", "date_end": first - timedelta(days=1)})
    world.env["liquor.claim.rule"].create(rules)


def _rule(trade, code: str, first, **reward) -> dict:
    product = trade.products[code]
    return {
        "name": f"{product.name.split(' ')[0]}·开瓶{'返现' if 'amount' in reward else '积分'}",
        "company_id": trade.company.id,
        "program_id": trade.program.id,
        "product_id": product.id,
        "date_start": first,
        **reward,
    }
