"""The chain of one bottle among 10 million events of 36 months, against the same among 0.1 million of one month.

Every pallet was shipped to a distributor, every case received by a shop, every bottle opened: three events a chain.
Each call reads codes, packing and events afresh, as a request does; both sides are asked in turn for other bottles.
"""

import random
import statistics
import time
from contextlib import ExitStack
from datetime import timedelta

from odoo import fields

from tools.environment.console import Failure, say

from .. import database
from ..harness import RUNS, Line, line, size
from ._fixtures import active_batches
from ._trade import BOTTLES_A_CASE, BOTTLES_A_PALLET, event_values, supplied_shops

NAME = "trace.chain"
FEW, MONTH = 100_000, 1
CALLS = 400
EVENTS_A_PALLET = 1 + BOTTLES_A_PALLET // BOTTLES_A_CASE + BOTTLES_A_PALLET
HOPS = ["distributor", "terminal", "consumer"]


def measure() -> list[Line]:
    """``liquor.unit.trace._chain``: one over its 95th percentile, on both databases in turn."""
    many, months = size(10_000_000, 1_000_000), size(36, 4)
    template = database.ensure_template()
    with ExitStack() as stack:
        sides = [_Side(stack, template, "many", many, months), _Side(stack, template, "few", FEW, MONTH)]
        for side in sides:
            side.time_one()
        pairs = [_run(sides, turn) for turn in range(1, RUNS + 1)]
    return [line(NAME, pairs, peer_name="itself at peer_n over one month", unit="chains/s at p95", n=many, peer_n=FEW)]


def _run(sides: list["_Side"], turn: int) -> tuple[float, float]:
    """Ask both sides ``CALLS`` times in turn; return the rates at their 95th percentiles."""
    times = [[side.time_one() for side in sides] for _call in range(CALLS)]
    slow = [statistics.quantiles(side, n=20)[-1] for side in zip(*times, strict=True)]
    say(f"{NAME}: run {turn}: p95 {slow[0] * 1000:.2f} ms among many, {slow[1] * 1000:.2f} ms among few")
    return 1 / slow[0], 1 / slow[1]


class _Side:
    """A database with so many events, and random bottles of it."""

    def __init__(self, stack: ExitStack, template: str, name: str, events: int, months: int):
        copy = stack.enter_context(database.scratch(f"liquor_bench_trace_{name}", template))
        with database.environment(copy) as env:
            bottles = events // EVENTS_A_PALLET * BOTTLES_A_PALLET
            self.batches = _fill(env, bottles, months).ids
            env.cr.commit()
        database.analyze(copy)
        self.env = stack.enter_context(database.environment(copy))
        self.chance = random.Random(name)

    def time_one(self) -> float:
        """Return the seconds that the chain of one random bottle takes.

        :raises Failure: when it is not the whole chain
        """
        batch = self.env["liquor.code.batch"].browse(self.chance.choice(self.batches))
        code = batch._code("cap_inner", self.chance.randrange(batch.bottles))
        self.env.invalidate_all()
        begun = time.perf_counter()
        traced = self.env["liquor.unit.trace"]._chain(code)
        spent = time.perf_counter() - begun
        hops = [hop.holder_kind for hop in traced["hops"] if not hop.missing]
        if hops != HOPS:
            raise Failure(f"A chain of {hops} instead of {HOPS}")
        return spent


def _fill(env, bottles: int, months: int):
    """Write the life of so many bottles, spread over the months; return their batches."""
    batches = active_batches(env, bottles)
    distributor, (shop,) = supplied_shops(env, 1)
    maker = env.company.partner_id.id
    given = (
        {"kind": "ship", "level": BOTTLES_A_PALLET, "code_kind": "pallet", "party_id": maker, "party_kind": "maker",
         "holder_id": distributor, "holder_kind": "distributor", "source": "warehouse", "purpose": "normal"},
        {"kind": "receive", "level": BOTTLES_A_CASE, "code_kind": "case_outer", "party_id": shop,
         "party_kind": "terminal", "holder_id": shop, "holder_kind": "terminal", "counterparty_id": distributor,
         "counterparty_kind": "distributor", "source": "portal", "fact_kind": "received"},
        {"kind": "open", "level": 1, "code_kind": "cap_inner", "party_kind": "consumer", "holder_kind": "consumer",
         "custody_state": "gone", "counterparty_id": shop, "counterparty_kind": "terminal", "source": "public",
         "fact_kind": "opened"},
    )  # fmt: skip
    first = [event_values(env, batches[0], unit_index=0, bottles=values["level"], **values) for values in given]
    patterns = list(zip(env["liquor.scan.event"]._record(first), given, strict=True))
    env.flush_all()
    indexes = _strip(env.cr)
    for number, batch in enumerate(batches):
        for days, (row, values) in zip((0, 5, 20), patterns, strict=True):
            _copy(env, batch, number / len(batches), len(batches), months, days, row, values["level"])
    env.cr.execute("DELETE FROM liquor_custody")
    env.cr.execute("DELETE FROM liquor_scan_event WHERE id = ANY(%s)", [[row for row, _values in patterns]])
    for index in indexes:
        env.cr.execute(index)
    return batches


def _copy(env, batch, share: float, batches: int, months: int, days: int, row: int, level: int) -> None:
    """Copy an event for each unit of a level of the batch, its time by the unit's place in the whole."""
    begun = fields.Datetime.now() - timedelta(days=30 * months + 20)
    place = f"({share} + (i - 1) * {level} / ({batch.bottles}.0 * {batches}))"
    at = f"(timestamp '{begun}' + {place} * interval '{30 * months} days' + interval '{days} days')"
    at = f"date_trunc('second', {at})"
    database.fill(
        env.cr,
        "liquor_scan_event",
        row,
        -(-batch.bottles // level),
        batch_id=str(batch.id),
        unit_index="i - 1",
        event_time=at,
        received_time=at,
        business_day=f"({at})::date",
    )


def _strip(cursor) -> list[str]:
    """Take foreign keys, triggers and indexes of the events off, so that millions of rows are written in minutes.

    :return: the statements that make the indexes again
    """
    cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'liquor_scan_event'::regclass AND contype = 'f'")
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE liquor_scan_event DROP CONSTRAINT "{name}"')
    cursor.execute("ALTER TABLE liquor_scan_event DISABLE TRIGGER USER")
    cursor.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = 'liquor_scan_event'::regclass AND NOT indisprimary"
    )
    found = cursor.fetchall()
    for name, _statement in found:
        cursor.execute(f"DROP INDEX {name}")
    return [statement for _name, statement in found]
