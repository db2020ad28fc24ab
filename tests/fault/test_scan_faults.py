"""A worker is killed inside a call, PostgreSQL crashes under load: what was answered stands, repeated is once.

The machines of a warehouse send the same events again until they are answered; that is all they have to do.
"""

import json
import re
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from tools.environment import databases, served
from tools.environment.settings import SCALE_DATABASE

from .durable import durable

pytestmark = pytest.mark.fault

SOURCE, KILLED = "liquor_fault", "liquor_fault_killed"
CASES, CALL, SENDERS = 1200, 20, 4
PREPARE = f"""
import json
from odoo import fields
from odoo.fields import Command
company = env["res.company"].create({{"name": "断电酒业", "country_id": env.ref("base.cn").id}})
env.user.company_ids |= company
env = env(context={{"allowed_company_ids": company.ids}})
def party(name, role, **values):
    partner = env["res.partner"].create({{"name": name, "is_company": True}})
    env["liquor.channel.role"].create({{"partner_id": partner.id, "kind": role, "state": "formal",
        "company_id": company.id, "date_start": "2026-01-01", **values}})
    return partner
distributor = party("断电商贸", "distributor")
kind = env.ref("liquor_channel.terminal_kind_tobacco_liquor")
shop = party("断电烟酒", "terminal", terminal_kind_id=kind.id)
env["liquor.channel.assignment"].create({{"terminal_id": shop.id, "distributor_id": distributor.id,
    "company_id": company.id, "date_start": "2026-01-01"}})
product = env["product.product"].create({{"name": "断电酒", "company_id": company.id}})
policy = env["liquor.policy"].create({{"name": "进货", "kind": "per_unit", "beneficiary_kind": "terminal",
    "company_id": company.id}})
env["liquor.policy.version"].create({{"policy_id": policy.id, "date_start": "2026-01-01", "basis": "received",
    "measure": "bottles", "rate": 2.5}}).action_activate()
order = env["liquor.print.order"].create({{"company_id": company.id, "product_id": product.id,
    "quantity": 6 * {CASES}, "supplier_id": env["res.partner"].create({{"name": "Printer"}}).id, "over_issue": 0,
    "scheme_id": env.ref("liquor_scan.scheme_cap_case").id}})
order.action_issue()
batch = order.batch_ids
env["liquor.code.range"]._book(batch, "active", 0, batch.bottles - 1)
at = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
maker = env["liquor.api.client"].create({{"name": "plant", "company_id": company.id,
    "partner_id": company.partner_id.id, "rate": 1000000}})
till = env["liquor.api.client"].create({{"name": "till", "company_id": company.id, "partner_id": shop.id,
    "rate": 1000000}})
keys = {{"plant": maker._issue_key("scan"), "till": till._issue_key("scan")}}
env.cr.commit()
print("PREPARED " + json.dumps({{"keys": keys, "batch": batch.id, "distributor": distributor.id, "shop": shop.id,
    "at": f"{{at.isoformat()}}Z", "pallets": [batch._code("pallet", n) for n in range(batch.bottles // 360)],
    "cases": [batch._code("case_outer", n) for n in range({CASES})]}}))
"""
PROVEN = 'print("DIFFERENCES", env["liquor.custody"]._differences())'


@pytest.fixture(scope="module")
def world():
    """A maker with 1,200 cases on 20 pallets, a distributor, a shop whose till scans by API; every bottle pays 2.50."""
    served.copy(SCALE_DATABASE, SOURCE)
    found = re.search(r"PREPARED (\{.*\})", databases.script(SOURCE, PREPARE))
    yield json.loads(found.group(1))
    for name in (SOURCE, KILLED):
        databases.drop(name)


