"""Twenty at the same moment, over HTTP: terms, values, grants, re-ratings and expiries happen once (N = 20)."""

import re

import pytest

from .browser import failed, told
from .cast import prepared

N = 20
LOGINS = "policyrace_"
PREPARE = """
from datetime import datetime
company.liquor_policy_mode = "regional"
env["liquor.account.mapping"]._ensure_accounts(company)
clerk = user("policyrace_clerk", "liquor_channel.group_clerk")
manager = user("policyrace_manager", "liquor_channel.group_channel_manager")
finance = user("policyrace_finance", "liquor_channel.group_finance")
place = env["liquor.territory"].load_divisions([("94", "赛跑省"), ("9401", "赛跑市")])[1]
region = user("policyrace_region", "liquor_channel.group_channel_manager")
region.liquor_territory_ids = place
shop = party("赛跑政策店", "terminal", territory_id=place.id)
distributor = party("赛跑政策商贸", "distributor", territory_id=place.id)
product = env["product.product"].create({"name": "赛跑政策酒", "type": "consu", "list_price": 100,
    "taxes_id": [Command.clear()]})
def policy(name, **values):
    return env["liquor.policy"].with_user(clerk).create({"name": name, "company_id": company.id, "kind": "per_unit",
        "beneficiary_kind": "terminal", **values})
def draft(owner, author=clerk, **values):
    return env["liquor.policy.version"].with_user(author).create({"policy_id": owner.id, "date_start": "2026-01-01",
        "measure": "bottles", "rate": 2, "product_ids": [Command.set(product.ids)], **values})
# terms: two drafts for the same days
rivals = policy("赛跑条款")
drafts = [draft(rivals).id, draft(rivals).id]
# values of one shop: one draft, and two of a kind for the same days
valued = draft(policy("赛跑一店一策"))
valued.with_user(manager).action_activate()
def overlay(**values):
    return env["liquor.policy.overlay"].with_user(clerk).create({"policy_id": valued.policy_id.id,
        "partner_id": shop.id, "value": 3, "reason": "Race", "date_start": "2026-01-01", **values}).id
one, pair = overlay(), [overlay(kind="strength"), overlay(kind="strength", value=5)]
# above the limit of the region, which has none
above = draft(policy("赛跑区域", ), author=region, territory_ids=[Command.set(place.ids)])
# re-rating: 60 bottles at 2.00, then at 3.00
rated = draft(policy("赛跑改价", beneficiary_kind="distributor"), basis="ordered")
rated.with_user(manager).action_activate()
order = env["sale.order"].create({"partner_id": distributor.id, "company_id": company.id, "state": "sale",
    "date_order": datetime(2026, 2, 10, 4), "order_line": [Command.create({"product_id": product.id,
    "product_uom_qty": 60, "price_unit": 100})]})
env.flush_all()
facts = env["liquor.flow.fact"]._facts([("kind", "=", "ordered"), ("partner_id", "=", distributor.id)])
env["liquor.policy"]._earn(facts)
rerating = rated.with_user(clerk).copy({"date_start": "2026-01-01", "rate": 3})
simulation = env["liquor.policy.simulation"].with_user(clerk).create({"version_id": rerating.id,
    "date_from": "2026-01-01", "date_to": fields.Date.today()})
simulation.action_simulate()
# rebate: 1,000.00 that are over since yesterday, 500.00 that never expire; ten orders want the 500.00
account = env["liquor.rebate.account"]._of(company, distributor)
def credit(amount, key, day):
    account._add(amount)
    values = account._prepare_entry_values(amount, "settlement", key, account)
    account.env["liquor.rebate.entry"].sudo()._post([{**values, "expires_on": day, "reason": "Race",
        "event_time": datetime(2026, 2, 10, 4)}])
credit(1000, "policyrace/1", fields.Date.subtract(fields.Date.today(), days=2))
credit(500, "policyrace/2", None)
orders = []
for _number in range(%(n)s // 2):
    wanted = env["sale.order"].create({"partner_id": distributor.id, "company_id": company.id,
        "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 50, "price_unit": 100})]})
    wanted.action_liquor_use_rebate()
    orders.append(wanted.id)
# scans while their terms are re-rated: cases of 6 at 2.00, then at 3.00 a bottle
scanned = env["product.product"].create({"name": "赛跑扫码酒", "company_id": company.id})
printed = env["liquor.print.order"].create({"company_id": company.id, "product_id": scanned.id, "quantity": 360,
    "supplier_id": env["res.partner"].create({"name": "Printer"}).id, "over_issue": 0,
    "scheme_id": env.ref("liquor_scan.scheme_cap_case").id})
printed.action_issue()
batch = printed.batch_ids
env["liquor.code.range"]._book(batch, "active", 0, 359)
env["liquor.channel.assignment"].create({"terminal_id": shop.id, "distributor_id": distributor.id,
    "company_id": company.id, "date_start": "2026-01-01"})
shopper = user("policyrace_shop", "base.group_portal")
shopper.partner_id.parent_id = shop
scan_old = draft(policy("赛跑扫码"), product_ids=[Command.set(scanned.ids)])
scan_old.with_user(manager).action_activate()
now = fields.Datetime.now()
at = fields.Datetime.subtract(now, hours=1)
warehouse = user("policyrace_warehouse", "liquor_scan.group_warehouse")
requests = env["liquor.scan.request"]
shipped = requests._take(warehouse, [{"id": "policyrace-ship", "type": "ship", "at": f"{at.isoformat()}Z",
    "code": batch._code("pallet", 0), "to": str(distributor.id)}], source="warehouse")
first = requests._take(shopper, [{"id": "policyrace-first", "type": "receive", "at": f"{now.isoformat()}Z",
    "code": batch._code("case_outer", 0)}], source="portal")
assert [one["status"] for one in shipped + first] == ["accepted", "accepted"], shipped + first
scan_new = scan_old.with_user(clerk).copy({"date_start": "2026-01-01", "rate": 3})
env["liquor.policy.simulation"].with_user(clerk).create({"version_id": scan_new.id, "date_from": "2026-01-01",
    "date_to": fields.Date.today()}).action_simulate()
# commission over two levels: 60 bottles at 2.00 for who is above the reporter, at 1.00 for the distributor above him
upper = party("赛跑分销上级", "sub_distributor", parent_distributor_id=distributor.id)
lower = party("赛跑分销下级", "sub_distributor", parent_distributor_id=upper.id)
poured = env["product.product"].create({"name": "赛跑分销酒", "default_code": "RACE60", "company_id": company.id})
env["liquor.commission.permission"].with_user(manager).create({"counsel": "赛跑律师",
    "note": "Two levels in goods trade, as counsel wrote on 3 March 2026.", "company_id": company.id})
tree = draft(policy("赛跑分级", beneficiary_kind="distributor"), basis="reported",
    product_ids=[Command.set(poured.ids)], commission_levels=2, second_rate=1)
def told_rows(number):
    from base64 import b64encode
    text = "日期,商品编码,数量,单位,客户,类型,单号\\n2026-02-10,RACE60,60,,,销售,%%s\\n" %% number
    made = env["liquor.flow.report"].with_user(clerk).create({"partner_id": lower.id, "company_id": company.id,
        "filename": "flow.csv", "file": b64encode(text.encode())})
    made.action_read()
    return made.id
reports = [told_rows("R1"), told_rows("R2")]
# a shop that has to scan since today: ten cases lie ready, and ten rows of yesterday tell of as many bottles
from odoo.addons.liquor_member.tools.business_day import today
since = today(company)
eve = fields.Date.subtract(since, days=1)
turned = party("赛跑转换店", "terminal", state="ended", date_end=eve, territory_id=place.id,
    terminal_kind_id=env.ref("liquor_channel.terminal_kind_key_account").id)
turned.ref = "RACETURN"
env["liquor.channel.role"].create({"partner_id": turned.id, "kind": "terminal", "state": "formal",
    "company_id": company.id, "date_start": since, "territory_id": place.id,
    "terminal_kind_id": env.ref("liquor_channel.terminal_kind_tobacco_liquor").id})
env["liquor.channel.assignment"].create({"terminal_id": turned.id, "distributor_id": distributor.id,
    "company_id": company.id, "date_start": "2026-01-01"})
user("policyrace_turned", "base.group_portal", parent=turned)
both = env["product.product"].create({"name": "赛跑转换酒", "default_code": "RACEBOTH", "company_id": company.id})
again = printed.copy({"product_id": both.id})
again.action_issue()
env["liquor.code.range"]._book(again.batch_ids, "active", 0, 359)
more = requests._take(warehouse, [{"id": "policyrace-more", "type": "ship", "at": f"{at.isoformat()}Z",
    "code": again.batch_ids._code("pallet", 0), "to": str(distributor.id)}], source="warehouse")
assert more[0]["status"] == "accepted", more
ways = []
for basis, rate, cap in (("reported", 2, 0), ("received", 3, 0), ("received", 1, 40)):
    way = draft(policy("赛跑转换 " + basis), basis=basis, rate=rate, cap_total=cap, period="month",
        product_ids=[Command.set(both.ids)])
    way.with_user(manager).action_activate()
    ways.append(way.id)
def told_of_turned(number):
    from base64 import b64encode
    text = "日期,商品编码,数量,单位,客户,类型,单号\\n%%s,RACEBOTH,6,,RACETURN,销售,T%%s\\n" %% (eve, number)
    made = env["liquor.flow.report"].with_user(clerk).create({"partner_id": distributor.id, "company_id": company.id,
        "filename": "flow.csv", "file": b64encode(text.encode())})
    made.action_read()
    return made.id
turns = {"ways": ways, "reports": [told_of_turned(number) for number in range(%(n)s // 2)],
    "cases": [again.batch_ids._code("case_outer", number) for number in range(%(n)s)]}
# a pilot over four shops
four = [party(f"赛跑试点店 {n}", "terminal").id for n in range(4)]
tried = draft(policy("赛跑试点"), partner_ids=[Command.set(four)])
pilot = env["liquor.policy.pilot"].with_user(clerk).create({"version_id": tried.id, "days": 7})
# consumer spend of the region: no checklist, but a reason
launch = env["liquor.consumer.launch"].with_user(clerk).create({"name": "赛跑消费者", "company_id": company.id,
    "territory_id": place.id, "reason": "Head office opens this region first."})
env.cr.commit()
print("PREPARED " + json.dumps({"turns": turns, "reports": reports,
    "tree": tree.id, "upper": upper.id, "top": distributor.id,
    "launch": launch.id, "pilot": pilot.id,
    "scan_old": scan_old.id, "scan_new": scan_new.id, "at": f"{now.isoformat()}Z",
    "cases": [batch._code("case_outer", number) for number in range(1, %(n)s)],
    "drafts": drafts, "policy": rivals.id, "overlay": one, "pair": pair, "above": above.id,
    "rerating": rerating.id, "rated": rated.id, "account": account.id, "orders": orders, "shop": shop.id}))
"""


