"""A flow report from its file to facts that policies have seen, against the 60 seconds that it may take."""

import base64
import time

from odoo.addons.liquor_channel.tools import tables

from tools.environment.console import say

from .. import database
from ..harness import RUNS, Line, line, size

NAME = "flow_report.import"
UNIT = "rows/s"
#: 100,000 rows in under a minute
FULL, SECONDS = 100_000, 60
HEADER = ["日期", "商品编码", "数量", "单位", "客户", "类型", "单号", "金额"]
SHOPS, PRODUCTS = 400, 20


def measure() -> list[Line]:
    """Read, check and load a file of n rows by a run in the background; each run is rolled back."""
    n = size(FULL, 5_000)
    with database.scratch("liquor_bench_flow", database.ensure_template()) as name:
        with database.environment(name) as env:
            distributor, file = _world(env), base64.b64encode(_file(n))
            env.cr.commit()
            database.analyze(name)
            pairs = []
            for turn in range(1, RUNS + 1):
                pairs.append((n / _import(env, distributor, file, n), n / SECONDS))
                say(f"{NAME}: run {turn}: ours {pairs[-1][0]:,.1f} {UNIT}, limit {pairs[-1][1]:,.1f}")
    return [line(NAME, pairs, peer_name=f"limit of {SECONDS} s", unit=UNIT, n=n, peer_n=n)]


def _world(env):
    """A distributor, his shops, products with codes, and terms that pay him a month's volume."""
    kind = env.ref("liquor_channel.terminal_kind_key_account")
    distributor = env["res.partner"].create({"name": "流向商贸", "is_company": True})
    shops = env["res.partner"].create([
        {"name": f"门店 {number}", "is_company": True, "ref": f"M{number:04d}"} for number in range(SHOPS)
    ])
    role = {"state": "formal", "date_start": "2026-01-01"}
    env["liquor.channel.role"].create([
        {**role, "partner_id": distributor.id, "kind": "distributor"},
        *({**role, "partner_id": shop.id, "kind": "terminal", "terminal_kind_id": kind.id} for shop in shops),
    ])
    env["product.product"].create([
        {"name": f"酒 {number}", "type": "consu", "default_code": f"J{number:02d}"} for number in range(PRODUCTS)
    ])
    return distributor


def _file(rows: int) -> bytes:
    """Rows of one month; every shop buys every product, each on a paper of its own."""
    return tables.write_csv([
        HEADER,
        *(
            [
                f"2026-03-{1 + number % 28:02d}", f"J{number % PRODUCTS:02d}", str(1 + number % 12), "箱",
                f"M{number // PRODUCTS % SHOPS:04d}", "销售", f"CK{number:07d}", f"{100 * (1 + number % 12)}",
            ]
            for number in range(rows)
        ),
    ])  # fmt: skip


def _import(env, distributor, file: bytes, rows: int) -> float:
    """Return the seconds from the file to the end of its run, and take all back."""
    begun = time.perf_counter()
    report = env["liquor.flow.report"].create({
        "partner_id": distributor.id, "file": file, "filename": "flow.csv"
    })  # fmt: skip
    report.action_read()
    report.action_check()
    report.action_load()
    run = env["liquor.run"].search([("kind", "=", "flow_report")], order="id desc", limit=1)
    while (cursor := run._run_flow_report(60)[1]) is not None:
        run.sudo().cursor = cursor
    env.flush_all()
    seconds = time.perf_counter() - begun
    loaded = env["liquor.flow.report.line"].search_count([("report_id", "=", report.id), ("live", "=", True)])
    assert (report.state, loaded) == ("loaded", rows), f"{report.state}: {loaded} of {rows} rows"
    env.cr.rollback()
    return seconds