def send(url, key, events):
    """Send one call; None where no answer came."""
    request = urllib.request.Request(
        f"{url}/liquor/v1/scans",
        data=json.dumps({"events": events}).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:
            return json.loads(answer.read())["events"]
    except (urllib.error.URLError, OSError, ValueError):
        return None


def shipments(world):
    return [
        {"id": f"ship-{n}", "type": "ship", "code": code, "at": world["at"], "to": str(world["distributor"])}
        for n, code in enumerate(world["pallets"])
    ]


def receipts(world):
    return [
        {"id": f"in-{n}", "type": "receive", "code": code, "at": world["at"]} for n, code in enumerate(world["cases"])
    ]


def assert_each_once(query, world, count):
    """One request, one event and one earning of 15.00 a case; custody is what the events prove."""
    received = f"batch_id = {world['batch']} AND kind = 'receive' AND status = 'accepted'"
    assert query(f"SELECT count(*), count(DISTINCT unit_index) FROM liquor_scan_event WHERE {received}") == (
        f"{count}|{count}"
    )
    assert query("SELECT count(*), count(DISTINCT client_id) FROM liquor_scan_request WHERE client_id LIKE 'in-%'") == (
        f"{count}|{count}"
    )
    paid = f"SELECT count(*), sum(amount) FROM liquor_earning WHERE partner_id = {world['shop']}"
    earnings, amount = query(paid).split("|")
    assert (int(earnings), Decimal(amount)) == (count, 15 * count)


def test_worker_killed_in_the_middle_of_a_call(world):
    """SIGKILL while 1,200 receipts of one call are being written; the call is repeated as it was."""
    served.copy(SOURCE, KILLED)
    events = receipts(world)
    with served.serve(KILLED) as site:
        assert {answer["status"] for answer in send(site.url, world["keys"]["plant"], shipments(world))} == {"accepted"}
        caller = ThreadPoolExecutor(1).submit(send, site.url, world["keys"]["till"], events)
        # killed once its transaction writes: rows of others are invisible, its locks are not
        writing = (
            "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_database d"
            " ON d.oid = l.database AND d.datname = current_database()"
            " WHERE c.relname = 'liquor_scan_event' AND l.mode = 'RowExclusiveLock'"
        )
        deadline = time.monotonic() + 240
        while site.query(writing) == "0" and not caller.done() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not caller.done(), "the call was answered before its worker could be killed"
        site.process.kill()
        site.process.wait()
        assert caller.result() is None
    with served.serve(KILLED) as site:
        assert site.query("SELECT count(*) FROM liquor_scan_request WHERE client_id LIKE 'in-%'") == "0"
        answers = send(site.url, world["keys"]["till"], events)
        assert {(answer["status"], answer["repeated"]) for answer in answers} == {("accepted", False)}
        again = send(site.url, world["keys"]["till"], events)
        assert {(answer["status"], answer["repeated"]) for answer in again} == {("accepted", True)}
        assert_each_once(site.query, world, CASES)
        assert "DIFFERENCES []" in site.shell(PROVEN)


class Sender:
    """A till that sends its calls in turn and repeats one until it is answered."""

    def __init__(self, url, key, calls):
        self.url, self.key, self.calls = url, key, calls
        self.answers, self.unanswered = {}, 0

    def run(self):
        for events in self.calls:
            deadline = time.monotonic() + 300
            while (answers := send(self.url, self.key, events)) is None:
                self.unanswered += 1
                assert time.monotonic() < deadline, "no answer in five minutes"
                time.sleep(0.5)
            self.answers.update({answer["id"]: answer["status"] for answer in answers})


def test_postgresql_restarted_under_load(world):
    """Four tills receive 1,200 cases while the database, with durability on, crashes twice and comes back."""
    with durable(SOURCE) as server:
        assert server.query("SHOW fsync", SOURCE) == "on"
        with served.serve(SOURCE, db_port=server.port, db_password=server.password) as site:
            shipped = send(site.url, world["keys"]["plant"], shipments(world))
            assert {answer["status"] for answer in shipped} == {"accepted"}
            events = receipts(world)
            calls = [events[n : n + CALL] for n in range(0, CASES, CALL)]
            senders = [Sender(site.url, world["keys"]["till"], calls[n::SENDERS]) for n in range(SENDERS)]
            threads = [threading.Thread(target=sender.run) for sender in senders]
            for thread in threads:
                thread.start()
            for share in (0.25, 0.6):
                while sum(len(sender.answers) for sender in senders) < share * CASES:
                    assert any(thread.is_alive() for thread in threads), "the senders stopped"
                    time.sleep(0.05)
                told = {number for sender in list(senders) for number in list(sender.answers)}
                server.crash()
                server.start()
                kept = set(
                    server.query(
                        "SELECT client_id FROM liquor_scan_request WHERE client_id LIKE 'in-%' AND status = 'accepted'",
                        SOURCE,
                    ).split()
                )
                assert told <= kept, "lost although it was answered"
            for thread in threads:
                thread.join()
            answers = {number: status for sender in senders for number, status in sender.answers.items()}
            assert len(answers) == CASES
            assert set(answers.values()) == {"accepted"}
            assert sum(sender.unanswered for sender in senders) > 0, "no call met the crash"
            assert_each_once(lambda statement: server.query(statement, SOURCE), world, CASES)