@pytest.fixture(scope="module")
def world(site):
    """Terms, values, an order and a rebate account, each waiting for somebody to decide."""
    return prepared(site, PREPARE, n=N)


def calls(numbers):
    """Twenty calls that take turns with some records."""
    return [(numbers[place % len(numbers)],) for place in range(N)]


def test_one_version_in_force(site, race, world, people):
    """Two drafts of the same days are approved twenty times at once: one is in force."""
    manager = people("manager")
    answers = race(
        lambda number: manager.call("liquor.policy.version", "action_activate", [number]), calls(world["drafts"])
    )
    assert told(answers) == 1
    living = f"policy_id = {world['policy']} AND state = 'active'"
    assert site.query(f"SELECT count(*) FROM liquor_policy_version WHERE {living}") == "1"


@pytest.mark.parametrize("name", ["overlay", "pair"])
def test_one_value_of_a_shop(site, race, world, people, name):
    """One draft, or two of a kind for the same days, approved twenty times at once: one is in force, decided once."""
    numbers = world[name] if isinstance(world[name], list) else [world[name]]
    manager = people("manager")
    answers = race(lambda number: manager.call("liquor.policy.overlay", "action_approve", [number]), calls(numbers))
    assert told(answers) == 1
    ids = ", ".join(map(str, numbers))
    states = f"SELECT string_agg(state, ' ' ORDER BY state) FROM liquor_policy_overlay WHERE id IN ({ids})"
    assert site.query(states) == " ".join(sorted(["active"] + ["draft"] * (len(numbers) - 1)))


