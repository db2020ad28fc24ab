"""Runs the tests: engines without a database, everything else on a copy of the template database."""

import os
import subprocess
from collections.abc import Sequence

from . import cluster, databases, served
from .configuration import write_configuration
from .console import Failure, say
from .python_env import PYTHON
from .settings import (
    ADDONS,
    RACE_DATABASE,
    ROOT,
    RUN,
    SCALE_DATABASE,
    SUITE,
    TEST_DATABASE,
    addon_sources,
    fingerprint,
    read_state,
    write_state,
)

HEAVY = ("load", "fault", "external", "story")
MODULES = (*SUITE, "test_liquor")


def engine(arguments: Sequence[str]) -> int:
    """Run the engines' tests (``test_engine_*.py``) without a database and return pytest's status."""
    files = [str(path) for path in sorted(ADDONS.glob("*/tests/**/test_engine_*.py"))]
    words = ["-p", "no:odoo", "-p", "tools.pytest_engine", *(arguments or files)]
    return run_pytest(words)


def suite(arguments: Sequence[str], *, full: bool) -> int:
    """Run the tests and return pytest's status; ``full`` adds the heavy marks and writes a JSON report."""
    ensure_database()
    served.copy(TEST_DATABASE, RACE_DATABASE)
    words = odoo_options()
    if full:
        served.copy(TEST_DATABASE, SCALE_DATABASE)
        words += [f"--liquor-report={RUN / 'test-full.json'}"]
    else:
        words += ["-m", " and ".join(f"not {mark}" for mark in HEAVY), "--ignore=tests/lint"]
    return run_pytest([*words, *arguments])


def odoo_options() -> list[str]:
    """Return the options with which pytest-odoo runs on the test database, with a web server."""
    # No limit of memory: the browser that a test starts would inherit it, and Chromium does not start below one.
    values = {"db_name": TEST_DATABASE, "dbfilter": f"^{TEST_DATABASE}$", "http_port": 8069, "limit_memory_hard": 0}
    configuration = write_configuration(**values)
    words = [f"--odoo-config={configuration}", f"--odoo-database={TEST_DATABASE}", "--odoo-http"]
    return [*words, "-p", "tools.pytest_suite"]


def ensure_database() -> None:
    """Have a test database with the add-ons as they are now (``KEEP=1`` trusts the one that is there)."""
    wanted = fingerprint(*addon_sources())
    present = databases.exists(TEST_DATABASE)
    if present and (os.environ.get("KEEP") or read_state("test_database").get("sources") == wanted):
        return
    write_state("test_database", {})
    databases.ensure_suite(TEST_DATABASE, MODULES)
    write_state("test_database", {"sources": wanted})


def run_pytest(words: Sequence[str]) -> int:
    """Run pytest with the variables that reach the cluster and return its status.

    :raises Failure: when no test was collected
    """
    environment = {**os.environ, **cluster.environment(), "PYTHONPATH": str(ROOT)}
    environment.setdefault("LIQUOR_DATA", str(ROOT.parent / "shared" / "data"))
    say("Running the tests ...")
    done = subprocess.run([PYTHON, "-m", "pytest", *words], cwd=ROOT, env=environment, check=False)
    if done.returncode == 5:
        raise Failure("No test was found by that choice.")
    return done.returncode
