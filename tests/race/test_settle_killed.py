"""A settlement run that is killed at any point and repeated gives the same as one that nobody disturbed.

Each run is a process of its own on its own copy of one database. It is stopped before a chosen statement or commit,
killed (SIGKILL), and started again as the cron would; then every row that it wrote is compared, ids and names of
sequences left out: a number that was drawn and rolled back is a gap.
"""

import json
import re
import signal
from contextlib import closing

import pytest
from tools.environment import databases, served
from tools.environment.open_shell import OpenShell
from tools.environment.settings import SCALE_DATABASE

PREPARED, WHOLE, KILLED = "liquor_settle_prepared", "liquor_settle_whole", "liquor_settle_killed"
# Parts of the undisturbed run after which each start is killed; what it committed is not done again, the rest is.
MOMENTS = (0.1, 0.23, 0.31, 0.17, 0.27, 0.05)
PREPARE = """
from odoo.fields import Command
company = env.company
env["liquor.account.mapping"]._ensure_accounts(company)
env["liquor.run"].search([("state", "in", ("queued", "running"))]).state = "cancelled"
clerk = env["res.users"].with_context(no_reset_password=True).create({
    "name": "killed", "login": "killed", "password": "killed", "company_id": company.id,
    "company_ids": [Command.set(company.ids)], "group_ids": [Command.set([env.ref("liquor_channel.group_clerk").id])]})
partners = env["res.partner"].create([{"name": f"断电商贸 {n}", "is_company": True} for n in range(7)])
env["liquor.channel.role"].create([{"partner_id": partner.id, "kind": "distributor", "state": "formal",
    "company_id": company.id, "date_start": "2025-01-01"} for partner in partners])
product = env["product.product"].create({"name": "断电酒", "type": "consu", "is_storable": True, "list_price": 100})
bills = env["account.move"].create([{"move_type": "out_invoice", "partner_id": partner.id,
    "invoice_date": "2025-02-10", "invoice_line_ids": [Command.create({"product_id": product.id, "quantity": 60 + n,
    "price_unit": 99.97, "tax_ids": [Command.clear()]})]} for n, partner in enumerate(partners)])
bills.action_post()
policy = env["liquor.policy"].create({"name": "断电返利", "kind": "tiered", "beneficiary_kind": "distributor",
    "nature": "rebate", "company_id": company.id})
version = env["liquor.policy.version"].create({"policy_id": policy.id, "date_start": "2025-01-01",
    "basis": "invoiced", "measure": "amount", "rate_kind": "percent", "method": "progressive", "period": "quarter",
    "payable": "available", "partner_ids": [Command.set(partners.ids)], "tier_ids": [
        Command.create({"from_value": 0, "to_value": 6000, "rate": 1}),
        Command.create({"from_value": 6000, "to_value": 0, "rate": 2.5})]})
version.action_activate()
held = {"company_id": company.id, "partner_id": partners[3].id, "beneficiary_kind": "distributor",
    "currency_id": company.currency_id.id, "amount": 12.5, "event_time": "2025-03-10 04:00:00",
    "payable": "available", "fact_key": "killed/1", "component": "base"}
env["liquor.earning.state"]._set(env["liquor.earning"]._book([held]), "held", "under review")
runs = env["liquor.run"].with_user(clerk)
runs._start("bring_up_to_date", "earnings", 7, {"versions": version.ids, "day": "2025-03-31", "batch": 3})
runs._start("settle_month", "settlements", 7, {"date_from": "2025-01-01", "date_to": "2025-03-31",
    "payment_method": "rebate_account", "send": True, "batch": 3})
env.cr.commit()
print("PREPARED")
"""
# What the cron does, in a process of its own that Odoo's loaded one leaves behind; before statement or commit number
# NUMBER it is killed. No connection is shared: the child opens its own.
WORK = """
import itertools, os, signal, traceback
import odoo
from odoo.orm.registry import Registry
from odoo.sql_db import Cursor, close_all
database, user, context = env.cr.dbname, env.uid, dict(env.context)
env.cr.close()
close_all()
told, tell = os.pipe()
child = os.fork()
if not child:
    status, steps, stop = 1, itertools.count(1), NUMBER
    def counted(plain):
        def work(self, *words, **more):
            if next(steps) == stop:
                os.kill(os.getpid(), signal.SIGKILL)
            return plain(self, *words, **more)
        return work
    try:
        Cursor.execute, Cursor.commit = counted(Cursor.execute), counted(Cursor.commit)
        env = odoo.api.Environment(Registry(database).cursor(), user, context)
        env["liquor.run"]._process_queue()
        env.cr.commit()
        os.write(tell, str(next(steps) - 1).encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)
os.close(tell)
_child, status = os.waitpid(child, 0)
print("ENDED", os.waitstatus_to_exitcode(status), "STEPS", os.read(told, 20).decode() or 0)
os.close(told)
"""
PARTNERS = "(SELECT id FROM res_partner WHERE name LIKE '断电商贸 %')"
# Everything that the runs write, without ids, names of sequences and moments.
WRITTEN = {
    "earnings": f"""SELECT e.partner_id, e.amount, e.type, e.component, e.idempotency_key, e.business_day, e.booked_day,
        e.trace FROM liquor_earning e WHERE e.partner_id IN {PARTNERS}""",
    "states": f"""SELECT e.idempotency_key, s.state, s.result, s.reason FROM liquor_earning_state s
        JOIN liquor_earning e ON e.id = s.earning_id WHERE e.partner_id IN {PARTNERS}""",
    "settlements": f"""SELECT partner_id, date_from, date_to, state, payment_method, amount_total, amount_held,
        author_id, snapshot_number, deadline - sent_at::date FROM liquor_settlement WHERE partner_id IN {PARTNERS}""",
    "lines": f"""SELECT t.partner_id, e.idempotency_key, l.label, l.amount, l.bottles, l.held, l.held_reason, l.live
        FROM liquor_settlement_line l JOIN liquor_settlement t ON t.id = l.settlement_id
        JOIN liquor_earning e ON e.id = l.earning_id WHERE t.partner_id IN {PARTNERS}""",
    "snapshots": f"""SELECT partner_id, snapshot::jsonb - 'name' - 'lines' - 'accounts' FROM liquor_settlement
        WHERE partner_id IN {PARTNERS}""",
    "accrued": f"""SELECT e.idempotency_key, count(a.id), count(DISTINCT a.run_id) FROM liquor_earning e
        LEFT JOIN liquor_accrual_line a ON a.earning_id = e.id WHERE e.partner_id IN {PARTNERS} GROUP BY 1""",
    "ledger": f"""SELECT l.partner_id, a.name, sum(l.balance), count(*) FROM account_move_line l
        JOIN account_account a ON a.id = l.account_id WHERE l.partner_id IN {PARTNERS} AND l.parent_state = 'posted'
        GROUP BY 1, 2""",
    "versions": "SELECT v.state FROM liquor_policy_version v JOIN liquor_policy_version_res_partner_rel r"
    f" ON r.liquor_policy_version_id = v.id WHERE r.res_partner_id IN {PARTNERS}",
    "runs": "SELECT kind, state, total, done, cursor FROM liquor_run WHERE state <> 'cancelled'",
}


