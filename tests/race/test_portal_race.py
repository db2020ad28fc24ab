"""Twenty people at the same moment: distributors confirm, dispute and sign, the office approves, posts and answers.

Each has his own session; nothing that was accepted is lost, nothing is recorded twice, nobody sees an error of ours.
"""

import re
from collections import Counter

import pytest

from .browser import failed
from .cast import prepared

LOGINS = "crowd_"
PREPARE = """
env["liquor.account.mapping"]._ensure_accounts(company)
clerk = user("crowd_clerk", "liquor_channel.group_clerk")
for number in range(4):
    user(f"crowd_finance{number}", "liquor_channel.group_finance")
    user(f"crowd_payer{number}", "liquor_channel.group_finance")
    user(f"crowd_office{number}", "liquor_channel.group_clerk")
found = {}
for name in ("argue", "mixed", "approve", "post"):
    partner = env["res.partner"].create({"name": f"众人商贸 {name}", "is_company": True})
    env["liquor.channel.role"].create({"partner_id": partner.id, "kind": "distributor", "state": "formal",
        "company_id": company.id, "date_start": "2026-01-01"})
    for number in range(6):
        user(f"crowd_{name}{number}", "base.group_portal", parent=partner)
    for number in range(3):
        env["liquor.earning"]._book([{"company_id": company.id, "partner_id": partner.id,
            "beneficiary_kind": "distributor", "currency_id": company.currency_id.id, "amount": 100 + number,
            "event_time": fields.Datetime.now(), "payable": "available", "fact_key": f"crowd/{name}/{number}",
            "component": "base"}])
    statement = env["liquor.settlement"].with_user(clerk).create({"partner_id": partner.id,
        "date_from": "2026-01-01", "date_to": "2026-12-31",
        "payment_method": "credit_note" if name == "approve" else "rebate_account"})
    statement.action_prepare()
    statement.action_send()
    if name in ("approve", "post"):
        statement.sudo()._confirm()
    if name == "post":
        statement.with_user(env["res.users"].search([("login", "=", "crowd_finance0")])).action_approve()
    agreement = env["liquor.agreement"].create({"distributor_id": partner.id, "date_start": "2026-01-01",
        "line_ids": [Command.create({"share": 30})]})
    agreement.action_send()
    found[name] = {"id": statement.id, "lines": statement.line_ids.earning_id.ids, "partner": partner.id,
        "agreement": agreement.id}
env.cr.commit()
print("PREPARED " + json.dumps(found))
"""


@pytest.fixture(scope="module")
def world(site):
    """Four distributors with a statement each: two were sent, one is confirmed, one approved."""
    return prepared(site, PREPARE)


def portal(people, name, number, path, **form):
    """Return a call of one distributor's user: his form with his own token, sent when all are ready."""
    person = people(f"{name}{number}")
    token = person.token(path)

    def call(address):
        status, text = person.open(address, csrf_token=token, **form)
        return "done" if status == 303 else f"told {status}" if "alert-danger" in text else f"odd {status}"

    return call


def office(people, name, model, method, record):
    """Return a call of a colleague."""
    person = people(name)

    def call(_address):
        error = failed(person.call(model, method, [record]))
        return f"told {error}" if error else "done"

    return call


def run_all(race, calls):
    """Run ``[(group, call, address)]`` at once; return {group: Counter of answers}."""
    answers = race(lambda _group, call, address: call(address), calls)
    found = {}
    for (group, _call, _address), answer in zip(calls, answers, strict=True):
        found.setdefault(group, Counter())[answer] += 1
    allowed = {"done", "told 200", "told UserError", "told LockError", "told ValidationError"}
    assert set().union(*found.values()) <= allowed, found
    return found


def state(site, statement):
    return site.query(f"SELECT state FROM liquor_settlement WHERE id = {statement}")


def disputes(site, statement, where="TRUE"):
    return int(site.query(f"SELECT count(*) FROM liquor_dispute WHERE settlement_id = {statement} AND {where}"))