def test_head_office_is_asked_and_answers_once(site, race, world, people):
    """A region asks twenty times at once, head office grants and refuses twenty times at once: one word each."""
    region, manager = people("region"), people("manager")
    asked = race(
        lambda number: region.call("liquor.policy.version", "action_ask_head_office", [number]), calls([world["above"]])
    )
    assert told(asked) == 1
    number = int(site.query(f"SELECT id FROM liquor_policy_override WHERE version_id = {world['above']}"))
    steps = ["action_grant", "action_refuse"]
    answers = race(lambda step: manager.call("liquor.policy.override", step, [number]), calls(steps))
    assert told(answers) == 1
    assert site.query(f"SELECT state FROM liquor_policy_override WHERE id = {number}") in ("granted", "refused")
    words = "SELECT count(*) FROM mail_message m JOIN mail_tracking_value v ON v.mail_message_id = m.id"
    assert site.query(f"{words} WHERE m.model = 'liquor.policy.override' AND m.res_id = {number}") == "1"


def test_one_re_rating(site, race, world, people):
    """60 bottles paid at 2.00 and re-rated to 3.00 twenty times at once: 60.00 more, once."""
    manager = people("manager")
    answers = race(
        lambda number: manager.call("liquor.policy.version", "action_rerate", [number]), calls([world["rerating"]])
    )
    assert told(answers) == 1
    rows = "SELECT string_agg(type || ' ' || amount::float, ', ' ORDER BY id) FROM liquor_earning"
    both = f"policy_version_id IN ({world['rated']}, {world['rerating']})"
    assert site.query(f"{rows} WHERE {both}") == "earn 120, rerate 60"
    states = "SELECT string_agg(state, ' ' ORDER BY id) FROM liquor_policy_version"
    assert site.query(f"{states} WHERE id IN ({world['rated']}, {world['rerating']})") == "replaced frozen"


