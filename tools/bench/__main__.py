"""``python -m tools.bench [name ...]``: measures the named benches, or all, into ``.run/bench.json``."""

import importlib
import sys

from tools.environment.console import Failure, say
from tools.environment.settings import RUN

from . import database, harness

# name in bench.json -> module of tools.bench.cases that measures it (and its .growth line)
CASES = {
    "codes.generate": "codes_generate",
    "codes.verify": "codes_verify",
    "scan.look_http": "scan_look_http",
    "scan.single_http": "scan_single_http",
    "scan.batch_api": "scan_batch_api",
    "scan.aggregate_lag": "scan_aggregate_lag",
    "trace.chain": "trace_chain",
    "rebate.settle": "rebate_settle",
    "portal.statement_http": "portal_statement_http",
    "flow_report.import": "flow_report_import",
    "memory": "memory_peaks",
}
REPORT = RUN / "bench.json"


def main(names: list[str]) -> int:
    """Measure ``names`` (all when empty); the status is 1 when one could not be measured."""
    unknown = [name for name in names if name not in CASES]
    if unknown:
        say(f"There is no bench {', '.join(unknown)}. There are: {', '.join(CASES)}")
        return 2
    database.use_addons()
    failed = [name for name in names or CASES if not _measured(name)]
    if failed:
        say(f"Not measured: {', '.join(failed)}")
    return 1 if failed else 0


def _measured(name: str) -> bool:
    say(f"{name} ...")
    case = importlib.import_module(f"tools.bench.cases.{CASES[name]}")
    try:
        lines = case.measure()
    except Failure as failure:
        say(f"{name}: {failure}")
        return False
    harness.write(REPORT, lines)
    for line in lines:
        sys.stdout.write(
            f"{line.name}: ours {line.ours:,.5g} {line.unit}, peer {line.peer:,.5g} ({line.peer_name}),"
            f" ratio {line.ratio:.3g} ({line.min:.3g} to {line.max:.3g}), n {line.n:,}, peer n {line.peer_n:,}\n"
        )
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