def test_confirm_dispute_approve_and_post_at_once(site, race, world, people):
    """20 people: 6 dispute 3 lines of one statement, 3 confirm and 3 dispute another, 4 approve, 4 post."""
    calls = []
    for name in ("argue", "mixed"):
        statement, lines = world[name]["id"], world[name]["lines"]
        url = f"/my/channel/statements/{statement}"
        mark = re.search(r'name="fingerprint" value="(\w+)"', people(f"{name}0").open(url)[1]).group(1)
        for number in range(6):
            if name == "mixed" and number < 3:
                calls.append(("confirm", portal(people, name, number, url, fingerprint=mark), f"{url}/confirm"))
            else:
                form = {"line": lines[number % 3], "text": f"{name} {number}"}
                calls.append((f"{name} dispute", portal(people, name, number, url, **form), f"{url}/dispute"))
    for number in range(4):
        approve, post = world["approve"]["id"], world["post"]["id"]
        calls.append((
            "approve",
            office(people, f"finance{number}", "liquor.settlement", "action_approve", approve),
            "",
        ))
        calls.append(("post", office(people, f"payer{number}", "liquor.settlement", "action_post", post), ""))
    assert len(calls) == 20
    found = run_all(race, calls)

    # each line of the first statement is disputed once, by whoever came first; nothing accepted is missing
    statement = world["argue"]["id"]
    assert found["argue dispute"]["done"] == 3 == disputes(site, statement, "state = 'open'")
    assert state(site, statement) == "disputed"
    # of the second either the confirmation holds and no dispute, or the disputes and no confirmation
    statement = world["mixed"]["id"]
    confirmed, disputed = found["confirm"]["done"], found["mixed dispute"]["done"]
    assert (state(site, statement), confirmed, disputed > 0) in {("confirmed", 1, False), ("disputed", 0, True)}
    assert disputes(site, statement) == disputed
    by = site.query(f"SELECT count(confirmed_by_id) FROM liquor_settlement WHERE id = {statement}")
    assert by == str(confirmed)
    # one approval, one posting, one entry of 100 + 101 + 102 in the account
    assert found["approve"]["done"] == found["post"]["done"] == 1
    assert state(site, world["approve"]["id"]) == "approved"
    assert state(site, world["post"]["id"]) == "paid"
    entries = "SELECT count(*), sum(e.amount)::float FROM liquor_rebate_entry e JOIN liquor_rebate_account a"
    partner = world["post"]["partner"]
    assert site.query(f"{entries} ON a.id = e.rebate_account_id WHERE a.partner_id = {partner}") == "1|303"
    accrued = "SELECT count(*), count(DISTINCT l.earning_id) FROM liquor_accrual_line l JOIN liquor_earning e"
    assert site.query(f"{accrued} ON e.id = l.earning_id WHERE e.partner_id = {partner}") == "3|3"


def test_answers_signatures_and_a_second_round_at_once(site, race, world, people):
    """20 people: 4 x 3 answers to the disputes, 4 post the approved statement, 4 sign one agreement."""
    ids = site.query(
        f"SELECT string_agg(id::text, ',') FROM liquor_dispute WHERE settlement_id = {world['argue']['id']}"
    ).split(",")
    clerk = people("clerk")
    for dispute in ids:
        clerk.call("liquor.dispute", "write", [int(dispute)], {"answer": "Checked"})
    calls = [
        (f"dispute {dispute}", office(people, f"office{number}", "liquor.dispute", "action_reject", int(dispute)), "")
        for dispute in ids
        for number in range(4)
    ]
    for number in range(4):
        post = office(people, f"payer{number}", "liquor.settlement", "action_post", world["approve"]["id"])
        calls.append(("post", post, ""))
        url = f"/my/channel/agreements/{world['post']['agreement']}"
        calls.append(("sign", portal(people, "post", number, url, read="1"), f"{url}/accept"))
    assert len(calls) == 20
    found = run_all(race, calls)
    assert [found[f"dispute {dispute}"]["done"] for dispute in ids] == [1, 1, 1]
    assert disputes(site, world["argue"]["id"], "state = 'rejected' AND answered_by_id IS NOT NULL") == 3
    assert found["post"]["done"] == 1
    # one credit note, which takes 303.00 from what is owed (its tax comes on top)
    notes = f"account_move m WHERE m.liquor_settlement_id = {world['approve']['id']} AND m.state = 'posted'"
    assert site.query(f"SELECT count(*), sum(m.amount_untaxed)::float FROM {notes}") == "1|303"
    assert state(site, world["approve"]["id"]) in ("posted", "paid")
    agreement = world["post"]["agreement"]
    signed = f"SELECT count(*) FROM liquor_agreement_acceptance WHERE agreement_id = {agreement}"
    assert found["sign"]["done"] == 1 == int(site.query(signed))
    # the three answers are sent to the distributor: once
    found = run_all(
        race,
        [
            ("send", office(people, f"office{number}", "liquor.settlement", "action_send", world["argue"]["id"]), "")
            for number in range(4)
        ],
    )
    assert found["send"]["done"] == 1
    assert state(site, world["argue"]["id"]) == "sent"
    version = f"SELECT snapshot_number FROM liquor_settlement WHERE id = {world['argue']['id']}"
    assert site.query(version) == "2"
