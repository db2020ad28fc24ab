"""How long after a scan its day, county, product and kind show it, at 50 scans a second for a minute (design.md 3.9).

Ten connections send receipts with places by the API, ten in a call and a call every two seconds, as handhelds empty
their queues. Beside them a reader asks ``liquor.scan.day`` again and again, and adds up every few seconds as a cron.
The lag of a scan runs from its answer to the end of the first reading that began after it and shows all that was
answered until then. ``ours`` is 1 / the longest lag of a fifth of the minute, the peer the 5 seconds that are allowed.
"""

import http.client
import json
import threading
import time
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from odoo import fields

from tools.environment.console import Failure

from .. import database, server
from ..harness import RUNS, Line, line, size
from ._fixtures import active_batch, codes_of
from ._trade import BOTTLES_A_CASE, pay_per_bottle, ship_pallets, supplied_shops

NAME = "scan.aggregate_lag"
CONNECTIONS, SCANS_A_CALL, PERIOD = 10, 10, 2
RATE = CONNECTIONS * SCANS_A_CALL // PERIOD
ALLOWED = 5.0
SHOPS = 4
ADD_UP_EVERY = 7.0
LATE = 1.1
"""The minute may take so much longer before the load counts as not reached."""
ACCEPTED = "accepted"


class Reading(NamedTuple):
    """One look at the aggregates: seconds it began and ended, and the scans it showed."""

    begun: float
    ended: float
    scans: int


def measure() -> list[Line]:
    """Send, read and compare: the sums must be exact in the end, and the load must have been reached."""
    span = size(60, 10)
    with database.scratch("liquor_bench_scan_aggregate_lag", database.ensure_template()) as copy:
        with database.environment(copy) as env:
            calls, counties = _prepare(env, span // PERIOD + 1)
        database.analyze(copy)
        with server.serve(copy) as address:
            for number in range(CONNECTIONS):
                _Sender(address, calls[number][:1]).run()  # both workers have loaded what they need
            begun = time.monotonic()
            senders = [
                _Sender(address, own[1:], begun + number * PERIOD / CONNECTIONS) for number, own in enumerate(calls)
            ]
            readings = _read_while(copy, senders)
            duration = time.monotonic() - begun
        _check(copy, counties, [sender.failure for sender in senders])
    answers = sorted(answer for sender in senders for answer in sender.answers)
    lags = [(moment - begun, lag) for moment, lag in _lags(answers, readings, CONNECTIONS * SCANS_A_CALL)]
    if duration > span * LATE + PERIOD:
        longest = max(lag for _at, lag in lags)
        raise Failure(
            f"{len(answers) * SCANS_A_CALL:,} scans took {duration:.0f} s: {RATE} a second were not reached; the sums"
            f" were exact and at most {longest:.2f} s behind."
        )
    slowest = [
        max(lag for at, lag in lags if part * span / RUNS <= at < (part + 1) * span / RUNS) for part in range(RUNS)
    ]
    pairs = [(1 / lag, 1 / ALLOWED) for lag in slowest]
    count = span * RATE
    return [line(NAME, pairs, peer_name="5 s after a scan", unit="1/s", n=count, peer_n=count)]


def _lags(answers: list[tuple[float, int]], readings: list[Reading], before: int) -> list[tuple[float, float]]:
    """Return (moment of the answer, seconds until it was shown) of each call.

    :param answers: (moment, scans) of each call, by time
    :param before: scans that were there when the first was sent

    >>> _lags([(1.0, 5), (2.0, 5)], [Reading(1.5, 1.6, 5), Reading(2.5, 2.75, 10)], 0)
    [(1.0, 0.6000000000000001), (2.0, 0.75)]
    >>> _lags([(1.0, 5)], [Reading(1.5, 1.6, 0), Reading(3.0, 3.5, 5)], 0)  # the first reading did not show it
    [(1.0, 2.5)]
    """
    shown = []
    for reading in readings:
        answered = before + sum(scans for moment, scans in answers if moment <= reading.begun)
        if reading.scans >= answered:
            shown.append(reading)
    found = []
    for moment, _scans in answers:
        first = next((reading for reading in shown if reading.begun >= moment), None)
        if first is None:
            raise Failure("A scan never showed.")
        found.append((moment, first.ended - moment))
    return found


class _Sender(threading.Thread):
    """One connection: sends its calls, one a period, and notes when each was answered."""

    def __init__(self, address: str, calls: list[tuple[str, bytes]], begin: float | None = None):
        super().__init__(daemon=True)
        self.place, self.calls, self.begin = urlsplit(address), calls, begin
        self.answers: list[tuple[float, int]] = []
        self.failure = ""

    def run(self) -> None:
        """Send all calls; what goes wrong is kept for who started it."""
        connection = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=60)
        try:
            for number, (key, body) in enumerate(self.calls):
                if self.begin is not None:
                    time.sleep(max(0.0, self.begin + number * PERIOD - time.monotonic()))
                headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
                connection.request("POST", "/liquor/v1/scans", body, headers)
                verdicts = [event["status"] for event in json.load(connection.getresponse())["events"]]
                if verdicts != [ACCEPTED] * SCANS_A_CALL:
                    raise Failure(f"Not what was asked for: {verdicts}")
                self.answers.append((time.monotonic(), SCANS_A_CALL))
        except (Failure, OSError, KeyError, ValueError, http.client.HTTPException) as error:
            self.failure = f"{type(error).__name__}: {error}"
        finally:
            connection.close()


