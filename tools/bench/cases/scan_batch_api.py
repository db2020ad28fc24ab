"""5,000 receipts of a shop in one call of the API, against the bare INSERT route called as often over 8 connections.

Each call stores the requests with their answers, the events with their custody, and two earnings a receipt (the
shop's and its distributor's). The cases were shipped on pallets; one event in a hundred is a code that nobody
printed and is answered with its reason.
"""

import dataclasses
import json
import urllib.request
from datetime import timedelta

from odoo import fields

from tools.environment.console import Failure

from .. import database, load, pages, server
from ..harness import Line, compare, seconds, size
from ._fixtures import active_batch, codes_of
from ._trade import BOTTLES_A_CASE, pay_per_bottle, ship_pallets, supplied_shops

NAME = "scan.batch_api"
CALLS = pages.RUNS_AND_WARMING
FASTEST = 3_000
WRONG_EVERY = 100
EARNINGS = 2


def measure() -> list[Line]:
    """POST /liquor/v1/scans with as many receipts as a call may hold, each case once."""
    events = size(5_000, 1_000)
    with database.scratch("liquor_bench_scan_batch_api", database.ensure_template()) as copy:
        with database.environment(copy) as env:
            key, calls = _prepare(env, events)
        database.analyze(copy)
        with server.serve(copy) as address:
            peer = pages.Side(
                address, _bare_requests(), lambda: database.figure(copy, "SELECT count(*) FROM bench_claim")
            )
            ours = _Calls(address, key, calls, copy)
            ours.rate(), peer.rate()  # both workers have loaded what they need
            line = compare(
                NAME, ours.rate, peer.rate, peer_name="bare route, one INSERT a call", unit="receipts/s", n=events,
                peer_n=0,
            )  # fmt: skip
    return [dataclasses.replace(line, peer_n=peer.answered)]


class _Calls:
    """The prepared calls, of which each run sends the next."""

    def __init__(self, address: str, key: str, calls: list[list[dict]], copy: str):
        self.address, self.key, self.calls, self.copy = address, key, calls, copy

    def rate(self) -> float:
        """Send one call and return its events a second.

        :raises Failure: when an answer is not the expected one, or less was stored
        """
        events = self.calls.pop(0)
        good = len(events) - len(events) // WRONG_EVERY
        before = self._stored()
        answers = []
        duration = seconds(lambda: answers.extend(self._send(events)))
        verdicts = [(answer["status"], answer["reason"], len(answer["rewards"])) for answer in answers]
        if verdicts.count(("accepted", "", 1)) != good or verdicts.count(("rejected", "unknown_code", 0)) + good != len(
            events
        ):
            raise Failure(f"Not what was asked for: {sorted(set(verdicts))}")
        if self._stored() != (before[0] + good, before[1] + EARNINGS * good):
            raise Failure("Less was stored than answered.")
        return len(events) / duration

    def _stored(self) -> tuple[int, int]:
        return tuple(
            database.figure(self.copy, f"SELECT count(*) FROM {table}")
            for table in ("liquor_scan_event", "liquor_earning")
        )

    def _send(self, events: list[dict]) -> list[dict]:
        asked = urllib.request.Request(
            f"{self.address}/liquor/v1/scans",
            json.dumps({"events": events}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"},
        )
        with urllib.request.urlopen(asked, timeout=600) as answer:
            return json.load(answer)["events"]


def _prepare(env, events: int) -> tuple[str, list[list[dict]]]:
    """Return the key of a shop's machine and the events of each call."""
    count = CALLS * events
    batch = active_batch(env, count * BOTTLES_A_CASE)
    distributor, shops = supplied_shops(env, 1)
    pay_per_bottle(env, "received", (("进货", "terminal", 2), ("配送", "distributor", 0.5)))
    ship_pallets(env, batch, distributor)
    client = env["liquor.api.client"].create({"name": "福来收银", "partner_id": shops[0], "rate": 10_000_000})
    key = client._issue_key("scan")
    codes = codes_of(batch, count, "case_outer")
    env.cr.commit()
    return key, [_events(codes[start : start + events], number) for number, start in enumerate(range(0, count, events))]


def _events(codes: list[str], call: int) -> list[dict]:
    at = f"{(fields.Datetime.now() - timedelta(minutes=5)).isoformat()}Z"
    return [
        {
            "id": f"{call}-{place}",
            "type": "receive",
            "code": code if place % WRONG_EVERY else f"{code[:-1]}{'0' if code[-1] != '0' else '1'}",
            "at": at,
            "lat": 34.7466,
            "lon": 113.6253,
            "accuracy": 20,
        }
        for place, code in enumerate(codes)
    ]


def _bare_requests() -> list[load.Request]:
    return [load.Request("/bench/claim", "POST", f"code={n:017d}") for n in range(pages.prepared(FASTEST))]
