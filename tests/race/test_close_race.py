"""A month is closed and a statement is confirmed by twenty at once, over HTTP: one effect, everybody is told."""

import re
from collections import Counter

import pytest

from .browser import Browser, failed
from .cast import prepared

N = 20
PREPARE = """
from odoo.addons.liquor_channel.engine.accounts.booking import month_end
env["liquor.account.mapping"]._ensure_accounts(company)
day = fields.Date.to_date("2025-03-10")
partner = party("关账商贸", "distributor", date_start="2025-01-01")
for number in range(2):
    user(f"close_finance{number}", "liquor_channel.group_finance")
user("close_distributor", "base.group_portal", parent=partner)
book(partner, "distributor", 6000, "close/1", "2025-03-10 04:00:00")
period = env["liquor.period"]._for_day(company, day)
period.carry_reason = "race"
drafts = env["liquor.account.statement"]._make(company, day.replace(day=1), partner)
drafts.action_send()
# 1,000 points of a club at 0.01 are 10.00; 80 % are expected to be used
club = env["liquor.member.program"].create({"name": "关账会", "mode": "national", "company_id": company.id})
member = env["liquor.member"]._join(club, "13800138177", "desk", "close")
env["liquor.reward"]._grant([{"kind": "points", "member": member, "points": 1000, "key": "close/points",
    "event_time": fields.Datetime.to_datetime("2025-03-10 04:00:00")}])
own = {"program_id": club.id, "date_start": "2025-03-01", "source": "race"}
env["liquor.point.worth"].create({**own, "worth": 0.01})
rate = env["liquor.point.use.rate"].create({**own, "percent": 80})
accruals = [env["liquor.period"]._for_day(company, month).step_ids.filtered(lambda step: step.kind == "accrual").id
    for month in (day, day.replace(month=4))]
env.cr.commit()
print("PREPARED " + json.dumps({"period": period.id, "statement": drafts.id, "partner": partner.id,
    "club": club.id, "rate": rate.id, "accruals": accruals,
    "accrual": period.step_ids.filtered(lambda step: step.kind == "accrual").id}))
"""


@pytest.fixture(scope="module")
def world(site):
    """A month of last year with one earning, a statement that was sent, two of finance, one distributor."""
    return prepared(site, PREPARE)


@pytest.fixture(scope="module")
def finance(site, world):
    """Two colleagues of finance, signed in."""
    return [Browser(site.url).login(f"close_finance{number}") for number in range(2)]


def at_once(race, people, model, method, number):
    """Twenty calls of two people; errors are sentences, never those of the server."""
    answers = race(lambda turn: people[turn % 2].call(model, method, [number]), [(turn,) for turn in range(N)])
    errors = Counter(map(failed, answers))
    assert set(errors) <= {"", "UserError", "LockError"}, errors
    return errors


def test_points_nobody_will_use_are_booked_once(site, race, world, finance):
    """Twenty true-ups of two months while the estimate is changed: one entry, by the estimate that stays."""
    steps = [("liquor.period.step", "action_do", [number]) for number in world["accruals"]] * (N // 2)
    rate = [world["rate"]]
    changes = [("liquor.point.use.rate", "write", rate, {"percent": percent}) for percent in (70, 60, 50)]
    calls = [*steps[: N // 2], *changes, *steps[N // 2 :]]
    answers = race(lambda turn, call: finance[turn % 2].call(*call), list(enumerate(calls)))
    assert set(map(failed, answers)) <= {"", "UserError", "LockError"}, Counter(map(failed, answers))
    booked = site.query(
        f"""SELECT count(*), sum(used.amount) = 10 * (1 - max(rate.percent) / 100),
                   max(used.percent) = max(rate.percent), count(move.id), sum(move.amount_total) = sum(used.amount)
              FROM liquor_point_use_entry used JOIN liquor_point_use_rate rate ON rate.id = used.rate_id
              JOIN account_move move ON move.liquor_point_use_entry_id = used.id AND move.state = 'posted'
             WHERE used.program_id = {world["club"]}"""
    )
    assert booked == "1|t|t|1|t", booked
    late = finance[0].call("liquor.point.use.rate", "write", rate, {"percent": 10})
    assert failed(late) == "UserError", late


def test_accrued_once(site, race, world, finance):
    """The accrual step, twenty times at once: the earning is accrued once."""
    assert at_once(race, finance, "liquor.period.step", "action_do", world["accrual"])[""] >= 1
    where = f"e.partner_id = {world['partner']}"
    count = site.query(
        f"SELECT count(*) FROM liquor_accrual_line a JOIN liquor_earning e ON e.id = a.earning_id WHERE {where}"
    )
    assert count == "1"


def test_closed_once(site, race, world, finance):
    """The month closes for one of them; all others are told."""
    assert at_once(race, finance, "liquor.period", "action_close", world["period"])[""] == 1
    state = f"SELECT state, closed_by_id IS NOT NULL FROM liquor_period WHERE id = {world['period']}"
    assert site.query(state) == "closed|t"
    # each cause stands once, however many matched
    twice = "SELECT count(*) FROM (SELECT 1 FROM liquor_variance GROUP BY company_id, variance_class, cause_key"
    assert site.query(f"{twice} HAVING count(*) > 1) t") == "0"


def test_confirmed_once(site, race, world):
    """Twenty confirmations of one statement: it is confirmed, nobody sees an error of the server."""
    his = Browser(site.url).login("close_distributor")
    url = f"/my/channel/accounts/{world['statement']}"
    page = his.open(url)[1]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    mark = re.search(r'name="fingerprint" value="(\w+)"', page).group(1)
    answers = race(
        lambda _turn: Browser(site.url, his.cookies).open(f"{url}/answer", csrf_token=token, fingerprint=mark),
        [(turn,) for turn in range(N)],
    )
    statuses = Counter(status for status, _text in answers)
    assert set(statuses) <= {200, 303} and statuses[303] == 1, statuses
    assert site.query(f"SELECT state FROM liquor_account_statement WHERE id = {world['statement']}") == "confirmed"