def _read_while(copy: str, senders: list[_Sender]) -> list[Reading]:
    """Start the senders and read until all are done, and once more."""
    readings, added = [], time.monotonic()
    with database.environment(copy) as env:
        for sender in senders:
            sender.start()
        busy = True
        while busy:
            busy = any(sender.is_alive() for sender in senders)
            begun = time.monotonic()
            env.cr.rollback()
            env.invalidate_all()
            [(scans,)] = env["liquor.scan.day"]._read_group([("kind", "=", "receive")], [], ["events:sum"])
            readings.append(Reading(begun, time.monotonic(), scans or 0))
            if begun - added > ADD_UP_EVERY:
                env["liquor.scan.day"]._cron_advance()
                env.cr.commit()
                added = begun
            time.sleep(0.2)
    return readings


def _check(copy: str, counties: dict[int, int], failures: list[str]) -> None:
    """Hold the sums by county against what was sent, before and after all was added up.

    :param counties: {territory: cases that its shops received}
    """
    wrong = [failure for failure in failures if failure]
    if wrong:
        raise Failure(wrong[0])
    expected = {county: (cases, cases * BOTTLES_A_CASE) for county, cases in counties.items()}
    with database.environment(copy) as env:
        for model in ("liquor.scan.day", "liquor.scan.day.store"):
            rows = env[model]._read_group(
                [("kind", "=", "receive")], ["territory_id"], ["events:sum", "bottles:sum", "product_id:count_distinct"]
            )
            found = {territory.id: (scans, bottles) for territory, scans, bottles, _products in rows}
            if found != expected or any(products != 1 for *_sums, products in rows):
                raise Failure(f"{model} says {found}, sent were {expected}.")
            env["liquor.scan.day"]._cron_advance()
            env.flush_all()


def _prepare(env, periods: int) -> tuple[list[list[tuple[str, bytes]]], dict[int, int]]:
    """Return the calls of each connection, (key, body), and how many cases each county receives."""
    count = periods * CONNECTIONS * SCANS_A_CALL
    batch = active_batch(env, count * BOTTLES_A_CASE)
    distributor, shops = supplied_shops(env, SHOPS)
    pay_per_bottle(env, "received", (("进货", "terminal", 2), ("配送", "distributor", 0.5)))
    ship_pallets(env, batch, distributor)
    counties = env["liquor.territory"].load_divisions([("93", "县甲"), ("94", "县乙")])
    roles = env["liquor.channel.role"].search([("partner_id", "in", shops)])
    for place, shop in enumerate(shops):
        roles.filtered(lambda role, shop=shop: role.partner_id.id == shop).territory_id = counties[place % 2]
    keys = [
        env["liquor.api.client"]
        .create({"name": f"收银 {shop}", "partner_id": shop, "rate": 10_000_000})
        ._issue_key("scan")
        for shop in shops
    ]
    codes = codes_of(batch, count, "case_outer")
    env.cr.commit()
    received = dict.fromkeys(counties.ids, 0)
    calls = []
    for number in range(CONNECTIONS):
        own = codes[number * periods * SCANS_A_CALL : (number + 1) * periods * SCANS_A_CALL]
        received[counties[number % SHOPS % 2].id] += len(own)
        calls.append([
            (keys[number % SHOPS], _body(f"{number}-{start}", own[start : start + SCANS_A_CALL]))
            for start in range(0, len(own), SCANS_A_CALL)
        ])
    return calls, received


def _body(name: str, codes: list[str]) -> bytes:
    at = f"{(fields.Datetime.now() - timedelta(minutes=5)).isoformat()}Z"
    events = [
        {
            "id": f"{name}-{place}", "type": "receive", "code": code, "at": at, "lat": 34.7466, "lon": 113.6253,
            "accuracy": 20,
        }
        for place, code in enumerate(codes)
    ]  # fmt: skip
    return json.dumps({"events": events}).encode()
