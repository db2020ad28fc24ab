"""``python -m tools.bench.memory JOB DATABASE FILE``: do one batch in this process and print its peak memory as JSON.

A process of its own, so that nothing but the batch and Odoo is in the peak. It is read from ``VmHWM``: unlike
``ru_maxrss`` of ``getrusage`` it begins anew with the program and does not carry what the parent had.
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from . import database

# Line of bench.json -> (what is done, what n counts)
JOBS = {
    "codes_generate": "codes of an order, issued and streamed",
    "scan_batch": "receipts in one call of the API",
    "epcis_export": "events in one EPCIS document",
    "recall_expand": "recalled bottles, located, with the report",
}


def peak() -> float:
    """Return the most memory this process ever held, in MB (10**6 bytes)."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", text).group(1)) * 1024 / 1e6


def codes_generate(env, given: dict) -> int:
    """Issue an order and stream its file to nowhere."""
    from odoo.addons.liquor_scan.engine.codes import archive

    order = env["liquor.print.order"].create(given["order"])
    order.action_issue()
    streamed = sum(map(len, archive.stream(order._entries(), order._password())))
    assert streamed == order.file_size, "the file is not as long as announced"
    return order.code_count


def scan_batch(env, given: dict) -> int:
    """Take the receipts of one call."""
    client = env["liquor.api.client"].browse(given["client"])
    answers = env["liquor.scan.request"]._take(client.user_id, given["events"], "api", client)
    accepted = sum(answer["status"] == "accepted" for answer in answers)
    assert accepted == len(given["events"]), f"only {accepted} were accepted"
    env.cr.commit()
    return accepted


def epcis_export(env, given: dict) -> int:
    """Tell the latest events of a batch in one document, as text: eight times what a truck of 1,200 cases has."""
    scans = env["liquor.scan.event"].search([("batch_id", "=", given["batch"])], limit=10_000)
    told = env["liquor.epcis.told"]
    text = json.dumps(told._document(told._of_scans(scans)), ensure_ascii=False, indent=1)
    assert text.count('"eventID"') == len(scans), "events are missing"
    return len(scans)


def recall_expand(env, given: dict) -> int:
    """Work out who has every bottle of a batch, and the rows of the report."""
    batch = env["liquor.code.batch"].browse(given["batch"])
    window = {"kind": "window", "batch_id": batch.id, "first": 1, "last": batch.bottles}
    recall = env["liquor.recall"].create({"reason": "bench", "selection_ids": [(0, 0, window)]})
    recall.action_prepare()
    located = sum(row[5] for row in recall._report_rows())
    assert located == recall.bottles == batch.bottles, "bottles are missing"
    return recall.bottles


def main(job: str, name: str, file: str) -> int:
    """Run a job and print ``{"items", "peak", "idle"}``."""
    work: Callable = globals()[job] if job in JOBS else None
    given = json.loads(Path(file).read_text(encoding="utf-8"))
    with database.environment(name) as env:
        idle = peak()
        items = work(env, given)
        sys.stdout.write(json.dumps({"items": items, "peak": peak(), "idle": idle}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