def test_expiry_and_use_of_the_same_money(site, race, world, people):
    """1,000.00 are over, 500.00 are not; ten orders and ten expiries at once: 1,000.00 expire and 500.00 are used."""
    clerk, finance = people("clerk"), people("finance")
    jobs = [(clerk, "sale.order", "action_confirm", number) for number in world["orders"]]
    jobs += [(finance, "liquor.rebate.account", "action_expire", world["account"])] * (N // 2)
    answers = race(lambda person, model, step, number: person.call(model, step, [number]), jobs)
    # an expiry that finds nothing is no refusal; who gave up after Odoo's retries asks again
    assert told(answers[: N // 2]) <= 1
    told(answers[N // 2 :])
    for number in world["orders"]:
        told([clerk.call("sale.order", "action_confirm", [number])])
    told([finance.call("liquor.rebate.account", "action_expire", [world["account"]])])
    entries = f"FROM liquor_rebate_entry WHERE rebate_account_id = {world['account']} AND kind"
    assert site.query(f"SELECT string_agg(amount::float::text, ' ') {entries} = 'expire'") == "-1000"
    assert site.query(f"SELECT string_agg(amount::float::text, ' ') {entries} = 'order'") == "-500"
    assert site.query(f"SELECT balance::float FROM liquor_rebate_account WHERE id = {world['account']}") == "0"
    moves = (
        f"liquor_rebate_expiry_id IN (SELECT id FROM liquor_rebate_expiry WHERE rebate_account_id = {world['account']})"
    )
    assert site.query(f"SELECT count(*) FROM account_move WHERE {moves} AND state = 'posted'") == "1"


STRAYS = """
version = env["liquor.policy.version"].browse(%(version)s)
strays = version._stray_keys()
first, second = version._rerate_strays(), version._rerate_strays()
env.cr.commit()
print("SWEPT " + str(len(strays)) + "/" + str(len(first)) + "/" + str(len(second)))
"""


def test_scans_while_their_terms_are_re_rated(site, race, world, people):
    """19 cases are scanned in while 2.00 becomes 3.00 a bottle: after the sweep each case has paid 18.00, once."""
    shop, manager = people("shop"), people("manager")
    token = shop.token("/my/terminal/scan")

    def call(number):
        if number == 0:
            return manager.call("liquor.policy.version", "action_rerate", [world["scan_new"]])
        event = {"id": f"policyrace-{number}", "type": "receive", "code": world["cases"][number - 1], "at": world["at"]}
        # all cases lie on one pallet, so scans take turns; a phone whose call gave up sends its queue again
        for _try in range(9):
            taken = shop.json("/my/terminal/scan/take", events=[event], token=token)
            if "answers" in taken:
                return taken["answers"][0]["status"]
        return taken

    answers = race(call, [(number,) for number in range(N)])
    assert failed(answers[0]) == "", answers[0]
    assert answers[1:] == ["accepted"] * (N - 1)
    swept = re.search(r"SWEPT (\d+)/(\d+)/(\d+)", site.shell(STRAYS % {"version": world["scan_new"]}))
    assert swept.group(1) == swept.group(2), "every scan that was on its way follows"
    assert swept.group(3) == "0", "a second sweep finds nothing"
    versions = f"policy_version_id IN ({world['scan_old']}, {world['scan_new']})"
    by_fact = f"SELECT fact_key, SUM(amount) AS paid FROM liquor_earning WHERE {versions} GROUP BY fact_key"
    assert site.query(f"SELECT count(*), min(paid)::float, max(paid)::float FROM ({by_fact}) f") == f"{N}|18|18"


def test_goods_scanned_and_reported_at_the_same_moment_pay_once(site, race, world, people):
    """Ten cases are scanned while ten rows tell of as many bottles of the day before: 60 x 2.00, and no scan.

    Of a policy with 40.00 for all, what the scans took is free again, once: ten cases more get 40.00 of their 60.00.
    """
    shop, clerk, turns = people("turned"), people("clerk"), world["turns"]
    token = shop.token("/my/terminal/scan")

    def scan(number):
        event = {"id": f"turned-{number}", "type": "receive", "code": turns["cases"][number], "at": world["at"]}
        taken = shop.json("/my/terminal/scan/take", events=[event], token=token)
        return taken["answers"][0]["status"] if "answers" in taken else taken

    def load(number):
        return failed(clerk.call("liquor.flow.report", "action_load", [turns["reports"][number]])) or "accepted"

    def call(act, number):
        # whoever gave up after Odoo's retries tries again, as the phone and the clerk do
        found = ""
        for _try in range(12):
            found = act(number)
            if found == "accepted":
                break
        return found

    calls = [(act, number) for number in range(N // 2) for act in (scan, load)]
    assert race(call, calls) == ["accepted"] * N
    told, scanned, capped = turns["ways"]
    paid = "SELECT COALESCE(SUM(amount), 0)::float, COALESCE(SUM(bottles), 0)::float FROM liquor_earning"
    assert site.query(f"{paid} WHERE policy_version_id = {told}") == "120|60"
    assert site.query(f"{paid} WHERE policy_version_id = {scanned}") == "0|0"
    room = f"SELECT taken::float FROM liquor_cap_counter WHERE key LIKE 'policy/{capped}/all/%'"
    money = f"SELECT SUM(amount)::float FROM liquor_earning WHERE policy_version_id = {capped}"
    assert (site.query(room), site.query(money)) == ("0", "0")
    assert race(call, [(scan, number) for number in range(N // 2, N)]) == ["accepted"] * (N // 2)
    assert (site.query(room), site.query(money)) == ("40", "40")


def test_commission_of_two_levels_is_paid_once(site, race, world, people):
    """Two-level terms are approved and a report of 60 bottles is loaded, twenty times each at once: 120.00 and 60.00.

    While a second report is loaded ten times, permission is taken back ten times: it pays each level at most once, and
    after that nobody is paid over two levels.
    """
    clerk, manager = people("clerk"), people("manager")
    first, second = world["reports"]
    approved = race(lambda one: manager.call("liquor.policy.version", "action_activate", [one]), calls([world["tree"]]))
    assert told(approved) == 1
    loaded = race(lambda one: clerk.call("liquor.flow.report", "action_load", [one]), calls([first]))
    assert told(loaded) == 1
    paid = "SELECT string_agg(format('%s %s %s', partner_id, commission_level, amount::float), ', ' ORDER BY "
    paid += f"commission_level) FROM liquor_earning WHERE policy_version_id = {world['tree']}"
    assert site.query(paid) == f"{world['upper']} 1 120, {world['top']} 2 60"
    word = {"counsel": "赛跑律师", "note": "Counsel advises against a second level from now on.", "allowed": False}
    jobs = [(clerk, "liquor.flow.report", "action_load", [second])] * (N // 2)
    jobs += [(manager, "liquor.commission.permission", "create", [word])] * (N // 2)
    answers = race(lambda person, model, step, given: person.call(model, step, given), jobs)
    assert told(answers[: N // 2]) == 1 and told(answers[N // 2 :]) == N // 2
    levels = f"SELECT commission_level, count(*) AS times FROM liquor_earning WHERE policy_version_id = {world['tree']}"
    assert site.query(f"SELECT max(times) FROM ({levels} GROUP BY 1, fact_key) f") == "1"
    allowed = "SELECT allowed FROM liquor_commission_permission ORDER BY id DESC LIMIT 1"
    assert site.query(allowed) == "f"


def test_one_launch_of_consumer_spend(site, race, world, people):
    """Ten let the money of a region go while ten look at it anew: it is let go once, and no look comes after that."""
    clerk, manager = people("clerk"), people("manager")
    jobs = [(manager, "action_launch"), (clerk, "action_check")] * (N // 2)
    answers = race(lambda person, step: person.call("liquor.consumer.launch", step, [world["launch"]]), jobs)
    assert told(answers[::2]) == 1
    told(answers[1::2])
    row = f"liquor_consumer_launch l LEFT JOIN liquor_readiness r ON r.id = l.check_id WHERE l.id = {world['launch']}"
    assert (
        site.query(f"SELECT l.state, r.checked_at IS NULL OR r.checked_at <= l.launched_at FROM {row}") == "launched|t"
    )


def test_one_draw_of_a_pilot(site, race, world, people):
    """The groups of a pilot over four shops are drawn twenty times at once: once, two and two."""
    clerk = people("clerk")
    answers = race(lambda number: clerk.call("liquor.policy.pilot", "action_draw", [number]), calls([world["pilot"]]))
    assert told(answers) == 1
    groups = "SELECT count(*) FILTER (WHERE is_control), count(*) FROM liquor_policy_pilot_shop"
    assert site.query(f"{groups} WHERE pilot_id = {world['pilot']}") == "2|4"
