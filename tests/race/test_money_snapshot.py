"""What a colleague did meanwhile: nobody decides on an older picture of the money; he reads anew or is run again.

Real connections at REPEATABLE READ, one after the other, so that each case happens every time: the late transaction
takes its picture first, the early one commits, then the late one acts.
"""

import json
import re

import pytest

PROGRAM = """
import json
from odoo import Command, api, fields
from odoo.exceptions import UserError
from psycopg2.errors import SerializationFailure
company = env["res.company"].create({"name": "快照酒业", "country_id": env.ref("base.cn").id,
    "currency_id": env.company.currency_id.id})
env.cr.commit()  # now it has its chart of accounts
env["liquor.account.mapping"]._ensure_accounts(company)
env.user.company_ids |= company
def user(login, group):
    return env["res.users"].with_context(no_reset_password=True).create({"name": login, "login": login,
        "company_id": company.id, "company_ids": [Command.set(company.ids)],
        "group_ids": [Command.set([env.ref(group).id])]})
clerk, boss = [user(f"snapshot_{name}", "liquor_channel.group_finance") for name in ("clerk", "boss")]
office = user("snapshot_office", "liquor_channel.group_clerk")
kind = env.ref("liquor_channel.terminal_kind_tobacco_liquor")
def party(name, role):
    partner = env["res.partner"].create({"name": name, "is_company": True})
    env["liquor.channel.role"].create({"partner_id": partner.id, "kind": role, "state": "formal",
        "company_id": company.id, "date_start": "2026-01-01",
        "terminal_kind_id": kind.id if role == "terminal" else False})
    return partner
def book(partner, role, amount, key):
    return env["liquor.earning"]._book([{"company_id": company.id, "partner_id": partner.id, "beneficiary_kind": role,
        "currency_id": company.currency_id.id, "amount": amount, "event_time": fields.Datetime.now(),
        "payable": "available", "fact_key": key, "component": "base"}])
def ask(name):
    partner = party(name, "terminal")
    book(partner, "terminal", 600, f"snapshot/{name}")
    payee = env["liquor.payee"]._store_account(company, partner, "bank", name, "6222020000001234567", "ICBC")
    payee.created_at = "2026-01-01"
    return env["liquor.payout"]._request(company, partner, payee, None, f"snapshot/{name}", env.user)
def batch():
    made = env["liquor.payout.batch"].with_user(clerk).create({"company_id": company.id})
    made.action_collect()
    return made
def environment(who):
    cr = env.registry.cursor()
    cr.execute("SELECT 1")
    return api.Environment(cr, who.id, {"allowed_company_ids": company.ids})
def act(this, record, method, *args):
    getattr(this[record._name].browse(record.id), method)(*args)
def late_and_early(record, late_user, late_method, early_user, early_record, early_method, late_args=()):
    env.cr.commit()
    late, early = environment(late_user), environment(early_user)
    act(early, early_record, early_method)
    early.cr.commit()
    try:
        act(late, record, late_method, *late_args)
        late.cr.commit()
        return "done"
    except SerializationFailure:
        return "again"
    except UserError:
        return "refused"
    finally:
        late.cr.rollback()
        late.cr.close()
        early.cr.close()
        env.cr.rollback()
        env.invalidate_all()
found = {}
first, held = ask("一店"), batch()
second = ask("二店")
found["approve after collect"] = late_and_early(held, boss, "action_approve", clerk, held, "action_collect")
found["both are approved"] = [second.batch_id == held, held.state, sorted(held.payout_ids.mapped("amount"))]
third, draft = ask("三店"), batch()
fourth = ask("四店")
found["collect after approve"] = late_and_early(draft, clerk, "action_collect", boss, draft, "action_approve")
found["fourth waits"] = (fourth.state, bool(fourth.batch_id), draft.state)
other = batch()
found["approve after cancel"] = late_and_early(other, boss, "action_approve", clerk, fourth, "action_cancel")
found["fourth is cancelled"] = (fourth.state, other.state)

distributor = party("快照商贸", "distributor")
for number in range(2):
    book(distributor, "distributor", 100, f"snapshot/rebate/{number}")
today = fields.Date.today()
statement = env["liquor.settlement"].with_user(office).create({"partner_id": distributor.id, "company_id": company.id,
    "date_from": today.replace(month=1, day=1), "date_to": today.replace(month=12, day=31)})
statement.action_prepare()
statement.action_send()
one, two = statement.line_ids
dispute = statement.sudo()._dispute_line(one, "Why?", env.user)
dispute.answer = "Because"
dispute.action_reject()
statement.sudo().write({"state": "disputed"})
env.cr.commit()
late, early = environment(office), environment(env.user)
late_statement = late["liquor.settlement"].browse(statement.id)
early["liquor.settlement"].browse(statement.id)._dispute_line(early["liquor.settlement.line"].browse(two.id), "?",
                                                              early.user)
early.cr.commit()
try:
    late_statement.action_send()
    late.cr.commit()
    found["send after dispute"] = "done on an old picture"
except SerializationFailure:
    found["send after dispute"] = "again"
late.cr.rollback()
late.cr.close()
early.cr.close()
print("FOUND " + json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(site):
    """What each late decision came to."""
    answer = site.shell(PROGRAM)
    match = re.search(r"FOUND (\{.*\})", answer)
    assert match, answer
    return json.loads(match.group(1))


def test_an_approval_counts_the_payout_that_was_collected_meanwhile(found):
    """Who approves waits for his turn and reads anew: what he approves is what is in the batch then."""
    assert found["approve after collect"] == "done"
    assert found["both are approved"] == [True, "approved", [600.0, 600.0]]


def test_an_approved_batch_takes_nothing_more(found):
    assert found["collect after approve"] in {"again", "refused"}
    assert found["fourth waits"] == ["requested", False, "approved"]


def test_a_payout_cancelled_meanwhile_is_not_approved(found):
    assert found["approve after cancel"] in {"again", "refused"}
    assert found["fourth is cancelled"] == ["cancelled", "draft"]


def test_a_statement_is_not_sent_over_a_dispute_that_came_meanwhile(found):
    assert found["send after dispute"] == "again"
