"""Peak memory of the largest batches, each in a process of its own, against what a batch may take."""

import json
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from odoo import fields

from tools.environment.console import Failure, say
from tools.environment.settings import ROOT, RUN

from .. import database, memory
from ..harness import Line, size
from ._fixtures import active_batch, codes_of, product, supplier
from ._trade import BOTTLES_A_CASE, event_values, pay_per_bottle, supplied_shops
from .scan_batch_api import _ship

NAME = "memory"
ALLOWED_MB = 1500.0
"""Issue: peak memory of any batch under 1.5 GB."""
CALL = 5_000
"""The most events that a call of the API and a look for an EPCIS event may hold."""


def measure() -> list[Line]:
    """10 million codes, 5,000 receipts, an EPCIS document of 10,000 events, a recall of a million bottles.

    Of the recall every case was scanned by itself.

    The peak holds Odoo with its registry, not what PostgreSQL uses in its own process.
    """
    with database.scratch("liquor_bench_memory", database.ensure_template()) as copy:
        with database.environment(copy) as env:
            given = _prepare(env)
        database.analyze(copy)
        with tempfile.TemporaryDirectory(dir=RUN / "bench") as folder:
            file = Path(folder) / "given.json"
            file.write_text(json.dumps(given), encoding="utf-8")
            return [_line(job, copy, file) for job in memory.JOBS]


def _prepare(env) -> dict:
    """Return what the jobs need: an order, a batch that was shipped on pallets, a shop's machine and its receipts."""
    bottles = size(1_048_320, 100_800)
    batch = active_batch(env, bottles)
    distributor, shops = supplied_shops(env, 1)
    pay_per_bottle(env, "received", (("进货", "terminal", 2), ("配送", "distributor", 0.5)))
    _ship(env, batch, distributor)
    _receive(env, batch, distributor, shops[0])
    client = env["liquor.api.client"].create({"name": "福来收银", "partner_id": shops[0], "rate": 10_000_000})
    client._issue_key("scan")
    at = f"{(fields.Datetime.now() - timedelta(minutes=5)).isoformat()}Z"
    codes = codes_of(batch, size(CALL, CALL // 5), "case_outer")
    per_bottle = sum(1 / level.bottles for level in batch.scheme_id.level_ids)
    order = {"supplier_id": supplier(env).id, "product_id": product(env, "彩陶坊 1000ml").id, "over_issue": 0,
             "quantity": int(size(10_000_000, 200_000) / per_bottle)}  # fmt: skip
    env.cr.commit()
    return {
        "order": order,
        "batch": batch.id,
        "client": client.id,
        "events": [{"id": f"m-{n}", "type": "receive", "code": code, "at": at} for n, code in enumerate(codes)],
    }


def _receive(env, batch, distributor: int, shop: int) -> None:
    """Every case that the call does not name was received by the shop: a recall has to look through all of them."""
    first, cases = size(CALL, CALL // 5), batch.bottles // BOTTLES_A_CASE
    values = event_values(env, batch, kind="receive", level=BOTTLES_A_CASE, unit_index=first, code_kind="case_outer",
                          bottles=BOTTLES_A_CASE, party_id=shop, party_kind="terminal", holder_id=shop,
                          holder_kind="terminal", counterparty_id=distributor, counterparty_kind="distributor",
                          source="portal", fact_kind="received")  # fmt: skip
    [row] = env["liquor.scan.event"]._record([values])
    database.fill(env.cr, "liquor_scan_event", row, cases - first - 1, unit_index=f"{first} + i")


def _line(job: str, copy: str, file: Path) -> Line:
    words = [sys.executable, "-m", "tools.bench.memory", job, copy, str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise Failure(f"{NAME}.{job}: {done.stderr[-1000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    say(f"{NAME}.{job}: {told['peak']:,.0f} MB, {told['idle']:,.0f} MB before, {told['items']:,} {memory.JOBS[job]}")
    ratio = float(f"{ALLOWED_MB / told['peak']:.4g}")
    what = f"MB that a batch may take; {memory.JOBS[job]}"
    return Line(f"{NAME}.{job}", round(told["peak"], 1), ALLOWED_MB, what, ratio, "MB", told["items"], told["items"],
                ratio, ratio)  # fmt: skip