@pytest.fixture(scope="module")
def prepared(site):
    """A database with seven distributors, their invoices, terms and two queued runs; copies are made of it."""
    served.copy(SCALE_DATABASE, PREPARED)
    assert "PREPARED" in databases.script(PREPARED, PREPARE)
    yield PREPARED
    for name in (PREPARED, WHOLE, KILLED):
        databases.drop(name)


def work(shell: OpenShell, stop: int = 0) -> int:
    """Work off the queue in a process of its own and return the number of its steps; killed at step ``stop``, it is 0.

    :param stop: statement or commit before which it is killed; 0 = none
    """
    answer = shell.run(WORK.replace("NUMBER", str(stop)))
    ended, steps = map(int, re.search(r"ENDED (-?\d+) STEPS (\d+)", answer).groups())
    assert ended == (0 if steps else -signal.SIGKILL), answer
    return steps


def written(database: str) -> dict[str, list]:
    """Return what the runs wrote, each kind of row as a sorted list."""
    rows = {
        kind: databases.query(f"SELECT COALESCE(json_agg(row_to_json(x)), '[]') FROM ({query}) x", database)
        for kind, query in WRITTEN.items()
    }
    return {kind: sorted(json.dumps(row, sort_keys=True) for row in json.loads(text)) for kind, text in rows.items()}


def test_killed_and_repeated_is_the_same_as_one_run(prepared):
    """Kills spread over the run, in the middle of batches; after the last start nothing is missing or double."""
    served.copy(prepared, WHOLE)
    with closing(OpenShell(WHOLE)) as shell:
        steps = work(shell)
    expected = written(WHOLE)
    # by hand: 60 * 99.97 = 5,998.20 at 1 % is 59.98; 61 * 99.97 = 6,098.17 is 60 + 2.45, and so on; 12.50 waits
    totals = sorted(json.loads(row)["amount_total"] for row in expected["settlements"])
    assert totals == [59.98, 62.45, 64.95, 67.45, 69.95, 72.45, 74.95]
    assert {json.loads(row)["state"] for row in expected["settlements"]} == {"sent"}
    assert [len(expected[kind]) for kind in ("earnings", "lines", "states", "runs")] == [8, 8, 1, 2]

    served.copy(prepared, KILLED)
    with closing(OpenShell(KILLED)) as shell:
        kills = sum(work(shell, max(1, int(steps * moment))) == 0 for moment in MOMENTS)
        assert work(shell)
    assert kills >= 4, "the run ended before it was killed"
    assert written(KILLED) == expected


def test_repeated_once_more_it_writes_nothing(prepared):
    """The finished run and a new one of the same month change nothing."""
    before = written(KILLED)
    again = """
company, clerk = env.company, env["res.users"].search([("login", "=", "killed")])
runs = env["liquor.run"].with_user(clerk)
version = env["liquor.policy.version"].search([("policy_id.name", "=", "断电返利")])
first = runs._start("bring_up_to_date", "earnings", 7, {"versions": version.ids, "day": "2025-03-31"})
second = runs._start("settle_month", "settlements", 7, {"date_from": "2025-01-01", "date_to": "2025-03-31",
    "payment_method": "rebate_account", "send": True})
env["liquor.run"]._process_queue()
print("AGAIN", first.sudo().state, second.sudo().state)
(first + second).sudo().state = "cancelled"
env.cr.commit()
"""
    assert "AGAIN done done" in databases.script(KILLED, again)
    assert written(KILLED) == before
