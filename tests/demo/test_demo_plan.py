"""The demo world's plan: the same on every machine, with no bottle opened before it was received."""

from datetime import datetime, time, timedelta

from tools.demo_world.plan import calendar, catalog, flow, recall, shops, tour

NOON = datetime(2026, 11, 22, 4, 0)


def plan(count=60):
    every = shops.make(count)
    return every, flow.make(catalog.REGIONAL, every, calendar.Calendar.ending(NOON), 1500, 41)


def test_the_same_twice():
    assert plan()[1] == plan()[1]


def test_all_kinds_in_three_cities_with_names_of_their_own():
    every = shops.make(600)
    assert len({shop.name for shop in every}) == 600
    assert {shop.city for shop in every} == {"4101", "4103", "4113"}
    assert len({shop.kind for shop in shops.make(60)}) == 7
    assert {shop.state for shop in shops.make(60)} == {"formal", "trial", "candidate", "suspended", "ended"}


def test_goods_move_forward_only():
    _shops, moves = plan()
    received = {}
    for receipt in moves.receipts:
        for run in receipt.runs:
            for case in range(run.first, run.first + run.count):
                assert (run.lot, case) not in received, "a case is received once"
                received[run.lot, case] = receipt
    shipped = {}
    for shipment in moves.shipments:
        for run in shipment.runs:
            shipped.update({(run.lot, case): shipment for case in range(run.first, run.first + run.count)})
    assert all(shipped[case].day <= receipt.at.date() for case, receipt in received.items())
    for opening in moves.openings:
        case = opening.bottle // moves.lots[opening.lot].item.case
        receipt = received[opening.lot, case]
        assert receipt.shop == opening.shop and receipt.at < opening.at


def test_about_200_000_codes():
    """Per bottle two codes, per case two, per pallet one; both makers together."""
    every, regional = plan()
    near = [shop for shop in every if shop.city == "4101"]
    national = flow.make(catalog.NATIONAL, near, calendar.Calendar.ending(NOON), 500, 42)
    lots = regional.lots + national.lots
    codes = sum(2 * lot.bottles + 2 * lot.cases + lot.pallets for lot in lots)
    assert 200_000 <= codes <= 260_000


def test_goods_of_the_script_are_apart_and_on_one_pallet():
    """Received, held by a neighbour and on their way are different cases of the pallet that was shipped."""
    cases = [range(run.first, run.first + run.count) for run in (tour.RECEIVED, tour.NEIGHBOUR, tour.ON_THE_WAY)]
    every = [case for own in cases for case in own]
    assert len(every) == len(set(every)) and max(every) < flow.CASES_PER_PALLET
    lot = tour.lot(calendar.Calendar.ending(NOON))
    assert lot.pallets == 6 and lot.cases == lot.next_case == 360


def test_receipts_of_the_script_are_not_on_the_first_of_a_month():
    """That morning the rebates of the month before are booked, which the statement would take in."""
    for day in range(1, 29):
        assert tour.day_of_receipt(calendar.Calendar.ending(datetime(2026, 12, day, 4, 0))).day != 1


def test_nobody_opens_a_bottle_that_is_recalled():
    """On whatever day the world is built, also on the second of a month, whose eve is two days back."""
    every = shops.make(60)
    for number in range(0, 400, 9):
        days = calendar.Calendar.ending(NOON + timedelta(days=number))
        moves = flow.make(catalog.REGIONAL, every, days, 1500, 41)
        lot, bottles = recall.position(moves.lots), recall.bottles(moves.lots)
        # a day's tables end at 20:40, before the recall begins
        night = calendar.moment(recall.begins(days).date() + timedelta(days=1), time.min)
        opened = [one.at for one in moves.openings if one.lot == lot and one.bottle in bottles]
        assert opened and max(opened) < night, days.today
