"""``python -m tools.audit``: audits the database of ``PGDATABASE``; ``--expect`` renews the list of its structure."""

import os
import sys
import time

import psycopg2

from . import engines, frame, structure
from .invariants import INVARIANTS

SHOWN = 5


def main(arguments: list[str]) -> int:
    """Print a line for each invariant; the status is 1 when one is violated or none applies."""
    engines.register()
    connection = psycopg2.connect("")
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    with connection, connection.cursor() as cursor:
        if "--expect" in arguments:
            structure.renew(cursor)
            return 0
        findings = list(_shown(cursor))
    failed = [finding for finding in findings if finding.state == "FAIL"]
    applied = [finding for finding in findings if finding.state != "none"]
    sys.stdout.write(f"{os.environ['PGDATABASE']}: {len(applied)} invariants checked, {len(failed)} violated\n")
    return 1 if failed or not applied else 0


def _shown(cursor):
    begun = time.perf_counter()
    for finding in frame.check(cursor, INVARIANTS):
        took, begun = time.perf_counter() - begun, time.perf_counter()
        violations = finding.violations or []
        note = f"{finding.invariant.addon} is not installed" if finding.state == "none" else f"{took:.2f} s"
        sys.stdout.write(f"{finding.state:<5} {finding.invariant.key:<28} {finding.invariant.title} ({note})\n")
        for violation in violations[:SHOWN]:
            sys.stdout.write(f"      {violation}\n")
        if len(violations) > SHOWN:
            sys.stdout.write(f"      ... {len(violations):,} in all\n")
        yield finding


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
