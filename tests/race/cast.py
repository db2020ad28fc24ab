"""Who takes part in a race: the programs that prepare a world begin with ``CAST`` and print what they made."""

import json
import re

#: what every program may use: people who sign in by their own name, parties with a role, amounts that were earned
CAST = """
import json
from odoo import fields
from odoo.fields import Command
company = env.company
def user(login, *groups, parent=None):
    made = env["res.users"].with_context(no_reset_password=True).create({
        "name": login, "login": login, "password": login, "company_id": company.id,
        "company_ids": [Command.set(company.ids)], "group_ids": [Command.set([env.ref(group).id for group in groups])]})
    if parent:
        made.partner_id.parent_id = parent
    return made
def party(name, role, **values):
    kind = env.ref("liquor_channel.terminal_kind_tobacco_liquor")
    partner = env["res.partner"].create({"name": name, "is_company": True})
    env["liquor.channel.role"].create({"partner_id": partner.id, "kind": role, "state": "formal",
        "company_id": company.id, "date_start": "2026-01-01",
        "terminal_kind_id": kind.id if role == "terminal" else False, **values})
    return partner
def book(partner, role, amount, key, moment=None):
    return env["liquor.earning"]._book([{"company_id": company.id, "partner_id": partner.id, "beneficiary_kind": role,
        "currency_id": company.currency_id.id, "amount": amount, "event_time": moment or fields.Datetime.now(),
        "payable": "available", "fact_key": key, "component": "base"}])
"""


def prepared(site, program: str, **values) -> dict:
    """Run a program behind ``CAST`` and return what it printed after ``PREPARED`` as JSON; ``values`` fill it."""
    return printed(site.shell(CAST + (program % values if values else program)))


def printed(answer: str, word: str = "PREPARED") -> dict:
    """Return the JSON that a program printed behind a word."""
    found = re.search(rf"{word} (\{{.*\}})", answer)
    assert found, answer
    return json.loads(found.group(1))
